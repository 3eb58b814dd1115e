//! The state that a subscriber builds from the documents it gets (RFC 4575, 4.6).

use std::collections::HashMap;

use super::{ConferenceInfo, Endpoint, State, User};

impl ConferenceInfo {
    /// Applies a later document to this state, as RFC 4575, 4.6 tells a subscriber to. `false`: a version was missed, the
    /// subscriber must ask for full state; nothing has changed then. A document that is not newer changes nothing
    /// either, which is right (`true`). A state without version has had no document yet and takes a full one only.
    ///
    /// `media` have no key in this view: those of a partial endpoint replace all that were there.
    pub fn apply(&mut self, update: &Self) -> bool {
        match (self.version, update.version) {
            (Some(ours), Some(theirs)) if theirs <= ours => true,
            _ if update.state != State::Partial => {
                *self = update.clone();
                self.settle();
                true
            }
            (Some(ours), Some(theirs)) if ours.checked_add(1) == Some(theirs) => {
                self.merge(update);
                true
            }
            _ => false,
        }
    }

    /// Takes out what is deleted, and what stands under a deleted parent (RFC 4575, 4.4).
    fn settle(&mut self) {
        if self.state == State::Deleted || self.users_state == Some(State::Deleted) {
            self.users.clear();
            self.users_state = None;
        }
        self.users_state = self.users_state.map(|_| State::Full);
        self.users.retain(|user| user.state != State::Deleted);
        self.users.iter_mut().for_each(User::settle);
    }

    fn merge(&mut self, update: &Self) {
        self.version = update.version;
        replace(&mut self.subject, &update.subject);
        replace(&mut self.user_count, &update.user_count);
        replace(&mut self.active, &update.active);
        replace(&mut self.locked, &update.locked);
        for (ours, theirs) in [(&mut self.conf_uris, &update.conf_uris), (&mut self.service_uris, &update.service_uris)]
        {
            if !theirs.is_empty() {
                ours.clone_from(theirs);
            }
        }
        match update.users_state {
            None => {}
            Some(State::Partial) => {
                self.users_state = Some(State::Full);
                merge_rows(&mut self.users, &update.users);
            }
            state => {
                self.users_state = state;
                self.users.clone_from(&update.users);
                self.settle();
            }
        }
    }
}

/// An element that stands beside others of its kind, told apart by a key (RFC 4575, 4.5).
trait Row: Clone {
    fn key(&self) -> &str;
    fn state(&self) -> State;
    fn merge(&mut self, update: &Self);
    fn settle(&mut self);
}

fn merge_rows<R: Row>(rows: &mut Vec<R>, updates: &[R]) {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        places.entry(row.key().to_owned()).or_insert(at);
    }
    let mut slots: Vec<Option<R>> = rows.drain(..).map(Some).collect();
    for update in updates {
        let at = *places.entry(update.key().to_owned()).or_insert_with(|| {
            slots.push(None);
            slots.len() - 1
        });
        let Some(slot) = slots.get_mut(at) else { continue };
        match (update.state(), slot.as_mut()) {
            (State::Deleted, _) => *slot = None,
            (State::Partial, Some(row)) => row.merge(update),
            _ => {
                let mut new = update.clone();
                new.settle();
                *slot = Some(new);
            }
        }
    }
    rows.extend(slots.into_iter().flatten());
}

impl Row for User {
    fn key(&self) -> &str {
        &self.entity
    }

    fn state(&self) -> State {
        self.state
    }

    fn merge(&mut self, update: &Self) {
        replace(&mut self.display_text, &update.display_text);
        replace(&mut self.nickname, &update.nickname);
        merge_rows(&mut self.endpoints, &update.endpoints);
    }

    fn settle(&mut self) {
        self.state = State::Full;
        self.endpoints.retain(|endpoint| endpoint.state != State::Deleted);
        self.endpoints.iter_mut().for_each(Endpoint::settle);
    }
}

impl Row for Endpoint {
    fn key(&self) -> &str {
        &self.entity
    }

    fn state(&self) -> State {
        self.state
    }

    fn merge(&mut self, update: &Self) {
        replace(&mut self.status, &update.status);
        replace(&mut self.joining_method, &update.joining_method);
        replace(&mut self.disconnection_method, &update.disconnection_method);
        replace(&mut self.dialog, &update.dialog);
        if !update.media.is_empty() {
            self.media.clone_from(&update.media);
        }
    }

    fn settle(&mut self) {
        self.state = State::Full;
    }
}

fn replace<T: Clone>(ours: &mut Option<T>, theirs: &Option<T>) {
    if theirs.is_some() {
        ours.clone_from(theirs);
    }
}
