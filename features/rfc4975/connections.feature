@RFC4975 @switch
Feature: Connections are made, bound to sessions, shared and lost (RFC 4975, 5.4)
  Who has made the offer connects, and says with its first request whose connection it is. From then on the session and
  the connection belong together, until one of them ends.

  Rule: The active side connects and speaks first

    @MSRP-BV-030 @RFC4975-5.4-3 @RFC4975-5.4-6 @RFC4975-6.2-1 @MUST
    @RFC4975-8.5-1 @RFC6135-4.2.2-12
    Scenario: The switch has made the offer, and connects (T11)
      Given a chat room
      And Bob has joined the room
      When Alice joins the room without an offer, to be connected to
      Then the focus answers Alice with 200
      And the switch connects to Alice and sends a SEND at once
      And Alice can still talk to the room

    @MSRP-BV-031 @RFC4975-5.4-5 @RFC4975-5.4-6 @RFC4975-6.2-1 @PROSE
    @RFC6135-4.2.1-1 @RFC6135-4.2.1-3 @RFC6135-4.2.2-12 @RFC6135-4.2.2-13
    Scenario: Alice has made the offer and asks to be connected to (T76)
      Given a chat room
      And Bob has joined the room
      When Alice joins the room offering to be connected to
      Then the focus answers Alice with 200
      And the switch connects to Alice and sends a SEND at once
      And Alice can still talk to the room

    @MSRP-BV-032 @RFC4975-5.4-4 @PROSE
    @RFC6135-4.2.1-1
    Scenario: Where Alice connects, the switch does not (T76)
      Given a chat room
      And Alice and Bob have joined the room
      When Bob says "one way is enough"
      Then Alice receives it
      And the switch opens no connection to Alice

    @MSRP-BV-033 @RFC4975-5.4-7 @PROSE
    Scenario: The first SEND brings a message
      Given a chat room
      And Bob has joined the room
      And Alice joins the room without a first SEND
      When Alice says "hello with the first request"
      Then the switch answers Alice with 200
      And Bob receives it octet for octet

    @MSRP-BV-034 @RFC4975-5.4-9 @RFC4975-5.4-18 @MUST
    Scenario: Before the first SEND the switch says nothing
      Given a chat room
      And Bob and Carol have joined the room
      And Alice joins the room without a first SEND
      When Bob says "is somebody there"
      Then Carol receives it
      And nothing has come over the connection of Alice

  Rule: Under TLS the certificate of the other side is proved

    @MSRP-BV-035 @RFC4975-5.4-3 @RFC4975-5.4-10 @RFC4975-5.4-11 @MUST
    @RFC6135-4.3-3 @RFC6135-6-2
    Scenario: The switch connects over TLS to an endpoint with an msrps URI (T76)
      Given a chat room that demands TLS
      And Bob has joined the room over TLS
      When Alice joins the room over TLS, to be connected to
      Then the focus answers Alice with 200
      And the switch connects to Alice and sends a SEND at once
      And Alice can still talk to the room

    @MSRP-BI-035 @RFC4975-5.4-16 @MUST
    @RFC4975-14.4-6
    Scenario: The certificate has not the fingerprint that was announced
      Given a chat room that demands TLS
      And Bob has joined the room over TLS
      When Alice joins the room over TLS, to be connected to, with the fingerprint of another certificate
      Then the switch does not speak to Alice
      And Bob can still talk to the room

    @MSRP-BI-036 @RFC4975-5.4-13 @MUST
    Scenario: Neither an authority nor a fingerprint proves the certificate
      Given a chat room that demands TLS
      And Bob has joined the room over TLS
      When Alice joins the room over TLS, to be connected to, without a fingerprint
      Then the switch does not speak to Alice
      And Bob can still talk to the room

  Rule: A session has one connection, a connection may have several sessions

    @MSRP-BV-040 @RFC4975-5.4-2 @SHOULD
    Scenario: The switch uses a connection again for another session
      Given a chat room
      And Alice and Bob have joined the room offering to be connected to
      When Alice has also joined a second chat room to be connected to
      Then the switch uses one connection for both sessions of Alice

    @MSRP-BV-041 @RFC4975-5.4-37 @SHOULD-NOT
    Scenario: The end of one session leaves the other its connection
      Given a chat room
      And Alice and Bob have joined the room
      And Alice has also joined a second chat room over the same connection
      When Alice has left the second chat room
      Then Alice still has her session

    @MSRP-BV-042 @RFC4975-7.1.1-38 @SHOULD
    Scenario: An unfinished message does not hold another session up
      Given a chat room
      And Alice and Bob have joined the room
      And Alice has also joined a second chat room over the same connection
      And Dave has joined a second chat room
      And Bob has sent the first chunk of a message
      When Dave says "meanwhile, next door"
      Then Alice receives it in the second chat room

    @MSRP-BI-040 @RFC4975-5.4-24 @RFC4975-5.4-22 @RFC4975-5.4-23 @MUST
    @RFC4975-7.3-3 @RFC4975-7.3-5 @RFC4975-10.10-1
    Scenario: A stranger speaks in a session that has its connection (T60)
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Bob speaks in Alice's session over a second connection
      Then the switch answers Bob with 506 or 481
      And nobody receives it
      And Alice can still talk to the room

    @MSRP-BI-041 @RFC4975-5.4-21 @RFC4975-5.4-19 @MUST
    Scenario: A new connection starts with a session that nobody has
      Given a chat room
      And Alice and Bob have joined the room
      When Alice asks for a session that does not exist over a second connection
      Then the switch answers Alice with 481
      And nobody receives it
      And Alice can still talk to the room

  Rule: With its connection the session is lost

    @MSRP-BO-050 @RFC4975-5.4-25 @MUST
    Scenario: Nothing of a lost session goes over another connection
      Given a chat room
      And Alice, Bob and Carol have joined the room
      And Alice has also joined a second chat room
      And Alice has lost the connection
      And Bob can still talk to the room
      And Carol can still talk to the room
      When Bob says "not for the other connection"
      Then Carol receives it
      And Alice receives no part of it

    @MSRP-BO-051 @RFC4975-5.4-28 @PROSE
    Scenario: A further connection alone does not bring a lost session back
      Given a chat room
      And Alice, Bob and Carol have joined the room
      And Bob has lost the connection
      And Alice can still talk to the room
      When Bob uses his session on a second connection
      Then the second connection of Bob is answered with 481 or 506
      And Alice can still talk to the room

    @MSRP-BO-052 @RFC4975-5.4-27 @RFC4975-5.4-36 @MUST
    Scenario: A new exchange of SDP does, with the path of the new description
      Given a chat room
      And Alice and Bob have joined the room
      And Bob has lost the connection
      And Alice can still talk to the room
      And Bob has joined again
      When Alice says "welcome back"
      Then Bob receives it
      And the message to Bob has his whole path in To-Path
      And Bob can still talk to the room

  Rule: The URIs of a session are for its two ends

    @MSRP-BV-060 @RFC4975-3-4 @MUST-NOT
    Scenario: Nobody else gets to see Alice's session
      Given a chat room
      And Alice and Bob have joined the room
      When Alice says "from whom and nothing more"
      Then Bob receives it
      And no session URI of Alice appears in what Bob receives
