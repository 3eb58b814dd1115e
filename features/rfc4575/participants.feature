@RFC4575 @notifier
Feature: What the roster says of the participants (RFC 4575, 5.6 and 5.7)
  Names, devices and streams may be left out. What is said has to be true.

  Background:
    Given a chat room
    And Alice and Bob have joined the room

  Rule: Names

    # A focus may know its participants by other names than they give themselves, so the names are only compared.
    @WATCH-BV-053 @RFC4575-5.6.1-1 @PROSE
    Scenario: Two participants who came under different names are not shown under one
      Given Carol has joined the room with the display name "Carol Danvers"
      And Dave has joined the room with the display name "Dave Lister"
      When Alice asks for the roster
      Then the roster does not show Carol and Dave under one name

    @serial @WATCH-BV-051 @RFC4575-5.6.1-1 @PROSE
    Scenario: The display text of who stays anonymous is not the real name
      Given Carol has joined asking for privacy
      When Alice asks for the roster
      Then the roster shows 1 anonymous participant more than before
      And the roster gives no anonymous participant the name "Carol"

    @serial @WATCH-BV-052 @RFC4575-5.6-6 @RFC4575-5.6-4 @SHOULD
    Scenario: An anonymous URI looks like one (T78)
      Given Carol has joined asking for privacy
      When Alice asks for the roster
      Then the roster shows 1 anonymous participant more than before
      And the URI of the anonymous participant has a host under .invalid, or an anonymous user part

  Rule: Devices

    @WATCH-BV-060 @RFC4575-5.7.3-1 @PROSE
    Scenario: Who is in the room is connected
      When Alice asks for the roster
      Then the roster shows every device of Bob as connected

    @WATCH-BV-061 @RFC4575-5.7.3-2 @PROSE
    Scenario: Nobody with a dialog is disconnected
      Given Bob has also joined from a second device
      When Alice asks for the roster
      Then the roster shows no device of Bob as disconnected

    @WATCH-BV-062 @RFC4575-5.7.4-1 @PROSE
    Scenario: Who has called the room has dialed in
      When Alice asks for the roster
      Then the roster shows every device of Bob as dialed-in

    @WATCH-BV-063 @RFC4575-5.7-2 @PROSE
    Scenario: A device that has left is gone while the other one stays
      Given Bob has also joined from a second device
      And Alice asks for the roster
      When Bob's second device leaves the room
      Then the roster shows no more than one device of Bob
      And Bob can still talk to the room

    @serial @WATCH-BV-064 @RFC4575-5.7.6-1 @RFC4575-5.6-8 @RFC4575-3.6-1 @PROSE
    Scenario: Who has said BYE has departed
      Given Carol has joined the room
      And Alice watches the roster
      When Bob leaves the room
      Then Alice is notified that Bob is not in the room
      And nothing that Alice is told says that Bob left otherwise than by himself

  Rule: Streams and dialogs

    @WATCH-BV-070 @RFC4575-5.7.8-1 @PROSE
    Scenario: The stream of the room is one of messages
      When Alice asks for the roster
      Then the roster shows the stream of Bob as "message"

    @WATCH-BV-071 @RFC4575-5.7.9-2 @PROSE
    Scenario: The dialog that is told is that of the participant
      When Alice asks for the roster
      Then the roster tells of no other dialog of Bob than the one he has
