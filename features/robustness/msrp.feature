@robustness @switch @serial
Feature: Hostile MSRP requests, and a room that still works
  No standard says how much of this a switch must bear, and nothing here is a matter of conformance. What is asked is the
  same everywhere: it answers or closes the connection, either is fine, and the room still works for the others. In the
  spirit of RFC 4475, which does the like for SIP.

  Background:
    Given a chat room
    And Bob, Carol and Mallory have joined the room

  @TORTURE-BI-001 @ROBUST-1
  Scenario Outline: Too much of something: <what>
    When Mallory sends a request with <what>
    Then the switch answers Mallory or closes the connection
    And the room still works for Bob and Carol, and Dave can join

    Examples:
      | id         | what                                             |
      | headers    | ten thousand headers                             |
      | header     | a header of a million octets                     |
      | method     | a method of a million letters                    |
      | to-path    | a thousand URIs in To-Path                       |
      | from-path  | a thousand URIs in From-Path                     |
      | id         | a transaction identifier of ten thousand letters |
      | message-id | a Message-ID of ten thousand letters             |

  @TORTURE-BI-002 @ROBUST-2
  Scenario Outline: Octets and numbers that nobody reckons with: <what>
    When Mallory sends a request with <what>
    Then the switch answers Mallory or closes the connection
    And the room still works for Bob and Carol, and Dave can join

    Examples:
      | id     | what                                       |
      | nul    | NUL in a header                            |
      | utf8   | a header that is not UTF-8                 |
      | digits | a Byte-Range of a thousand digits          |
      | bits   | a Byte-Range just beyond 64 bits           |
      | order  | a Byte-Range that ends before it starts    |
      | total  | a Byte-Range whose total is four exabytes  |

  @TORTURE-BI-003 @ROBUST-3
  Scenario Outline: Searched for its end again and again: <what>
    When Mallory sends a request with <what>
    Then the switch answers Mallory or closes the connection
    And the room still works for Bob and Carol, and Dave can join

    Examples:
      | id        | what                                   |
      | near-ends | a body that almost ends a thousand times |
      | empty     | a body of a million line ends          |

  @TORTURE-BI-004 @ROBUST-4
  Scenario Outline: A wrapper without measure: <what>
    When Mallory sends a request with <what>
    Then the switch answers Mallory or closes the connection
    And the room still works for Bob and Carol, and Dave can join

    Examples:
      | id         | what                                        |
      | headers    | ten thousand headers in the wrapper         |
      | header     | a header of a million octets in the wrapper |
      | recipients | a thousand recipients in the wrapper        |
      | nested     | a hundred wrappers, one in the other        |

  Rule: However the octets come

    @TORTURE-BV-001 @ROBUST-5
    Scenario: A request that comes octet by octet
      When Mallory sends a request octet by octet
      Then the switch answers Mallory or closes the connection
      And the room still works for Bob and Carol, and Dave can join

    @TORTURE-BV-003 @ROBUST-6
    Scenario: Two hundred requests in one write
      When Mallory sends 200 requests in one write
      Then the switch answers Mallory or closes the connection
      And the room still works for Bob and Carol, and Dave can join

    @TORTURE-BV-004 @ROBUST-6 @claim:nicknames
    Scenario: A thousand nicknames in a row
      When Mallory asks for 1000 nicknames in a row
      Then the switch answers Mallory or closes the connection
      And the room still works for Bob and Carol, and Dave can join

    @TORTURE-BI-005 @ROBUST-7
    Scenario: A connection that ends in the middle of a request
      Given Mallory begins a request and goes no further
      When Mallory loses the connection
      Then the room still works for Bob and Carol, and Dave can join

    @TORTURE-BI-006 @ROBUST-7
    Scenario Outline: <what> where MSRP is expected
      When Mallory sends <what> over a new MSRP connection
      Then the room still works for Bob and Carol, and Dave can join

      Examples:
        | id       | what                                |
        | garbage  | garbage                             |
        | http     | HTTP                                |
        | tls      | a TLS handshake                     |
        | sip      | SIP                                 |
