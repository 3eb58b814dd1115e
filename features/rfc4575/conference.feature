@RFC4575 @notifier
Feature: What the roster says of the room (RFC 4575, 5.3 and 5.5)
  Most of it may be left out. What is said has to be true.

  Background:
    Given a chat room
    And Alice and Bob have joined the room

  @serial @WATCH-BV-040 @RFC4575-5.3.1-6 @RFC4575-5.3.1-1 @PROSE
  Scenario: The URI for participation lets Carol in
    When Carol joins by the URI that the roster gives for participation
    Then the focus answers Carol with 200
    And the roster shows Carol

  @WATCH-BV-041 @RFC4575-5.5.2-1 @PROSE
  Scenario: A room that lets Carol in is active
    When Carol joins the room
    Then the focus answers Carol with 200
    And the roster does not call the room inactive

  @WATCH-BV-042 @RFC4575-5.5.3-1 @PROSE
  Scenario: A room that lets Carol in is not locked
    When Carol joins the room
    Then the focus answers Carol with 200
    And the roster does not call the room locked
