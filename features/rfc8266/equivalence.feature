@RFC8266 @switch
Feature: Which nicknames are the same (RFC 8266, 2.1, 2.4 and 3)
  Blanks are mapped, capitals made small, NFKC applied, and again until nothing changes; then the octets decide. Where
  RFC 7700 and RFC 8266 differ, nothing is condemned (T46).

  Background:
    Given a chat room that allows nicknames
    And Alice and Bob have joined the room

  Rule: The same after the rules

    @COMPARE-BI-001 @RFC8266-2.1-5 @RFC8266-3-2 @RFC8266-3-1 @RFC7701-7.1-16 @MUST
    @RFC7701-7.1-27
    Scenario Outline: Another case: <difference>
      Given Alice holds the nickname "<held>"
      When Bob asks for the nickname "<asked>"
      Then the switch answers Bob with 425
      And the roster shows no nickname for Bob

      Examples:
        | id       | difference            | held      | asked     |
        | latin    | Latin with an accent  | éowyn     | ÉOWYN     |
        | sigma    | the sigma             | Σ         | σ         |
        | cyrillic | Cyrillic              | Снежинка  | СНЕЖИНКА  |
        | armenian | Armenian              | ԱՆԻ       | անի       |

    @COMPARE-BI-002 @RFC8266-2.1-2 @RFC8266-2.1-3 @RFC8266-2.1-4 @RFC7701-7.1-16 @MUST
    @RFC7701-7.1-27
    Scenario Outline: Other blanks: <difference>
      Given Alice holds the nickname "Foo Bar"
      When Bob asks with the Use-Nickname value '<asked>'
      Then the switch answers Bob with 425
      And the roster shows no nickname for Bob

      Examples:
        | id     | difference               | asked                                     |
        | ogham  | an Ogham blank           | "foo{u1680}bar {nonce}"                   |
        | mixed  | a run of different ones  | "Foo {u00A0}{u1680}Bar {nonce}"           |
        | end    | one at the end           | "Foo Bar {nonce} "                        |
        | start  | one at the start         | " Foo Bar {nonce}"                        |
        | inside | two inside               | "Foo  Bar {nonce}"                        |

    @COMPARE-BI-003 @RFC8266-2.1-7 @RFC8266-2.1-1 @RFC8266-3-5 @RFC8266-2.4-1 @RFC7701-7.1-16 @MUST
    @RFC7701-7.1-27
    Scenario Outline: Other characters for the same: <difference>
      Given Alice holds the nickname "<held>"
      When Bob asks for the nickname "<asked>"
      Then the switch answers Bob with 425
      And the roster shows no nickname for Bob

      Examples:
        | id        | difference             | held           | asked          |
        | numeral   | the Roman numeral four | Richard Ⅳ      | richard iv     |
        | combining | a combining accent     | Rene{u0301}    | René           |
        | halfwidth | half-width Katakana    | ｱﾘｽ            | アリス         |
        | circled   | a circled digit        | Number ①       | Number 1       |

    @COMPARE-BI-004 @RFC8266-2.4-2 @RFC8266-2.1-2 @RFC8266-2.1-5 @RFC8266-2.1-7 @RFC7701-7.1-16 @MUST
    @RFC7701-7.1-27
    Scenario Outline: All rules have their part: <difference>
      Given Alice holds the nickname "<held>"
      When Bob asks for the nickname "<asked>"
      Then the switch answers Bob with 425
      And the roster shows no nickname for Bob

      Examples:
        | id    | difference                              | held       | asked                     |
        | three | blanks, capitals and full-width letters | ice queen  | ＩＣＥ{u3000}ＱＵＥＥＮ   |
        | two   | capitals and a ligature                 | FIVE       | ﬁVe                       |

    @COMPARE-BI-005 @RFC8266-2.1-9 @RFC8266-3-3 @SHOULD
    Scenario: The rules are applied until nothing changes any more
      Given Alice holds the nickname "{u03D4}"
      When Bob asks for the nickname "{u03CB}"
      Then the switch answers Bob with 425

  Rule: Not the same after the rules

    # A room may guard against confusion (RFC 7701, 7.1), so a refusal is no more than an advisory.
    @COMPARE-BV-001 @RFC8266-2.4-3 @RFC8266-2.4-5 @SHOULD
    Scenario Outline: It only resembles the nickname of Alice: <difference>
      Given Alice holds the nickname "<held>"
      When Bob asks for the nickname "<asked>"
      Then the switch answers Bob with 200
      And the roster shows Alice as "<held>"

      Examples:
        | id     | difference                        | held   | asked  |
        | accent | a letter with an accent           | Resume | Résumé |
        | tilde  | a letter with a tilde             | Pena   | Peña   |

    @COMPARE-BV-002 @RFC8266-2.4-3 @RFC8266-2.4-5 @SHOULD
    Scenario: The Turkish capital I with a dot is not i with any case mapping but the Turkish one
      Given Alice holds the nickname "izmir"
      When Bob asks for the nickname "{u0130}zmir"
      Then the switch answers Bob with 200

    @COMPARE-BV-003 @RFC8266-3-6 @PROSE
    Scenario: The final sigma is a letter, whether the room tells it from the others or not (T46)
      Given Alice holds the nickname "νοσ"
      When Bob asks for the nickname "νος"
      Then the switch answers Bob with 200 or 425
      And Bob can still talk to the room
