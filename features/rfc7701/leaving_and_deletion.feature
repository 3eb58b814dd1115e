@RFC7701 @focus
Feature: Participants leave and rooms end (RFC 7701, 4 and 5.3)

  Rule: Who leaves is out

    @LEAVE-BV-001 @RFC7701-3-2 @RFC7701-4-28 @RFC7701-4-29 @PROSE
    @RFC3261-15.1.2-3
    Scenario: Bob leaves with BYE
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Bob leaves the room
      Then the focus answers Bob's BYE with 200
      And the roster does not show Bob
      And Alice can still talk to the room

    @LEAVE-BV-002 @RFC7701-6.1-39 @PROSE
    Scenario: Bob's connection breaks
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Bob loses the connection
      Then Alice can still talk to the room
      And Carol can still talk to the room

    @LEAVE-BV-003 @RFC7701-3-1 @RFC7701-4-31 @PROSE
    Scenario: Bob comes back
      Given a chat room
      And Alice and Bob have joined the room
      And Bob has left the room
      When Bob joins again
      Then the focus answers Bob with 200
      And Bob can still talk to the room

  Rule: The room ends with its creator where the policy says so

    @serial @LEAVE-BV-010 @RFC7701-5.3-1 @RFC7701-5.3-4 @RFC7701-4.1-6 @PROSE
    Scenario: The creator leaves and everybody is sent home
      Given a chat room that ends with its creator
      And Alice has joined the room
      And Bob has joined the room
      When Alice leaves the room
      Then the focus ends Bob's dialog with BYE

    @serial @LEAVE-BV-011 @RFC7701-5.3-2 @PROSE
    Scenario: With the room its MSRP sessions end
      Given a chat room that ends with its creator
      And Alice has joined the room
      And Bob has joined the room
      And Bob keeps his MSRP connection open after a BYE
      When Alice leaves the room
      Then Bob's MSRP session is over

    @LEAVE-BV-012 @RFC7701-4.1-6 @PROSE
    Scenario: Other rooms go on when the first participant leaves
      Given a chat room
      And Alice has joined the room
      And Bob and Carol have joined the room
      When Alice leaves the room
      Then Bob can still talk to the room
