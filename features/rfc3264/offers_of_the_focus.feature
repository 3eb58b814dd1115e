@RFC3264 @focus
Feature: Where the INVITE has no offer, the focus makes one and keeps to the answer (RFC 3264, 5 and 7)

  Rule: The offer

    @SDP-BV-010 @RFC3264-5.1-1 @MUST
    Scenario: A room offers to talk both ways
      Given a chat room
      And Bob has joined the room
      When Alice joins the room without an offer
      Then the focus answers Alice with 200
      And the answer to Alice has the direction "sendrecv"
      And Alice can still talk to the room

    @SDP-BV-011 @RFC3264-8-8 @RFC3264-8-9 @MUST
    Scenario: A stream that was refused keeps its line in a later offer
      Given a chat room
      And Bob has joined the room
      And Alice calls the room with the stream "m=video 49172 RTP/AVP 96" beside it
      And the focus accepts Alice's offer
      When Alice renews her session without an offer
      Then the focus answers Alice with 200
      And the offer to Alice keeps 2 streams, MSRP the first
      And Alice can still talk to the room

  Rule: The answer decides what is sent

    @SDP-BV-012 @RFC3264-7-1 @PROSE
    Scenario Outline: Alice answers with <direction>
      Given a chat room
      And Bob and Carol have joined the room
      And Alice calls the room without an offer and answers with the direction "<direction>"
      When Bob says "not for everybody"
      Then Carol receives it
      And Alice does not receive it, if the focus agreed

      Examples:
        | id       | direction |
        | sendonly | sendonly  |
        | inactive | inactive  |

    @SDP-BV-013 @RFC3264-7-2 @SHOULD-NOT
    Scenario: Alice answers that she takes pictures only
      Given a chat room
      And Bob and Carol have joined the room
      And Alice calls the room without an offer and answers with the accept-wrapped-types "image/png"
      When Bob says "no picture"
      Then Carol receives it
      And it is kept from Alice
