@RFC6135 @focus
Feature: Who opens the MSRP connection is agreed upon (RFC 6135, 4)
  With the attribute setup the two sides settle who connects; without it the side that made the offer does. Nobody has
  to support setup: a focus that never says it is judged by RFC 4975 alone.

  Rule: Every setup of an offer is understood

    @SETUP-BV-001 @RFC6135-4.2.1-3 @RFC6135-4.2.1-1 @RFC6135-4.2.2-1 @MUST
    @RFC4975-5.4-4
    Scenario Outline: Alice offers <setup>, and one side connects (T76)
      Given a chat room
      And Bob has joined the room
      When Alice joins the room with the setup "<setup>"
      Then the focus answers Alice with 200
      And one side alone has connected with Alice
      And Alice can still talk to the room

      Examples:
        | id      | setup   |
        | active  | active  |
        | actpass | actpass |

    @SETUP-BV-002 @RFC6135-5-1 @RFC4975-8.5-1 @PROSE
    @RFC4975-5.4-4
    Scenario: Who offers without setup connects
      Given a chat room
      And Bob has joined the room
      When Alice joins the room without setup
      Then the focus answers Alice with 200
      And the switch opens no connection to Alice
      And Alice can still talk to the room

    @SETUP-BI-001 @RFC6135-4.2.1-5 @MUST
    Scenario: An offer of holdconn is one without setup
      Given a chat room
      And Bob has joined the room
      When Alice joins the room with the setup "holdconn"
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @SETUP-BI-002 @RFC6135-4.4-2 @MUST
    Scenario Outline: The attribute "connection:<value>" is overlooked
      Given a chat room
      And Bob has joined the room
      When Alice joins the room with the attribute "connection:<value>"
      Then the focus answers Alice with 200
      And Alice can still talk to the room

      Examples:
        | id       | value    |
        | existing | existing |

  Rule: The focus offers, too

    @SETUP-BV-010 @RFC6135-4.2.2-3 @RFC6135-4.2.2-1 @RFC6135-6-1 @MUST
    Scenario: The focus leaves it to the participant who connects (T11)
      Given a chat room
      And Bob has joined the room
      When Alice joins the room without an offer
      Then the focus answers Alice with 200
      And the offer to Alice leaves it to her who connects
      And Alice can still talk to the room

    @SETUP-BV-011 @RFC6135-4.3-2 @RFC6135-4.3-3 @RFC6135-6-1 @PROSE
    Scenario: Over TLS the first request shows whose session it is, also if the focus has made the offer
      Given a chat room that demands TLS
      And Bob has joined the room over TLS
      When Alice joins the room without an offer
      Then the focus answers Alice with 200
      And Alice can still talk to the room
