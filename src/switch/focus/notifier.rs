//! The conference event package (RFC 4575) by the rules of a notifier (RFC 6665, 4.2).

use std::time::Duration;

use super::admission;
use super::dialog::{Dialog, DialogId};
use super::respond::{ALLOW_EVENTS, CONFERENCE_INFO, Refusal};
use super::roster;
use super::subscription::{Subscription, SubscriptionId, Wish};
use super::{Alarm, Focus, Incoming, Purpose};
use crate::port::Moment;
use crate::switch::fault::Fault;
use crate::wire::conference_info::State;
use crate::wire::sip::SipMessage;
use crate::wire::uri::SipUri;

impl Focus {
    /// A SUBSCRIBE outside of dialogs.
    pub(super) fn subscribe(&mut self, now: Moment, incoming: &Incoming, room: usize) -> Result<(), Refusal> {
        let wish = self.wish(incoming)?;
        if self.dialogs.len() >= self.settings.limits.dialogs {
            return Err(Refusal::new(503).with("Retry-After", "30"));
        }
        let policy = self.policy(room)?;
        let username = match self.faults.has(Fault::SubscribersUnauthenticated) {
            true => None,
            false => self.authenticator.check(now, &policy, &incoming.message, &mut self.rng)?,
        };
        admission::identify(&incoming.message, username.as_deref(), &self.settings.sip_udp.ip().to_string())?;
        let dialog =
            Dialog::from_request(&incoming.message, incoming.flow, &incoming.local_tag, &policy.name, self.faults)
                .ok_or_else(|| Refusal::new(400).because(&self.agent(), "Contact is missing or cannot be read"))?;
        let dialog = self.add_dialog(dialog);
        let outcome = self.begin(now, incoming, dialog, room, wish);
        self.settle_dialog(dialog);
        outcome
    }

    /// A SUBSCRIBE within a dialog: a refresh, an end, or a new subscription beside the session.
    pub(super) fn subscribe_within(
        &mut self,
        now: Moment,
        incoming: &Incoming,
        dialog: DialogId,
    ) -> Result<(), Refusal> {
        let wish = self.wish(incoming)?;
        let known = self
            .subscriptions
            .iter()
            .find(|(_, subscription)| subscription.dialog == dialog && subscription.event_id == wish.event_id)
            .map(|(id, _)| *id);
        if let Some(id) = known {
            if let Some(dialog) = self.dialogs.get_mut(&dialog) {
                dialog.refresh(&incoming.message, incoming.flow, self.faults);
            }
            self.grant(now, incoming, id, wish.expires, true);
            return Ok(());
        }
        let room = self.sessions.get(&dialog).map(|session| session.room).ok_or_else(|| Refusal::new(481))?;
        self.begin(now, incoming, dialog, room, wish)
    }

    /// A NOTIFY has its final response.
    pub(super) fn notified(&mut self, now: Moment, id: SubscriptionId, status: u16) {
        if status >= 300 || (status > 202 && self.faults.has(Fault::OddSuccessTakenForFailure)) {
            // RFC 6665, 4.2.2: any failure without Retry-After ends the subscription, 481 above all.
            self.note(format_args!("a NOTIFY was answered {status}: subscription removed"));
            self.drop_subscription(id);
            return;
        }
        if let Some(subscription) = self.subscriptions.get_mut(&id) {
            subscription.in_flight = false;
        }
        self.notify_if_due(now, id);
    }

    /// Whether anybody is told of the room's roster.
    pub(super) fn is_watched(&self, room: usize) -> bool {
        self.subscriptions.values().any(|subscription| subscription.room == room)
    }

    /// The room's roster is another one now.
    pub(super) fn roster_changed(&mut self, now: Moment, room: usize) {
        let concerned: Vec<SubscriptionId> = self
            .subscriptions
            .iter()
            .filter(|(_, subscription)| subscription.room == room)
            .map(|(id, _)| *id)
            .collect();
        let skipped = match concerned.len() > 1 && self.faults.has(Fault::OldestSubscriberForgotten) {
            true => concerned.len().saturating_sub(1),
            false => 0,
        };
        for id in concerned.into_iter().skip(skipped) {
            if let Some(subscription) = self.subscriptions.get_mut(&id) {
                subscription.dirty = true;
            }
            self.notify_if_due(now, id);
        }
    }

