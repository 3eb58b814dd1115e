@RFC4975 @focus
Feature: Sessions are described in SDP, and described anew (RFC 4975, 8)
  The path says where a session is and who has it; the lists of types and the sizes say what may be sent there. Either
  side can describe itself again at any time.

  Rule: The path counts, not the lines above it

    # Who implements RFC 6714 has to refuse a path that its m- or c-line does not fit: advice, no more.
    @OFFER-BV-001 @RFC4975-8.1-8 @SHOULD
    Scenario Outline: <what> that differs from the path is no reason to refuse (T10)
      Given a chat room
      And Bob has joined the room
      When Alice calls the room, offering
        """
        v=0
        o=- {id} {version} IN IP4 {host}
        s=-
        c=IN IP4 <address>
        t=0 0
        m=message <port> TCP/MSRP *
        a=path:{path}
        a=accept-types:message/cpim
        a=accept-wrapped-types:*
        a=setup:active
        a=chatroom:nickname private-messages
        """
      Then the focus answers Alice with 200
      And Alice can still talk to the room

      Examples:
        | id      | what                      | port   | address   |
        | discard | the discard port          | 9      | {host}    |
        | port    | a port                    | 7394   | {host}    |
        | address | an address in the c-line  | {port} | 192.0.2.7 |

    @OFFER-BV-002 @RFC4975-8.1-8 @SHOULD
    Scenario: The switch connects to the path, whatever the m-line says (T10, T76)
      Given a chat room
      And Bob has joined the room
      When Alice joins the room offering to be connected to, with another port in the m-line
      Then the focus answers Alice with 200
      And the switch connects to Alice and sends a SEND at once
      And Alice can still talk to the room

    @OFFER-BV-003 @RFC4975-8.3-4 @RFC4975-8.3-3 @SHOULD
    Scenario: The switch connects to the first URI of a path (T76)
      Given a chat room
      And Bob has joined the room
      When Alice joins the room from behind a relay, to be connected to
      Then the focus answers Alice with 200
      And the switch connects to Alice and sends a SEND at once
      And Alice can still talk to the room

  Rule: Each stream of an offer is answered for itself

    @OFFER-BV-010 @RFC4975-8.1-6 @MUST
    Scenario: A stream of a protocol that nobody knows is turned down
      Given a chat room
      And Bob has joined the room
      When Alice calls the room, offering
        """
        v=0
        o=- {id} {version} IN IP4 {host}
        s=-
        c=IN IP4 {host}
        t=0 0
        m=message {port} TCP/MSRP *
        a=path:{path}
        a=accept-types:message/cpim
        a=accept-wrapped-types:*
        a=setup:active
        m=application 49180 UDP/X-UNHEARD-OF *
        """
      Then the focus accepts Alice's offer
      And the answer to Alice has port 0 for stream 2
      And Alice can still talk to the room

    @OFFER-BV-011 @RFC4975-8.1-7 @RFC4975-8.2-9 @MUST-NOT
    Scenario: Two MSRP streams with the same port are two sessions
      Given a chat room
      And Bob has joined the room
      When Alice calls the room, offering
        """
        v=0
        o=- {id} {version} IN IP4 {host}
        s=-
        c=IN IP4 {host}
        t=0 0
        m=message {port} TCP/MSRP *
        a=path:{path}
        a=accept-types:message/cpim
        a=accept-wrapped-types:*
        a=setup:active
        m=message {port} TCP/MSRP *
        a=path:msrp://{host}:{port}/s3c0nds3ss10n{nonce};tcp
        a=accept-types:message/cpim
        a=accept-wrapped-types:*
        a=setup:active
        """
      Then each MSRP stream that the focus takes from Alice has a path of its own
      And Alice can still talk to the room

  Rule: Types are compared without their parameters

    @OFFER-BV-020 @RFC4975-8.6-22 @PROSE
    Scenario: Message/CPIM with a parameter is Message/CPIM
      Given a chat room
      And Bob has joined the room
      When Alice joins the room offering "message/cpim;charset=utf-8"
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @OFFER-BV-021 @RFC4975-8.6-22 @PROSE
    Scenario: Text reaches who lists it with a parameter
      Given a chat room
      And Alice and Bob have joined the room
      And Dave has joined accepting only "text/plain;format=flowed" inside the wrapper
      When Alice says "words, flowed or not"
      Then Bob and Dave receive it

    @OFFER-BI-020 @RFC4975-8.6-14 @RFC4975-8.6-13 @SHOULD
    Scenario: An offer of types that nobody knows is answered with 488, or port 0 (T09)
      Given a chat room
      And Bob has joined the room
      When Alice tries to join the room offering "application/x-unheard-of"
      Then the focus turns Alice's MSRP stream down
      And the focus answers Alice with 488 or 200 (606 is tolerated)
      And Bob can still talk to the room

  Rule: A recipient says how long a message may be

    @OFFER-BV-030 @RFC4975-8.6-20 @RFC4975-8.6-19 @RFC4975-8.6-18 @SHOULD-NOT
    Scenario: A longer message is kept from the recipient, however small its chunks (T64)
      Given a chat room
      And Alice and Bob have joined the room
      And Dave has joined with a max-size of 3000 octets
      When Alice says 6000 octets in chunks of 2048 octets
      Then Bob receives it octet for octet
      And it is kept from Dave

  Rule: The direction of the stream is that of its messages

    @OFFER-BV-040 @RFC4975-8.9-1 @PROSE
    Scenario: Who only sends gets no copies
      Given a chat room
      And Alice and Bob have joined the room
      And Dave has joined with the direction "sendonly"
      When Alice says "not for Dave"
      Then Bob receives it
      And Dave receives no part of it
      And Dave can still talk to the room

    @OFFER-BV-041 @RFC4975-8.9-2 @PROSE
    Scenario: Who only receives gets copies
      Given a chat room
      And Alice and Bob have joined the room
      And Dave has joined with the direction "recvonly"
      When Alice says "for everybody who listens"
      Then Bob and Dave receive it

    @OFFER-BV-042 @RFC4975-8.9-3 @PROSE
    Scenario: Who only sends still gets reports
      Given a chat room
      And Alice has joined the room
      And Dave has joined with the direction "sendonly"
      When Dave says "tell me that it came" with the header "Success-Report: yes"
      Then the switch answers Dave with 200
      And Dave gets a success report that covers the whole message

  Rule: A session can be described anew

    @OFFER-BV-050 @RFC4975-8.4-1 @RFC4975-8.4-3 @RFC4975-8.4-4 @PROSE
    Scenario: The same offer again changes nothing
      Given a chat room
      And Alice and Bob have joined the room
      When Alice repeats her offer
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @OFFER-BV-051 @RFC4975-8.4-2 @RFC4975-8.4-3 @PROSE
    Scenario: A stream comes to the offer, and the MSRP stream stays as it is
      Given a chat room
      And Alice and Bob have joined the room
      When Alice renews her session, offering
        """
        v=0
        o=- {id} {version} IN IP4 {host}
        s=-
        c=IN IP4 {host}
        t=0 0
        m=message {port} TCP/MSRP *
        a=path:{path}
        a=accept-types:message/cpim
        a=accept-wrapped-types:*
        a=setup:active
        a=chatroom:nickname private-messages
        m=video 49172 RTP/AVP 96
        a=rtpmap:96 VP8/90000
        """
      Then the focus accepts Alice's offer
      And the answer to Alice has as many media lines as the offer
      And Alice can still talk to the room

    @OFFER-BV-052 @RFC4975-8.2-5 @SHOULD @serial
    @RFC3264-8.3.1-1 @RFC3264-8.3.1-2
    Scenario: Messages go to the path that was described last
      Given a chat room
      And Alice and Bob have joined the room
      And Bob has renewed his session with a new path
      When Alice says "to the new place"
      Then Bob receives it
      And the message to Bob has his whole path in To-Path
      And Bob can still talk to the room

    @OFFER-BV-053 @RFC4975-8.5-2 @RFC4975-8.4-3 @PROSE
    Scenario: A later offer of the focus leaves the connection as it is
      Given a chat room
      And Alice and Bob have joined the room
      When Alice renews her session without an offer
      Then the focus answers Alice with 200
      And the switch opens no connection to Alice
      And Alice can still talk to the room

    @OFFER-BV-054 @RFC4975-8.4-6 @MUST-NOT
    Scenario: An answer to a later offer of the focus may have another path
      Given a chat room
      And Alice and Bob have joined the room
      When Alice renews her session without an offer and answers with another path
      Then the focus accepts Alice's offer
      And Alice can still talk to the room
      When Bob says "to the path of the answer"
      Then Alice receives it
      And the message to Alice has her whole path in To-Path
