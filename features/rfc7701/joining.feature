@RFC7701 @focus
Feature: A participant joins a chat room (RFC 7701, 5.2)
  An INVITE to the room's URI leads into the room. The answer shows that a focus stands behind it, and commits the
  MSRP session to Message/CPIM.

  Rule: An INVITE brings the participant into the room

    @JOIN-BV-001 @RFC7701-3-1 @RFC7701-4-3 @RFC7701-4-4 @RFC7701-4-5 @RFC7701-5.2-4 @RFC7701-5.2-5 @RFC7701-4-6 @RFC7701-4-8 @PROSE
    @RFC4975-3-2 @RFC4975-5.4-20
    Scenario: Alice joins and takes part
      Given a chat room
      And Bob has joined the room
      When Alice joins the room
      Then the focus answers Alice with 200
      And the roster shows Alice
      And Alice can still talk to the room

    @JOIN-BV-002 @RFC7701-5.2-18 @PROSE
    Scenario: The Contact of the answer says that this is a focus
      Given a chat room
      When Alice joins the room
      Then the focus answers Alice with 200
      And the Contact of the answer to Alice has the parameter "isfocus"

    @JOIN-BV-003 @RFC7701-5.2-9 @RFC7701-5.2-23 @RFC7701-5.2-27 @RFC7701-5.2-28 @MUST
    Scenario: The answer accepts Message/CPIM and nothing else
      Given a chat room
      When Alice joins the room offering "message/cpim text/plain text/html"
      Then the focus answers Alice with 200
      And the answer to Alice has the accept-types "message/cpim" alone

    @JOIN-BV-004 @RFC7701-5.2-9 @RFC7701-5.2-25 @PROSE
    Scenario: The letter case of Message/CPIM does not matter (T06)
      Given a chat room
      And Bob has joined the room
      When Alice joins the room offering "Message/CPIM"
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @JOIN-BV-005 @RFC7701-5.2-24 @RFC7701-5.2-9 @RFC7701-4-4 @MUST
    @RFC4975-3-2
    Scenario: The focus makes the offer when the INVITE has none
      Given a chat room
      And Bob has joined the room
      When Alice joins the room without an offer
      Then the focus answers Alice with 200
      And the offer to Alice lists the accept-types "message/cpim"
      And Alice can still talk to the room

    @JOIN-BV-006 @RFC7701-5.1-2 @RFC7701-4-3 @PROSE

    @RFC4575-5.2-2 @RFC6501-4.1-2
    Scenario: The roster names the room by its URI
      Given a chat room
      And Alice has joined the room
      When Alice asks for the roster
      Then the roster's entity is the room's URI

    @JOIN-BV-007 @RFC7701-4-31 @RFC7701-4-36 @PROSE
    Scenario: Each participant gets an MSRP session of its own
      Given a chat room
      When Alice and Bob join the room
      Then Alice and Bob have different MSRP paths and dialogs

    @JOIN-BV-008 @RFC7701-4-34 @RFC7701-4-32 @RFC7701-4-36 @PROSE
    Scenario: Who joins a second room gets a second session
      Given a chat room
      And Alice and Bob have joined the room
      And Alice has also joined a second chat room
      When Bob says "in the first room"
      Then Alice receives it
      And Alice does not receive it in the second chat room

    @JOIN-BV-009 @RFC7701-4-35 @RFC7701-4-32 @PROSE
    @RFC4975-5.4-19 @RFC4975-7.1-29 @RFC4975-7.2-12
    Scenario: Sessions of two rooms share one TCP connection
      Given a chat room
      And Alice and Bob have joined the room
      And Alice has also joined a second chat room over the same connection
      When Alice says "first room only"
      Then the switch answers Alice with 200
      And Bob receives it
      And Alice does not receive it in the second chat room

    @JOIN-BV-010 @RFC7701-4-9 @PROSE
    @RFC4975-7.1-4 @RFC4975-7.1-6
    Scenario: A participant behind relays is addressed with its whole path
      Given a chat room
      And Bob has joined the room
      And Alice has joined from behind a relay
      When Bob says "through the relay"
      Then Alice receives it
      And the message to Alice has her whole path in To-Path

    @JOIN-BV-011 @RFC7701-4-5 @PROSE
    Scenario: A re-INVITE renews the session without disturbing it
      Given a chat room
      And Alice and Bob have joined the room
      When Alice renews her session
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @JOIN-BV-012 @RFC7701-4-5 @PROSE
    Scenario: The focus serves an OPTIONS within the dialog
      Given a chat room
      And Alice and Bob have joined the room
      When Alice sends OPTIONS in her dialog
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @JOIN-BV-013 @RFC7701-4-8 @RFC7701-6.3-10 @MUST
    @RFC4975-5.4-8 @RFC4975-7.1-17 @RFC4975-7.1.1-28
    Scenario: The first, bodiless SEND is answered and reaches nobody (T31)
      Given a chat room
      When Bob joins the room
      And Alice joins the room
      Then the focus answers Alice with 200
      And the first, bodiless SEND of Alice is answered with 200
      And Bob receives nothing from it

  Rule: An offer without Message/CPIM is turned down

    @JOIN-BI-001 @RFC7701-5.2-25 @RFC7701-5.2-11 @RFC7701-5.2-26 @SHOULD
    Scenario: Alice offers only text/plain
      Given a chat room
      And Bob has joined the room
      When Alice tries to join the room offering "text/plain text/html"
      Then the focus turns Alice's MSRP stream down
      And Bob can still talk to the room

    @JOIN-BI-002 @RFC7701-4-4 @RFC7701-4-3 @PROSE
    Scenario: There is no such room, unless the host makes one for the asking (T77)
      Given a chat room
      And Bob has joined the room
      When Alice tries to join a room that does not exist
      Then the focus answers Alice with 404, 403 or 480 (200 is tolerated)
      And what Alice says there, if anything, is not heard by Bob

    @JOIN-BI-003 @RFC7701-4-6 @RFC7701-4-4 @PROSE
    Scenario: An offer of audio alone cannot be used
      Given a chat room
      And Bob has joined the room
      When Alice tries to join the room offering audio only
      Then the focus turns Alice's media down
      And Bob can still talk to the room

    @JOIN-BV-014 @RFC7701-4-6 @RFC7701-5.2-26 @PROSE
    Scenario: Beside an unknown stream the MSRP stream is accepted
      Given a chat room
      And Bob has joined the room
      When Alice joins the room offering MSRP and a video stream
      Then the focus answers Alice with 200
      And the answer to Alice has as many media lines as the offer
      And Alice can still talk to the room

    @JOIN-BI-004 @RFC7701-5.2-25 @RFC7701-4-5 @SHOULD
    Scenario: A re-INVITE that drops Message/CPIM does not end the session by itself
      Given a chat room
      And Alice and Bob have joined the room
      When Alice tries to renew her session offering "text/plain"
      Then the focus turns Alice's MSRP stream down
      And Bob can still talk to the room

  Rule: The invitation can be called off

    @JOIN-BO-001 @RFC7701-4-4 @PROSE
    Scenario: Alice cancels her INVITE
      Given a chat room that answers slowly
      And Bob has joined the room
      When Alice sends an INVITE and cancels it
      Then the focus answers Alice's CANCEL with 200
      And the focus answers Alice's INVITE with 487
      And the roster does not show Alice

  Rule: The wrapped types are declared

    @JOIN-BV-020 @RFC7701-5.2-31 @RFC7701-4.1-13 @RFC7701-5.2-12 @SHOULD
    Scenario: A room with a list of wrapped types shows it
      Given a chat room that accepts only text/plain inside the wrapper
      When Alice joins the room
      Then the answer to Alice has the accept-wrapped-types "text/plain" alone

    @JOIN-BI-020 @RFC7701-4.1-12 @RFC7701-5.2-12 @PROSE
    Scenario: A wrapped type outside the list is not distributed
      Given a chat room that accepts only text/plain inside the wrapper
      And Alice and Bob have joined the room
      When Alice says "<p>hello</p>" as "text/html"
      Then nobody receives it
      And Alice can still talk to the room

    @JOIN-BV-021 @RFC7701-4.1-14 @RFC7701-4.1-15 @PROSE
    @RFC3862-2.4-3
    Scenario Outline: A room that lists "*" takes <type>
      Given a chat room
      And Alice and Bob have joined the room
      And the room lists the wrapped type "*"
      When Alice says "payload" as "<type>"
      Then the switch answers Alice with 200
      And Bob receives it octet for octet

      Examples:
        | id    | type                    |
        | html  | text/html               |
        | png   | image/png               |
        | own   | application/x-{nonce}   |

  Rule: A refusal says what is supported

    @JOIN-BI-030 @RFC7701-4-4 @PROSE
    Scenario: A method that nobody has defined is refused, and the session goes on (T77)
      Given a chat room
      And Alice and Bob have joined the room
      When Alice sends UNHEARDOF in her dialog
      Then the focus answers Alice with 405 or 501
      And Alice can still talk to the room

    @JOIN-BI-031 @RFC7701-4-4 @PROSE
    Scenario: An INVITE that requires an unknown extension is refused
      Given a chat room
      And Alice and Bob have joined the room
      When Carol joins the room requiring the extension "org.example.unheard-of"
      Then the focus answers Carol with 420
      And the roster does not show Carol
      And Alice can still talk to the room
