@RFC4975 @switch
Feature: Success-Report and Failure-Report are two wishes, each kept for itself (RFC 4975, 5.3 and 7.1)
  Failure-Report decides about responses and failure reports, Success-Report about success reports. Neither looks at the
  other.

  Background:
    Given a chat room
    And Alice, Bob and Carol have joined the room

  Rule: A message that is delivered

    @MSRP-BV-070 @RFC4975-5.3-5 @RFC4975-7.1.3-1 @RFC4975-7.2-1 @MUST
    @RFC4975-7.3.1-19
    Scenario: Success-Report yes, Failure-Report yes: a response and a report
      When Alice says "tell me everything" with the headers "Success-Report: yes" and "Failure-Report: yes"
      Then the switch answers Alice with 200
      And Alice gets a success report that covers the whole message
      And Bob and Carol receive it

    @MSRP-BV-071 @RFC4975-5.3-5 @RFC4975-7.1.3-12 @RFC4975-7.2-1 @MUST
    Scenario Outline: Success-Report <success>, Failure-Report yes: a response alone
      When Alice says "an answer is enough" with the headers "Failure-Report: yes" and "Success-Report: no"
      Then the switch answers Alice with 200
      And Bob and Carol receive it
      And Alice gets no report on it

      Examples:
        | id | success |
        | no | no      |

    @MSRP-BV-072 @RFC4975-5.3-5 @RFC4975-7.1.3-1 @RFC4975-7.1.4-5 @RFC4975-7.1.4-4 @MUST
    Scenario Outline: Success-Report yes, Failure-Report <failure>: a report alone
      When Alice says "tell me when it is there" with the headers "Success-Report: yes" and "Failure-Report: <failure>"
      Then Alice gets a success report that covers the whole message
      And the switch does not answer Alice
      And Bob and Carol receive it

      Examples:
        | id      | failure |
        | partial | partial |
        | no      | no      |

    @MSRP-BV-073 @RFC4975-5.3-5 @RFC4975-7.1.3-12 @RFC4975-7.1.4-5 @RFC4975-7.1.4-4 @MUST
    Scenario Outline: Success-Report no, Failure-Report <failure>: neither response nor report
      When Alice says "never mind" with the headers "Success-Report: no" and "Failure-Report: <failure>"
      Then Bob and Carol receive it
      And the switch does not answer Alice
      And Alice gets no report on it

      Examples:
        | id      | failure |
        | partial | partial |
        | no      | no      |

    @MSRP-BV-074 @RFC4975-5.4-33 @PROSE
    Scenario: A duplicate is answered like any other message
      Given Alice says "once and again"
      And the switch answers Alice with 200
      And Bob and Carol receive it
      When Alice sends the same message again
      Then the switch answers Alice with 200
      And Alice can still talk to the room

  Rule: A message that is refused

    @MSRP-BI-070 @RFC4975-5.3-5 @RFC4975-5.3-3 @RFC4975-7.1.4-1 @RFC4975-7.1.4-7 @MUST
    Scenario Outline: <headers>: the refusal is told, no success is
      When Alice sends the wrapper with the headers "<one>" and "<other>"
        """
        From: <{bob}>
        To: <{room}>

        Content-Type: text/plain

        not by Bob {nonce}
        """
      Then the switch answers Alice with 403
      And Alice gets no success report on it
      And nobody receives it

      Examples:
        | id     | headers                                | one                 | other               |
        | yesyes | Success-Report yes, Failure-Report yes | Success-Report: yes | Failure-Report: yes |
        | noyes  | Success-Report no, Failure-Report yes  | Success-Report: no  | Failure-Report: yes |

    @MSRP-BI-071 @RFC4975-5.3-5 @RFC4975-5.3-3 @RFC4975-7.1.4-6 @SHOULD
    Scenario Outline: <headers>: the refusal is told, no success is (T30)
      When Alice sends the wrapper with the headers "<one>" and "<other>"
        """
        From: <{bob}>
        To: <{room}>

        Content-Type: text/plain

        not by Bob {nonce}
        """
      Then the switch answers Alice with 403
      And Alice gets no success report on it
      And nobody receives it

      Examples:
        | id         | headers                                    | one                 | other                   |
        | yespartial | Success-Report yes, Failure-Report partial | Success-Report: yes | Failure-Report: partial |
        | nopartial  | Success-Report no, Failure-Report partial  | Success-Report: no  | Failure-Report: partial |

    @MSRP-BI-072 @RFC4975-5.3-5 @RFC4975-5.3-7 @RFC4975-7.1.4-3 @RFC4975-7.1.4-4 @MUST
    Scenario Outline: <headers>: silence (T30)
      When Alice sends the wrapper with the headers "<one>" and "<other>"
        """
        From: <{bob}>
        To: <{room}>

        Content-Type: text/plain

        not by Bob {nonce}
        """
      Then the switch does not answer Alice
      And Alice gets no report on it
      And nobody receives it

      Examples:
        | id    | headers                               | one                 | other              |
        | yesno | Success-Report yes, Failure-Report no | Success-Report: yes | Failure-Report: no |
        | nono  | Success-Report no, Failure-Report no  | Success-Report: no  | Failure-Report: no |

    @MSRP-BI-073 @RFC4975-5.3-9 @RFC4975-7.1.4-6 @SHOULD
    Scenario: With Failure-Report partial an unacceptable content type is told
      When Alice sends "bare text" as "text/plain" without the wrapper and with the header "Failure-Report: partial"
      Then the switch answers Alice with 415
      And nobody receives it
      And Alice can still talk to the room

  Rule: A REPORT is taken in silence

    @MSRP-BI-080 @RFC4975-7.1.2-6 @RFC4975-7.1.2-11 @RFC4975-7.1.2-4 @MUST
    Scenario: A REPORT with a body is taken like one without
      When Alice sends the request
        """
        MSRP {transaction} REPORT
        To-Path: {switch}
        From-Path: {alice-path}
        Message-ID: {message-id}
        Byte-Range: 1-10/10
        Status: 000 200 OK
        Content-Type: text/plain

        more about it
        -------{transaction}$
        """
      Then the switch does not answer Alice
      And nobody receives it
      And Alice can still talk to the room

    @MSRP-BO-080 @RFC4975-7.1.2-13 @SHOULD-NOT
    Scenario: No REPORT comes for a session that has ended
      Given Alice has sent the first chunk of a message
      When Alice has left the room, her MSRP connection still open
      Then Bob can still talk to the room
      And Alice gets no report after the BYE
