@RFC3862 @switch
Feature: The URI in To is the address of a whisper (RFC 3862, 4.2)
  A formal name before it is for humans, whatever it says.

  Background:
    Given a chat room that allows private messages
    And Alice, Bob and Carol have joined the room

  @CPIM-BV-023 @RFC3862-4.2-3 @RFC3862-4.2-4 @RFC3862-4.2-2 @PROSE
  Scenario Outline: A whisper goes to the URI and not to the name: <what>
    When Alice sends the wrapper
      """
      From: <{alice}>
      To: <name><{bob}>

      Content-Type: text/plain

      not for Carol {nonce}
      """
    Then the switch answers Alice with 200
    And Bob receives it octet for octet
    And Carol does not receive it

    Examples:
      | id   | what                  | name                |
      | uri  | another one's URI     | "<{carol}>"{x20}    |
      | name | another one's name    | "Carol"             |
      | room | the room's URI        | "<{room}>"          |
