@RFC3862 @switch
Feature: The headers of a wrapper are the sender's (RFC 3862, 2.2 and 2.3)
  A wrapper may have headers that the switch has never heard of, several of one name, in any script and of any length.
  The switch reads From and To, understands their escapes, and passes everything on as it came.

  Background:
    Given a chat room
    And Alice, Bob and Carol have joined the room

  Rule: What the switch does not know it passes on

    @CPIM-BV-001 @RFC3862-2.2-17 @RFC3862-2.2-19 @RFC3862-6-3 @RFC3862-9-1 @RFC3862-9-3 @PROSE
    Scenario: A header that nobody has defined
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        Mood: fine, thank you {nonce}

        Content-Type: text/plain

        how are you
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @CPIM-BV-002 @RFC3862-2.2-15 @RFC3862-2.2-20 @RFC3862-2.2-1 @PROSE
    @RFC3862-2.2-17
    @RFC4975-13-20
    Scenario: A header that stands three times, in its order (T75)
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        Mood: b {nonce}
        Mood: a {nonce}
        Mood: c {nonce}

        Content-Type: text/plain

        in this order
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @CPIM-BV-003 @RFC3862-3.3-1 @RFC3862-3.6-3 @PROSE
    @RFC3862-2.2-17
    Scenario Outline: A header with <what>
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        <header> {nonce}

        Content-Type: text/plain

        with parameters
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id        | what                           | header                       |
        | language  | a language                     | Subject:;lang=fr bonjour     |
        | extension | a parameter of an extension    | Mood:;tone=low hello         |
        | quoted    | a quoted parameter             | Mood:;tone="low" hello       |
        | two       | a language and another one     | Mood:;lang=en;tone=low hello |

    @CPIM-BV-004 @RFC3862-2.2-7 @SHOULD-NOT
    @RFC3862-2.2-17
    Scenario Outline: A line of <octets> octets
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        Mood: {<octets> letters} {nonce}

        Content-Type: text/plain

        at length
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id   | octets |
        | mail | 1200   |
        | long | 6000   |

    @CPIM-BV-005 @RFC3862-3.5-3 @SHOULD
    @RFC4975-13-10 @RFC4975-13-18
    Scenario: Require is for who reads the message
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        Mood: fine
        Tone: low
        Require: Mood,Tone

        Content-Type: text/plain

        read with care {nonce}
        """
      Then the switch answers Alice with 200 (400 and 403 are tolerated)
      And Bob and Carol receive it octet for octet, if the switch took it

    @CPIM-BV-006 @RFC3862-4.3-4 @RFC3862-4.3-1 @RFC3862-4.3-2 @PROSE
    @RFC4975-13-11
    Scenario: Two copies by courtesy go to nobody beside the room (T17)
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        cc: <{bob}>
        cc: "Carol"<{carol}>

        Content-Type: text/plain

        to whom it may concern {nonce}
        """
      Then the switch answers Alice with 200 (400 and 403 are tolerated)
      And Bob and Carol receive it octet for octet, if the switch took it

  Rule: Headers are in UTF-8, whatever the script

    @CPIM-BV-010 @RFC3862-8-1 @RFC3862-3-2 @PROSE
    Scenario Outline: A formal name in <script>
      When Alice sends the wrapper
        """
        From: "<name>"<{alice}>
        To: "<name>"<{room}>
        Subject: <name> {nonce}

        Content-Type: text/plain; charset=utf-8

        <name>
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id       | script                  | name    |
        | cyrillic | Cyrillic letters        | Алиса   |
        | arabic   | letters from the right  | أليس    |
        | chinese  | Chinese characters      | 爱丽丝  |
        | gothic   | letters beyond U+FFFF   | 𐌰𐌻𐌹𐍃𐌰   |

  Rule: Escapes are understood

    @CPIM-BV-011 @RFC3862-2.3.1-7 @MUST
    @RFC3862-4.1-3
    Scenario: An escaped quote does not end a formal name
      When Alice sends the wrapper
        """
        From: "\"<{bob}>\" told me"<{alice}>
        To: <{room}>

        Content-Type: text/plain

        the address stands behind the name {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @CPIM-BV-012 @RFC3862-2.3.1-8 @SHOULD
    Scenario: An escape that was not needed stands for its character
      When Alice sends the wrapper
        """
        From: <{alice-escaped}>
        To: <{room}>

        Content-Type: text/plain

        it is still me {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

  Rule: Any content can be wrapped

    @CPIM-BV-013 @RFC3862-2.4-3 @RFC3862-2.4-2 @PROSE
    Scenario Outline: Content of type <type>
      When Alice says "whatever it is" as "<type>"
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id      | type                       |
        | html    | text/html                  |
        | image   | image/png                  |
        | binary  | application/octet-stream   |
        | unknown | application/x-unheard-of   |
        | nested  | message/cpim               |
