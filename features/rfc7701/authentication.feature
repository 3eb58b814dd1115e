@RFC7701 @focus
Feature: A room may ask who wants to come in (RFC 7701, 5.2)
  Digest authentication (RFC 3261, 22) is one of the regular SIP means.

  Background:
    Given a chat room that asks for credentials

  @AUTH-BV-001 @RFC7701-5.2-2 @RFC7701-5.2-4 @PROSE
  @RFC3261-22.2-3
  Scenario: The right credentials open the door
    When Alice joins the room with her credentials
    Then the focus answers Alice with 200
    And Alice can still talk to the room

  @AUTH-BV-002 @RFC7701-5.2-2 @RFC7701-5.2-4 @PROSE
  Scenario: The door opens for the second user as well
    When Alice joins the room with her credentials
    And Bob joins the room with his credentials
    Then the focus answers Bob with 200
    And Bob can still talk to the room

  @AUTH-BI-001 @RFC7701-5.2-2 @RFC7701-5.2-6 @PROSE
  @RFC3261-22.1-1 @RFC3261-22.2-1
  Scenario: Without credentials the focus asks for them
    When Alice tries to join the room without credentials
    Then the focus answers Alice with 401 or 407
    And the challenge to Alice can be answered

  @AUTH-BI-002 @RFC7701-5.2-6 @PROSE
  @RFC3261-22.2-4
  Scenario: A wrong password does not open the door
    When Alice tries to join the room with a wrong password
    Then the focus does not let Alice in

  @AUTH-BI-003 @RFC7701-5.2-6 @PROSE
  Scenario: A user that nobody knows does not come in
    When Mallory tries to join the room with credentials that nobody gave out
    Then the focus does not let Mallory in
