@RFC7701 @focus @serial
Feature: A participant may stay anonymous (RFC 7701, 5.2 and 6.1)
  Who asks for privacy, or joins under an anonymous URI, is known in the room by an anonymous URI alone. The real
  address appears neither in the roster nor to those who write to it.

  Rule: The roster shows an anonymous URI

    @ANON-BV-001 @RFC7701-5.2-36 @RFC7701-5.2-37 @RFC7701-3-9 @RFC7701-6.1-13 @MUST
    @RFC4575-5.6-4 @RFC4575-8.2-2 @RFC4575-8.2-3 @RFC4575-8.2-4 @RFC4575-8.2-5 @RFC4575-5.7.9-1 @RFC6501-4.6.5.1-1 @RFC6501-4.6.5.1-2
    Scenario: Carol asks the focus for privacy
      Given a chat room
      And Alice and Bob have joined the room
      And Carol has joined asking for privacy
      When Alice asks for the roster
      Then the roster shows 1 anonymous participant more than before
      And Carol's address appears nowhere in what the focus tells Alice

    @ANON-BV-002 @RFC7701-3-9 @PROSE
    Scenario: Carol joins under an anonymous URI
      Given a chat room
      And Alice and Bob have joined the room
      When Carol joins the room under an anonymous URI
      Then the focus answers Carol with 200
      And Carol's address appears nowhere in what the focus tells Alice

    @ANON-BV-003 @RFC7701-5.2-36 @PROSE
    @RFC4575-5.6-4 @RFC4575-5.6-5 @RFC4575-5.6-6 @RFC4575-8.2-5
    Scenario: Two anonymous participants have different URIs (T78)
      Given a chat room
      And Alice and Bob have joined the room
      And Carol has joined asking for privacy
      And Dave has joined asking for privacy
      When Alice asks for the roster
      Then the roster shows 2 anonymous participants more than before

  Rule: Messages work by the anonymous URI

    @ANON-BV-010 @RFC7701-6.1-9 @RFC7701-3-9 @PROSE
    Scenario: An anonymous participant talks to the room
      Given a chat room
      And Alice and Bob have joined the room
      And Carol has joined under an anonymous URI
      When Carol says "who am I"
      Then the switch answers Carol with 200
      And Alice and Bob receive it
      And Carol's address appears nowhere in what Alice receives

    @ANON-BV-011 @RFC7701-6.1-12 @RFC7701-6.2-26 @RFC7701-4-23 @PROSE
    Scenario: A whisper to the anonymous URI arrives
      Given a chat room that allows private messages
      And Alice and Bob have joined the room
      And Carol has joined asking for privacy
      And Alice watches the roster
      When Alice whispers "whoever you are" to the anonymous URI of Carol in the roster
      Then the switch answers Alice with 200
      And Carol receives it
      And Bob does not receive it

    @ANON-BI-001 @RFC7701-6.1-12 @RFC7701-6.2-13 @MUST
    Scenario: A whisper to the real address of an anonymous participant finds nobody (T27)
      Given a chat room that allows private messages
      And Alice and Bob have joined the room
      And Carol has joined asking for privacy
      When Alice whispers "I know who you are" to Carol
      Then the switch answers Alice with 404
      And Carol does not receive it
      And Bob does not receive it

    @ANON-BI-002 @RFC7701-6.1-12 @RFC7701-6.2-13 @RFC7701-6.2-24 @MUST
    Scenario: The real address of an anonymous participant without private messages is as unknown (T27)
      Given a chat room that allows private messages
      And Alice and Bob have joined the room
      And Carol has joined under an anonymous URI
      When Alice whispers "are you there" to the real address of Carol
      Then the switch answers Alice with 404
      And nobody receives it
      And Alice can still talk to the room

    @ANON-BI-003 @RFC7701-6.2-19 @RFC7701-6.2-24 @RFC7701-6.1-12 @MUST
    Scenario: An anonymous participant without private messages gets none
      Given a chat room that allows private messages
      And Alice and Bob have joined the room
      And Carol has joined under an anonymous URI with the chat tokens "nickname"
      When Alice whispers "behind the mask" to Carol
      Then the switch answers Alice with 428 (404 is tolerated)
      And nobody receives it
      And Alice can still talk to the room