    /// The moment noted for a subscription has come.
    pub(super) fn subscription_due(&mut self, now: Moment, id: SubscriptionId) {
        let Some(subscription) = self.subscriptions.get(&id) else { return };
        if subscription.expires <= now {
            self.end_subscription(now, id, "timeout");
        } else {
            self.notify_if_due(now, id);
        }
    }

    /// Ends a subscription with a last NOTIFY.
    pub(super) fn end_subscription(&mut self, now: Moment, id: SubscriptionId, reason: &str) {
        let told = if self.faults.has(Fault::RoomEndAsTimeout) { "timeout" } else { reason };
        let state = format!("terminated;reason={told}");
        // A room that is no more has no state to tell.
        self.notify(now, id, &state, reason != "noresource");
        self.drop_subscription(id);
    }

    /// Forgets a subscription.
    pub(super) fn drop_subscription(&mut self, id: SubscriptionId) {
        let Some(subscription) = self.subscriptions.remove(&id) else { return };
        if let Some(dialog) = self.dialogs.get_mut(&subscription.dialog) {
            dialog.subscriptions = dialog.subscriptions.saturating_sub(1);
        }
        self.settle_dialog(subscription.dialog);
    }

    fn wish(&self, incoming: &Incoming) -> Result<Wish, Refusal> {
        if self.faults.has(Fault::SubscriptionRefused) {
            return Err(Refusal::new(489));
        }
        Wish::read(&incoming.message, self.faults)
    }

    fn begin(
        &mut self,
        now: Moment,
        incoming: &Incoming,
        dialog: DialogId,
        room: usize,
        wish: Wish,
    ) -> Result<(), Refusal> {
        if self.subscriptions.len() >= self.settings.limits.subscriptions {
            return Err(Refusal::new(503).with("Retry-After", "30"));
        }
        let known = self.dialogs.get_mut(&dialog).ok_or_else(|| Refusal::new(481))?;
        known.subscriptions += 1;
        let entity = crate::wire::sip::NameAddr::parse(&known.local)
            .and_then(|local| SipUri::parse(&local.uri).ok())
            .map(|uri| uri.bare())
            .map(|mut uri| {
                if self.faults.has(Fault::RosterEntityForeign) {
                    uri.user = Some("focus".to_owned());
                }
                uri.to_string()
            })
            .unwrap_or_else(|| format!("sip:{}@{}", known.room_name, self.settings.sip_udp));
        let id = SubscriptionId(self.next());
        let subscription = Subscription {
            dialog,
            room,
            event_id: wish.event_id,
            entity,
            expires: now,
            version: 1,
            told: None,
            full_due: true,
            dirty: true,
            in_flight: false,
            not_before: now,
        };
        self.subscriptions.insert(id, subscription);
        self.grant(now, incoming, id, wish.expires, false);
        Ok(())
    }

    /// Answers a SUBSCRIBE and sends the NOTIFY with full state that it entails (RFC 6665, 4.2.1.2; RFC 4575, 3.5).
    fn grant(&mut self, now: Moment, incoming: &Incoming, id: SubscriptionId, expires: Option<u64>, again: bool) {
        let longest = self.settings.timers.subscription.as_secs();
        let seconds = match expires {
            None if self.faults.has(Fault::SubscriptionOfADay) => 86_400,
            wanted => wanted.unwrap_or(longest).min(longest),
        };
        let Some(subscription) = self.subscriptions.get_mut(&id) else { return };
        subscription.expires = now + Duration::from_secs(seconds);
        subscription.full_due = !again || !self.faults.has(Fault::RefreshWithoutFullState);
        subscription.dirty = true;
        let expires = subscription.expires;
        let name = self.rooms.get(subscription.room).map(|room| room.policy.name.clone()).unwrap_or_default();
        let mut response = self.ok(incoming, &name).with("Expires", seconds.to_string());
        if incoming.message.to().is_some_and(|to| to.tag().is_none()) {
            for route in Dialog::recorded(&incoming.message, self.faults) {
                response.headers.push("Record-Route", route);
            }
        }
        self.transactions.respond(now, incoming.id, &response.without_body(), &mut self.transport);
        if seconds == 0 && again && self.faults.has(Fault::UnsubscribingUntold) {
            self.drop_subscription(id);
            return;
        }
        if seconds == 0 {
            self.end_subscription(now, id, "timeout");
            return;
        }
        self.agenda.insert((expires, Alarm::Subscription(id)));
        self.notify_active(now, id);
    }

