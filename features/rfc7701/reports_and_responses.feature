@RFC7701 @switch
Feature: The switch answers and reports as the receiver of a message (RFC 7701, 6.3)
  Towards the sender the switch is an MSRP endpoint: it answers each SEND as Failure-Report asks, and reports success if
  Success-Report asks for it. What the recipients report stays with the switch.

  Background:
    Given a chat room
    And Alice, Bob and Carol have joined the room

  Rule: Failure-Report decides about the response (RFC 4975, 7.2)

    @REPORT-BV-001 @RFC7701-6.3-2 @RFC7701-6.3-10 @MUST
    @RFC4975-5.3-5 @RFC4975-7.2-1
    Scenario Outline: A good message with <header>
      When Alice says "asking for an answer" with the header "<header>"
      Then the switch answers Alice with 200
      And Bob and Carol receive it

      Examples:
        | id   | header              |
        | yes  | Failure-Report: yes |
        | sno  | Success-Report: no  |

    @REPORT-BV-002 @RFC7701-6.3-2 @MUST
    @RFC4975-5.3-7 @RFC4975-5.3-8 @RFC4975-7.1.4-4 @RFC4975-7.1.4-5
    Scenario Outline: No response to a good message with <header>
      When Alice says "no need to answer" with the header "<header>"
      Then Bob and Carol receive it
      And the switch does not answer Alice

      Examples:
        | id      | header                  |
        | no      | Failure-Report: no      |
        | partial | Failure-Report: partial |

    @REPORT-BI-001 @RFC7701-6.3-2 @RFC7701-6.3-9 @MUST
    @RFC4975-5.3-4 @RFC4975-5.3-7 @RFC4975-7.1.4-3 @RFC4975-7.1.4-4
    Scenario: No response to a refused message with Failure-Report no (T30)
      When Alice sends the wrapper with the header "Failure-Report: no"
        """
        From: <{bob}>
        To: <{room}>

        Content-Type: text/plain

        silently wrong {nonce}
        """
      Then the switch does not answer Alice
      And nobody receives it
      And Alice can still talk to the room

    @REPORT-BI-002 @RFC7701-6.3-2 @RFC7701-6.3-9 @SHOULD
    @RFC4975-5.3-8 @RFC4975-7.1.4-6 @RFC4975-7.2-2
    Scenario: A refused message with Failure-Report partial is answered (T30)
      When Alice sends the wrapper with the header "Failure-Report: partial"
        """
        From: <{bob}>
        To: <{room}>

        Content-Type: text/plain

        audibly wrong {nonce}
        """
      Then the switch answers Alice with 403
      And nobody receives it

    @REPORT-BI-003 @RFC7701-6.3-2 @RFC7701-6.3-5 @MUST
    @RFC4975-5.3-7 @RFC4975-7.1.4-4 @RFC4975-7.3.1-16
    Scenario: No response to an unwrapped message with Failure-Report no (T30)
      When Alice sends "bare text" as "text/plain" without the wrapper and with the header "Failure-Report: no"
      Then the switch does not answer Alice
      And nobody receives it

  Rule: Success-Report decides about the report (RFC 4975, 7.1.3)

    @REPORT-BV-010 @RFC7701-6.3-1 @RFC7701-6.3-3 @RFC7701-6.3-14 @MUST
    @RFC4975-5.3-2 @RFC4975-7.1.2-5 @RFC4975-7.1.3-1 @RFC4975-7.1.3-8 @RFC4975-7.3.1-19
    Scenario: A success report covers the message once
      When Alice says "tell me when it is there" with the header "Success-Report: yes"
      Then the switch answers Alice with 200
      And Alice gets a success report that covers the whole message
      And Alice gets reports from the switch only, and each octet is reported once
      And Bob and Carol receive it

    @REPORT-BV-011 @RFC7701-6.3-1 @RFC7701-6.3-14 @MUST
    @RFC4975-7.1.1-39 @RFC4975-7.1.3-1 @RFC4975-7.1.3-3 @RFC4975-7.1.3-4
    Scenario: A success report covers a message in chunks
      When Alice says 5000 octets in chunks of 2048 octets with the header "Success-Report: yes"
      Then every chunk is answered with 200
      And Alice gets a success report that covers the whole message
      And Alice gets reports from the switch only, and each octet is reported once

    @REPORT-BV-012 @RFC7701-6.3-1 @RFC7701-6.3-2 @MUST
    @RFC4975-5.3-5 @RFC4975-7.1.3-1 @RFC4975-7.3.1-19
    Scenario: A success report comes also where no response may
      When Alice says "report only" with the headers "Success-Report: yes" and "Failure-Report: no"
      Then Alice gets a success report that covers the whole message
      And the switch does not answer Alice
      And Bob and Carol receive it

    @REPORT-BV-013 @RFC7701-6.3-1 @MUST
    @RFC4975-5.3-3 @RFC4975-7.1.1-14 @RFC4975-7.1.3-12
    Scenario: Nobody reports what nobody asked to be reported
      When Alice says "no report please"
      Then the switch answers Alice with 200
      And Bob and Carol receive it
      And Alice gets no report on it

    @REPORT-BI-010 @RFC7701-6.3-1 @RFC7701-6.3-9 @MUST
    @RFC4975-5.3-3
    Scenario: A refused message is not reported as a success
      When Alice sends the wrapper with the header "Success-Report: yes"
        """
        From: <{bob}>
        To: <{room}>

        Content-Type: text/plain

        never a success {nonce}
        """
      Then the switch answers Alice with 403
      And Alice gets no success report on it
      And nobody receives it

  Rule: The recipients' reports are not for the sender (T36)

    @REPORT-BI-011 @RFC7701-6.3-13 @RFC7701-6.3-14 @MUST
    @RFC4975-7.1.2-10
    Scenario: Reports of the recipients are not passed on
      Given Bob and Carol report success for everything they receive
      When Alice says "report to the switch only" with the header "Success-Report: yes"
      Then Bob and Carol receive it
      And Alice gets reports from the switch only, and each octet is reported once

    @REPORT-BI-012 @RFC7701-6.3-13 @MUST
    Scenario: A failure report of a recipient is not passed on
      Given Bob reports failure for everything he receives
      When Alice says "one of you will complain"
      Then the switch answers Alice with 200
      And Bob and Carol receive it
      And Alice gets no report on it

    @REPORT-BI-013 @RFC7701-6.3-13 @MUST
    Scenario: A recipient that refuses a copy does not make the sender's message fail
      Given Bob answers everything he receives with 413
      When Alice says "one of you refuses"
      Then the switch answers Alice with 200
      And Carol receives it
      And Alice gets no report on it

  Rule: Responses are made as RFC 4975 says

    @REPORT-BV-020 @RFC7701-6.3-11 @RFC7701-6.3-10 @MUST
    @RFC4975-5.2-2 @RFC4975-7.2-6
    Scenario: The answer to a SEND goes to the previous hop only
      Given Dave has joined from behind two relays
      When Dave says "through two relays"
      Then the switch answers Dave with 200
      And the answer to Dave has the nearest relay alone in To-Path

    @REPORT-BI-020 @RFC7701-6.3-3 @PROSE
    @RFC4975-10.9-1
    @RFC4975-9-7
    @RFC4975-12-4
    Scenario: An unknown method is answered with 501
      When Alice sends the request
        """
        MSRP {transaction} WHISTLE
        To-Path: {switch}
        From-Path: {alice-path}
        -------{transaction}$
        """
      Then the switch answers Alice with 501
      And Alice can still talk to the room

    @REPORT-BI-021 @RFC7701-6.3-3 @PROSE
    @RFC4975-7.3-1 @RFC4975-7.3-4 @RFC4975-10.8-1
    Scenario: A request for a session that does not exist is answered with 481
      When Alice sends the request
        """
        MSRP {transaction} SEND
        To-Path: msrp://{switch-host}/nosuchsession{nonce};tcp
        From-Path: {alice-path}
        Message-ID: {message-id}
        Byte-Range: 1-0/0
        -------{transaction}$
        """
      Then the switch answers Alice with 481
      And Alice can still talk to the room

    @REPORT-BI-022 @RFC7701-6.3-3 @PROSE
    @RFC4975-5.4-22 @RFC4975-5.4-23 @RFC4975-7.3-3 @RFC4975-10.10-1
    Scenario: A session is bound to one connection (T60)
      When Alice uses her session on a second connection
      Then the switch answers Alice with 506 or 481
      And Alice can still talk to the room

    @REPORT-BI-023 @RFC7701-6.3-13 @RFC7701-6.3-3 @MUST
    @RFC4975-7.1.1-16 @RFC4975-7.1.2-4 @RFC4975-7.1.2-10 @RFC4975-7.1.2-11 @RFC4975-10.9-2
    Scenario: A REPORT on an unknown message is ignored
      When Alice sends the request
        """
        MSRP {transaction} REPORT
        To-Path: {switch}
        From-Path: {alice-path}
        Message-ID: {message-id}
        Byte-Range: 1-10/10
        Status: 000 200 OK
        -------{transaction}$
        """
      Then the switch does not answer Alice
      And nobody receives it
      And Alice can still talk to the room
