@RFC3862 @switch
Feature: Headers belong to name spaces (RFC 3862, 3.4 and 4)
  A prefix that NS has bound tells where a header belongs. From and To are those of CPIM if they have no prefix, or one that
  is bound to the name space of CPIM. How a switch reads other spellings of them is noted rather than judged (T20).

  Background:
    Given a chat room
    And Alice, Bob and Carol have joined the room

  @CPIM-BV-040 @RFC3862-3.4-2 @RFC3862-3.4-7 @RFC3862-3.1-2 @RFC3862-4-3 @RFC3862-4.6-2 @SHOULD
  @RFC3862-2.2-1 @RFC3862-2.2-19
  Scenario Outline: The To of another name space is no addressee <how> (T19, T20)
    When Alice sends the wrapper
      """
      From: <{alice}>
      To: <{room}>
      NS: <declared> <mid:{nonce}@example.invalid>
      <prefix>.To: <{bob}>

      Content-Type: text/plain

      somebody else's business {nonce}
      """
    Then the switch answers Alice with 200
    And Bob and Carol receive it octet for octet

    Examples:
      | id    | how                         | declared   | prefix     |
      | one   | under a prefix of a letter  | y          | y          |
      | long  | under a longer prefix       | MyFeatures | MyFeatures |

  @CPIM-BV-041 @RFC3862-4-2 @RFC3862-3.4-10 @RFC3862-3.4-2 @RFC3862-7.1-5 @RFC3862-4-3 @SHOULD
  @RFC3862-2.2-1 @RFC3862-2.2-19
  Scenario Outline: From and To under the prefix <prefix>, which means CPIM (T20)
    When Alice sends the wrapper
      """
      NS: <prefix> <urn:ietf:params:cpim-headers:>
      <prefix>.From: <{alice}>
      <prefix>.To: <{room}>

      Content-Type: text/plain

      by its full name {nonce}
      """
    Then the switch answers Alice with 200
    And Bob and Carol receive it octet for octet

    Examples:
      | id     | prefix |
      | letter | x      |
      | word   | widget |
      | cpim   | cpim   |

  @CPIM-BV-042 @RFC3862-3.4-11 @RFC3862-3.4-3 @SHOULD
  @RFC3862-2.2-1 @RFC3862-2.2-19
  Scenario: Another default name space makes another To of it (T19, T20)
    When Alice sends the wrapper
      """
      From: <{alice}>
      To: <{room}>
      NS: <mid:{nonce}@example.invalid>
      To: <{bob}>

      Content-Type: text/plain

      from here on all is different {nonce}
      """
    Then the switch answers Alice with 200
    And Bob and Carol receive it octet for octet

  @CPIM-BV-043 @RFC3862-6-1 @RFC3862-3.4-3 @RFC3862-7.1-5 @SHOULD
  @RFC3862-2.2-1 @RFC3862-2.2-19
  Scenario: The default name space is that of CPIM, and can be had back (T19)
    When Alice sends the wrapper
      """
      NS: <mid:{nonce}@example.invalid>
      Mood: bright
      NS: <urn:ietf:params:cpim-headers:>
      From: <{alice}>
      To: <{room}>

      Content-Type: text/plain

      there and back again {nonce}
      """
    Then the switch answers Alice with 200
    And Bob and Carol receive it octet for octet

  @CPIM-BV-044 @RFC3862-6-1 @RFC3862-4-3 @RFC3862-7.1-5 @SHOULD
  @RFC3862-3.4-2
  @RFC3862-2.2-1 @RFC3862-2.2-19
  Scenario: The misprint of section 6 names no name space of CPIM (T19)
    When Alice sends the wrapper
      """
      From: <{alice}>
      To: <{room}>
      NS: x <urn:ietf:params-cpim-headers:>
      x.To: <{bob}>

      Content-Type: text/plain

      one colon less {nonce}
      """
    Then the switch answers Alice with 200
    And Bob and Carol receive it octet for octet

  @CPIM-BV-045 @RFC3862-3.4-9 @RFC3862-3.4-7 @SHOULD
  @RFC3862-2.2-1 @RFC3862-2.2-19
  Scenario: A prefix lives no longer than its message (T20)
    Given Alice sends the wrapper
      """
      NS: cpim <urn:ietf:params:cpim-headers:>
      From: <{alice}>
      To: <{room}>

      Content-Type: text/plain

      here it is declared {nonce}
      """
    And Bob and Carol receive it octet for octet
    When Alice sends the wrapper
      """
      From: <{alice}>
      To: <{room}>
      cpim.To: <{bob}>

      Content-Type: text/plain

      here it is not {nonce}
      """
    Then the switch answers Alice with 200
    And Bob and Carol receive it octet for octet
