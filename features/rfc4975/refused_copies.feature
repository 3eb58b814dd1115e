@RFC4975 @switch
Feature: Who refuses what it is sent is not sent more of it (RFC 4975, 7.3.2 and 10)
  As a sender the switch heeds what its recipients answer and report: 413 stops one message, 415 a kind of messages, 481,
  506 and a lost range the session. A report counts like a response.

  Background:
    Given a chat room
    And Alice, Bob and Carol have joined the room

  Rule: 413 stops the one message

    @MEDIA-BV-030 @RFC4975-10.5-2 @RFC4975-10.5-4 @MUST-NOT
    Scenario: Bob answers 413 to the first chunk (T67)
      Given Bob answers everything he receives with 413
      And Alice has sent the first chunk of a message
      And Bob has received the beginning of it
      And Bob takes messages again
      When Alice sends the last chunk
      Then Carol receives it octet for octet
      And Bob receives no more of it
      And Alice can still talk to the room

    @MEDIA-BV-031 @RFC4975-7.3.2-3 @RFC4975-10.5-2 @RFC4975-10.5-4 @MUST
    Scenario: Bob reports 413 on the first chunk (T67)
      Given Alice has sent the first chunk of a message
      And Bob has received the beginning of it
      And Bob has reported 413 on it
      When Alice sends the last chunk
      Then Carol receives it octet for octet
      And Bob receives no more of it
      And Alice can still talk to the room

  Rule: A message whose chunk has failed is given up

    @MEDIA-BV-032 @RFC4975-7.3.2-4 @SHOULD
    Scenario: Bob answers 403 to the first chunk
      Given Bob answers everything he receives with 403
      And Alice has sent the first chunk of a message
      And Bob has received the beginning of it
      And the refusals of Bob have arrived
      When Alice sends the last chunk
      Then Carol receives it octet for octet
      And Bob does not get the message as complete

  Rule: A session that has failed carries nothing more

    @MEDIA-BV-033 @RFC4975-7.3.2-6 @RFC4975-7.3.2-7 @MUST
    Scenario: Bob has a report sent that a range was lost
      Given Alice says "lost on the way"
      And Bob and Carol receive it
      And Bob has reported 408 on it
      When Alice says "who is still there"
      Then Carol receives it
      And it does not come to Bob in his session

    # Nobody else is in the room, whose messages Bob would refuse before.
    @serial @MEDIA-BV-034 @RFC4975-10.8-2 @RFC4975-10.10-2 @SHOULD
    Scenario Outline: Bob answers with <code>
      Given Bob answers everything he receives with <code>
      And Alice says "are you there"
      And Bob and Carol receive it
      And the refusals of Bob have arrived
      When Alice says "who is still there"
      Then Carol receives it
      And it does not come to Bob in his session

      Examples:
        | id      | code |
        | unknown | 481  |
        | bound   | 506  |

  Rule: 415 stops the kind of message

    # What the content type of a wrapped message is can be read in two ways; a picture after a picture has the same in both.
    @serial @MEDIA-BV-035 @RFC4975-10.6-2 @SHOULD
    Scenario: Bob answers a picture with 415, and another one is sent
      Given Bob answers everything he receives with 415
      And Alice says "a picture" as "image/png"
      And Bob and Carol receive it
      And the refusals of Bob have arrived
      When Alice says "another picture" as "image/png"
      Then Carol receives it
      And it does not come to Bob in his session

  Rule: A REPORT is not answered by a REPORT

    @MEDIA-BI-030 @RFC4975-7.3.2-8 @MUST-NOT
    Scenario: Bob reports what he receives
      Given Bob reports success for everything he receives
      When Alice says "tell the switch, not me"
      Then Bob and Carol receive it
      And Bob gets no REPORT at all
