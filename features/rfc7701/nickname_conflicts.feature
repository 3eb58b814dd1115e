@RFC7701 @switch
Feature: A nickname belongs to one participant (RFC 7701, 7.1)
  A nickname stands for one user in the whole room. Whoever asks for one that somebody else holds, or that nobody may
  have, gets 425, and nothing changes: neither for the holder nor for the one who asked.

  Background:
    Given a chat room that allows nicknames
    And Alice and Bob have joined the room

  Rule: A nickname that somebody else holds is refused

    @NICK-BI-001 @RFC7701-7.1-27 @RFC7701-7.1-29 @RFC7701-7-8 @RFC7701-10.3-4 @MUST
    Scenario: Bob asks for the nickname that Alice holds
      Given Alice holds the nickname "Alice the great"
      When Bob asks for the nickname "Alice the great"
      Then the switch answers Bob with 425
      And the roster shows Alice as "Alice the great"
      And the roster shows no nickname for Bob
      And Bob can still talk to the room

    @NICK-BI-002 @RFC7701-7.1-31 @RFC7701-7.2-3 @PROSE
    Scenario: After the refusal Bob gets another nickname
      Given Alice holds the nickname "Captain"
      And Bob was refused the nickname "Captain"
      When Bob asks for the nickname "First mate"
      Then the switch answers Bob with 200
      And the roster shows Bob as "First mate"
      And the roster shows Alice as "Captain"

    @NICK-BI-003 @RFC7701-7.1-27 @RFC7701-7.1-20 @RFC7701-7.1-29 @MUST
    Scenario: Asking again does not help
      Given Alice holds the nickname "Captain"
      When Bob asks for the nickname "Captain"
      And Bob asks for the nickname "Captain"
      Then the switch answers Bob with 425
      And the roster shows no nickname for Bob

    @NICK-BI-004 @RFC7701-7-5 @RFC7701-11-14 @RFC7701-7.1-27 @MUST
    Scenario: Two participants ask for the same nickname at the same time
      When Alice and Bob ask for the nickname "Winner" at the same time
      Then exactly one of Alice and Bob is granted it and the other one gets 425
      And the roster shows "Winner" exactly once
      And Bob can still talk to the room

    @NICK-BV-001 @RFC7701-7.1-1 @RFC7701-7.1-27 @MUST
    Scenario: The holder keeps the nickname for as long as the holder stays
      Given Alice holds the nickname "Evergreen"
      And Alice has talked to the room 5 times
      When Bob asks for the nickname "Evergreen"
      Then the switch answers Bob with 425
      And the roster shows Alice as "Evergreen"

    @NICK-BV-002 @RFC7701-7.1-20 @RFC7701-7.1-32 @SHOULD
    Scenario: Alice asks again for the nickname that she holds herself
      Given Alice holds the nickname "Same again"
      When Alice asks for the nickname "Same again"
      Then the switch answers Alice with 200
      And the roster shows Alice as "Same again"

    @NICK-BV-003 @RFC7701-7-1 @RFC7701-7.1-27 @MUST
    Scenario: A nickname belongs to a URI, not to a display name
      Given Alice holds the nickname "Persona"
      And Carol has joined the room with the display name of Alice
      When Carol asks for the nickname "Persona"
      Then the switch answers Carol with 425
      And the roster shows no nickname for Carol

  Rule: A reserved word is refused to everybody

    @NICK-BI-005 @RFC7701-7.1-26 @RFC7701-10.3-3 @RFC7701-7.1-29 @MUST
    Scenario: Bob asks for a reserved word
      When Bob asks for a reserved nickname
      Then the switch answers Bob with 425
      And the roster shows no nickname for Bob
      And Bob can still talk to the room

    @NICK-BI-006 @RFC7701-7.1-17 @RFC7701-7.1-26 @MUST
    Scenario: Bob asks for a reserved word in capitals
      When Bob asks for a reserved nickname in capitals
      Then the switch answers Bob with 425
      And the roster shows no nickname for Bob

    @NICK-BI-007 @RFC7701-7.1-26 @RFC7701-7.2-4 @MUST
    Scenario: A change to a reserved word leaves the current nickname
      Given Alice holds the nickname "Humble"
      When Alice asks for a reserved nickname
      Then the switch answers Alice with 425
      And the roster shows Alice as "Humble"

  Rule: Nicknames are compared as RFC 8266 says, not octet by octet (T46)

    @NICK-BI-008 @RFC7701-7.1-16 @RFC7701-7.1-27 @MUST
    @RFC8266-2.1-1 @RFC8266-2.1-2 @RFC8266-2.1-3 @RFC8266-2.1-4 @RFC8266-2.1-5 @RFC8266-2.1-7 @RFC8266-3-1
    Scenario Outline: The nickname that Alice holds, with <difference>
      Given Alice holds the nickname "<held>"
      When Bob asks for the nickname "<asked>"
      Then the switch answers Bob with 425
      And the roster shows no nickname for Bob

      Examples:
        | id    | difference                  | held        | asked        |
        | case  | another case                | Dopey       | dOPEY        |
        | width | fullwidth letters           | Grumpy      | Ｇｒｕｍｐｙ |
        | nbsp  | a no-break space            | Snow White  | Snow{u00A0}White |
        | nfkc  | a compatibility ligature    | Fioravanti  | ﬁoravanti    |
        | roman | a compatibility numeral     | Henry IV    | Henry Ⅳ      |
        | trim  | a blank at the start        | Sleepy      | {u0020}Sleepy |
        | run   | a run of blanks             | Snow Queen  | Snow   Queen |
        | greek | capital letters beyond ASCII | ωμέγα      | ΩΜΈΓΑ        |

    @NICK-BV-004 @RFC7701-7.1-16 @RFC7701-7.1-32 @MUST
    @RFC8266-2.4-3 @RFC8266-2.4-5
    Scenario Outline: <difference> makes another nickname
      Given Alice holds the nickname "<held>"
      When Bob asks for the nickname "<asked>"
      Then the switch answers Bob with 200
      And the roster shows Bob as "<asked>"
      And the roster shows Alice as "<held>"

      Examples:
        | id      | difference       | held  | asked |
        | letter  | One letter       | Happy | Harpy |
        | accent  | An accent        | Elan  | Élan  |
        | longer  | One more word    | Doc   | Doc Brown |

    @NICK-BV-008 @RFC7701-7.1-16 @PROSE
    @RFC8266-2.4-5
    Scenario: A look-alike is another nickname, unless the room guards against confusion
      Given Alice holds the nickname "BOY"
      When Bob asks for the nickname "B0Y"
      Then the switch answers Bob with 200 (403 and 425 are tolerated)
      And the roster shows Bob as "B0Y"
      And the roster shows Alice as "BOY"

    @NICK-BI-011 @RFC7701-7.1-16 @RFC7701-7.1-27 @MUST
    @RFC8266-2.4-1 @RFC8266-2.4-2 @RFC8266-2.1-7
    Scenario Outline: The nickname in use is prepared too: <difference>
      Given Alice holds the nickname "<held>"
      When Bob asks for the nickname "<asked>"
      Then the switch answers Bob with 425
      And the roster shows no nickname for Bob

      Examples:
        | id    | difference               | held             | asked      |
        | case  | capitals                 | BASHFUL          | bashful    |
        | width | fullwidth letters        | Ｇｒｕｍｐｙ     | grumpy     |
        | nbsp  | a no-break space         | Rose{u00A0}Red   | Rose Red   |
        | nfkc  | a compatibility ligature | ﬁnch             | Finch      |
        | roman | a compatibility numeral  | Louis Ⅳ          | louis iv   |

    @NICK-BI-012 @RFC7701-7.1-27 @RFC7701-7-5 @RFC7701-7-8 @MUST
    Scenario: The holder is anonymous
      Given Carol has joined asking for privacy
      And Carol holds the nickname "The masked one"
      When Bob asks for the nickname "the masked one"
      Then the switch answers Bob with 425
      And the roster shows no nickname for Bob
      And Bob can still talk to the room

    @NICK-BI-013 @RFC7701-7.1-27 @RFC7701-7.1-29 @MUST
    Scenario: An anonymous participant asks for what somebody holds
      Given Carol has joined under an anonymous URI
      And Alice holds the nickname "Known to all"
      When Carol asks for the nickname "Known to all"
      Then the switch answers Carol with 425
      And the roster shows Alice as "Known to all"

    @NICK-BI-014 @RFC7701-7.1-1 @RFC7701-7.1-27 @RFC7701-7-8 @MUST
    Scenario: One device of the holder leaves, the one that asked for the nickname stays
      Given Alice holds the nickname "Still mine"
      And Alice has also joined from a second device
      And Alice's second device has left the room
      When Bob asks for the nickname "Still mine"
      Then the switch answers Bob with 425
      And the roster shows Alice as "Still mine"
      And the roster shows no nickname for Bob

    @NICK-BI-015 @RFC7701-7-5 @RFC7701-7.1-27 @RFC7701-7.2-3 @MUST
    Scenario: Two participants change to the same nickname at the same time
      Given Alice holds the nickname "From here"
      And Bob holds the nickname "From there"
      When Alice and Bob ask for the nickname "Middle ground" at the same time
      Then exactly one of Alice and Bob is granted it and the other one gets 425
      And the roster shows "Middle ground" exactly once

    @NICK-BI-016 @RFC7701-7-5 @RFC7701-7.1-27 @RFC7701-7.1-16 @RFC7701-11-14 @MUST
    Scenario: Three ask at the same time, each in letters of their own
      Given Carol has joined the room
      When Alice and Bob ask for the nickname "Last chair" at the same time
      And Carol asks for the nickname "LAST CHAIR"
      Then exactly one of Alice, Bob and Carol is granted it and the others get 425
      And Carol can still talk to the room

    @NICK-BI-017 @RFC7701-7.1-27 @RFC7701-7.1-16 @MUST
    Scenario: The holder talks through a client that announces nothing but nicknames
      Given Carol has joined with the chat tokens "nickname"
      And Carol holds the nickname "Plain Carol"
      When Bob asks for the nickname "plain carol"
      Then the switch answers Bob with 425
      And the roster shows Carol as "Plain Carol"

    @NICK-BI-009 @RFC7701-7.1-15 @RFC7701-7.1-28 @MUST
    @RFC8266-2.3-4 @RFC8266-2.3-6
    Scenario: Mere blanks are nothing after preparation
      When Bob asks with the Use-Nickname value '"   "'
      Then the switch answers Bob with 424
      And the roster shows no nickname for Bob
      And Bob can still talk to the room

  Rule: Only who was granted the nickname has it

    @NICK-BV-005 @RFC7701-7-7 @SHOULD
    Scenario: Who never asked for a nickname is shown without one
      When Carol joins the room
      Then the roster shows Carol
      And the roster shows no nickname for Carol

    @NICK-BV-006 @RFC7701-7.1-49 @RFC7701-7.1-51 @MAY
    Scenario: The same user asks for the same nickname on a second device
      Given Alice holds the nickname "Both of me"
      And Alice has also joined from a second device
      When Alice's second device asks for the nickname "Both of me"
      Then the switch answers Alice's second device with 200 or 425
      And the roster shows Alice as "Both of me"
      And Alice can still talk to the room

    @NICK-BI-010 @RFC7701-7.1-52 @MUST
    Scenario: A second device does not get the nickname by itself
      Given Alice holds the nickname "Only here"
      And Alice has also joined from a second device
      And Alice has removed her nickname
      When Bob asks for the nickname "Only here" until its release
      Then the switch answers Bob with 200 (425 is tolerated)
      And the roster shows no nickname for Alice
      And the roster shows Bob as "Only here"

    @NICK-BV-007 @RFC7701-7-1 @RFC7701-6.2-26 @RFC7701-4-23 @PROSE
    Scenario: Who has a nickname is still whispered to by the URI
      Given a chat room that allows nicknames and private messages
      And Alice holds the nickname "Target"
      And Carol has joined the room
      When Carol whispers "for your eyes only" to Alice
      Then the switch answers Carol with 200
      And Alice receives it
      And Bob does not receive it
