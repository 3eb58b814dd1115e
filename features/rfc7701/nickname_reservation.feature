@RFC7701 @switch
Feature: A participant reserves a nickname with NICKNAME (RFC 7701, 7.1)
  The request carries the wanted nickname in Use-Nickname. The switch says 200, or why not; once granted, the room's
  roster shows it.

  Background:
    Given a chat room that allows nicknames
    And Alice and Bob have joined the room

  Rule: A good nickname is granted and shown

    @NICK-BV-010 @RFC7701-7.1-2 @RFC7701-7.1-32 @RFC7701-7-3 @RFC7701-3-7 @RFC7701-7.4-8 @RFC7701-4-14 @RFC7701-7.1-34 @RFC7701-7.1-37 @RFC7701-10.1-1 @RFC7701-10.2-1 @MUST
    Scenario: Alice gets the nickname that she asks for
      When Alice asks for the nickname "Alice in Wonderland"
      Then the switch answers Alice with 200
      And the roster shows Alice as "Alice in Wonderland"
      And the roster shows no nickname for Bob

    @NICK-BV-011 @RFC7701-7.1-38 @RFC7701-4.1-1 @RFC7701-8-31 @MUST
    Scenario: A room that announces nicknames knows the method
      When Alice asks for the nickname "Known method"
      Then the switch answers Alice with a code other than 501
      And the roster shows Alice as "Known method"

    @NICK-BV-012 @RFC7701-7.1-12 @PROSE
    @RFC6501-4.6.3-3
    Scenario Outline: A nickname in <script> is granted and shown unharmed
      When Alice asks for the nickname "<nickname>"
      Then the switch answers Alice with 200
      And the roster shows Alice as "<nickname>"

      Examples:
        | id       | script               | nickname      |
        | latin    | accented Latin       | Señora Muñoz  |
        | greek    | Greek                | Αλίκη         |
        | cyrillic | Cyrillic             | Алиса         |
        | han      | Han characters       | 愛麗絲        |
        | markup   | characters of markup | <A & "B">     |

    @NICK-BV-013 @RFC7701-7.1-33 @RFC7701-6.3-11 @MUST
    @RFC4975-5.2-2 @RFC4975-7.2-7
    Scenario: The answer goes back along the whole From-Path
      Given Carol has joined from behind two relays
      When Carol asks for the nickname "Behind relays"
      Then the switch answers Carol with 200
      And the answer to Carol repeats her whole From-Path in To-Path

    @NICK-BV-014 @RFC7701-7.1-40 @PROSE
    @RFC4975-9-34
    Scenario: Unknown headers do not hide the nickname
      When Alice sends the request
        """
        MSRP {transaction} NICKNAME
        To-Path: {switch}
        From-Path: {alice}
        X-Weather: sunny
        Use-Nickname: "Sunny {nonce}"
        X-Mood: {nonce}
        -------{transaction}$
        """
      Then the switch answers Alice with 200
      And the roster shows Alice as "Sunny"

    @NICK-BV-015 @RFC7701-7.1-41 @PROSE
    @RFC4975-9-18
    Scenario: The header's name is found in another letter case
      When Alice sends the request
        """
        MSRP {transaction} NICKNAME
        To-Path: {switch}
        From-Path: {alice}
        USE-nickname: "Shouting {nonce}"
        -------{transaction}$
        """
      Then the switch answers Alice with 200
      And the roster shows Alice as "Shouting"

    @NICK-BV-016 @RFC7701-7-4 @PROSE
    Scenario: The nickname stands beside the display name, not in its place
      Given Carol has joined the room with the display name "Carol Danvers"
      When Carol asks for the nickname "Captain"
      Then the switch answers Carol with 200
      And the roster shows Carol as "Captain"
      And the roster does not show "Captain" as Carol's display name

    @NICK-BV-017 @RFC7701-7.1-44 @PROSE
    Scenario Outline: A nickname of <octets> octets is within the syntax, though a room may set a limit of its own (T40)
      When Alice asks for a nickname of <octets> octets
      Then the switch answers Alice with 200 (403 and 425 are tolerated)
      And the roster shows Alice as that nickname

      Examples:
        | id   | octets |
        | 24   | 24     |
        | 1023 | 1023   |

  Rule: A malformed nickname is refused with 424

    @NICK-BI-020 @RFC7701-7.1-24 @RFC7701-7.1-25 @RFC7701-7.1-28 @RFC7701-10.3-2 @RFC7701-7.1-42 @MUST
    Scenario Outline: <fault>
      When Bob asks with the Use-Nickname value '<value>'
      Then the switch answers Bob with 424
      And the roster shows no nickname for Bob
      And Bob can still talk to the room

      Examples:
        | id       | fault                                  | value            |
        | open     | A nickname without its closing quote   | "Bob             |
        | unopened | A nickname without its opening quote   | Bob"             |
        | bare     | A nickname without quotes              | Bob              |
        | tail     | Text after the closing quote           | "Bob" the second |
        | single   | Single quotes instead of double quotes | 'Bob'            |

    @NICK-BI-021 @RFC7701-7.1-24 @RFC7701-7.1-46 @MUST
    @RFC4975-9-30
    Scenario Outline: <fault> inside the quotes
      When Bob asks with the Use-Nickname value '<value>'
      Then the switch answers Bob with 424
      And the roster shows no nickname for Bob

      Examples:
        | id        | fault                           | value          |
        | quote     | A bare quote                    | "Bo"b"         |
        | backslash | A backslash that escapes a letter | "B\\ob"      |
        | escaped   | A closing quote that is escaped | "Bob\\"        |

    @NICK-BI-029 @RFC7701-7.1-24 @RFC7701-7.1-46 @MUST
    @RFC4975-9-35
    Scenario Outline: <fault> inside the quotes, which no header of MSRP may have
      When Bob asks with the Use-Nickname value '<value>'
      Then the switch answers Bob with 424 (400 is tolerated)
      And the roster shows no nickname for Bob

      Examples:
        | id        | fault                           | value          |
        | control   | A control character             | "B{x01}ob"     |
        | delete    | The DEL character               | "B{x7F}ob"     |

    @NICK-BI-022 @RFC7701-7.1-24 @RFC7701-7.1-48 @MUST
    @RFC4975-9-1 @RFC4975-9-36
    Scenario Outline: Octets that are not UTF-8: <fault>
      When Bob asks with the Use-Nickname value '<value>'
      Then the switch answers Bob with 424 (400 is tolerated)
      And the roster shows no nickname for Bob
      And Bob can still talk to the room

      Examples:
        | id     | fault                          | value              |
        | lone   | a continuation octet alone     | "B{x80}b"          |
        | cut    | a sequence cut short           | "B{xC3}"           |
        | latin1 | a letter in Latin-1            | "Ren{xE9} Bob"     |

    @NICK-BI-023 @RFC7701-7.1-24 @RFC7701-7.1-45 @MUST
    Scenario: A nickname of 1024 octets is beyond the syntax
      When Bob asks for a nickname of 1024 octets
      Then the switch answers Bob with 424
      And the roster shows no nickname for Bob
      And Bob can still talk to the room

    @NICK-BI-024 @RFC7701-7.1-47 @PROSE
    @RFC4975-9-30
    @RFC6501-4.6.3-3
    Scenario: Escaped quotes and backslashes are part of the nickname without their escapes
      When Alice asks with the Use-Nickname value '"a\"b\\c {nonce}"'
      Then the switch answers Alice with 200
      And the roster shows Alice as 'a"b\c'

    @NICK-BI-025 @RFC7701-7.1-7 @PROSE
    Scenario: A NICKNAME without Use-Nickname reserves nothing
      When Bob sends the request
        """
        MSRP {transaction} NICKNAME
        To-Path: {switch}
        From-Path: {bob}
        -------{transaction}$
        """
      Then the switch answers Bob with 400 or 424
      And the roster shows no nickname for Bob
      And Bob can still talk to the room

    @NICK-BI-026 @RFC7701-7.1-7 @PROSE
    Scenario: A NICKNAME with two Use-Nickname headers reserves nothing
      When Bob sends the request
        """
        MSRP {transaction} NICKNAME
        To-Path: {switch}
        From-Path: {bob}
        Use-Nickname: "One {nonce}"
        Use-Nickname: "Two {nonce}"
        -------{transaction}$
        """
      Then the switch answers Bob with 400 or 424
      And the roster shows no nickname for Bob

    @NICK-BI-027 @RFC7701-7.1-39 @PROSE
    Scenario: The method's name in lower case is not this method
      When Bob sends the request
        """
        MSRP {transaction} nickname
        To-Path: {switch}
        From-Path: {bob}
        Use-Nickname: "lower case {nonce}"
        -------{transaction}$
        """
      Then the switch grants Bob nothing
      And the roster shows no nickname for Bob

    @NICK-BI-028 @RFC7701-7.1-24 @RFC7701-7.1-31 @MUST
    Scenario: After a malformed request a good one is granted
      Given Bob was refused the Use-Nickname value '"Bob'
      When Bob asks for the nickname "Better Bob"
      Then the switch answers Bob with 200
      And the roster shows Bob as "Better Bob"

  Rule: A room may forbid nicknames

    @NICK-BI-030 @RFC7701-7.1-14 @RFC7701-4.1-1 @MUST
    @RFC4975-10.3-1
    Scenario: A room without nicknames refuses them with 403
      Given a chat room that forbids nicknames
      And Dave and Erin have joined the room
      When Dave asks for the nickname "Unwanted"
      Then the switch answers Dave with 403
      And the roster shows no nickname for Dave
      And Dave can still talk to the room

    @NICK-BI-031 @RFC7701-7.1-13 @SHOULD
    Scenario: The room's policy is checked before the nickname's syntax (T23)
      Given a chat room that forbids nicknames
      And Dave and Erin have joined the room
      When Dave asks with the Use-Nickname value '"Dave'
      Then the switch answers Dave with 403 (424 is tolerated)
      And Dave can still talk to the room

    @NICK-BI-032 @RFC7701-7.1-14 @RFC7701-7.3-5 @MUST
    Scenario: A room without nicknames also refuses the removal of one (T39)
      Given a chat room that forbids nicknames
      And Dave and Erin have joined the room
      When Dave asks with the Use-Nickname value '""'
      Then the switch answers Dave with 403
      And Dave can still talk to the room
