@RFC3264 @focus
Feature: A later offer changes the session, and only what it says (RFC 3264, 8)

  Rule: Nothing new

    @SDP-BV-020 @RFC3264-8-2 @RFC3264-8-6 @RFC3264-8-7 @MUST
    Scenario: An offer whose version has not changed is answered and changes nothing
      Given a chat room
      And Alice and Bob have joined the room
      When Alice renews her session with the same version
      Then the focus answers Alice with 200
      And the answer to Alice has as many media lines as the offer
      And Alice can still talk to the room
      And Bob can still talk to the room

  Rule: Streams come and go

    @SDP-BV-021 @RFC3264-8.1-2 @PROSE
    Scenario: A stream is added that the room cannot use
      Given a chat room
      And Alice and Bob have joined the room
      When Alice renews her session with the stream "m=application 49170 X-NOBODY/KNOWS 1" beside it
      Then the focus accepts Alice's offer
      And the answer to Alice closes stream 2 and no other
      And Alice can still talk to the room
      And Bob can still talk to the room

    @SDP-BV-022 @RFC3264-8.2-1 @RFC3264-8.2-2 @MUST
    Scenario: Alice closes the room's stream with port 0
      Given a chat room
      And Alice, Bob and Carol have joined the room
      And Alice renews her session with port 0
      When Bob says "is anybody there"
      Then the focus closes Alice's stream
      And Carol receives it
      And Alice does not receive it, if the focus agreed

    @SDP-BV-023 @RFC3264-8.2-3 @PROSE
    Scenario: What comes for a stream that is over is thrown away
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Alice renews her session with port 0
      Then the focus closes Alice's stream
      And what Alice still sends on the stream that is over is not heard by Bob, if the focus agreed

    @SDP-BV-024 @RFC3264-8.3.3-1 @PROSE
    Scenario: Another media in the place of the room's stream
      Given a chat room
      And Alice, Bob and Carol have joined the room
      And Alice renews her session with "m=audio 49170 RTP/AVP 0" as the m-line
      When Bob says "nothing for the ear"
      Then Carol receives it
      And Alice does not receive it, if the focus agreed

  Rule: The room's stream changes

    @SDP-BV-025 @RFC3264-8.4-1 @PROSE
    Scenario Outline: Alice goes on hold with <direction>, and comes back
      Given a chat room
      And Alice, Bob and Carol have joined the room
      And Alice renews her session with the direction "<direction>"
      When Bob says "while she is away"
      Then Carol receives it
      And Alice does not receive it, if the focus agreed
      When Alice renews her session
      Then the focus accepts Alice's offer
      When Bob says "here again"
      Then Alice and Carol receive it
      And Alice can still talk to the room

      Examples:
        | id       | direction |
        | sendonly | sendonly  |
        | inactive | inactive  |

    @SDP-BV-026 @RFC3264-8.3.2-1 @PROSE
    Scenario: Alice takes text from now on
      Given a chat room
      And Bob has joined the room
      And the room lists the wrapped type "*"
      And Alice has joined the room accepting only "image/png" inside the wrapper
      When Alice renews her session with the accept-wrapped-types "*"
      Then the focus accepts Alice's offer
      When Bob says "something to read"
      Then Alice receives it

    @SDP-BV-027 @RFC3264-8.3.1-1 @RFC3264-8.3.1-2 @SHOULD
    Scenario: Alice is to be found under another path from now on
      Given a chat room
      And Alice and Bob have joined the room
      When Alice renews her session with another path
      Then the focus accepts Alice's offer
      And Alice can still talk to the room
      When Bob says "the new address"
      Then Alice receives it
      And the message to Alice has her whole path in To-Path
