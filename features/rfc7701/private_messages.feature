@RFC7701 @switch
Feature: A private message reaches its one recipient (RFC 7701, 6.2)
  The To header of the CPIM wrapper alone tells a private message from a regular one: it names a participant instead of
  the room. The switch resolves it, and passes the message to that participant's endpoints and to nobody else.

  Background:
    Given a chat room that allows private messages
    And Alice, Bob and Carol have joined the room

  Rule: The recipient gets the message, everybody else gets nothing

    @PRIV-BV-001 @RFC7701-6.2-26 @RFC7701-4-22 @RFC7701-4-23 @RFC7701-3-6 @RFC7701-6.1-16 @RFC7701-6.2-9 @RFC7701-8-32 @RFC7701-4-10 @MUST
    @RFC3862-4.2-2 @RFC3862-4.2-4
    @RFC4975-13-9
    Scenario: Alice whispers to Bob
      When Alice whispers "meet me at noon" to Bob
      Then the switch answers Alice with 200
      And Bob receives it
      And Carol does not receive it
      And Alice does not receive it

    @PRIV-BV-002 @RFC7701-6.2-27 @RFC7701-6.1-22 @RFC7701-6.2-26 @RFC7701-4-23 @MUST
    @RFC3862-2.2-17
    @RFC3862-2.2-1 @RFC3862-2.2-19 @RFC3862-2.2-20 @RFC3862-6-3 @RFC3862-9-1
    @RFC3862-3.6-4
    Scenario: The wrapper and its content arrive octet for octet
      When Alice sends the wrapper
        """
        From: "Alice  Liddell" <{alice}>
        To: "Bob" <{bob}>
        DateTime: 2026-01-15T12:00:00-05:00
        Subject: the {nonce} affair
        NS: odd <mid:{nonce}@example.invalid>
        odd.Mood:  whimsical

        Content-Type: text/plain;charset=utf-8
        Content-ID: <{nonce}@example.invalid>

        Curiouser  and
           curiouser! {nonce}
        """
      Then the switch answers Alice with 200
      And Bob receives it octet for octet
      And Carol does not receive it

    @PRIV-BV-003 @RFC7701-3-4 @RFC7701-3-5 @RFC7701-6.1-53 @PROSE
    Scenario: The recipient can read from whom and to whom it goes
      When Alice whispers "from me to you" to Bob
      Then Bob receives it from Alice's URI and to Bob's URI

    @PRIV-BV-004 @RFC7701-6.2-26 @RFC7701-6.2-5 @RFC7701-4-13 @RFC7701-4-23 @MUST
    @RFC4575-5.6-2 @RFC6501-4.6.5-2
    Scenario: The URI that the roster shows can be whispered to
      Given Alice watches the roster
      When Alice whispers "found you in the roster" to the URI that the roster shows for Bob
      Then the switch answers Alice with 200
      And Bob receives it
      And Carol does not receive it

    @PRIV-BV-005 @RFC7701-6.2-26 @RFC7701-4-23 @PROSE
    Scenario: An answer goes back the same way
      When Alice whispers "ping" to Bob
      And Bob whispers "pong" to Alice
      Then the switch answers Bob with 200
      And Alice receives it
      And Carol does not receive it

    @PRIV-BV-006 @RFC7701-6.2-26 @RFC7701-6.2-27 @RFC7701-6.1-23 @RFC7701-4-23 @MUST
    @RFC4975-7.1.1-32
    Scenario: A long private message arrives whole
      When Alice whispers 20000 octets to Bob
      Then the switch answers Alice with 200
      And Bob receives it octet for octet
      And Carol does not receive it

    @PRIV-BV-007 @RFC7701-6.2-26 @RFC7701-6.2-27 @RFC7701-4-23 @MUST
    Scenario: A private message in chunks stays private to its end
      When Alice whispers 6000 octets to Bob in chunks of 2048 octets
      Then every chunk is answered with 200
      And Bob receives it octet for octet
      And Carol does not receive it

    @PRIV-BV-008 @RFC7701-6.2-12 @RFC7701-4-23 @PROSE
    Scenario: Alice whispers to herself and the room does not hear it (T27)
      When Alice whispers "note to self" to Alice
      Then nobody else receives it
      And Alice can still talk to the room

  Rule: Every endpoint of the recipient gets it (T25)

    @PRIV-BV-010 @RFC7701-6.2-32 @RFC7701-4-24 @RFC7701-6.1-55 @RFC7701-4-23 @MUST
    Scenario: Bob is in the room with two devices
      Given Bob has also joined from a second device
      When Alice whispers "wherever you are" to Bob
      Then the switch answers Alice with 200
      And Bob and Bob's second device receive it
      And Carol does not receive it

  Rule: A recipient who cannot be resolved gives 404

    @PRIV-BI-001 @RFC7701-6.2-13 @RFC7701-6.2-15 @RFC7701-10.3-1 @MUST
    @RFC4975-7.1.4-1
    Scenario: The recipient is not in the room
      When Alice whispers "is anybody there" to a stranger
      Then the switch answers Alice with 404
      And nobody receives it
      And Alice can still talk to the room

    @PRIV-BI-002 @RFC7701-6.2-13 @RFC7701-6.2-15 @RFC7701-6.2-12 @MUST
    Scenario: The recipient has left the room
      Given Bob has left the room, his MSRP connection still open
      When Alice whispers "too late" to Bob
      Then the switch answers Alice with 404
      And nobody receives it

    @PRIV-BI-003 @RFC7701-6.2-14 @RFC7701-6.2-15 @MUST
    @RFC3862-4.2-1
    Scenario Outline: A mistyped recipient: <fault>
      When Alice whispers "lost in the mail" to the address "<address>"
      Then the switch answers Alice with 404 (400 is tolerated)
      And nobody receives it
      And Alice can still talk to the room

      Examples:
        | id      | fault                         | address                        |
        | user    | a letter too many in the user | sip:{bob-user}x@{bob-host}     |
        | host    | another host                  | sip:{bob-user}@example.invalid |
        | case    | another case of the user      | sip:{BOB-USER}@{bob-host}      |
        | scheme  | a scheme that nobody knows    | sipp:{bob-user}@{bob-host}     |
        | nothing | words instead of a URI        | Bob from accounting            |

    @PRIV-BI-004 @RFC7701-6.2-12 @RFC7701-4-32 @PROSE
    Scenario: A participant of another room is a stranger here
      Given Dave has joined a second chat room
      When Alice whispers "across the hall" to Dave
      Then the switch answers Alice with 404
      And nobody receives it

  Rule: Several To headers give 403 (T20)

    @PRIV-BI-010 @RFC7701-6.2-10 @RFC7701-6.2-11 @RFC7701-6.2-6 @MUST
    Scenario: Two recipients
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{bob}>
        To: <{carol}>

        Content-Type: text/plain

        for both of you {nonce}
        """
      Then the switch answers Alice with 403
      And nobody receives it
      And Alice can still talk to the room

    @PRIV-BI-011 @RFC7701-6.2-10 @RFC7701-6.2-11 @MUST
    Scenario: The same recipient twice
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{bob}>
        To: <{bob}>

        Content-Type: text/plain

        twice for you {nonce}
        """
      Then the switch answers Alice with 403
      And nobody receives it

    @PRIV-BI-012 @RFC7701-6.1-17 @RFC7701-6.1-18 @MUST
    Scenario: The room and a participant
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        To: <{bob}>

        Content-Type: text/plain

        for all and for one {nonce}
        """
      Then the switch answers Alice with 403
      And nobody receives it
      And Alice can still talk to the room

  Rule: From is checked before To (T23)

    @PRIV-BI-020 @RFC7701-6.3-6 @RFC7701-6.3-9 @MUST
    Scenario: Alice signs a whisper with Carol's name
      When Alice sends the wrapper
        """
        From: <{carol}>
        To: <{bob}>

        Content-Type: text/plain

        guess who {nonce}
        """
      Then the switch answers Alice with 403
      And nobody receives it
      And Alice can still talk to the room

    @PRIV-BI-021 @RFC7701-6.2-8 @RFC7701-6.1-14 @RFC7701-6.3-7 @SHOULD
    Scenario: A stranger's signature and an unknown recipient together
      When Alice sends the wrapper
        """
        From: <sip:nobody-{nonce}@example.invalid>
        To: <sip:no-one-{nonce}@example.invalid>

        Content-Type: text/plain

        from nowhere to nowhere {nonce}
        """
      Then the switch answers Alice with 403 (404 is tolerated)
      And nobody receives it

    @PRIV-BV-020 @RFC7701-6.1-16 @RFC7701-6.2-26 @RFC7701-4-23 @PROSE
    @RFC3862-4.3-2
    Scenario: A cc is no second recipient (T17)
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{bob}>
        cc: <{carol}>

        Content-Type: text/plain

        with a copy that nobody makes {nonce}
        """
      Then the switch answers Alice with 200 (400 and 403 are tolerated)
      And Bob receives it octet for octet, if the switch took it
      And Carol does not receive it

  Rule: Reports about private messages carry the wrapper (T35)

    @PRIV-BV-030 @RFC7701-6.2-21 @RFC7701-6.2-22 @RFC7701-6.2-23 @RFC7701-6.3-1 @SHOULD
    @RFC3862-2.2-5
    Scenario: A success report about a whisper names sender and recipient
      When Alice whispers "let me know" to Bob with the header "Success-Report: yes"
      Then the switch answers Alice with 200
      And Alice gets a success report that covers the whole message
      And that report carries a wrapper with From and To of the message
