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
