@RFC7701 @switch
Feature: One user, several endpoints (RFC 7701, 6.1 and 6.2)
  Where the room's policy allows it, a user is in the room with several devices, and each of them gets every message.

  Rule: Each endpoint is served

    @ENDP-BV-001 @RFC7701-6.1-54 @RFC7701-6.1-55 @RFC7701-6.1-56 @RFC7701-4.1-7 @MUST
    @RFC4975-14.5-6
    Scenario: A regular message reaches both devices of Bob
      Given a chat room
      And Alice and Bob have joined the room
      And Bob has also joined from a second device
      When Alice says "to all your devices"
      Then Bob and Bob's second device receive it

    @ENDP-BV-002 @RFC7701-6.1-54 @RFC7701-6.1-19 @PROSE
    Scenario: Both devices of Bob can talk
      Given a chat room
      And Alice and Bob have joined the room
      And Bob has also joined from a second device
      When Bob's second device says "from my other device"
      Then the switch answers Bob's second device with 200
      And Alice receives it
      And Bob's second device receives no copy of it

    @ENDP-BV-003 @RFC7701-6.1-56 @RFC7701-4-29 @PROSE
    Scenario: When one device leaves, the other stays
      Given a chat room
      And Alice and Bob have joined the room
      And Bob has also joined from a second device
      And Bob's second device has left the room
      When Alice says "still there"
      Then Bob receives it
      And the roster shows Bob

    @ENDP-BV-004 @RFC7701-6.1-55 @PROSE
    @RFC4575-5.6.6-1 @RFC4575-5.6-1
    Scenario: The roster shows one user for both devices
      Given a chat room
      And Alice and Bob have joined the room
      And Bob has also joined from a second device
      When Alice asks for the roster
      Then the roster shows Bob exactly once

    @ENDP-BV-005 @RFC7701-6.2-32 @RFC7701-4-23 @MUST
    Scenario: A private message to a user with two devices is not seen by others
      Given a chat room that allows private messages
      And Alice, Bob and Carol have joined the room
      And Bob has also joined from a second device
      When Carol whispers "both of you" to Bob
      Then Bob and Bob's second device receive it
      And Alice does not receive it

  Rule: A room may allow one endpoint only

    @ENDP-BI-001 @RFC7701-4.1-7 @PROSE
    Scenario: Two endpoints of one user are not in the room together (T37)
      Given a chat room with one endpoint a user
      And Alice and Bob have joined the room
      When Bob tries to join from a second device
      Then either the second device is refused or Bob's first session is ended
