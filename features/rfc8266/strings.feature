@RFC8266 @switch
Feature: What can be a nickname (RFC 8266, 1.1, 2.1 to 2.3 and 4)
  What the rules can map is mapped and granted. What the class of code points does not have, and what is empty after the
  rules, is no nickname: it is neither granted nor held nor shown.

  Background:
    Given a chat room that allows nicknames
    And Alice and Bob have joined the room

  Rule: What can be mapped is granted

    @COMPARE-BV-010 @RFC8266-2.1-8 @SHOULD
    Scenario Outline: A script written from right to left: <script>
      When Alice asks for the nickname "<nickname>"
      Then the switch answers Alice with 200
      And the roster shows Alice as "<nickname>"

      Examples:
        | id     | script                | nickname       |
        | hebrew | Hebrew                | אליס           |
        | arabic | Arabic                | ليلى           |
        | mixed  | Latin and Hebrew      | Alice אליס     |

    @COMPARE-BV-011 @RFC8266-3-4 @SHOULD
    Scenario Outline: A symbol is a nickname: <symbol>
      When Alice asks for the nickname "<nickname>"
      Then the switch answers Alice with 200
      And the roster shows Alice as "<nickname>"

      Examples:
        | id       | symbol            | nickname |
        | infinity | infinity, U+221E  | ∞        |
        | euro     | the sign of Euro  | 100 €    |

    @COMPARE-BV-012 @RFC8266-4-4 @SHOULD
    Scenario Outline: <what> can be mapped, and are not refused
      When Alice asks for the nickname "<nickname>"
      Then the switch answers Alice with 200
      And the roster shows Alice as "<nickname>"

      Examples:
        | id     | what                | nickname                     |
        | width  | Full-width letters  | Ａｌｉｃｅ                   |
        | blanks | Foreign blanks      | Alice{u2003}Wonder{u3000}Land |

    @COMPARE-BV-013 @RFC8266-2.3-3 @SHOULD
    Scenario: Small letters are for comparing, not for showing
      When Alice asks for the nickname "McDuck the THIRD"
      Then the switch answers Alice with 200
      And the roster shows Alice as "McDuck the THIRD"

  Rule: What cannot be mapped is refused

    @COMPARE-BI-010 @RFC8266-2.2-1 @RFC8266-2.3-1 @RFC8266-4-5 @RFC7701-7.1-16 @MUST
    Scenario Outline: A code point that nicknames do not have: <point>
      When Bob asks with the Use-Nickname value '"Bo{u<code>}b {nonce}"'
      Then the switch answers Bob with 424 (403 and 425 are tolerated)
      And the roster shows no nickname for Bob
      And Bob can still talk to the room

      Examples:
        | id        | point                          | code |
        | softhyphen | the soft hyphen               | 00AD |
        | zerowidth | the zero-width space           | 200B |
        | line      | the line separator             | 2028 |
        | jamo      | a letter of old Hangul         | 1100 |
        | private   | one for private use            | E000 |

    @COMPARE-BI-011 @RFC8266-2.3-6 @RFC8266-2.3-1 @MUST-NOT
    Scenario: What was refused is held by nobody
      Given Bob was refused the Use-Nickname value '"Hollow{u200B} {nonce}"'
      When Bob asks for the nickname "Hollow"
      Then the switch answers Bob with 200
      And the roster shows Bob as "Hollow"
      When Alice asks with the Use-Nickname value '"Hollow{u2060} {nonce}"'
      Then the switch answers Alice with 424 (403 and 425 are tolerated)
      And the roster shows no nickname for Alice

    @COMPARE-BI-012 @RFC8266-2.3-7 @RFC8266-2.2-1 @RFC8266-2.3-6 @MUST-NOT
    Scenario: Who already has a nickname is not believed either
      Given Alice holds the nickname "Trusted"
      When Alice asks with the Use-Nickname value '"Trust{uE000}ed {nonce}"'
      Then the switch answers Alice with 424 (403 and 425 are tolerated)
      And the roster shows Alice as "Trusted"

    @COMPARE-BI-013 @RFC8266-2.3-4 @RFC8266-2.3-6 @RFC7701-7.1-15 @MUST
    Scenario Outline: Nothing is left after the rules: <blanks>
      When Bob asks with the Use-Nickname value '<value>'
      Then the switch answers Bob with 424 (403 and 425 are tolerated)
      And the roster shows no nickname for Bob
      And Bob can still talk to the room

      Examples:
        | id      | blanks                      | value              |
        | foreign | no-break and Ogham blanks   | "{u00A0}{u1680}"   |
        | wide    | blanks of East Asia         | "{u3000}{u3000}"   |

  Rule: Rights come from the address, never from the nickname

    @COMPARE-BI-014 @RFC8266-1.1-2 @RFC8266-6.1-1 @claim:private-messages @MUST
    @RFC7701-4-23
    Scenario: Bob takes the user part of Alice's address for a nickname
      Given a chat room that allows nicknames and private messages
      And Carol has joined the room
      When Bob sends the request
        """
        MSRP {transaction} NICKNAME
        To-Path: {switch}
        From-Path: {bob}
        Use-Nickname: "{alice-user}"
        -------{transaction}$
        """
      Then the switch answers Bob with 200 (403 and 425 are tolerated)
      When Carol whispers "for Alice alone" to Alice
      Then the switch answers Carol with 200
      And Alice receives it
      And Bob does not receive it
