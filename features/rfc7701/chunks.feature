@RFC7701 @switch
Feature: A message in chunks stays together (RFC 7701, 6.1 and 9.5)
  Only the first chunk carries the CPIM headers. A switch that passes chunks on as they come remembers whose message it
  is and who got its beginning, and gives up a message whose end does not come.

  Rule: The chunks reach those who got the first one

    @CHUNK-BV-001 @RFC7701-6.1-32 @RFC7701-6.1-23 @RFC7701-6.1-22 @MUST
    @RFC4975-5.1-1 @RFC4975-5.1-3 @RFC4975-7.1-21 @RFC4975-7.1.1-3 @RFC4975-7.1.1-36 @RFC4975-7.3.1-3
    @RFC4975-13-8
    Scenario: A message in three chunks arrives whole
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Alice says 6000 octets in chunks of 2048 octets
      Then every chunk is answered with 200
      And Bob and Carol receive it octet for octet

    @CHUNK-BV-002 @RFC7701-9.5-1 @RFC7701-6.1-31 @PROSE
    @RFC4975-7.1.1-40
    Scenario: The CPIM headers are spread over several chunks (T16, T34)
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Alice says 300 octets in chunks of 20 octets
      Then every chunk is answered with 200
      And Bob and Carol receive it octet for octet

    @CHUNK-BV-003 @RFC7701-6.1-33 @MUST
    @RFC4975-7.1.1-3 @RFC4975-7.3.1-3
    Scenario: Two messages of one sender are interleaved
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Alice says two messages of 5000 octets with their chunks interleaved
      Then Bob and Carol receive both octet for octet

    @CHUNK-BV-004 @RFC7701-6.1-33 @MUST
    @RFC4975-7.3.1-4
    Scenario: Two senders use the same Message-ID
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Alice and Bob say messages of 5000 octets with the same Message-ID and their chunks interleaved
      Then Carol receives both octet for octet

    @CHUNK-BV-005 @RFC7701-6.1-29 @SHOULD
    Scenario: Distribution starts before the message is complete
      Given a chat room
      And Alice and Bob have joined the room
      When Alice sends the first chunk of a message
      Then Bob receives the beginning of it
      And when Alice sends the last chunk, Bob receives it octet for octet

    @CHUNK-BV-006 @RFC7701-6.1-36 @PROSE
    Scenario: A recipient leaves amid the message
      Given a chat room
      And Alice, Bob and Carol have joined the room
      And Alice has sent the first chunk of a message
      And Carol has left the room, her MSRP connection still open
      When Alice sends the last chunk
      Then the switch answers Alice with 200
      And Bob receives it octet for octet
      And Carol does not get the message as complete

    @CHUNK-BV-007 @RFC7701-6.1-37 @RFC7701-6.1-35 @RFC7701-6.1-34 @SHOULD
    Scenario: Who joins amid the message gets nothing of its rest
      Given a chat room
      And Alice and Bob have joined the room
      And Alice has sent the first chunk of a message
      And Bob has received the beginning of it
      And Dave has joined the room
      When Alice sends the last chunk
      Then Bob receives it octet for octet
      And it is kept from Dave

    @CHUNK-BV-008 @RFC7701-6.1-33 @RFC7701-4-23 @RFC7701-6.1-34 @MUST
    Scenario: Chunks of a private and of a regular message do not mix
      Given a chat room that allows private messages
      And Alice, Bob and Carol have joined the room
      When Alice whispers 5000 octets to Bob and says 5000 octets to the room with their chunks interleaved
      Then Bob receives both octet for octet
      And Carol receives only the regular one

  Rule: A message that is refused at its first chunk is not started

    @CHUNK-BI-001 @RFC7701-6.1-30 @RFC7701-6.3-9 @SHOULD
    @RFC4975-7.1.4-2
    Scenario: The first chunk is signed by somebody else
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Alice says 5000 octets signed as Bob in chunks of 2048 octets
      Then the message is refused with 403, at its first chunk if the switch does not wait
      And nobody receives any part of it
      And Alice can still talk to the room

    @CHUNK-BI-002 @RFC7701-4.1-11 @PROSE
    Scenario: A later chunk whose beginning never came is not distributed (T33)
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Alice sends the last chunk of a message that she never began
      Then nobody receives any part of it
      And Alice can still talk to the room

  Rule: A message can be given up

    @CHUNK-BV-010 @RFC7701-6.1-33 @PROSE
    @RFC4975-7.1-22 @RFC4975-7.1-23
    Scenario: Alice aborts a message
      Given a chat room
      And Alice, Bob and Carol have joined the room
      And Alice has sent the first chunk of a message
      When Alice aborts the message
      Then Bob does not get the message as complete
      And Alice can still talk to the room

    @CHUNK-BV-011 @RFC7701-6.1-39 @PROSE
    Scenario: Alice loses the connection amid the message
      Given a chat room
      And Alice, Bob and Carol have joined the room
      And Alice has sent the first chunk of a message
      When Alice loses the connection
      Then Bob does not get the message as complete
      And Bob can still talk to the room

  Rule: The chunk reception timer (RFC 7701, 6.1)

    @CHUNK-TI-001 @RFC7701-6.1-40 @RFC7701-6.1-42 @RFC7701-4.1-10 @RFC7701-4.1-11 @MUST
    Scenario: After the timer a late chunk is not distributed (T33)
      Given a chat room with a short chunk reception timer
      And Alice and Bob have joined the room
      And Alice has sent the first chunk of a message
      When the chunk reception timer has run out
      And Alice sends the last chunk
      Then Bob does not get the message as complete
      And Alice can still talk to the room

    @CHUNK-TI-002 @RFC7701-6.1-44 @MAY
    @RFC4975-7.1-22
    Scenario: An abort chunk after the timer bears the message's id and the flag "#"
      Given a chat room with a short chunk reception timer
      And Alice and Bob have joined the room
      And Alice has sent the first chunk of a message
      And Dave has joined the room
      When the chunk reception timer has run out
      Then an abort chunk, if the switch sends one, ends the message that Bob had begun to receive
      And an abort chunk, if the switch sends one, ends the message that Dave had begun to receive
      And Dave receives no part of it

    @CHUNK-TI-003 @RFC7701-6.1-47 @RFC7701-6.1-49 @SHOULD
    Scenario: A sender that pauses for two seconds loses nothing
      Given a chat room
      And Alice and Bob have joined the room
      And Alice has sent the first chunk of a message
      When Alice pauses for 2 seconds
      And Alice sends the last chunk
      Then Bob receives it octet for octet
