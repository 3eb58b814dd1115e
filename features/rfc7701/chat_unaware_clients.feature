@RFC7701 @switch
Feature: Who does not know chat rooms is told (RFC 7701, 11)
  A client without the chatroom attribute may not notice that many people hear it. The room tells it so, and who is
  there.

  @UNAWARE-BV-001 @RFC7701-11-7 @RFC7701-8-2 @SHOULD
  @RFC3862-4.1-2
  Scenario: The room says that it is a chat room
    Given a chat room
    And Alice has joined the room
    When Bob joins the room from a client that does not know chat rooms
    Then Bob gets a message from the room

  @UNAWARE-BV-002 @RFC7701-11-9 @SHOULD
  Scenario: The room says who is there
    Given a chat room
    And Alice has joined the room
    When Bob joins the room from a client that does not know chat rooms
    Then Bob gets a text from the room that names Alice

  @UNAWARE-BV-003 @RFC7701-11-9 @PROSE
  Scenario: The text does not name who wants to stay anonymous
    Given a chat room
    And Alice has joined the room
    And Carol has joined asking for privacy
    When Bob joins the room from a client that does not know chat rooms
    Then Carol's address appears nowhere in what Bob receives

  @UNAWARE-BV-004 @RFC7701-11-5 @PROSE
  Scenario: A properly wrapped message of such a client reaches the room
    Given a chat room
    And Alice and Carol have joined the room
    And Bob has joined from a client that does not know chat rooms
    When Bob says "hello out there"
    Then the switch answers Bob with 200
    And Alice and Carol receive it

  @UNAWARE-BI-001 @RFC7701-11-4 @RFC7701-6.3-4 @RFC7701-6.3-5 @MUST
  Scenario: A plain text of such a client is refused
    Given a chat room
    And Alice and Carol have joined the room
    And Bob has joined from a client that does not know chat rooms
    When Bob sends "hello" as "text/plain" without the wrapper
    Then the switch answers Bob with 415
    And nobody receives it

  @UNAWARE-BV-005 @RFC7701-11-6 @RFC7701-4-23 @PROSE
  Scenario: A whisper of such a client never reaches the room
    Given a chat room that allows private messages
    And Alice and Carol have joined the room
    And Bob has joined from a client that does not know chat rooms
    When Bob whispers "secret" to Alice
    Then Carol does not receive it
    And Bob can still talk to the room
