@RFC3264 @focus
Feature: An answer fits its offer, stream for stream (RFC 3264, 5 and 6)
  Whoever calls offers streams in an order; the answer has a line for each at the same place, takes what a room can use
  and refuses the others with port 0.

  Rule: What the offer leaves to the answer

    @SDP-BV-001 @RFC3264-6-4 @MUST
    Scenario: An offer without any stream
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with no stream
      Then the focus refuses Alice, or answers without a stream
      And Bob can still talk to the room

    @SDP-BV-002 @RFC3264-6-5 @MUST
    Scenario: The time of the offer is the time of the answer
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with "t=3034423619 0" as the t-line
      Then the answer to Alice has the line "t=3034423619 0"
      And Alice can still talk to the room

    @SDP-BI-001 @RFC3264-6-7 @RFC3264-6.1-10 @RFC3264-6-3 @MUST
    Scenario: A stream of a kind that nobody knows is refused by port 0
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with the stream "m=application 49170 X-NOBODY/KNOWS 1" beside it
      Then the focus accepts Alice's offer
      And the answer to Alice closes stream 2 and no other
      And Alice can still talk to the room

    @SDP-BI-002 @RFC3264-6-7 @RFC3264-6.1-10 @MUST
    Scenario: The room's stream comes second
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with the stream "m=application 49170 X-NOBODY/KNOWS 1" before it
      Then the focus accepts Alice's offer
      And the answer to Alice closes stream 1 and no other
      And Alice can still talk to the room

    @SDP-BI-003 @RFC3264-5.1-3 @RFC3264-6-6 @MUST-NOT
    Scenario: A stream that is offered with port 0 is not used
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with port 0 and setup passive
      Then the focus turns Alice's MSRP stream down
      And Bob can still talk to the room
      And the switch opens no connection to Alice

  Rule: Directions

    @SDP-BV-003 @RFC3264-6.1-3 @RFC3264-6.1-4 @RFC3264-6.1-6 @MUST
    Scenario Outline: <offered> is answered with <answered>
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with the direction "<offered>"
      Then the answer to Alice has the direction "<answered>"
      And Bob can still talk to the room

      Examples:
        | id       | offered  | answered             |
        | sendonly | sendonly | recvonly or inactive |
        | recvonly | recvonly | sendonly or inactive |
        | inactive | inactive | inactive             |

    @SDP-BV-004 @RFC3264-8.4-2 @SHOULD-NOT
    Scenario: A hold is not returned
      Given a chat room
      And Alice and Bob have joined the room
      When Alice renews her session with the direction "sendonly"
      Then the focus answers Alice with 200
      And the answer to Alice has the direction "recvonly"
      And Bob can still talk to the room

  Rule: Once the answer is out, messages may come

    @SDP-BV-005 @RFC3264-6.1-12 @MUST
    Scenario: Alice talks before she has acknowledged the answer
      Given a chat room
      And Bob has joined the room
      When Alice calls the room, keeping back her ACK
      Then the focus answers Alice with 200
      And Alice can still talk to the room
