@RFC4975 @switch
Feature: A request ends with its own end-line and with nothing else (RFC 4975, 5.1 and 7.1)
  Seven hyphens, the transaction identifier of the start line and a flag end a request. The body may hold whatever else
  looks like it, and chunks may be cut, broken off and put in another order on their way.

  Background:
    Given a chat room
    And Alice, Bob and Carol have joined the room

  Rule: What only looks like an end is content

    @MSRP-BV-001 @RFC4975-7.1-27 @RFC4975-7.1-28 @RFC4975-5.1-2 @PROSE
    Scenario Outline: A text with <what> in it arrives whole
      When Alice says something with "<text>" in it
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id       | what                                        | text                              |
        | other    | the end-line of another request             | {crlf}-------{other}${crlf}       |
        | flagless | its own end-line without a flag             | {crlf}-------{transaction}{crlf}  |
        | letter   | its own end-line with a letter for a flag   | {crlf}-------{transaction}x{crlf} |
        | six      | its own end-line with six hyphens           | {crlf}------{transaction}${crlf}  |
        | start    | a start line                                | {crlf}MSRP {other} SEND{crlf}     |
        | response | a whole response                            | {crlf}MSRP {other} 200 OK{crlf}To-Path: msrp://a.example.invalid:1/b;tcp{crlf}-------{other}${crlf} |

    @MSRP-BV-002 @RFC4975-7.1-26 @RFC4975-7.1-25 @MUST
    Scenario: The switch keeps the end-line of its own request out of the body
      Given Alice says "the first of two"
      And Bob and Carol receive it
      When Alice quotes the end-line of the request that brought it to Bob
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

  Rule: MIME headers beside Content-Type are allowed

    @MSRP-BV-003 @RFC4975-7.1-9 @RFC4975-7.1.1-41 @RFC4975-7.1.1-42 @PROSE
    @RFC4975-9-31
    Scenario Outline: A message with <header> is passed on
      When Alice says "with a label" with the MIME header "<header>"
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id         | header                                        |
        | inline     | Content-Disposition: inline                   |
        | attachment | Content-Disposition: attachment; filename=x.txt |
        | render     | Content-Disposition: render; handling=optional  |
        | own        | Content-Disposition: x-unheard-of             |
        | id         | Content-ID: <{nonce}@example.invalid>         |
        | text       | Content-Description: a label                  |

  Rule: The sender need not know how long the message will be

    @MSRP-BV-010 @RFC4975-7.1.1-25 @RFC4975-7.1.1-23 @PROSE
    @RFC4975-7.3.1-2
    Scenario Outline: A whole message with the Byte-Range <range> (T63)
      When Alice says "however long" with the Byte-Range "<range>"
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id    | range     |
        | open  | 1-*/*     |
        | end   | 1-*/{end} |
        | total | 1-{end}/* |

    @MSRP-BV-011 @RFC4975-5.1-5 @RFC4975-7.1.1-35 @RFC4975-7.1.1-36 @PROSE
    Scenario Outline: A chunk is broken off after <octets> octets
      When Alice breaks a message of 6000 octets off after <octets> octets and goes on
      Then every chunk is answered with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id     | octets |
        | one    | 1      |
        | early  | 700    |
        | late   | 5000   |

    # Nobody else is in the room: to the others the copies would look as if the switch had put them in that order.
    @serial @MSRP-BV-012 @RFC4975-7.1.1-27 @PROSE
    @RFC4975-7.3.1-5 @RFC4975-7.3.1-9 @RFC4975-7.3.1-10
    Scenario: A relay has put the last chunk before the second one
      When Alice says 6000 octets in three chunks, the second one last
      Then every chunk is answered with 200
      And Bob and Carol receive it octet for octet
