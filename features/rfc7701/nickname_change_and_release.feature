@RFC7701 @switch
Feature: A nickname is changed, removed and released (RFC 7701, 7.2, 7.3 and 11)
  A change is a new reservation. The old nickname is let go only when the new one has been granted; a refused change
  changes nothing. Who leaves the room, or asks for the empty nickname, lets go of it.

  Background:
    Given a chat room that allows nicknames
    And Alice and Bob have joined the room

  Rule: A granted change replaces the nickname

    @NICK-BV-040 @RFC7701-7.2-2 @RFC7701-7.2-6 @RFC7701-3-8 @RFC7701-7.4-8 @PROSE
    Scenario: Alice changes her nickname
      Given Alice holds the nickname "Caterpillar"
      When Alice asks for the nickname "Butterfly"
      Then the switch answers Alice with 200
      And the roster shows Alice as "Butterfly"
      And the roster does not show the nickname "Caterpillar"

    @NICK-BV-041 @RFC7701-7.2-7 @PROSE
    Scenario: After the change the old nickname is free for others
      Given Alice holds the nickname "Old hat"
      And Alice has changed her nickname to "New hat"
      When Bob asks for the nickname "Old hat" until its release
      Then the switch answers Bob with 200 (425 is tolerated)
      And the roster shows Bob as "Old hat"
      And the roster shows Alice as "New hat"

    @NICK-BV-042 @RFC7701-7.2-3 @RFC7701-7.1-16 @PROSE
    Scenario: A change of letter case only is a change too
      Given Alice holds the nickname "ALICE Cooper"
      When Alice asks for the nickname "Alice Cooper"
      Then the switch answers Alice with 200
      And the roster shows Alice as "Alice Cooper"

  Rule: A refused change leaves everything as it was

    @NICK-BI-040 @RFC7701-7.2-4 @RFC7701-7.2-8 @RFC7701-7.1-27 @RFC7701-7.1-29 @MUST
    Scenario: A change to a nickname that is taken leaves the current one
      Given Alice holds the nickname "Mine"
      And Bob holds the nickname "Yours"
      When Alice asks for the nickname "Yours"
      Then the switch answers Alice with 425
      And the roster shows Alice as "Mine"
      And the roster shows Bob as "Yours"

    @NICK-BI-041 @RFC7701-7.2-8 @PROSE
    Scenario: After a refused change the old nickname is still closed to others
      Given Alice holds the nickname "Mine"
      And Bob holds the nickname "Yours"
      And Carol has joined the room
      And Alice was refused the nickname "Yours"
      When Carol asks for the nickname "Mine"
      Then the switch answers Carol with 425
      And the roster shows Alice as "Mine"

    @NICK-BI-042 @RFC7701-7.2-5 @RFC7701-7.1-28 @PROSE
    Scenario: A malformed change leaves the current nickname
      Given Alice holds the nickname "Steady"
      When Alice asks with the Use-Nickname value '"Stea'
      Then the switch answers Alice with 424
      And the roster shows Alice as "Steady"

    @NICK-BI-043 @RFC7701-7.2-8 @RFC7701-7.2-5 @RFC7701-7.1-27 @MUST
    Scenario: After a malformed change the nickname is still closed to others
      Given Alice holds the nickname "Steady"
      And Alice was refused the Use-Nickname value '"Stea'
      When Bob asks for the nickname "Steady"
      Then the switch answers Bob with 425
      And the roster shows no nickname for Bob

  Rule: The empty nickname removes the current one (T38, T39)

    @NICK-BV-050 @RFC7701-7.3-2 @RFC7701-7.3-5 @RFC7701-7.4-8 @RFC7701-7.1-43 @MUST
    Scenario: Alice removes her nickname
      Given Alice holds the nickname "Ephemera"
      When Alice asks with the Use-Nickname value '""'
      Then the switch answers Alice with 200
      And the roster shows no nickname for Alice
      And Alice can still talk to the room

    @NICK-BV-051 @RFC7701-7.3-3 @PROSE
    Scenario: A removed nickname is free for others
      Given Alice holds the nickname "Pass it on"
      And Alice has removed her nickname
      When Bob asks for the nickname "Pass it on" until its release
      Then the switch answers Bob with 200 (425 is tolerated)
      And the roster shows Bob as "Pass it on"

    @NICK-BV-052 @RFC7701-7.3-2 @SHOULD
    Scenario: Removing a nickname that one does not have
      When Bob asks with the Use-Nickname value '""'
      Then the switch answers Bob with 200
      And the roster shows no nickname for Bob
      And Bob can still talk to the room

    @NICK-BV-053 @RFC7701-7.3-2 @RFC7701-7.2-2 @PROSE
    Scenario: After the removal a new nickname can be had
      Given Alice holds the nickname "Before"
      And Alice has removed her nickname
      When Alice asks for the nickname "After"
      Then the switch answers Alice with 200
      And the roster shows Alice as "After"

  Rule: Who leaves lets go of the nickname

    @NICK-BV-054 @RFC7701-7.1-1 @PROSE
    Scenario: The nickname of one who left can be had by another
      Given Alice holds the nickname "Inheritance"
      And Carol has joined the room
      And Alice has left the room
      When Bob asks for the nickname "Inheritance" until its release
      Then the switch answers Bob with 200 (425 is tolerated)
      And the roster shows Bob as "Inheritance"

  Rule: A quarantine keeps a nickname for its last holder

    @NICK-TI-001 @RFC7701-4.1-3 @RFC7701-11-16 @PROSE
    Scenario: During the quarantine nobody else gets the nickname
      Given a chat room that quarantines nicknames
      And Dave and Erin have joined the room
      And Dave holds the nickname "Away"
      And Dave has left the room
      When Erin asks for the nickname "Away"
      Then the switch answers Erin with 425
      And the roster shows no nickname for Erin

    @NICK-TI-002 @RFC7701-4.1-4 @RFC7701-11-17 @PROSE
    Scenario: Who lost the connection comes back to the same nickname
      Given a chat room that quarantines nicknames
      And Dave and Erin have joined the room
      And Dave holds the nickname "Lost signal"
      And Dave has lost the connection
      And Dave has joined again
      When Dave asks for the nickname "Lost signal"
      Then the switch answers Dave with 200 (425 is tolerated)
      And the roster shows Dave as "Lost signal"

    @NICK-TI-003 @RFC7701-11-16 @RFC7701-4.1-3 @PROSE
    Scenario: After the quarantine the nickname is free
      Given a chat room that quarantines nicknames
      And Dave and Erin have joined the room
      And Dave holds the nickname "For a while"
      And Dave has left the room
      When the quarantine of nicknames is over
      And Erin asks for the nickname "For a while"
      Then the switch answers Erin with 200
      And the roster shows Erin as "For a while"

    @NICK-TI-004 @RFC7701-4.1-4 @RFC7701-4.1-3 @PROSE
    Scenario: Who has left comes back during the quarantine to the same nickname
      Given a chat room that quarantines nicknames
      And Dave and Erin have joined the room
      And Dave holds the nickname "Back soon"
      And Dave has left the room
      And Erin was refused the nickname "Back soon"
      And Dave has joined again
      When Dave asks for the nickname "Back soon"
      Then the switch answers Dave with 200
      And the roster shows Dave as "Back soon"

    @NICK-TI-005 @RFC7701-7.2-7 @RFC7701-7.1-32 @PROSE
    Scenario: After a change, and the quarantine, the old nickname is free
      Given a chat room that quarantines nicknames
      And Dave and Erin have joined the room
      And Dave holds the nickname "Worn out"
      And Dave has changed his nickname to "Brand new"
      When the quarantine of nicknames is over
      And Erin asks for the nickname "Worn out"
      Then the switch answers Erin with 200
      And the roster shows Erin as "Worn out"
      And the roster shows Dave as "Brand new"

    @NICK-TI-006 @RFC7701-7.3-3 @RFC7701-7.1-32 @PROSE
    Scenario: After a removal, and the quarantine, the nickname is free
      Given a chat room that quarantines nicknames
      And Dave and Erin have joined the room
      And Dave holds the nickname "Given up"
      And Dave has removed his nickname
      When the quarantine of nicknames is over
      And Erin asks for the nickname "Given up"
      Then the switch answers Erin with 200
      And the roster shows Erin as "Given up"

    @NICK-TI-007 @RFC7701-7.1-52 @MUST
    Scenario: A second device holds nothing back when the quarantine is over
      Given a chat room that quarantines nicknames
      And Dave and Erin have joined the room
      And Dave holds the nickname "One device only"
      And Dave has also joined from a second device
      And Dave has removed his nickname
      When the quarantine of nicknames is over
      And Erin asks for the nickname "One device only"
      Then the switch answers Erin with 200
      And the roster shows Erin as "One device only"

  Rule: Release and reservation at the same moment leave one holder

    @NICK-BO-001 @RFC7701-7-5 @RFC7701-7.2-8 @PROSE
    Scenario: Bob asks while Alice changes
      Given Alice holds the nickname "Up for grabs"
      When Alice asks for the nickname "Moving on"
      And Bob asks for the nickname "Up for grabs"
      Then the switch answers Bob with 200 or 425
      And the switch answers Alice with 200
      And the roster shows Alice as "Moving on"

    @NICK-BO-002 @RFC7701-7-5 @RFC7701-7.1-1 @RFC7701-10.3-4 @PROSE
    Scenario: Bob asks while Alice leaves
      Given Alice holds the nickname "Going going gone"
      And Carol has joined the room
      When Bob asks for the nickname "Going going gone"
      And Alice leaves the room
      Then the switch answers Bob with 200 or 425
      And Bob can still talk to the room

    @NICK-BO-003 @RFC7701-7.1-33 @RFC7701-7.2-6 @PROSE
    Scenario: Alice changes twice without waiting for the first answer
      When Alice asks for the nickname "First thought"
      And Alice asks for the nickname "Second thought"
      Then the switch answers Alice with 200
      And the roster shows Alice as "Second thought"
      And the roster does not show the nickname "First thought"
