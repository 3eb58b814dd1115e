@RFC3261 @focus
Feature: An INVITE is read in every spelling that SIP allows (RFC 3261, 7)
  How a header is written is for the sender to choose. A room that reads only what one client writes shuts others out.

  Rule: The spelling of headers makes no difference

    @SIP-BV-001 @RFC3261-7.3.1-1 @RFC3261-7.3.1-2 @RFC3261-7.3.1-3 @RFC3261-7.3.1-5 @RFC3261-7.3.3-1 @MUST
    Scenario Outline: Alice joins by an INVITE <how>
      Given a chat room
      And Bob has joined the room
      When Alice joins the room by an INVITE <how>
      Then the focus answers Alice with 200
      And Alice can still talk to the room

      Examples:
        | id     | how                           |
        | blanks | with blanks around the colons |
        | folded | with folded headers           |
        | order  | whose Via comes last          |
        | case   | in other capitals             |
        | short  | with short header names       |

    @SIP-BI-001 @RFC3261-7.3.1-4 @RFC3261-8.2.2.3-2 @MUST
    Scenario Outline: Two extensions that the focus does not know, <how>, are both named
      Given a chat room
      And Bob has joined the room
      When Alice tries to join the room by an INVITE requiring two unknown extensions <how>
      Then the focus answers Alice with 420
      And the answer to Alice names "org.example.one, org.example.two" in Unsupported
      And Bob can still talk to the room

      Examples:
        | id        | how          |
        | one-line  | in one line  |
        | two-lines | in two lines |

  Rule: What does not concern a request is overlooked

    @SIP-BV-002 @RFC3261-7.3.2-1 @RFC3261-8.2.2-1 @MUST
    Scenario Outline: Alice joins by an INVITE <how>
      Given a chat room
      And Bob has joined the room
      When Alice joins the room by an INVITE <how>
      Then the focus answers Alice with 200
      And Alice can still talk to the room

      Examples:
        | id        | how                                     |
        | responses | with headers that belong into responses |
        | unknown   | with a header that nobody has defined   |

    @SIP-BV-005 @RFC3261-7.5-1 @MUST
    Scenario: Empty lines before a request on a stream are passed over
      Given a chat room
      And Alice reaches the focus over TCP, and has an answer there
      When Alice sends OPTIONS behind four empty lines
      Then the focus answers Alice with 200

    @SIP-BV-003 @RFC3261-8.2.2-2 @SHOULD
    Scenario: A broken header that nobody needs does not keep Alice out
      Given a chat room
      And Bob has joined the room
      When Alice joins the room by an INVITE with a broken Date
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @SIP-BV-004 @RFC3261-21.4.21-1 @PROSE
    Scenario: An INVITE that no proxy may forward any more has come to its end (T77)
      Given a chat room
      And Bob has joined the room
      When Alice joins the room by an INVITE with the Max-Forwards 0
      Then the focus answers Alice with 200 (483 is tolerated)

  Rule: What is no request of this version is not served

    @SIP-BI-002 @RFC3261-21.4.1-1 @PROSE
    Scenario Outline: An INVITE <how> is not accepted, and harms nobody
      Given a chat room
      And Bob has joined the room
      When Alice tries to join the room by an INVITE <how>
      Then the focus does not accept the request of Alice
      And Bob can still talk to the room

      Examples:
        | id      | how             |
        | call-id | without Call-ID |
        | cseq    | without CSeq    |

    @SIP-BI-003 @RFC3261-21.5.6-1 @PROSE
    Scenario: A request of another version of SIP is refused as such
      Given a chat room
      And Bob has joined the room
      When Alice sends OPTIONS of the version SIP/7.0
      Then the focus answers Alice with 505 (400 is tolerated)
      And Bob can still talk to the room
