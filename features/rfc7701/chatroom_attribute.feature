@RFC7701 @focus
Feature: The SDP attribute chatroom tells what a room offers (RFC 7701, 8)
  It declares what is supported and allowed; it is not negotiated. What it lists works, what it does not list is
  refused.

  Rule: The focus declares what the room allows

    @CHAT-BV-001 @RFC7701-8-1 @RFC7701-8-11 @RFC7701-4-25 @RFC7701-3-10 @RFC7701-7.1-5 @RFC7701-10.4-4 @RFC7701-6.2-2 @PROSE
    Scenario: A room with nicknames and private messages announces both
      Given a chat room that allows nicknames and private messages
      When Alice joins the room
      Then the focus announces "nickname" to Alice
      And the focus announces "private-messages" to Alice

    @CHAT-BV-002 @RFC7701-8-10 @RFC7701-8-11 @PROSE
    Scenario: A room without nicknames does not announce them
      Given a chat room that forbids nicknames
      When Alice joins the room
      Then the focus announces chat rooms to Alice
      And the focus does not announce "nickname" to Alice

    @CHAT-BV-003 @RFC7701-8-12 @PROSE
    Scenario: The answer does not depend on what the offer lists
      Given a chat room that allows nicknames and private messages
      When Alice joins the room with a bare chatroom attribute
      Then the focus announces "nickname" to Alice
      And the focus announces "private-messages" to Alice

    @CHAT-BV-004 @RFC7701-8-12 @RFC7701-8-2 @PROSE
    Scenario: A client that does not know chat rooms is let in
      Given a chat room
      And Bob has joined the room
      When Alice joins the room from a client that does not know chat rooms
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @CHAT-BV-005 @RFC7701-8-27 @RFC7701-8-34 @PROSE
    @RFC4975-3-5
    Scenario Outline: An offer with <what> is accepted
      Given a chat room
      And Bob has joined the room
      When Alice joins the room with the chat tokens "<tokens>"
      Then the focus answers Alice with 200
      And Alice can still talk to the room

      Examples:
        | id       | what              | tokens                                     |
        | private  | a private token   | nickname com.example.chat.foo              |
        | standard | a standard token  | nickname private-messages reactions        |
        | plural   | the plural of T01 | nicknames private-messages                 |

  Rule: What is announced works, what is not announced does not

    @CHAT-BV-010 @RFC7701-8-31 @RFC7701-7.1-5 @PROSE
    Scenario: An announced nickname token is kept
      Given a chat room that allows nicknames
      And Alice and Bob have joined the room
      When Alice asks for the nickname "As promised"
      Then the switch answers Alice with 200
      And the roster shows Alice as "As promised"

    @CHAT-BV-011 @RFC7701-8-32 @RFC7701-4-23 @PROSE
    Scenario: An announced private-messages token is kept
      Given a chat room that allows private messages
      And Alice, Bob and Carol have joined the room
      When Alice whispers "as promised" to Bob
      Then Bob receives it
      And Carol does not receive it

    @CHAT-BI-010 @RFC7701-8-33 @RFC7701-8-10 @MUST
    Scenario: A room that does not announce nicknames refuses them
      Given a chat room that forbids nicknames
      And Alice and Bob have joined the room
      When Alice asks for the nickname "Not promised"
      Then the switch answers Alice with 403
      And Alice can still talk to the room

  Rule: A later offer or answer speaks anew (T03)

    @CHAT-BV-020 @RFC7701-8-19 @PROSE
    Scenario: The focus repeats the attribute in a later answer
      Given a chat room that allows nicknames and private messages
      And Alice and Bob have joined the room
      When Alice renews her session
      Then the focus answers Alice with 200
      And the focus announces "nickname" to Alice
      And the focus announces "private-messages" to Alice
      And Alice can still talk to the room

    @CHAT-BV-021 @RFC7701-8-17 @RFC7701-8-18 @RFC7701-4-23 @PROSE
    Scenario: Support that was switched off can be switched on again
      Given a chat room that allows private messages
      And Alice, Bob and Carol have joined the room
      And Bob has renewed his session without the chatroom attribute
      And Bob has declared the chat tokens "nickname private-messages"
      When Alice whispers "welcome back" to Bob
      Then the switch answers Alice with 200
      And Bob receives it
      And Carol does not receive it
