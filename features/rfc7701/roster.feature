@RFC7701 @focus
Feature: The roster tells who is in the room and under which nickname (RFC 7701, 7.4)
  The focus notifies subscribers of the conference event package (RFC 4575) of participants and nicknames.

  Background:
    Given a chat room that allows nicknames
    And Alice and Bob have joined the room

  Rule: A subscriber learns who is there

    @ROSTER-BV-001 @RFC7701-7.4-1 @RFC7701-7.4-4 @RFC7701-4-13 @RFC7701-5.2-5 @RFC7701-7.4-2 @SHOULD
    @RFC4575-3-1 @RFC4575-3.1-1 @RFC4575-3.2-3 @RFC4575-3.4-2 @RFC4575-3.4-3 @RFC4575-3.5-3 @RFC4575-5.6-1 @RFC4575-5.6-2 @RFC6501-4.4.1-2 @RFC6501-4.6.5-2
    Scenario: The first notification has the full roster
      When Alice subscribes to the roster
      Then the focus accepts the subscription of Alice
      And the first notification to Alice has the full state
      And the roster shows Alice
      And the roster shows Bob

    @serial @ROSTER-BV-002 @RFC7701-7.4-4 @RFC7701-4-13 @PROSE
    @RFC4575-3.2-1 @RFC4575-3.6-1 @RFC4575-5.1-5
    Scenario: A newcomer appears
      Given Alice watches the roster
      When Carol joins the room
      Then Alice is notified that Carol is in the room

    @serial @ROSTER-BV-003 @RFC7701-4-28 @RFC7701-3-2 @PROSE
    @RFC4575-3.2-1 @RFC4575-3.6-1 @RFC4575-5.1-5 @RFC4575-5.6-8
    Scenario: Who leaves disappears
      Given Alice watches the roster
      When Bob leaves the room
      Then the focus answers Bob's BYE with 200
      And Alice is notified that Bob is not in the room

    @ROSTER-BV-004 @RFC7701-4-29 @RFC7701-3-2 @PROSE
    @RFC3261-15.1.2-2
    Scenario: Who has left hears nothing any more
      Given Bob has left the room, his MSRP connection still open
      And Carol has joined the room
      When Alice says "Bob is gone"
      Then Carol receives it
      And Bob does not receive it

  Rule: A subscriber learns the nicknames

    @ROSTER-BV-010 @RFC7701-7.4-5 @RFC7701-7.4-7 @RFC7701-7.4-8 @RFC7701-4-14 @SHOULD
    @RFC6501-3.2-1 @RFC6501-4.6.3-2
    Scenario: The nickname is an attribute of the user, in the name space of XCON (T52)
      Given Bob holds the nickname "Dopey Donkey"
      When Alice asks for the roster
      Then the roster shows Bob as "Dopey Donkey"
      And that nickname is written as the attribute nickname of XCON

    @serial @ROSTER-BV-011 @RFC7701-7.4-8 @PROSE
    Scenario: A new nickname is notified
      Given Alice watches the roster
      When Bob asks for the nickname "Brand new"
      Then the switch answers Bob with 200
      And Alice is notified that Bob's nickname is "Brand new"

    @serial @ROSTER-BV-012 @RFC7701-7.4-8 @RFC7701-7.2-6 @PROSE
    Scenario: A changed nickname is notified
      Given Bob holds the nickname "First"
      And Alice watches the roster
      When Bob asks for the nickname "Second"
      Then Alice is notified that Bob's nickname is "Second"

    @serial @ROSTER-BV-013 @RFC7701-7.4-8 @RFC7701-7.3-2 @PROSE
    Scenario: A removed nickname is notified
      Given Bob holds the nickname "Fleeting"
      And Alice watches the roster
      When Bob removes his nickname
      Then Alice is notified that Bob has no nickname
