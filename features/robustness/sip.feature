@robustness @focus @serial
Feature: Hostile SIP, and a focus that still lets others in
  Over a stream, where a message has no end but the one that it claims. Nothing here is a matter of conformance; what is
  asked is that the focus goes on, and that the room still works for the others.

  Background:
    Given a chat room
    And Bob, Carol and Mallory have joined the room

  @TORTURE-BI-010 @ROBUST-8
  Scenario Outline: <what> over a stream
    When Mallory sends <what> over a new SIP connection
    Then the room still works for Bob and Carol, and Dave can join

    Examples:
      | id       | what                                                |
      | headers  | an OPTIONS with ten thousand headers                |
      | header   | an OPTIONS with a header of a million octets        |
      | length   | an OPTIONS with a Content-Length beyond any counter |
      | negative | an OPTIONS with a Content-Length below zero         |
      | nul      | an OPTIONS with NUL in a header                     |
      | utf8     | an OPTIONS with a header that is not UTF-8          |
      | garbage  | garbage                                             |
      | msrp     | MSRP                                                |

  @TORTURE-BI-011 @ROBUST-8
  Scenario Outline: A stream that ends in the middle of a message: <what>
    When Mallory sends <what> over a new SIP connection
    And Mallory closes that connection
    Then the room still works for Bob and Carol, and Dave can join

    Examples:
      | id     | what                        |
      | half   | half an INVITE              |
      | body   | an INVITE without its body  |

  @TORTURE-BI-012 @ROBUST-9
  Scenario Outline: <what>
    When Mallory sends <what> over a new SIP connection
    Then the focus answers Mallory or closes that connection
    And the room still works for Bob and Carol, and Dave can join

    Examples:
      | id    | what                                                        |
      | lines | an INVITE whose description has two thousand lines          |
      | port  | an INVITE whose description has a port of a thousand digits |