    /// Notifies when there is something to tell, nothing in flight and the interval over.
    fn notify_if_due(&mut self, now: Moment, id: SubscriptionId) {
        let Some(subscription) = self.subscriptions.get(&id) else { return };
        if !subscription.dirty || subscription.in_flight {
            return;
        }
        if subscription.not_before > now {
            self.agenda.insert((subscription.not_before, Alarm::Subscription(id)));
            return;
        }
        self.notify_active(now, id);
    }

    fn notify_active(&mut self, now: Moment, id: SubscriptionId) {
        let Some(subscription) = self.subscriptions.get(&id) else { return };
        let left = subscription.expires.saturating_sub(now);
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        self.notify(now, id, &format!("active;expires={seconds}"), true);
    }

    fn notify(&mut self, now: Moment, id: SubscriptionId, state: &str, with_roster: bool) {
        let Some(subscription) = self.subscriptions.get_mut(&id) else { return };
        let Some(room) = self.rooms.get_mut(subscription.room) else { return };
        let users = room.snapshot();
        let version = subscription.version;
        let told = subscription.told.clone().filter(|_| !subscription.full_due);
        let changes = told.map(|told| room.changes_since(&told));
        if changes.as_ref().is_some_and(|changes| changes.is_empty()) && state.starts_with("active") {
            subscription.dirty = false;
            return;
        }
        let first = subscription.told.is_none();
        let body = with_roster.then(|| {
            // The whole roster where the changes are no shorter.
            let mut document = match changes.filter(|changes| changes.len() < users.len()) {
                Some(changes) => roster::partial(&subscription.entity, version, &changes, users.len()),
                None => roster::full(&subscription.entity, version, &room.policy, &users, self.faults),
            };
            let leaver = document.users.iter().any(|user| user.state == State::Deleted);
            if leaver && self.faults.has(Fault::LeaverEndsConference) {
                document.state = State::Deleted;
            }
            if first && self.faults.has(Fault::FirstNotificationPartial) {
                document.state = State::Partial;
                document.users_state = Some(State::Partial);
            }
            document.to_xml()
        });
        let interval = Duration::try_from_secs_f64(room.policy.roster_interval).unwrap_or_default();
        subscription.not_before = now + interval;
        if body.is_some() && !self.faults.has(Fault::RosterVersionRepeated) {
            subscription.version = version.wrapping_add(1);
        }
        subscription.told = Some(users);
        subscription.full_due = false;
        subscription.dirty = false;
        subscription.in_flight = true;
        let dialog = subscription.dialog;
        let event = match &subscription.event_id {
            Some(id) => format!("{ALLOW_EVENTS};id={id}"),
            None => ALLOW_EVENTS.to_owned(),
        };
        let name = room.policy.name.clone();
        let Some(flow) = self.dialogs.get(&dialog).map(|dialog| dialog.flow) else { return };
        let contact = self.contact(&flow, &name);
        let state = state.to_owned();
        self.send_within(now, dialog, "NOTIFY", Purpose::Notify(id), move |request: SipMessage| {
            let request = request
                .with("Contact", contact)
                .with("Event", event)
                .with("Subscription-State", state)
                .with("Allow-Events", ALLOW_EVENTS);
            match body {
                Some(body) => request.with_body(CONFERENCE_INFO, body),
                None => request.without_body(),
            }
        });
    }
}
