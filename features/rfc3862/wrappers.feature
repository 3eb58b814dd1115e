@RFC3862 @switch
Feature: The wrapper passes the switch as its sender wrote it (RFC 3862, 2 and 6)
  Whoever passes a Message/CPIM on changes nothing in it. What its grammar allows is no reason to refuse a message, and what
  the switch does not know it overlooks.

  Background:
    Given a chat room
    And Alice, Bob and Carol have joined the room

  Rule: No octet of a wrapper changes on its way

    @CPIM-BV-001 @RFC3862-2.2-1 @RFC3862-2.2-19 @RFC3862-6-3 @RFC3862-9-1 @MUST-NOT
    Scenario Outline: A wrapper with <what> arrives octet for octet
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        <line>

        Content-Type: text/plain

        as it was written {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id       | what                                   | line                                       |
        | zone     | a time of another zone                 | DateTime: 2026-01-15T12:00:00.25-05:00     |
        | language | a subject in a language                | Subject:;lang=fr Objet de {nonce}          |
        | blanks   | runs of blanks in a value              | Subject: a   b     {nonce}                 |
        | escapes  | escapes in a value                     | Subject: {nonce} \\\\ \\t \\u0007 \\u007F end   |
        | script   | letters beyond ASCII in a value        | Subject: {u5C71}{u7530} {u00E9} {nonce}    |
        | case     | a header that nobody knows             | x-uNheard-oF: {nonce}                      |

    @CPIM-BV-002 @RFC3862-2.2-20 @RFC3862-2.2-1 @RFC3862-6-3 @MUST-NOT
    Scenario: The headers keep their order
      When Alice sends the wrapper
        """
        Subject: what comes last may come first {nonce}
        DateTime: 2026-01-15T12:00:00Z
        To: <{room}>
        From: <{alice}>

        Content-Type: text/plain

        in whatever order {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @CPIM-BV-003 @RFC3862-2-5 @RFC3862-7.1-1 @RFC3862-8-2 @RFC3862-9-3 @PROSE
    Scenario Outline: Content with <what> arrives octet for octet
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>

        Content-Type: text/plain; charset=<charset>

        {nonce} <content>
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id     | what                           | charset    | content                                  |
        | latin  | letters in ISO 8859-1          | iso-8859-1 | Gr{xFC}{xDF}e                            |
        | wide   | letters in UTF-16              | utf-16le   | H{x00}i{x00}                             |
        | lf     | line feeds that stand alone    | utf-8      | one{x0A}two{x0A}three                    |
        | cr     | carriage returns without LF    | utf-8      | one{x0D}two                              |
        | blank  | blank lines in it              | utf-8      | one{x0D}{x0A}{x0D}{x0A}two               |
        | header | lines that look like headers   | utf-8      | {x0D}{x0A}{x0D}{x0A}To: nobody{x0D}{x0A} |
        | tail   | a line end as its last octets  | utf-8      | bye{x0D}{x0A}                            |

    @CPIM-BV-004 @RFC3862-2.4-3 @PROSE
    Scenario Outline: <what> can be wrapped
      When Alice says "<text>" as "<type>"
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id     | what                     | text                                       | type                          |
        | own    | A type of nobody         | whatever this is                           | application/x-{nonce}         |
        | video  | A film                   | moving                                     | video/h264                    |
        | nested | A message within another | From: nobody at all                        | message/cpim                  |
        | parts  | A multipart              | two halves                                 | multipart/mixed; boundary=xyz |

  Rule: What the grammar allows is no reason to refuse a message

    @CPIM-BV-010 @RFC3862-2.2-15 @RFC3862-3.3-1 @RFC3862-2.2-1 @PROSE
    Scenario Outline: <what> several times is passed on (T75)
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        <one>
        <other>

        Content-Type: text/plain

        say it twice {nonce}
        """
      Then the switch answers Alice with 200 (400 is tolerated)
      And Bob and Carol receive it octet for octet, if the switch took it

      Examples:
        | id      | what                       | one                    | other                     |
        | subject | A subject in two languages | Subject:;lang=en hello | Subject:;lang=fr bonjour  |

    @CPIM-BV-011 @RFC3862-2.2-15 @RFC3862-2.2-17 @PROSE
    Scenario: An unknown header may stand several times
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        X-Mood: bright {nonce}
        X-Mood: brighter
        X-Mood: bright {nonce}

        Content-Type: text/plain

        cheer up {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @CPIM-BV-012 @RFC3862-2.2-7 @SHOULD-NOT
    Scenario: A header of more than a thousand octets is passed on
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        Subject: {nonce} aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa

        Content-Type: text/plain

        in one breath {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @CPIM-BV-013 @RFC3862-3.6-3 @RFC3862-3.3-1 @PROSE
    @RFC3862-2.2-1 @RFC3862-2.2-19
    Scenario Outline: A header with <what> is passed on
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        X-Mood:<parameters> fine {nonce}

        Content-Type: text/plain

        with something on top {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id     | what                            | parameters                 |
        | lang   | a language                      | ;lang=de-CH                |
        | token  | a parameter that nobody knows   | ;degree=very               |
        | number | a number in a parameter         | ;degree=11                 |
        | string | a quoted string in a parameter  | ;why="a; \\"b\\": c"         |
        | both   | a language and a parameter      | ;lang=en;degree=11         |

    @CPIM-BV-014 @RFC3862-3.5-3 @SHOULD
    @RFC3862-2.2-1 @RFC3862-2.2-19
    Scenario: What the recipient has to understand need not be understood by the switch
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        NS: MyFeatures <mid:{nonce}@example.invalid>
        Require: MyFeatures.VitalMessageOption,Subject
        MyFeatures.VitalMessageOption: Confirmation-requested
        Subject: {nonce}

        Content-Type: text/plain

        only for those who understand {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @CPIM-BV-015 @RFC3862-4.3-4 @RFC3862-4.3-1 @RFC3862-4.3-2 @SHOULD
    @RFC3862-2.2-1 @RFC3862-2.2-19
    Scenario Outline: <what> makes neither a whisper nor an error (T17)
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        <one>
        <other>

        Content-Type: text/plain

        with copies for all {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id      | what                          | one             | other                                    |
        | several | A cc to two participants      | cc: <{bob}>     | cc: "Carol"<{carol}>                     |
        | capital | A cc in larger letters        | Cc: <{bob}>     | CC: <{carol}>                            |
        | outside | A cc to somebody far away     | cc: <{bob}>     | cc: <im:nobody-{nonce}@example.invalid>  |

  Rule: The formal name is for humans

    @CPIM-BV-020 @RFC3862-3.6-4 @RFC3862-4.1-1 @RFC3862-4.1-3 @RFC3862-4.1-4 @PROSE
    @RFC3862-2.2-1 @RFC3862-2.2-19
    Scenario Outline: Alice signs with <what> before her URI (T18)
      When Alice sends the wrapper
        """
        From: <name><{alice}>
        To: <{room}>

        Content-Type: text/plain

        whatever I call myself {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id     | what                             | name                    |
        | none   | nothing                          |                         |
        | word   | a word                           | Alice{x20}              |
        | words  | several words                    | Alice from Wonderland{x20} |
        | quoted | a quoted name                    | "Alice, queen"          |
        | blank  | a quoted name and a blank        | "Alice, queen"{x20}     |
        | uri    | somebody else's URI in quotes    | "<{bob}>"               |
        | other  | somebody else's name             | "Bob"                   |

    @CPIM-BV-021 @RFC3862-8-1 @RFC3862-4.1-1 @PROSE
    @RFC3862-2.2-1 @RFC3862-2.2-19
    Scenario Outline: A formal name in <what> is passed on unharmed
      When Alice sends the wrapper
        """
        From: <name><{alice}>
        To: <{room}>

        Content-Type: text/plain

        in my own letters {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id     | what                   | name                                  |
        | han    | Chinese characters     | {u5C71}{u7530}{x20}                   |
        | greek  | Greek, in quotes       | "{u0391}{u03BB}{u03AF}{u03BA}{u03B7}" |
        | hebrew | Hebrew, in quotes      | "{u05D0}{u05DC}{u05D9}{u05E1}"        |

    @CPIM-BV-022 @RFC3862-4.2-3 @RFC3862-4.2-4 @RFC3862-4.2-1 @PROSE
    @RFC3862-2.2-1 @RFC3862-2.2-19
    Scenario Outline: The room is meant, whatever it is called: <what>
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <name><{room}>

        Content-Type: text/plain

        to all of you {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id     | what                      | name         |
        | bob    | a participant's name      | "Bob"        |
        | uri    | a participant's URI       | "<{bob}>"    |
        | words  | two words                 | the room{x20} |

    @CPIM-BV-024 @RFC3862-2.3.1-7 @MUST
    @RFC3862-2.2-1 @RFC3862-2.2-19
    Scenario Outline: <what> does not end a formal name
      When Alice sends the wrapper
        """
        From: "<name>"<{alice}>
        To: <{room}>

        Content-Type: text/plain

        mind the backslash {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id    | what                         | name                    |
        | quote | An escaped quote             | the \\"real\\" Alice      |
        | uri   | A URI behind escaped quotes  | \\" <{bob}> \\"           |
        | slash | An escaped backslash         | C:\\\\Alice\\\\             |

    @CPIM-BV-025 @RFC3862-2.3.1-8 @SHOULD
    @RFC3862-2.2-1 @RFC3862-2.2-19
    Scenario Outline: <what> where none was needed does no harm
      When Alice sends the wrapper
        """
        From: "<name>"<{alice}>
        To: <{room}>

        Content-Type: text/plain

        more than enough {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id     | what                    | name                 |
        | code   | An escape by number     | \\u0041lice           |
        | single | An escaped single quote | Alice\\'s             |

  Rule: From and To keep their form and the case of their names

    @CPIM-BI-001 @RFC3862-2.2-16 @RFC3862-3-3 @RFC3862-3.6-1 @RFC3862-4-4 @MUST
    Scenario Outline: <name> in other letters is no <what> (T20, T21)
      When Alice sends the wrapper
        """
        <from>
        <to>

        Content-Type: text/plain

        in other letters {nonce}
        """
      Then the switch answers Alice with 403, 404 or 400
      And nobody receives it
      And Alice can still talk to the room

      Examples:
        | id        | name | what      | from             | to           |
        | from      | from | sender    | from: <{alice}>  | To: <{room}> |
        | from-caps | FROM | sender    | FROM: <{alice}>  | To: <{room}> |
        | to        | to   | addressee | From: <{alice}>  | to: <{room}> |

    @CPIM-BI-002 @RFC3862-4.2-1 @RFC3862-3.2-1 @MUST
    Scenario Outline: To is <what>
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <to>

        Content-Type: text/plain

        no address to find {nonce}
        """
      Then the switch answers Alice with 403, 404 or 400
      And nobody receives it
      And Alice can still talk to the room

      Examples:
        | id    | what        | to                 |
        | words | only a name | everybody {nonce}  |
        | empty | empty       | <>                 |

    @CPIM-BV-030 @RFC3862-2.2-16 @RFC3862-2.2-17 @SHOULD
    Scenario: A header that is To but for its letters is no second addressee (T20)
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        TO: <{bob}>
        to: <{carol}>

        Content-Type: text/plain

        still for all {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet
