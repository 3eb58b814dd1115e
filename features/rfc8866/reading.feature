@RFC8866 @focus
Feature: What a session description may have, and what is overlooked in it (RFC 8866, 5)
  A client may write more into its offer than a room needs. None of it is a reason to refuse the call.

  Rule: What means nothing to a room is overlooked

    @SDP-BV-040 @RFC8866-5-7 @MUST
    Scenario Outline: An attribute that nobody knows, <where>
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with "<line>" after the <letter>-line
      Then the focus answers Alice with 200
      And Alice can still talk to the room

      Examples:
        | id      | where                | line                      | letter |
        | session | of the session       | a=x-nobody-knows:what 1=2 | t      |
        | media   | of the room's stream | a=x-nobody-knows:what 1=2 | m      |
        | flag    | without a value      | a=x-nobody-knows          | m      |

    @SDP-BV-041 @RFC8866-5.6-1 @PROSE
    Scenario Outline: <what> to reach the caller
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with "<line>" after the s-line
      Then the focus answers Alice with 200
      And Alice can still talk to the room

      Examples:
        | id    | what               | line                                     |
        | email | An email address   | e=Alice Example <alice@example.org>      |
        | phone | A telephone number | p=+1 617 555-6011                        |

    @SDP-BV-042 @RFC8866-5.8-1 @MUST
    Scenario: A bandwidth of a kind that nobody knows
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with "b=X-YZ:128" after the c-line
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @SDP-BV-043 @RFC8866-5.12-2 @MUST
    Scenario: A key, which is obsolete
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with "k=clear:secret" after the t-line
      Then the focus answers Alice with 200
      And Alice can still talk to the room

  Rule: Text and line ends

    @SDP-BV-044 @RFC8866-5-11 @MUST
    Scenario: Session name and information in other scripts
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with "s=Дружеская беседа ☕" as the s-line and "i=茶話会" after the s-line
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @SDP-BV-045 @RFC8866-5-10 @SHOULD
    Scenario: Lines that end with LF alone
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with bare line feeds
      Then the focus answers Alice with 200
      And Alice can still talk to the room

  Rule: The session's lines and the stream's

    @SDP-BV-046 @RFC8866-5.7-2 @RFC8866-5-4 @SHOULD
    Scenario: The c-line of the stream goes before that of the session
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with "c=IN IP4 192.0.2.1" as the c-line and "c={address}" after the m-line and setup passive
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @SDP-BV-047 @RFC8866-5.7-2 @PROSE
    Scenario: Only the stream has a c-line
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with "b=AS:64" as the c-line and "c={address}" after the m-line
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @SDP-BV-048 @RFC8866-5-4 @PROSE
    Scenario: A direction of the session holds for its stream
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with "a=sendonly" after the t-line
      Then the answer to Alice has the direction "recvonly or inactive"
      And Bob can still talk to the room

  Rule: What is no session description

    @SDP-BI-040 @RFC8866-5-6 @MUST
    Scenario: A line with a letter that means nothing is no reason to guess
      Given a chat room
      And Bob has joined the room
      When Alice calls the room with "y=nobody knows" after the t-line and the stream "m=application 49170 X-NOBODY/KNOWS 1" beside it
      Then the focus takes nothing from the description of Alice
      And Bob can still talk to the room
