@RFC7701 @switch
Feature: A slow participant does not hold up the others (RFC 7701, 6.4)

  @CONG-BV-001 @RFC7701-6.4-3 @SHOULD
  Scenario: One participant stops reading
    Given a chat room
    And Alice, Bob and Carol have joined the room
    And Carol has stopped reading
    When Alice says 100 messages of 20000 octets
    Then Bob receives them all
    And the switch answers each of them with 200

  @CONG-BV-002 @RFC7701-6.4-3 @SHOULD
  Scenario: A participant that never answers does not hold up the others
    Given a chat room
    And Alice, Bob and Carol have joined the room
    And Carol has stopped answering
    When Alice says 10 things without waiting for the answers
    Then the switch answers each of them with 200
    And Bob receives them all, once each and in order
