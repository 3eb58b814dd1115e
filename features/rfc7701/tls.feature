@RFC7701 @focus
Feature: A room may be spoken to over TLS only (RFC 7701, 11; RFC 4975, 14)

  Background:
    Given a chat room that demands TLS

  @TLS-BV-001 @RFC7701-11-11 @RFC7701-11-12 @PROSE
  @RFC4975-5.4-10 @RFC4975-6-9 @RFC4975-14.2-1
  @RFC4975-8.1-2 @RFC4975-8.1-9 @RFC6135-4.3-1
  Scenario: An offer of TLS is answered in kind
    Given Bob has joined the room over TLS
    When Alice joins the room over TLS
    Then the focus answers Alice with 200
    And the answer to Alice is of TCP/TLS/MSRP with an msrps path
    And Alice can still talk to the room

  @TLS-BV-002 @RFC7701-11-12 @RFC7701-6.1-22 @PROSE
  @RFC4975-5.4-1 @RFC4975-5.4-11 @RFC4975-6-9 @RFC4975-14.2-1
  @RFC6135-4.3-3
  Scenario: Messages cross TLS unharmed
    Given Alice and Bob have joined the room over TLS
    When Alice says 20000 octets of binary data
    Then the switch answers Alice with 200
    And Bob receives it octet for octet

  @TLS-BI-001 @RFC7701-11-13 @RFC7701-4.1-8 @PROSE
  Scenario: An offer of plain TCP is turned down
    When Alice tries to join the room over plain TCP
    Then the focus turns Alice's MSRP stream down
