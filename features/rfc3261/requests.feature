@RFC3261 @focus
Feature: The focus judges a request before it serves it (RFC 3261, 8.2)
  Methods, addresses, extensions and bodies that it does not know are refused with the code that says so.

  Rule: Methods

    @SIP-BI-010 @RFC3261-8.2.1-1 @PROSE
    Scenario Outline: <method> is not served, and the session goes on (T77)
      Given a chat room
      And Alice and Bob have joined the room
      When Alice sends <method> in her dialog
      Then the focus answers Alice with 405, 501, 200, 202, 400, 403, 415 or 488
      And Alice can still talk to the room

      Examples:
        | id      | method  |
        | message | MESSAGE |

  Rule: Addresses

    @SIP-BV-010 @RFC3261-8.2.2.1-1 @RECOMMENDED
    Scenario Outline: An INVITE to the room <how> leads into it
      Given a chat room
      And Bob has joined the room
      When Alice joins the room by an INVITE <how>
      Then the focus answers Alice with 200
      And Alice can still talk to the room

      Examples:
        | id  | how                            |
        | sip | whose To names somebody else   |
        | tel | whose To is a telephone number |

    @SIP-BI-011 @RFC3261-8.2.2.1-2 @SHOULD
    Scenario: A Request-URI of a scheme that nobody knows is refused as such
      Given a chat room
      And Bob has joined the room
      When Alice tries to join the room by an INVITE to a URI of an unknown scheme
      Then the focus answers Alice with 416
      And Bob can still talk to the room

  Rule: Extensions

    @SIP-BO-001 @RFC3261-8.2.2.3-3 @MUST
    Scenario: A CANCEL is obeyed whatever it requires
      Given a chat room that answers slowly
      And Bob has joined the room
      When Alice sends an INVITE and cancels it requiring the extension "org.example.unheard-of"
      Then the focus answers Alice's CANCEL with 200
      And the focus answers Alice's INVITE with 487 (200 is tolerated)

  Rule: Bodies

    @SIP-BI-012 @RFC3261-8.2.3-1 @RFC3261-8.2.3-4 @MUST
    Scenario: A body of an unknown type is refused, and the refusal says what would do
      Given a chat room
      And Bob has joined the room
      When Alice tries to join the room by an INVITE with a body of an unknown type
      Then the focus answers Alice with 415
      And the answer to Alice names "application/sdp" in Accept
      And Bob can still talk to the room

    @SIP-BI-013 @RFC3261-8.2.3-1 @RFC3261-8.2.3-5 @MUST
    Scenario: A body in an unknown encoding is refused, and the refusal says what would do
      Given a chat room
      And Bob has joined the room
      When Alice tries to join the room by an INVITE with a body in an unknown encoding
      Then the focus answers Alice with 415
      And the answer to Alice says in Accept-Encoding what is understood
      And Bob can still talk to the room

    @SIP-BI-014 @RFC3261-8.2.3-2 @MUST
    Scenario: An offer in a multipart body is found or refused, not passed over
      Given a chat room
      And Bob has joined the room
      When Alice tries to join the room by an INVITE with its offer in a multipart body
      Then the focus has let Alice in with an MSRP session that works, or has answered with 415
      And Bob can still talk to the room

    @SIP-BV-011 @RFC3261-8.2.3-3 @PROSE
    Scenario: An unknown body that is optional stops nothing
      Given a chat room
      And Alice and Bob have joined the room
      When Alice sends OPTIONS in her dialog with an unknown body that is optional
      Then the focus answers Alice with 200
      And Alice can still talk to the room

  Rule: Responses

    @SIP-BV-014 @RFC3261-8.2.6.1-2 @MUST
    Scenario: The 100 has the Timestamp of the INVITE
      Given a chat room that answers slowly
      When Alice joins the room by an INVITE with a Timestamp
      Then the 100 to Alice repeats her Timestamp

    @SIP-BV-012 @RFC3261-8.2.6.1-2 @MUST
    Scenario: An INVITE with a Timestamp is served like any other
      Given a chat room
      When Alice joins the room by an INVITE with a Timestamp
      Then the focus answers Alice with 200

    @SIP-BV-013 @RFC3261-8.1.3.2-1 @MUST
    Scenario: A success that the focus does not know is a success
      Given a chat room
      And Alice and Bob have joined the room
      And Alice answers every notification with 299
      And Alice watches the roster
      When Carol joins the room
      Then Alice is notified that Carol is in the room
