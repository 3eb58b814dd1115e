@RFC7701 @switch
Feature: Nobody gets a private message that he cannot tell from a regular one (RFC 7701, 6.2 and 8)
  An endpoint without support for private messages would show a whisper as if all had heard it, and answer to all. So
  the switch refuses with 428 and delivers nothing, least of all to the room. What an endpoint supports, its SDP says.

  Rule: The recipient's endpoint does not support private messages

    @PRIV-BI-040 @RFC7701-6.2-19 @RFC7701-6.2-24 @RFC7701-6.2-18 @RFC7701-10.3-5 @RFC7701-5.2-40 @RFC7701-5.2-38 @RFC7701-5.2-39 @MUST
    Scenario: Bob announces nicknames only
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "nickname"
      When Alice whispers "can you hear me" to Bob
      Then the switch answers Alice with 428
      And nobody receives it
      And Alice can still talk to the room

    @PRIV-BI-041 @RFC7701-6.2-19 @RFC7701-6.2-24 @RFC7701-8-9 @MUST
    Scenario: Bob announces chat rooms without extras
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with a bare chatroom attribute
      When Alice whispers "can you hear me" to Bob
      Then the switch answers Alice with 428
      And nobody receives it

    @PRIV-BI-042 @RFC7701-6.2-19 @RFC7701-6.2-24 @RFC7701-8-2 @RFC7701-8-3 @MUST
    Scenario: Bob's client knows nothing of chat rooms
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined from a client that does not know chat rooms
      When Alice whispers "can you hear me" to Bob
      Then the switch answers Alice with 428
      And nobody receives it
      And Bob can still talk to the room

    @PRIV-BI-043 @RFC7701-6.2-24 @RFC7701-6.2-19 @RFC7701-8-34 @MUST
    Scenario: Unknown tokens do not stand for private messages
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "com.example.private-messages x-private-messages"
      When Alice whispers "can you hear me" to Bob
      Then the switch answers Alice with 428
      And nobody receives it

    @PRIV-BV-040 @RFC7701-5.2-39 @RFC7701-8-27 @RFC7701-8-34 @RFC7701-6.2-26 @RFC7701-4-23 @MUST
    Scenario: Unknown tokens beside the known one do no harm (T05)
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "org.example.sparkle private-messages polls"
      When Alice whispers "can you hear me" to Bob
      Then the switch answers Alice with 200
      And Bob receives it
      And Carol does not receive it

    @PRIV-BI-044 @RFC7701-6.2-19 @RFC7701-6.2-24 @MUST
    Scenario: A whisper in chunks is refused as a whole
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "nickname"
      When Alice whispers 6000 octets to Bob in chunks of 2048 octets
      Then the message is refused with 428, at its first chunk if the switch does not wait
      And nobody receives any part of it
      And Alice can still talk to the room

    @PRIV-BI-045 @RFC7701-6.3-2 @RFC7701-6.2-24 @MUST
    @RFC4975-7.1.4-4
    Scenario: Without failure reports the refusal is silent (T30)
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "nickname"
      When Alice whispers "no need to answer" to Bob with the header "Failure-Report: no"
      Then the switch does not answer Alice
      And nobody receives it

    @PRIV-BI-046 @RFC7701-6.3-2 @RFC7701-6.2-24 @RFC7701-6.2-19 @SHOULD
    @RFC4975-7.1.4-6 @RFC4975-7.2-2
    Scenario: With partial failure reports the refusal is told (T30)
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "nickname"
      When Alice whispers "tell me if it fails" to Bob with the header "Failure-Report: partial"
      Then the switch answers Alice with 428
      And nobody receives it

    @PRIV-BI-047 @RFC7701-6.3-6 @RFC7701-6.2-24 @MUST
    Scenario: A forged sender is refused first, whatever the recipient supports (T23)
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "nickname"
      When Alice sends the wrapper
        """
        From: <{carol}>
        To: <{bob}>

        Content-Type: text/plain

        not from Carol {nonce}
        """
      Then the switch answers Alice with 403 (428 is tolerated)
      And nobody receives it

    @PRIV-BV-041 @RFC7701-6.1-19 @RFC7701-8-9 @PROSE
    Scenario: Regular messages still reach Bob
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with a bare chatroom attribute
      When Alice says "everybody hears this"
      Then Bob and Carol receive it

  Rule: Capability belongs to the session and may change (RFC 7701, 8)

    @PRIV-BV-050 @RFC7701-8-15 @RFC7701-8-17 @RFC7701-5.2-38 @RFC7701-4-23 @PROSE
    @RFC3264-8.3.4-1
    @RFC3261-14.2-2
    Scenario: Bob adds the support with a re-INVITE
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "nickname"
      And Bob has declared the chat tokens "nickname private-messages"
      When Alice whispers "and now" to Bob
      Then the switch answers Alice with 200
      And Bob receives it
      And Carol does not receive it

    @PRIV-BI-050 @RFC7701-8-16 @RFC7701-8-15 @RFC7701-6.2-19 @RFC7701-6.2-24 @MUST
    @RFC3264-8.3.4-1
    @RFC3261-14.2-2
    Scenario: Bob withdraws the support with a re-INVITE
      Given a chat room that allows private messages
      And Alice, Bob and Carol have joined the room
      And Bob has declared the chat tokens "nickname"
      When Alice whispers "and now" to Bob
      Then the switch answers Alice with 428
      And nobody receives it
      And Bob can still talk to the room

    @PRIV-BI-051 @RFC7701-8-18 @RFC7701-6.2-19 @RFC7701-6.2-24 @MUST
    @RFC3264-8.3.4-1
    Scenario: A re-INVITE without the chatroom attribute switches the support off (T03)
      Given a chat room that allows private messages
      And Alice, Bob and Carol have joined the room
      And Bob has renewed his session without the chatroom attribute
      When Alice whispers "and now" to Bob
      Then the switch answers Alice with 428
      And nobody receives it

    @PRIV-BI-052 @RFC7701-6.2-24 @RFC7701-5.2-39 @RFC7701-5.2-40 @RFC7701-4-23 @MUST
    Scenario: One of Bob's two devices has no private messages (T25)
      Given a chat room that allows private messages
      And Alice, Bob and Carol have joined the room
      And Bob has also joined from a second device with the chat tokens "nickname"
      When Alice whispers "only where you can read it" to Bob
      Then the switch answers Alice with 200 (428 is tolerated)
      And Bob's second device does not receive it
      And Carol does not receive it

    @PRIV-BV-051 @RFC7701-6.2-32 @RFC7701-6.2-26 @MUST
    Scenario: The other one of Bob's two devices gets it (T25)
      Given a chat room that allows private messages
      And Alice, Bob and Carol have joined the room
      And Bob has also joined from a second device with the chat tokens "nickname"
      When Alice whispers "only where you can read it" to Bob
      Then Bob receives it, unless the switch answered Alice with 428

    @PRIV-BI-053 @RFC7701-6.2-19 @RFC7701-6.2-24 @MUST
    Scenario: Neither of Bob's devices has private messages
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "nickname"
      And Bob has also joined from a second device with a bare chatroom attribute
      When Alice whispers "anybody home" to Bob
      Then the switch answers Alice with 428
      And nobody receives it

    @PRIV-BI-054 @RFC7701-6.2-24 @RFC7701-4-23 @MUST
    Scenario: A whisper in chunks to two devices, one without private messages (T25)
      Given a chat room that allows private messages
      And Alice, Bob and Carol have joined the room
      And Bob has also joined from a second device with the chat tokens "nickname"
      When Alice whispers 6000 octets to Bob in chunks of 2048 octets
      Then Bob's second device receives no part of it
      And Carol receives no part of it
      And Alice can still talk to the room

    @PRIV-BI-055 @RFC7701-8-16 @RFC7701-6.2-24 @RFC7701-5.2-39 @RFC7701-4-23 @MUST
    Scenario: A re-INVITE of one device leaves the other one's support alone
      Given a chat room that allows private messages
      And Alice, Bob and Carol have joined the room
      And Bob has also joined from a second device
      And Bob has declared the chat tokens "nickname"
      When Alice whispers "to the capable one" to Bob
      Then the switch answers Alice with 200 (428 is tolerated)
      And Bob does not receive it
      And Carol does not receive it

    @PRIV-BI-056 @RFC7701-6.2-19 @RFC7701-6.2-24 @MUST
    Scenario: The capable one of Bob's devices has left
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "nickname"
      And Bob has also joined from a second device
      And Bob's second device has left the room, the MSRP connection still open
      When Alice whispers "you cannot read this here" to Bob
      Then the switch answers Alice with 428
      And nobody receives it
      And Bob can still talk to the room

    @PRIV-BI-057 @RFC7701-6.2-19 @RFC7701-6.2-24 @MUST
    Scenario: The sender's own support does not stand for the recipient's
      Given a chat room that allows private messages
      And Bob and Carol have joined the room
      And Alice has joined with the chat tokens "nickname"
      When Bob whispers "you asked, but cannot hear" to Alice
      Then the switch answers Bob with 428
      And nobody receives it
      And Alice can still talk to the room

    @PRIV-BI-058 @RFC7701-6.2-10 @RFC7701-6.2-11 @RFC7701-6.2-18 @MUST
    Scenario: Several recipients, one without private messages (T23)
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "nickname"
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{carol}>
        To: <{bob}>

        Content-Type: text/plain

        for the two of you {nonce}
        """
      Then the switch answers Alice with 403 (428 is tolerated)
      And nobody receives it
      And Alice can still talk to the room

    @PRIV-BI-059 @RFC7701-6.3-1 @RFC7701-6.2-24 @RFC7701-6.2-19 @MUST
    Scenario: A refused whisper is not reported as a success
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "nickname"
      When Alice whispers "did it arrive" to Bob with the header "Success-Report: yes"
      Then the switch answers Alice with 428
      And Alice gets no success report on it
      And nobody receives it

    @PRIV-BV-052 @RFC7701-5.2-39 @RFC7701-6.2-26 @RFC7701-4-23 @PROSE
    Scenario: One recipient's refusal does not hinder a whisper to another
      Given a chat room that allows private messages
      And Alice and Carol have joined the room
      And Bob has joined with the chat tokens "nickname"
      When Alice whispers "can you hear me" to Bob
      And Alice whispers "but you can" to Carol
      Then the switch answers Alice with 200
      And Carol receives it
      And Bob does not receive it

  Rule: The room forbids private messages (T24)

    @PRIV-BI-063 @RFC7701-4.1-5 @RFC7701-6.2-1 @RFC7701-6.2-11 @PROSE
    Scenario: Several recipients in a room without private messages (T23, T24)
      Given a chat room that forbids private messages
      And Alice, Bob and Carol have joined the room
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{bob}>
        To: <{carol}>

        Content-Type: text/plain

        behind everybody's back {nonce}
        """
      Then the switch answers Alice with 403 (428 is tolerated)
      And nobody receives it
      And Alice can still talk to the room

    @PRIV-BI-064 @RFC7701-4.1-5 @RFC7701-6.2-1 @PROSE
    Scenario: A whisper in chunks in a room without private messages (T24)
      Given a chat room that forbids private messages
      And Alice, Bob and Carol have joined the room
      When Alice whispers 6000 octets to Bob in chunks of 2048 octets
      Then nobody receives any part of it
      And Alice can still talk to the room

    @PRIV-BV-061 @RFC7701-6.1-19 @RFC7701-6.1-16 @PROSE
    Scenario: A room without private messages still carries regular ones
      Given a chat room that forbids private messages
      And Alice, Bob and Carol have joined the room
      When Alice says "for all to hear"
      Then the switch answers Alice with 200
      And Bob and Carol receive it

    @PRIV-BI-060 @RFC7701-6.2-1 @RFC7701-4.1-5 @RFC7701-8-10 @RFC7701-8-33 @PROSE
    Scenario: A whisper in a room without private messages is refused and not heard by the room
      Given a chat room that forbids private messages
      And Alice, Bob and Carol have joined the room
      When Alice whispers "between you and me" to Bob
      Then the switch answers Alice with 403 or 428 (404 and 200 are tolerated)
      And nobody receives it
      And Alice can still talk to the room

    @PRIV-BI-061 @RFC7701-6.2-1 @RFC7701-4.1-5 @PROSE
    Scenario: A whisper to a stranger in a room without private messages
      Given a chat room that forbids private messages
      And Alice and Bob have joined the room
      When Alice whispers "anyone" to a stranger
      Then the switch answers Alice with 403, 404 or 428
      And nobody receives it

    @PRIV-BV-060 @RFC7701-8-10 @RFC7701-6.2-2 @PROSE
    Scenario: A room without private messages does not announce them
      Given a chat room that forbids private messages
      When Alice joins the room
      Then the focus answers Alice with 200
      And the focus does not announce "private-messages" to Alice

    @PRIV-BI-062 @RFC7701-11-6 @RFC7701-4-23 @PROSE
    Scenario: A client that does not know chat rooms whispers, and the room does not hear it
      Given a chat room that allows private messages
      And Bob and Carol have joined the room
      And Alice has joined from a client that does not know chat rooms
      When Alice whispers "psst" to Bob
      Then Carol does not receive it
      And Bob can still talk to the room
