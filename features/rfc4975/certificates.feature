@RFC4975 @focus
Feature: A self-signed certificate is vouched for in the session description (RFC 4975, 14.4)

  # Whether nobody has signed the certificate is not seen from here: without a fingerprint there is a remark only.
  @MEDIA-BV-040 @RFC4975-14.4-4 @RFC4975-14.4-5 @SHOULD
  Scenario: The focus announces the fingerprint of its certificate
    Given a chat room that demands TLS
    And Bob has joined the room over TLS
    When Alice joins the room over TLS
    Then the focus answers Alice with 200
    And the answer to Alice has a fingerprint, unless an authority is trusted
    And Alice can still talk to the room
