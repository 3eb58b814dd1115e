@RFC4975 @switch
Feature: A receiver looks for the session first, and believes what it gets more than what is claimed (RFC 4975, 7.3 and 10)
  To-Path decides whether a request is looked at. Of a SEND the body and the flag count; Byte-Range says where it belongs.

  Background:
    Given a chat room
    And Alice, Bob and Carol have joined the room

  Rule: Before all else To-Path is checked

    @MEDIA-BI-001 @RFC4975-7.3-1 @RFC4975-7.3-4 @RFC4975-10.8-1 @MUST
    @RFC4975-5.4-21
    Scenario Outline: <what> for a session that does not exist is answered with 481 (T23)
      When Alice sends the request
        """
        MSRP {transaction} <method>
        To-Path: msrp://{switch-host}/nosuchsession{nonce};tcp
        From-Path: {alice-path}
        Message-ID: {message-id}
        Byte-Range: 1-4/4
        Content-Type: <type>

        what
        -------{transaction}$
        """
      Then the switch answers Alice with 481 (501 is tolerated)
      And Alice can still talk to the room

      Examples:
        | id        | what                    | method  | type         |
        | unwrapped | A body without wrapper  | SEND    | text/plain   |
        | empty     | A wrapper without From  | SEND    | message/cpim |
        | method    | A method that is no one | WHISTLE | text/plain   |

    @MEDIA-BI-002 @RFC4975-7.3-2 @PROSE
    Scenario: What is addressed to another hop as well does not belong here
      When Alice says "not the last hop" with a further URI in To-Path
      Then the switch answers Alice with 481 (400 is tolerated)
      And nobody receives it
      And Alice can still talk to the room

    @MEDIA-BI-003 @RFC4975-7.3-6 @SHOULD
    Scenario: With Failure-Report no an unknown session is not told of
      When Alice sends the request
        """
        MSRP {transaction} SEND
        To-Path: msrp://{switch-host}/nosuchsession{nonce};tcp
        From-Path: {alice-path}
        Message-ID: {message-id}
        Failure-Report: no
        Byte-Range: 1-0/0
        -------{transaction}$
        """
      Then the switch does not answer Alice
      And Alice can still talk to the room

  Rule: The flag and the body say what a SEND is

    @MEDIA-BV-001 @RFC4975-7.3.1-1 @PROSE
    Scenario: Without a Byte-Range it is a whole message
      When Alice says "no range at all" without a Byte-Range
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @MEDIA-BV-002 @RFC4975-7.3.1-2 @RFC4975-7.3.1-6 @SHOULD
    Scenario Outline: A whole message that claims <what> (T59)
      When Alice says "count for yourself" with the Byte-Range "<range>"
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id    | what                     | range           |
        | more  | to be longer             | 1-{more}/{more} |
        | less  | to be shorter            | 1-{less}/{less} |

    @MEDIA-BV-003 @RFC4975-7.3.1-7 @RFC4975-7.3.1-19 @RFC4975-7.1.1-25 @PROSE
    Scenario Outline: The last chunk tells the length of a message whose total was <what>
      When Alice says 6000 octets in two chunks with the Byte-Ranges "<first>" and "<last>"
      Then every chunk is answered with 200
      And Bob and Carol receive it octet for octet
      And Alice gets a success report that covers the whole message

      Examples:
        | id    | what                | first      | last            |
        | open  | left open           | 1-*/*      | {next}-*/*      |
        | early | thought to be more  | 1-*/{more} | {next}-*/*      |

    @MEDIA-BV-004 @RFC4975-7.3.1-6 @SHOULD
    Scenario: A chunk that ends before its range-end is as long as its body
      When Alice says 6000 octets in two chunks with the Byte-Ranges "1-{end}/{end}" and "{next}-{end}/{end}"
      Then every chunk is answered with 200
      And Bob and Carol receive it octet for octet

    # Nobody else is in the room: to the others the copies would look as if the switch had made the overlap.
    @serial @MEDIA-BV-005 @RFC4975-7.3.1-11 @RFC4975-7.3.1-5 @SHOULD
    Scenario: Where chunks overlap, the one that came last counts
      When Alice says 6000 octets in two chunks that overlap, the first one wrong there
      Then every chunk is answered with 200
      And Bob and Carol receive it as it was sent last

  Rule: The end-line is found however the stream is cut

    @MEDIA-BV-010 @RFC4975-7.3.1-13 @PROSE
    Scenario Outline: A request comes in two pieces, cut <place>
      When Alice says "in two pieces" with the stream cut <place>
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id       | place                            |
        | start    | amid the start line              |
        | header   | amid a header                    |
        | hyphens  | amid the hyphens of the end-line |
        | between  | behind the hyphens               |
        | flag     | before the flag                  |
        | line-end | behind the flag                  |

  Rule: Composite types are received

    @MEDIA-BV-020 @RFC4975-7.3.1-17 @RFC4975-7.3.1-18 @RFC4975-14.3-1 @MUST
    Scenario Outline: <type> inside the wrapper (T32)
      Given the room lists the wrapped type "*"
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>

        Content-Type: <type>; boundary=b{nonce}<parameters>

        --b{nonce}
        Content-Type: text/plain

        one {nonce}
        --b{nonce}
        Content-Type: <second>

        two
        --b{nonce}--
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id          | type                  | parameters                                                      | second                        |
        | mixed       | multipart/mixed       |                                                                 | text/plain                    |
        | alternative | multipart/alternative |                                                                 | text/html                     |
        | signed      | multipart/signed      | ; protocol="application/pkcs7-signature"; micalg=sha-256        | application/pkcs7-signature   |

  Rule: Huge numbers cost nothing

    @MEDIA-BI-010 @RFC4975-14.5-9 @SHOULD
    Scenario Outline: A Byte-Range with <what>
      When Alice says "how much memory do you have" with the Byte-Range "<range>"
      Then Alice still has her session
      And Bob can still talk to the room

      Examples:
        | id    | what                         | range                                                                |
        | four  | a total of four gigabytes    | 1-{end}/4294967296                                                   |
        | total | the largest total of 64 bits | 1-{end}/18446744073709551615                                         |
        | end   | the largest end of 63 bits   | 1-9223372036854775807/9223372036854775807                            |
        | start | a start at the end           | 9223372036854775000-9223372036854775807/9223372036854775807          |

  Rule: What is not known in a response is passed over

    @MEDIA-BV-052 @RFC4975-12-3 @MUST
    Scenario: A header that nobody has defined changes nothing about an answer
      Given Bob answers everything he receives with a header that nobody has defined
      When Alice says "the first of two"
      Then Bob and Carol receive it
      When Alice says "the second of two"
      Then Bob and Carol receive it

  Rule: What cannot be understood is answered with 400

    @MEDIA-BI-011 @RFC4975-10.2-1 @SHOULD
    Scenario Outline: A Byte-Range with <what>
      When Alice says "read this" with the Byte-Range "<range>"
      Then the switch answers Alice with 400 (200 is tolerated)
      And Alice can still talk to the room

      Examples:
        | id    | what            | range             |
        | words | words           | one-{end}/{end}   |
        | minus | a sign          | -1-{end}/{end}    |
        | blank | blanks in it    | 1 - {end} / {end} |

    @MEDIA-BI-012 @RFC4975-10.2-2 @SHOULD
    Scenario: After a 400 the corrected request is served
      Given Alice says "wrong, then right" with the Byte-Range "one-{end}/{end}"
      And the switch answers Alice with 400 (200 is tolerated)
      When Alice sends the same message again
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet
