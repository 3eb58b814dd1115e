@RFC4975 @switch
Feature: MSRP URIs are compared by rules of their own (RFC 4975, 6.1)
  To-Path names a session if it is the URI that the switch gave out for it, however that is written. What differs in
  scheme, port, session-id or transport is another URI, and belongs to no session here.

  Rule: The same URI may be written in several ways

    @MSRP-BV-020 @RFC4975-6.1-1 @RFC4975-6.1-3 @RFC4975-6.1-5 @RFC4975-6.1-6 @RFC4975-6.1-13 @MUST
    Scenario Outline: <what> in To-Path leads to the same session
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Alice says "same place" with <what> in To-Path
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id        | what                      |
        | scheme    | the scheme in capitals    |
        | transport | the transport in capitals |
        | encoded   | the host percent-encoded  |
        | user      | a user                    |

    @MSRP-BV-021 @RFC4975-6.1-4 @SHOULD
    Scenario: A port is a number, not a text
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Alice says "same place" with a port with leading zeros in To-Path
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @MSRP-BV-023 @RFC4975-6.1-7 @PROSE
    Scenario: The letter case of a host name does not matter
      Given a chat room that forbids nicknames
      And Dave and Erin have joined the room
      When Dave says "same place" with the host in the other case in To-Path
      Then the switch answers Dave with 200
      And Erin receives it octet for octet

  Rule: Another URI is no session of the switch

    @MSRP-BI-020 @RFC4975-6.1-1 @RFC4975-6.1-2 @RFC4975-6.1-8 @RFC4975-6.1-9 @RFC4975-6.1-10 @RFC4975-6.1-11 @MUST
    @RFC4975-6.1-12 @RFC4975-6.1-14 @RFC4975-6-8 @RFC4975-7.3-1 @RFC4975-7.3-4 @RFC4975-7.3-5 @RFC4975-10.8-1
    Scenario Outline: <what> in To-Path is answered with 481
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Alice says "not here" with <what> in To-Path
      Then the switch answers Alice with 481
      And nobody receives it
      And Alice can still talk to the room

      Examples:
        | id        | what                             |
        | scheme    | the other scheme                 |
        | port      | another port                     |
        | portless  | no port                          |
        | case      | the session-id in the other case |
        | host      | no session-id                    |
        | transport | the other transport              |
        | dot       | a dot segment                    |

    @MSRP-BI-021 @RFC4975-6-2 @PROSE
    Scenario: The URI of a session that has ended means nothing any more
      Given a chat room
      And Alice, Bob and Carol have joined the room
      And Bob has left the room, his MSRP connection still open
      Then Bob's MSRP session is over
      And Alice can still talk to the room

  Rule: A URI may name a user

    @MSRP-BV-022 @RFC4975-6-12 @RFC4975-6.1-6 @PROSE
    Scenario: A participant whose path has a userinfo is served
      Given a chat room
      And Alice, Bob and Carol have joined the room
      When Dave joins the room with a user in the path
      Then the focus answers Dave with 200
      And Dave can still talk to the room
      And Alice can still talk to the room
