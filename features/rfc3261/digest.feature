@RFC3261 @focus
Feature: Credentials fit the challenge and the request (RFC 3261, 22)

  Background:
    Given a chat room that asks for credentials

  @DIGEST-BI-001 @RFC3261-22.2-4 @PROSE
  Scenario Outline: Credentials for another <what> do not open the door
    When Alice tries to join the room by an INVITE with credentials for another <what>
    Then the focus does not let Alice in

    Examples:
      | id     | what        |
      | method | method      |
      | nonce  | nonce       |
      | realm  | realm       |
      | count  | nonce count |

  @DIGEST-BI-002 @RFC3261-22-1 @MUST-NOT
  Scenario: Basic credentials do not open the door, though they are right
    When Alice tries to join the room by an INVITE with Basic credentials
    Then the focus does not let Alice in

  @DIGEST-BI-003 @RFC3261-8.2-3 @SHOULD
  Scenario: Who has not said who it is, learns nothing else
    When Alice tries to join the room by an INVITE requiring an unknown extension, without credentials
    Then the focus answers Alice with 401 or 407
