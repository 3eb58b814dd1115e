Feature: Nothing at all

  @TRIV-BV-001 @MUST @RFC7701-7.1-27
  Scenario: Nothing happens
    When nothing happens

  @TRIV-BV-002 @SHOULD
  Scenario: It does not apply
    Given the case is not applicable because "the room is closed"
    Then nothing happens
