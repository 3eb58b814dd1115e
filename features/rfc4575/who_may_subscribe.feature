@RFC4575 @notifier
Feature: Who may subscribe, and until when (RFC 4575, 3.3, 3.5 and 8)

  Rule: A subscriber is authenticated where the room authenticates

    @WATCH-BI-010 @RFC4575-3.5-1 @RFC4575-8-1 @RFC4575-8.1-1 @SHOULD
    Scenario: A stranger without credentials is not told who is there
      Given a chat room that asks for credentials
      And Alice has joined the room
      When Carol subscribes to the roster from outside without credentials
      Then the focus answers Carol with 401 or 407 (403 is tolerated)
      And Alice can still talk to the room

  Rule: The subscription ends with the conference

    @serial @WATCH-BV-030 @RFC4575-3.3-2 @PROSE
    Scenario: When the room ends, the subscription ends for want of it
      Given a chat room that ends with its creator
      And Alice has joined the room
      And Bob has joined the room
      And Bob watches the roster
      When Alice leaves the room
      Then the subscription of Bob ends with the reason "noresource"
