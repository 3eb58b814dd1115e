@RFC7701 @switch
Feature: A regular message reaches everybody in the room (RFC 7701, 6.1)
  A SEND whose CPIM wrapper is addressed to the room is copied to all participants but its sender, octet for octet.
  What is not properly wrapped, signed and addressed is refused, and reaches nobody.

  Background:
    Given a chat room
    And Alice, Bob and Carol have joined the room

  Rule: Everybody but the sender gets a copy

    @TALK-BV-001 @RFC7701-6.1-19 @RFC7701-4-18 @RFC7701-3-3 @RFC7701-4-10 @RFC7701-6.3-10 @RFC7701-6.1-20 @MUST
    @RFC4975-5.3-1 @RFC4975-5.4-20 @RFC4975-7.1.1-15 @RFC4975-7.2-1 @RFC4975-10.1-1 @RFC4975-10.9-2
    @RFC4975-13-6
    Scenario: Alice talks to the room
      When Alice says "hello everybody"
      Then the switch answers Alice with 200
      And Bob and Carol receive it
      And Alice receives no copy of it

    @TALK-BV-002 @RFC7701-6.1-22 @RFC7701-6.1-19 @MUST
   
    @RFC4975-7.1-28
    @RFC3862-2.2-17
    @RFC3862-3.3-1 @RFC3862-3.6-4
    @RFC3862-2.2-1 @RFC3862-2.2-19 @RFC3862-2.2-20 @RFC3862-6-3 @RFC3862-9-1 @RFC3862-3.4-2
    @RFC4975-13-10 @RFC4975-13-12
    Scenario: The wrapper and its content arrive octet for octet
      When Alice sends the wrapper
        """
        From: Alice <{alice}>
        To:  <{room}>
        DateTime: 2026-01-15T12:00:00-05:00
        Subject:  spaces   stay {nonce}
        MyFeatures.Note:;lang=fr les espaces restent
        NS: MyFeatures <mid:{nonce}@example.invalid>
        MyFeatures.VitalMessageOption: Confirm\n

        Content-Type: text/plain; charset="utf-8"
        Content-Description: untouched

        Tabs	and  runs of blanks,
        lines that begin with -------
        and {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @TALK-BV-003 @RFC7701-6.1-22 @PROSE
    @RFC3862-6-3
    Scenario: The glued wrapper of the RFC's examples is passed on as it came (T12)
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room};transport=tcp>
        DateTime: 2026-01-15T12:00:00-05:00
        Content-Type: text/plain

        glued {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @TALK-BV-004 @RFC7701-6.1-22 @RFC7701-6.1-23 @MUST
    @RFC4975-9-32
    @RFC4975-7.1-28 @RFC4975-7.1.1-32 @RFC4975-7.1.1-33
    @RFC3862-2-5 @RFC3862-7.1-1 @RFC3862-8-2 @RFC3862-9-3
    @RFC4975-14.3-2
    Scenario Outline: <what> arrive unharmed
      When Alice says <octets> octets of <kind>
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id     | what                       | octets | kind        |
        | binary | Binary octets              | 1000   | binary data |
        | nul    | NUL characters             | 64     | NULs        |
        | dashes | Lines of dashes            | 3000   | dashes      |
        | large  | Sixty kilobytes            | 60000  | text        |
        | crlf   | Nothing but line ends      | 400    | line ends   |

    @TALK-BV-005 @RFC7701-3-4 @RFC7701-3-5 @RFC7701-6.1-53 @RFC7701-6.1-6 @PROSE
    @RFC3862-2.2-5 @RFC3862-4.1-4 @RFC3862-4.2-2
    @RFC4975-14.5-4
    @RFC4975-13-21
    Scenario: The recipients can read who says it, and to whom
      When Alice says "it is me"
      Then Bob receives it from Alice's URI and to the room's URI

    @TALK-BV-006 @RFC7701-6.1-21 @RFC7701-6.1-16 @PROSE
    @RFC3862-4.2-4
    Scenario Outline: The room is recognised in To <how> (T14)
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <<to>>

        Content-Type: text/plain

        by another spelling {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it

      Examples:
        | id        | how                              | to                       |
        | transport | with the transport parameter     | {room};transport=tcp     |
        | plain     | as it was invited                | {room}                   |

    @TALK-BV-007 @RFC7701-6.1-19 @RFC7701-3-3 @PROSE
    Scenario: Everybody talks, everybody listens
      When Alice, Bob and Carol talk to the room in turns
      Then each of Alice, Bob and Carol receives what the others said, in each sender's order

    @TALK-BV-008 @RFC7701-6.1-19 @PROSE
    Scenario: A newcomer hears what is said from now on
      Given Dave has joined the room
      When Alice says "hello Dave"
      Then Bob, Carol and Dave receive it

    @TALK-BV-009 @RFC7701-4-19 @RFC7701-6.1-19 @PROSE
    @RFC4975-7.1.1-13
    Scenario: Ten messages sent without waiting all arrive
      When Alice says 10 things without waiting for the answers
      Then the switch answers each of them with 200
      And Bob and Carol receive them all, once each and in order

    @TALK-BV-010 @RFC7701-6.1-19 @RFC7701-6.1-16 @PROSE
    @RFC3862-4.3-1 @RFC3862-4.3-2
    @RFC4975-13-11
    Scenario: A cc makes no private message of it (T17)
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        cc: <{bob}>

        Content-Type: text/plain

        to the room, with a cc {nonce}
        """
      Then the switch answers Alice with 200 (400 and 403 are tolerated)
      And Bob and Carol receive it octet for octet, if the switch took it

  Rule: A SEND without the wrapper is refused with 415

    @TALK-BI-001 @RFC7701-6.3-4 @RFC7701-6.3-5 @RFC7701-11-4 @MUST
    @RFC4975-7.3.1-15 @RFC4975-10.6-1
    @RFC4975-8.6-4 @RFC4975-8.6-7 @RFC4975-8.6-10
    Scenario Outline: A body of type <type>
      When Alice sends "not wrapped" as "<type>" without the wrapper
      Then the switch answers Alice with 415
      And nobody receives it
      And Alice can still talk to the room

      Examples:
        | id        | type            |
        | plain     | text/plain      |
        | html      | text/html       |
        | multipart | multipart/mixed |
        | cpim-ish  | message/cpimx   |

    @TALK-BI-002 @RFC7701-6.3-4 @RFC7701-6.3-5 @MUST
    @RFC4975-7.1-18
    Scenario: An empty body is a body too (T31)
      When Alice sends the request
        """
        MSRP {transaction} SEND
        To-Path: {switch}
        From-Path: {alice-path}
        Message-ID: {message-id}
        Byte-Range: 1-0/0
        Content-Type: text/plain


        -------{transaction}$
        """
      Then the switch answers Alice with 415
      And Alice can still talk to the room

    @TALK-BV-011 @RFC7701-6.3-10 @RFC7701-6.1-19 @MUST
    @RFC4975-5.4-8 @RFC4975-7.1-17
    Scenario: A SEND without a body is answered and reaches nobody (T31)
      When Alice sends the request
        """
        MSRP {transaction} SEND
        To-Path: {switch}
        From-Path: {alice-path}
        Message-ID: {message-id}
        Byte-Range: 1-0/0
        -------{transaction}$
        """
      Then the switch answers Alice with 200
      And nobody receives it
      And Alice can still talk to the room

  Rule: A SEND that is not signed by its sender is refused with 403

    @TALK-BI-010 @RFC7701-6.3-6 @RFC7701-6.3-9 @MUST
    @RFC4975-7.1.4-1 @RFC4975-7.1.4-7
    @RFC3862-4.1-4
    @RFC4975-10.3-1
    @RFC4975-13-9
    Scenario: Alice signs with Bob's URI
      When Alice sends the wrapper
        """
        From: <{bob}>
        To: <{room}>

        Content-Type: text/plain

        Bob would never say that {nonce}
        """
      Then the switch answers Alice with 403
      And nobody receives it
      And Alice can still talk to the room

    @TALK-BI-011 @RFC7701-6.3-7 @RFC7701-6.3-9 @MUST
    Scenario: Alice signs with the URI of nobody in the room
      When Alice sends the wrapper
        """
        From: <sip:nobody-{nonce}@example.invalid>
        To: <{room}>

        Content-Type: text/plain

        who am I {nonce}
        """
      Then the switch answers Alice with 403
      And nobody receives it
      And Alice can still talk to the room

    @TALK-BI-012 @RFC7701-6.3-6 @RFC7701-6.3-9 @MUST
    @RFC3862-3.6-4 @RFC3862-4.1-3
    Scenario: Alice hides Bob's URI behind her own in the formal name (T18)
      When Alice sends the wrapper
        """
        From: "<{alice}>" <{bob}>
        To: <{room}>

        Content-Type: text/plain

        the bracket outside the quotes counts {nonce}
        """
      Then the switch answers Alice with 403
      And nobody receives it

    @TALK-BI-013 @RFC7701-6.3-8 @RFC7701-6.3-9 @MUST
    Scenario: From is missing (T21)
      When Alice sends the wrapper
        """
        To: <{room}>

        Content-Type: text/plain

        anonymous letter {nonce}
        """
      Then the switch answers Alice with 403 or 400
      And nobody receives it
      And Alice can still talk to the room

    @TALK-BI-014 @RFC7701-6.3-8 @RFC7701-6.3-9 @MUST
    Scenario: From stands twice (T21)
      When Alice sends the wrapper
        """
        From: <{alice}>
        From: <{bob}>
        To: <{room}>

        Content-Type: text/plain

        two hands, one pen {nonce}
        """
      Then the switch answers Alice with 403 or 400
      And nobody receives it

    @TALK-BI-015 @RFC7701-6.3-8 @RFC7701-6.3-9 @MUST
    @RFC3862-3.2-1 @RFC3862-4.1-1
    Scenario: From is no URI
      When Alice sends the wrapper
        """
        From: just Alice {nonce}
        To: <{room}>

        Content-Type: text/plain

        no address given {nonce}
        """
      Then the switch answers Alice with 403 or 400
      And nobody receives it
      And Alice can still talk to the room

    @TALK-BI-016 @RFC7701-6.3-6 @RFC7701-6.3-9 @MUST
    Scenario: The user part is compared with its letter case (T14)
      When Alice sends the wrapper
        """
        From: <sip:{ALICE-USER}@{alice-host}>
        To: <{room}>

        Content-Type: text/plain

        SHOUTING {nonce}
        """
      Then the switch answers Alice with 403
      And nobody receives it

  Rule: A SEND with several To headers is refused with 403 (T20)

    @TALK-BI-020 @RFC7701-6.1-17 @RFC7701-6.1-18 @MUST
    Scenario: The room twice
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        To: <{room}>

        Content-Type: text/plain

        twice the room {nonce}
        """
      Then the switch answers Alice with 403
      And nobody receives it
      And Alice can still talk to the room

    @TALK-BI-021 @RFC7701-6.1-17 @RFC7701-6.1-18 @MUST
    Scenario: The room and one of its participants
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{bob}>
        To: <{room}>

        Content-Type: text/plain

        to Bob and to the room {nonce}
        """
      Then the switch answers Alice with 403
      And nobody receives it

    @TALK-BI-022 @RFC7701-6.1-16 @PROSE
    Scenario: To is missing (T21)
      When Alice sends the wrapper
        """
        From: <{alice}>

        Content-Type: text/plain

        to whom it may concern {nonce}
        """
      Then the switch answers Alice with 403, 404 or 400
      And nobody receives it
      And Alice can still talk to the room

  Rule: Each recipient's wrapped types are respected

    @TALK-BI-030 @RFC7701-6.1-26 @RFC7701-6.1-24 @RFC7701-6.1-25 @RFC7701-5.2-12 @SHOULD
    @RFC4975-8.6-9 @RFC4975-8.6-15
    Scenario: A picture is not passed to who takes only text
      Given Dave has joined accepting only "text/plain" inside the wrapper
      When Alice says "picture" as "image/png"
      Then Bob and Carol receive it
      And it is kept from Dave

    @TALK-BV-030 @RFC7701-6.1-24 @RFC7701-6.1-25 @MUST
    @RFC4975-8-5 @RFC4975-8.6-9
    Scenario: Text is passed to who takes only text
      Given Dave has joined accepting only "text/plain" inside the wrapper
      When Alice says "just words"
      Then Bob, Carol and Dave receive it

    @TALK-BV-031 @RFC7701-6.1-25 @RFC7701-6.1-24 @PROSE
    @RFC4975-8.6-3 @RFC4975-8.6-17
    Scenario: A wildcard of a type covers its subtypes
      Given Dave has joined accepting only "image/*" inside the wrapper
      When Alice says "picture" as "image/png"
      Then Bob, Carol and Dave receive it
