@RFC3862 @switch
Feature: Names are written and compared with care (RFC 3862, 3 and 4)
  The letter case of a header name counts, a prefix puts it into another name space, and what stands beside an address is
  for people.

  Background:
    Given a chat room
    And Alice, Bob and Carol have joined the room

  Rule: The name of a header has one spelling

    @CPIM-BI-001 @RFC3862-2.2-16 @RFC3862-3-3 @RFC3862-3.6-1 @RFC3862-4-4 @MUST
    Scenario Outline: '<name>' is not From (T21)
      When Alice sends the wrapper
        """
        <name>: <{alice}>
        To: <{room}>

        Content-Type: text/plain

        who has written this {nonce}
        """
      Then the switch answers Alice with 403 or 400 (415 is tolerated)
      And nobody receives it
      And Alice can still talk to the room

      Examples:
        | id    | name |
        | small | from |
        | large | FROM |

    @CPIM-BI-002 @RFC3862-2.2-16 @RFC3862-3-3 @RFC3862-3.6-1 @RFC3862-4-4 @MUST
    Scenario Outline: '<name>' is not To (T21)
      When Alice sends the wrapper
        """
        From: <{alice}>
        <name>: <{room}>

        Content-Type: text/plain

        for whom is this {nonce}
        """
      Then the switch answers Alice with 403, 404 or 400 (415 is tolerated)
      And nobody receives it
      And Alice can still talk to the room

      Examples:
        | id    | name |
        | small | to   |
        | large | TO   |

  Rule: Formal names are for people

    @CPIM-BV-020 @RFC3862-3.6-4 @RFC3862-4.1-1 @RFC3862-4.2-1 @PROSE
    Scenario Outline: A formal name <how> (T18)
      When Alice sends the wrapper
        """
        From: <name><{alice}>
        To: <name><{room}>

        Content-Type: text/plain

        call me what you like {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

      Examples:
        | id     | how                            | name                |
        | tokens | of three words                 | Alice the Great{sp} |
        | quoted | in quotes                      | "Alice, the Great"  |
        | other  | that is another's              | "Bob"               |

    # Beyond the grammar, and what everybody writes (T18).
    @CPIM-BV-023 @RFC3862-3.6-4 @SHOULD
    Scenario: A quoted formal name with a blank behind
      When Alice sends the wrapper
        """
        From: "Alice" <{alice}>
        To: "The room" <{room}>

        Content-Type: text/plain

        as in mail {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @CPIM-BV-021 @RFC3862-4.2-3 @RFC3862-4.2-4 @RFC3862-4.2-2 @PROSE
    Scenario: An address in the recipient's name is no address
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: "<{bob}>"<{room}>

        Content-Type: text/plain

        for everybody {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @CPIM-BV-022 @RFC3862-4.1-3 @RFC3862-4.1-4 @PROSE
    Scenario: An address in the sender's name is no address
      When Alice sends the wrapper
        """
        From: "<{bob}>"<{alice}>
        To: <{room}>

        Content-Type: text/plain

        it is I who say so {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

  Rule: A prefix puts a name into another name space

    @CPIM-BV-030 @RFC3862-3.1-2 @RFC3862-3.4-2 @RFC3862-3.4-7 @PROSE
    Scenario: The To of another name space is no recipient (T20)
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        NS: Game<urn:x-msrpspec:game-{nonce}>
        Game.To: <{bob}>

        Content-Type: text/plain

        your move
        """
      Then the switch answers Alice with 200 (400 and 403 are tolerated)
      And Bob and Carol receive it octet for octet, if the switch took it

    @CPIM-BV-031 @RFC3862-4-3 @RFC3862-6-1 @RFC3862-7.1-5 @RFC3862-4.6-2 @RFC3862-3.4-3 @PROSE
    @RFC4975-13-13
    Scenario: The default name space, declared (T19)
      When Alice sends the wrapper
        """
        NS: <urn:ietf:params:cpim-headers:>
        From: <{alice}>
        To: <{room}>

        Content-Type: text/plain

        nothing has changed {nonce}
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet

    @CPIM-BV-032 @RFC4975-13-16 @RFC4975-13-19 @RFC3862-3.4-7 @PROSE
    Scenario: As many name spaces as are used
      When Alice sends the wrapper
        """
        From: <{alice}>
        To: <{room}>
        NS: Game<urn:x-msrpspec:game-{nonce}>
        NS: Mood<urn:x-msrpspec:mood-{nonce}>
        Game.Move: e4
        Mood.Now: calm

        Content-Type: text/plain

        your move
        """
      Then the switch answers Alice with 200
      And Bob and Carol receive it octet for octet
