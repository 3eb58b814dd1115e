@RFC3261 @focus
Feature: What is repeated until it is acknowledged, and how it travels (RFC 3261, 13.3.1.4, 17 and 18)

  Rule: A 2xx to INVITE is repeated until its ACK comes

    @RESEND-TI-001 @RFC3261-13.3.1.4-4 @PROSE
    Scenario: Without an ACK the 2xx comes again
      Given a chat room
      And Bob has joined the room
      And Alice withholds her ACK
      When Alice joins the room
      Then the focus repeats its answer to Alice
      And Bob can still talk to the room

    @RESEND-TI-002 @RFC3261-13.3.1.4-5 @PROSE
    Scenario: The 2xx comes again over TCP, too
      Given a chat room
      And Bob has joined the room
      And Alice reaches the focus over TCP, and has an answer there
      And Alice withholds her ACK
      When Alice joins the room
      Then the focus repeats its answer to Alice

    @RESEND-TI-003 @RFC3261-13.3.1.4-6 @PROSE
    Scenario: The ACK ends it
      Given a chat room
      And Bob has joined the room
      And Alice withholds her ACK
      And Alice joins the room
      When Alice sends the ACK after all
      Then the focus does not repeat its answer to Alice any more
      And Alice can still talk to the room

    @RESEND-TI-004 @RFC3261-13.3.1.4-7 @RFC3261-15.1.1-1 @SHOULD
    Scenario: Who never acknowledges is sent home after 64*T1, and hears nothing more
      Given a chat room
      And Bob and Carol have joined the room
      And Alice withholds her ACK
      And Alice joins the room
      And Alice keeps her MSRP connection open after a BYE
      When the focus gives Alice up with BYE
      Then the roster does not show Alice
      When Bob says "are you there"
      Then Carol receives it
      And Alice does not receive it

    @RESEND-TI-005 @RFC3261-14.2-4 @SHOULD
    Scenario: Who never acknowledges the answer to a re-INVITE is sent home after 64*T1
      Given a chat room
      And Alice and Bob have joined the room
      And Alice withholds her ACK
      And Alice renews her session
      When the focus gives Alice up with BYE
      Then Bob can still talk to the room

  Rule: A refusal of INVITE is repeated over UDP until its ACK comes

    # Who refuses without keeping a state repeats nothing (RFC 3261, 8.2.7): advice, no more.
    @RESEND-TI-010 @RFC3261-17.2.1-3 @SHOULD
    Scenario: Without an ACK the refusal comes again
      Given a chat room
      And SIP goes over UDP
      And Bob has joined the room
      And Alice withholds her ACK
      When Alice joins the room requiring the extension "org.example.unheard-of"
      Then the focus does not let Alice in
      And the focus repeats its answer to Alice

    @RESEND-TI-011 @RFC3261-17.2.1-3 @PROSE
    Scenario: Over TCP it does not
      Given a chat room
      And Alice reaches the focus over TCP, and has an answer there
      And Alice withholds her ACK
      When Alice joins the room requiring the extension "org.example.unheard-of"
      Then the focus does not let Alice in
      And the focus does not repeat its answer to Alice

    @RESEND-TI-012 @RFC3261-17.2.1-5 @MUST
    Scenario: The ACK ends it
      Given a chat room
      And SIP goes over UDP
      And Bob has joined the room
      And Alice withholds her ACK
      And Alice joins the room requiring the extension "org.example.unheard-of"
      When Alice sends the ACK after all
      Then the focus does not repeat its answer to Alice any more

    @RESEND-BO-010 @RFC3261-17.2.1-4 @SHOULD
    Scenario: A repeated INVITE gets the same refusal at once
      Given a chat room
      And Bob has joined the room
      And Alice withholds her ACK
      And Alice joins the room requiring the extension "org.example.unheard-of"
      When Alice repeats her INVITE 3 times
      Then the focus repeats its answer to Alice at once

  Rule: Repeated requests are recognized

    @RESEND-TI-020 @RFC3261-17.2.1-1 @MUST
    Scenario: Who is to wait is told so
      Given a chat room that answers slowly
      When Alice calls the room
      Then the focus keeps Alice informed

    @RESEND-BO-020 @RFC3261-17.2.1-2 @MUST
    Scenario: An INVITE that is repeated while it is pending gets the provisional response again
      Given a chat room that answers slowly
      And Bob has joined the room
      When Alice calls the room and is kept waiting
      And Alice repeats her INVITE 3 times
      Then the focus says 100 again to Alice
      And the focus lets Alice in all the same
      And Alice can still talk to the room

    @RESEND-BO-021 @RFC3261-17.2.2-1 @MUST
    Scenario: A repeated BYE gets its 200 again
      Given a chat room
      And SIP goes over UDP
      And Alice has joined the room
      And Bob has joined the room
      When Bob leaves the room
      And Bob repeats his BYE 3 times
      Then the focus answers both copies of Bob's BYE with 200
      And Alice can still talk to the room

    @RESEND-BV-022 @RFC3261-17.2.3-1 @PROSE
    Scenario: The same branch from two senders makes two transactions
      Given a chat room
      And Carol has joined the room
      When Alice and Bob send OPTIONS under the same branch
      Then the focus answers both Alice and Bob with 200

    @RESEND-TI-022 @RFC3261-17.1.2.2-1 @MUST
    Scenario: A NOTIFY that is not answered comes again
      Given a chat room
      And Alice and Bob have joined the room
      And Alice watches the roster
      And Alice leaves the requests of the focus unanswered
      When Bob leaves the room
      Then the focus repeats its NOTIFY to Alice

  Rule: Responses find their way back

    @RESEND-BV-030 @RFC3261-18.2.1-1 @MUST
    Scenario: The focus is reached over TCP at the same port
      Given a chat room
      And Bob has joined the room
      And Alice reaches the focus over TCP
      When Alice joins the room
      Then the focus answers Alice with 200
      And Alice can still talk to the room

    @RESEND-BV-031 @RFC3261-18.2.1-2 @MUST
    Scenario: A name in Via is completed by the address
      Given a chat room
      And Alice has joined the room
      When Alice sends OPTIONS with a name for the host in Via
      Then the Via of the answer to Alice says where the request came from

    @RESEND-BV-032 @RFC3261-18.2.2-2 @MUST
    Scenario: The response goes to the port of sent-by
      Given a chat room
      And Alice and Bob have joined the room
      When Alice sends OPTIONS with no rport and the address of Bob in Via
      Then the answer comes to Bob

    @RESEND-BV-033 @RFC3261-18.2.2-2 @MUST
    Scenario: The response goes to the source port where rport asks for it (RFC 3581)
      Given a chat room
      And Alice has joined the room
      When Alice sends OPTIONS with rport and another port in Via
      Then the answer comes to Alice

  Rule: Datagrams of any length are read

    @RESEND-BV-040 @RFC3261-18.1.1-1 @RFC3261-18.3-3 @MUST
    Scenario Outline: An INVITE <that way> is as good as another
      Given a chat room
      And Bob has joined the room
      When Alice enters by an INVITE <that way>
      Then the focus answers Alice with 200
      And Alice can still talk to the room

      Examples:
        | id     | that way               |
        | long   | of 6000 octets         |
        | length | without Content-Length |

    @RESEND-BI-040 @RFC3261-18.3-1 @MUST
    Scenario: What stands behind the body of a datagram is thrown away
      Given a chat room
      And Bob has joined the room
      When Alice sends OPTIONS in a datagram that is longer than it says
      Then the focus answers Alice with 200 (415 is tolerated)
      And Bob can still talk to the room

    @RESEND-BI-041 @RFC3261-18.3-2 @SHOULD
    Scenario: A datagram that is shorter than it says is refused
      Given a chat room
      And Bob has joined the room
      When Alice sends OPTIONS in a datagram that is shorter than it says
      Then the focus answers Alice with 400
      And Bob can still talk to the room
