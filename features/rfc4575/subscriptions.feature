@RFC4575 @notifier
Feature: The roster can be subscribed to (RFC 4575, 3)
  The focus is the notifier of the conference event package: it accepts subscriptions, tells the whole state at once
  and after each refresh, and says when and why a subscription is over.

  Background:
    Given a chat room
    And Alice, Bob and Carol have joined the room

  Rule: A subscription begins with the SUBSCRIBE

    @WATCH-BV-001 @RFC4575-3.3-1 @PROSE
    Scenario: A subscription without Expires lasts an hour, or less
      When Alice subscribes to the roster without Expires
      Then the focus accepts the subscription of Alice
      And the subscription of Alice lasts an hour at most
      And the first notification to Alice has the full state

    @WATCH-BV-002 @RFC4575-3.4-5 @PROSE
    Scenario: Who does not say what it accepts gets the package's own type
      When Alice subscribes to the roster without Accept
      Then the focus accepts the subscription of Alice
      And the first notification to Alice has the full state

    @WATCH-BI-001 @RFC4575-3.4-1 @PROSE
    Scenario: Who accepts plain text only gets no conference document
      When Alice subscribes to the roster accepting only "text/plain"
      Then Alice gets no document of a type that she does not accept

    @WATCH-BI-002 @RFC4575-3.1-1 @PROSE
    Scenario: Another event package is not taken for this one
      When Alice subscribes to the event package "no-such-package"
      Then the focus answers Alice with 489
      And the roster shows Alice

    @WATCH-BV-003 @RFC4575-5.3.2-5 @PROSE
    Scenario: The URI for events takes subscriptions
      When Alice subscribes to the roster at the URI that it gives for events
      Then the focus accepts the subscription of Alice
      And the first notification to Alice has the full state

  Rule: A refresh brings the whole state again

    @WATCH-BV-010 @RFC4575-3.2-3 @RFC4575-4.6-8 @PROSE
    Scenario: A refresh is answered with the full state
      Given Alice watches the roster
      When Alice refreshes her subscription
      Then the focus accepts the subscription of Alice
      And the refresh brings Alice the full state

    @WATCH-BV-011 @RFC4575-3.2-3 @PROSE
    Scenario: The last notification has the full state too
      Given Alice watches the roster
      When Alice ends her subscription
      Then the focus accepts the subscription of Alice
      And the subscription of Alice ends with the full state

  Rule: Every subscriber is told

    @serial @WATCH-BV-020 @RFC4575-5.1-5 @RFC4575-3.6-1 @RFC4575-3.2-1 @MUST
    Scenario: Two subscribers learn of the same newcomer
      Given Alice watches the roster
      And Bob watches the roster
      When Dave joins the room
      Then Alice is notified that Dave is in the room
      And Bob is notified that Dave is in the room

    @serial @WATCH-BV-021 @RFC4575-4.6-10 @RFC4575-5.6-8 @RFC4575-3.6-1 @PROSE
    Scenario: The changes add up to the roster
      Given Alice watches the roster
      And Dave has joined the room
      When Bob leaves the room
      Then what Alice has been told adds up to the roster

    @serial @WATCH-BV-022 @RFC4575-4.6-5 @RFC4575-5.6-8 @RFC4575-3.6-1 @PROSE
    Scenario: The conference is not over because somebody leaves
      Given Alice watches the roster
      When Bob leaves the room
      Then Alice is notified that Bob is not in the room
      And nothing that Alice is told says that the conference is over
