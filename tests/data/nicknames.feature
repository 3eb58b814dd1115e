@RFC7701 @switch
Feature: A nickname belongs to one participant (RFC 7701, 7.1)

  Background:
    Given a chat room that allows nicknames
    And Alice and Bob have joined it

  Rule: A nickname that somebody else holds is refused

    Background:
      Given the room is quiet

    @NICK-BI-004 @RFC7701-7.1-16 @MUST
    Scenario: Bob asks for the nickname that Alice holds
      Given Alice holds the nickname "Alice the great"
      When Bob asks for the nickname "Alice the great"
      Then the switch answers Bob with 425

    @NICK-BI-011 @RFC7701-7.1-14 @MUST
    Scenario: A nickname without its closing quote
      When Bob sends the request
        """
        MSRP {transaction} NICKNAME
        To-Path: {switch}

          # kept
        From: <sip:bob@example.com>
        -------{transaction}$
        """

  @NICK-BV-002 @RFC7701-7.1-3 @MUST
  Scenario Outline: The name <name> is taken over
    When Bob asks for the nickname "<name>"
      """
      <<name>> <sip:x>
      """
    Examples:
      | name |
      | Zoë  |
      # a remark
      | a\|b |

  @NICK-BV-003 @RFC7701-7.1-3 @SHOULD-NOT @room:nicknames-off @claim:nicknames
  Scenario Outline: A row with a name of its own
    When Bob asks for these
      | <id> | x |

    Examples:
      | id    |
      | empty |
