@RFC3261 @focus
Feature: A participant's dialog with the focus (RFC 3261, 11.2 and 12 to 15)
  Tags, Call-ID, numbers, route and target of the dialog decide what belongs to the session of a participant.

  Rule: CSeq numbers only go up

    @DIALOG-BI-001 @RFC3261-12.2.2-4 @MUST
    Scenario: A number that is behind is refused
      Given a chat room
      And Alice and Bob have joined the room
      When Alice renews her session under a number that is behind
      Then the focus answers Alice with 500
      And Alice can still talk to the room

    @DIALOG-BV-001 @RFC3261-12.2.2-5 @SHOULD
    Scenario: A gap in the numbers is in order (T77)
      Given a chat room
      And Alice and Bob have joined the room
      And Alice has left out 10 numbers in her dialog
      When Alice renews her session
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @DIALOG-BI-002 @RFC3261-12.2.2-6 @RFC3261-12.2.2-4 @MUST
    Scenario: After a gap the numbers left out are behind
      Given a chat room
      And Alice and Bob have joined the room
      And Alice has left out 10 numbers in her dialog
      And Alice renews her session
      And the focus answers Alice with 200
      When Alice renews her session under a number that is behind
      Then the focus answers Alice with 500
      And Alice can still talk to the room

  Rule: A request that fits to no dialog ends nobody's session

    @DIALOG-BI-010 @RFC3261-15.1.2-1 @SHOULD
    Scenario: Carol sends BYE under the Call-ID of Bob
      Given a chat room
      And Alice and Bob have joined the room
      When Carol sends BYE under the Call-ID of Bob
      Then the focus answers Carol with 481
      And Bob can still talk to the room

    @DIALOG-BI-011 @RFC3261-12.2.2-2 @MUST
    Scenario: An INVITE into a dialog that nobody has is refused, unless the focus makes the dialog anew
      Given a chat room
      And Alice and Bob have joined the room
      When Carol sends an INVITE into a dialog that nobody has
      Then the focus answers Carol with 481 (200 is tolerated)
      And Bob can still talk to the room

  Rule: What a re-INVITE changes, and what it does not

    @DIALOG-BI-020 @RFC3261-12.2.2-1 @RFC3261-14.2-3 @PROSE
    Scenario: A refused re-INVITE leaves the session as it was
      Given a chat room
      And Alice and Bob have joined the room
      When Alice tries to renew her session without Message/CPIM
      Then the focus refuses Alice's offer, and keeps her session
      And Alice can still talk to the room
      When Bob says "still here"
      Then Alice receives it

    @serial @DIALOG-BV-020 @RFC3261-12.2.2-7 @MUST
    Scenario: The target moves with the Contact of a re-INVITE
      Given a chat room that ends with its creator
      And Alice has joined the room
      And Bob has joined the room
      And Bob has renewed his session from another Contact
      When Alice leaves the room
      Then the BYE to Bob goes to his new Contact

    @DIALOG-BV-021 @RFC3261-14.2-5 @MUST
    Scenario: The offer to a re-INVITE without one fits to the session
      Given a chat room
      And Alice and Bob have joined the room
      When Alice renews her session without an offer
      Then the focus answers Alice with 200
      And the focus offers Alice the transport of her session
      And Alice can still talk to the room

    @DIALOG-BO-020 @RFC3261-14.2-1 @MUST
    Scenario: A second re-INVITE while the first is pending is put off
      Given a chat room that answers slowly
      And Alice and Bob have joined the room
      When Alice renews her session twice at once
      Then the focus puts Alice's second re-INVITE off
      And Alice can still talk to the room

    @DIALOG-BO-021 @RFC3261-15.1.2-4 @MUST
    Scenario: A re-INVITE that is pending at the BYE is answered all the same
      Given a chat room that answers slowly
      And Alice and Bob have joined the room
      When Bob renews his session and leaves before the answer
      Then the focus answers Bob's re-INVITE
      And the focus answers Bob's BYE with 200
      And Alice can still talk to the room

    @DIALOG-BO-022 @RFC3261-15.1.2-5 @RECOMMENDED
    Scenario: A re-INVITE that is pending at the BYE gets 487
      Given a chat room that answers slowly
      And Alice and Bob have joined the room
      When Bob renews his session and leaves before the answer
      Then the focus answers Bob's re-INVITE with 487
      And Alice can still talk to the room

  Rule: An offer that cannot be used is refused as such

    @DIALOG-BI-030 @RFC3261-13.3.1.3-1 @SHOULD
    Scenario: An INVITE without any stream for the room gets 488 (T77)
      Given a chat room
      And Bob has joined the room
      When Alice tries to join the room offering audio only
      Then the focus answers Alice with 488 (606 and 200 are tolerated)
      And Bob can still talk to the room

  Rule: The recorded route is kept

    @DIALOG-BV-030 @RFC3261-12.1.1-1 @MUST
    Scenario: The answer repeats Record-Route, with parameters that nobody knows
      Given a chat room
      And Bob has joined the room
      When Alice joins the room over two proxies that stay in the way
      Then the focus answers Alice with 200
      And the answer to Alice repeats the recorded route
      And Alice can still talk to the room

    @DIALOG-BV-031 @RFC3261-12.1.1-4 @MUST
    Scenario: The notifications take the recorded route
      Given a chat room
      And Alice and Bob have joined the room
      When Alice subscribes to the roster over two proxies that stay in the way
      Then the NOTIFY to Alice follows the recorded route

  Rule: OPTIONS tells what an INVITE would have met

    @DIALOG-BV-040 @RFC3261-11.2-1 @MUST
    Scenario: OPTIONS to an open room gets 200
      Given a chat room
      And Bob has joined the room
      When Alice sends OPTIONS to the room
      And Alice joins the room
      Then the focus answers Alice's OPTIONS as her INVITE

    @DIALOG-BI-040 @RFC3261-11.2-1 @MUST
    Scenario: OPTIONS to a room that does not exist gets what an INVITE gets
      Given a chat room
      When Alice tries to join a room that does not exist
      And Alice sends OPTIONS to the same place
      Then the focus answers Alice's OPTIONS as her INVITE

    @DIALOG-BV-041 @RFC3261-11.2-3 @SHOULD
    Scenario: The answer to OPTIONS lists what the focus supports
      Given a chat room
      When Alice sends OPTIONS to the room
      Then the focus answers Alice with 200
      And the answer to Alice has the headers Allow, Accept, Accept-Encoding, Accept-Language and Supported

  Rule: The room is found by any spelling of its URI

    @DIALOG-BV-050 @RFC3261-19.1.4-1 @RFC3261-19.1.4-2 @PROSE
    Scenario Outline: The URI with <spelling> leads into the room
      Given a chat room
      And Bob has joined the room
      When Alice joins the room under its URI with <spelling>
      Then the focus answers Alice with 200
      And Alice can still talk to the room

      Examples:
        | id        | spelling                       |
        | escaped   | an escaped letter              |
        | parameter | a parameter that nobody knows  |
