@RFC4975 @switch
Feature: Requests keep the formal syntax of MSRP, and all that it allows is taken (RFC 4975, 9)
  Names of headers have no letter case and no order, names of methods have one; identifiers and session-ids may hold more
  than letters and digits.

  Background:
    Given a chat room
    And Alice, Bob and Carol have joined the room

  Rule: What the grammar allows is taken

    @SYNTAX-BV-001 @RFC4975-9-16 @PROSE
    Scenario Outline: The headers behind the paths come in another order: <what>
      When Alice says "in whatever order" in a SEND with the headers
        """
        <one>
        <two>
        <three>
        Content-Type: message/cpim
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id    | what                 | one                      | two                      | three                    |
        | range | Byte-Range first     | Byte-Range: 1-{end}/{end} | Message-ID: {message-id} | Failure-Report: yes      |
        | last  | Message-ID last      | Failure-Report: yes      | Byte-Range: 1-{end}/{end} | Message-ID: {message-id} |

    @SYNTAX-BV-002 @RFC4975-9-18 @PROSE
    Scenario Outline: The names of headers in <what> letters (T56)
      When Alice says "in other letters" in a SEND with the headers
        """
        <id-name>: {message-id}
        <range-name>: 1-{end}/{end}
        <type-name>: message/cpim
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id    | what    | id-name    | range-name | type-name    |
        | small | small   | message-id | byte-range | content-type |
        | large | large   | MESSAGE-ID | BYTE-RANGE | CONTENT-TYPE |
        | mixed | various | mEssAge-iD | bYtE-rAngE | cOntEnt-tYpE |

    @SYNTAX-BV-003 @RFC4975-9-25 @PROSE
    Scenario Outline: Identifiers <what>
      When Alice says "known by its name" under the transaction identifier "<transaction>" and the Message-ID "<id-of-message>"
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id     | what                     | transaction                      | id-of-message                    |
        | short  | of four characters       | a1b2                             | c3d4                             |
        | long   | of thirty-two characters | aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF | fE0cB7zY4wV1tS8qP5nM2kJ9hG6eD3bA |
        | signs  | with every sign          | a.b-c+d%e=f0                     | 0f=e%d+c-b.a                     |
        | tail   | that end with signs      | abcdefgh.-+%=                    | hgfedcba=%+-.                    |

    @SYNTAX-BV-004 @RFC4975-9-28 @PROSE
    Scenario Outline: The media type has <what>
      When Alice says "nothing but a wrapper" in a SEND with the headers
        """
        Message-ID: {message-id}
        Byte-Range: 1-{end}/{end}
        Content-Type: message/cpim<parameters>
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id     | what                              | parameters                      |
        | token  | a parameter                       | ;charset=utf-8                  |
        | bare   | a parameter without a value       | ;signed                         |
        | quoted | a quoted parameter                | ;x-note="a/b; c=d"              |
        | escape | a quoted parameter with escapes   | ;x-note="a \\"b\\" \\\\ c"      |
        | two    | two parameters                    | ;charset="utf-8";x-level=7      |

    @SYNTAX-BV-005 @RFC4975-9-29 @PROSE
    Scenario Outline: The media type is written <type>
      When Alice says "by whatever letters" in a SEND with the headers
        """
        Message-ID: {message-id}
        Byte-Range: 1-{end}/{end}
        Content-Type: <type>
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id    | type         |
        | rfc   | Message/CPIM |
        | large | MESSAGE/CPIM |
        | mixed | mEssage/cPim |

    @SYNTAX-BV-006 @RFC4975-9-34 @PROSE
    @RFC4975-12-2
    Scenario Outline: An extension header with <what> is overlooked
      When Alice says "with something new" in a SEND with the headers
        """
        X-<name>: <value>
        Message-ID: {message-id}
        Byte-Range: 1-{end}/{end}
        Content-Type: message/cpim
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id      | what                       | name      | value                    |
        | plain   | a word                     | Weather   | sunny                    |
        | colons  | colons and brackets        | Weather   | a: b; <c> "d"            |
        | signs   | signs in its name          | A!#$%&'*+.^_`~ | sunny               |
        | letters | letters beyond ASCII       | Weather   | {u5C71} Grüße            |

    @SYNTAX-BV-007 @RFC4975-9-12 @PROSE
    Scenario: The session-id of a participant has every sign that it may have
      Given Dave has joined the room with every sign in the session-id
      When Alice says "are you there, Dave"
      Then Bob, Carol and Dave receive it
      And the message to Dave has his whole path in To-Path
      And Dave can still talk to the room

    @SYNTAX-BV-008 @RFC4975-9-14 @PROSE
    @RFC4975-12-5
    Scenario: The path of a participant has a further parameter
      When Dave joins the room with a further parameter in the path
      Then the focus answers Dave with 200
      And Dave can still talk to the room
      And Alice can still talk to the room

  Rule: Methods and the name of the protocol have their letter case (T56)

    @SYNTAX-BI-001 @RFC4975-9-6 @PROSE
    Scenario Outline: A SEND that is written <method>
      When Alice sends the request
        """
        MSRP {transaction} <method>
        To-Path: {switch}
        From-Path: {alice-path}
        Message-ID: {message-id}
        Byte-Range: 1-*/*
        Content-Type: message/cpim

        From: <{alice}>
        To: <{room}>

        Content-Type: text/plain

        not sent {message-id}
        -------{transaction}$
        """
      Then the switch grants Alice nothing
      And nobody receives it
      And Alice can still talk to the room

      Examples:
        | id    | method |
        | small | send   |
        | mixed | Send   |

    @SYNTAX-BI-002 @RFC4975-9-5 @PROSE
    Scenario: A request whose first line does not say MSRP in capitals
      When Alice sends the request
        """
        msrp {transaction} NICKNAME
        To-Path: {switch}
        From-Path: {alice-path}
        Use-Nickname: "lower case {nonce}"
        -------{transaction}$
        """
      Then the switch grants Alice nothing
