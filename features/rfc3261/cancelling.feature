@RFC3261 @focus
Feature: An INVITE is called off (RFC 3261, 9)
  CANCEL belongs to the transaction whose branch it bears. It is never challenged, and once the INVITE has its final
  response it changes nothing any more.

  Rule: A CANCEL that belongs to no transaction cancels nothing

    @CANCEL-BI-001 @RFC3261-9.2-1 @RFC3261-9.2-4 @SHOULD
    Scenario: A CANCEL under another branch gets 481
      Given a chat room that answers slowly
      And Bob has joined the room
      When Alice calls the room and is kept waiting
      And Alice cancels under another branch
      Then the focus answers Alice with 481

    @CANCEL-BI-002 @RFC3261-9.2-1 @PROSE
    Scenario: A CANCEL under another branch leaves the INVITE alone
      Given a chat room that answers slowly
      And Bob has joined the room
      When Alice calls the room and is kept waiting
      And Alice cancels under another branch
      Then the focus lets Alice in all the same
      And Alice can still talk to the room

    @CANCEL-BI-003 @RFC3261-9.2-4 @SHOULD
    Scenario: A CANCEL for an INVITE that was never sent gets 481
      Given a chat room
      And Bob has joined the room
      When Carol cancels an INVITE that she never sent
      Then the focus answers Carol with 481
      And Bob can still talk to the room

    @CANCEL-BI-004 @RFC3261-9.2-3 @RFC3261-22.1-3 @MUST-NOT
    Scenario: A CANCEL is not challenged, even in a room with credentials
      Given a chat room that asks for credentials
      When Carol cancels an INVITE that she never sent
      Then the focus does not challenge Carol

  Rule: After the final response CANCEL comes too late

    @CANCEL-BO-001 @RFC3261-9.2-5 @PROSE
    Scenario: Who has been let in stays, whatever becomes of the CANCEL (T77)
      Given a chat room
      And Alice and Bob have joined the room
      When Alice cancels the INVITE that was answered
      Then the roster shows Alice
      And Alice can still talk to the room
