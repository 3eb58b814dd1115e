Feature: Nothing at all

  @TRIV-BV-001 @MUST @RFC7701-7.1-27
  Scenario: Nothing happens
    Given a chat room

  @TRIV-BV-002 @SHOULD @room:tls-only
  Scenario: It does not apply without such a room
    Given a chat room
