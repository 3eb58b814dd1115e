//! A room's participants as the focus knows them, and as the conference event package shows them (RFC 4575; RFC 7701,
//! 5.2 and 7.4).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::admission::{self, Identity};
use crate::switch::config::RoomPolicy;
use crate::switch::fault::{Fault, FaultSet};
use crate::switch::{SessionId, UserId};
use crate::wire::conference_info::{ConferenceInfo, Endpoint, EndpointDialog, NicknameForm, State, UriEntry, User};
use crate::wire::uri::Uri;

/// Absent users whose number is remembered, so that they are the same user when they return.
const MOST_ABSENT: usize = 4096;

/// URIs that one room is known by; later ones are not noted.
const MOST_URIS: usize = 64;

/// What subscribers see of a room: its users in the order they came.
pub(super) type Snapshot = Arc<Vec<User>>;

/// A room and who is in it.
#[derive(Debug)]
pub(super) struct Room {
    pub policy: RoomPolicy,
    /// Who joined first, while a room that is deleted with its creator lives.
    pub creator: Option<UserId>,
    members: BTreeMap<UserId, Member>,
    /// Identity, whether it came with a wish for privacy, and the user: the same person in the open and in private is
    /// two users, or the roster would link them.
    known: Vec<(Uri, bool, UserId)>,
    snapshot: Option<Snapshot>,
    /// The last answer of [`Room::changes_since`]: many subscribers were told the same thing.
    changes: Option<(Snapshot, Snapshot, Snapshot)>,
    uris: Vec<Uri>,
    faults: FaultSet,
}

#[derive(Debug)]
struct Member {
    joined: u64,
    entity: Uri,
    uris: Vec<Uri>,
    display_name: Option<String>,
    private: bool,
    nickname: Option<String>,
    /// For [`Fault::NicknameChangeAddsUser`].
    former_nickname: Option<String>,
    endpoints: Vec<(SessionId, String)>,
}

/// What a new endpoint needs to be entered.
#[derive(Clone, Debug)]
pub(super) struct Admission {
    pub user: UserId,
    pub uris: Vec<Uri>,
    pub shown_as: String,
}

impl Room {
    pub fn new(policy: RoomPolicy, faults: FaultSet) -> Self {
        Self {
            policy,
            creator: None,
            members: BTreeMap::new(),
            known: Vec::new(),
            snapshot: None,
            changes: None,
            uris: Vec::new(),
            faults,
        }
    }

    /// The user of this identity, if the room has seen it before.
    pub fn user_of(&self, identity: &Identity) -> Option<UserId> {
        let uri = identity.known_as.as_ref()?;
        let same =
            |(known, private, _): &&(Uri, bool, UserId)| *private == identity.private && known.same_resource(uri);
        self.known.iter().find(same).map(|(_, _, user)| *user)
    }

    /// Whether whoever has this identity is in the room with at least one endpoint, in the open or in private.
    pub fn is_present(&self, identity: &Identity) -> bool {
        let Some(uri) = &identity.known_as else { return false };
        self.known.iter().any(|(known, _, user)| known.same_resource(uri) && self.members.contains_key(user))
    }

    /// Whether the room has seen whoever has this identity.
    pub fn knows(&self, identity: &Identity) -> bool {
        self.user_of(identity).is_some()
    }

    /// Whether the room ends with its creator (RFC 7701, 5.3).
    pub fn is_temporary(&self) -> bool {
        match self.policy.deleted_with_creator {
            true => !self.faults.has(Fault::CreatorLeavesUnnoticed),
            false => self.faults.has(Fault::EveryRoomTemporary),
        }
    }

    /// Notes a URI that the room was invited by; `true` when it is new.
    pub fn announce(&mut self, uri: &Uri) -> bool {
        if self.uris.len() >= MOST_URIS || self.uris.iter().any(|known| known.same_resource(uri)) {
            return false;
        }
        self.uris.push(uri.clone());
        true
    }

    /// How many users are in the room.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Enters an endpoint of a user; `fresh` is the number for a user not seen before.
    pub fn enter(
        &mut self,
        identity: &Identity,
        session: SessionId,
        contact: &str,
        fresh: UserId,
        rng: &mut impl rand::Rng,
    ) -> Admission {
        let known = self.user_of(identity).filter(|_| !self.faults.has(Fault::EndpointsAreUsers));
        let user = known.unwrap_or(fresh);
        if let Some(uri) = &identity.known_as
            && !self.known.iter().any(|(_, _, known)| *known == user)
        {
            self.forget_absent();
            self.known.push((uri.clone(), identity.private, user));
        }
        let member = self.members.entry(user).or_insert_with(|| {
            let own_anonymous =
                identity.known_as.clone().filter(|uri| identity.private && admission::is_anonymous(uri));
            let entity = match (identity.private, identity.uris.first()) {
                (false, Some(uri)) => uri.clone(),
                _ if self.faults.has(Fault::AnonymousUriShared) => admission::everybodys_uri(),
                _ if self.faults.has(Fault::AnonymousUriOrdinary) => admission::ordinary_uri(rng),
                _ => own_anonymous.unwrap_or_else(|| admission::anonymous_uri(rng)),
            };
            Member {
                joined: fresh.0,
                entity,
                uris: Vec::new(),
                display_name: identity
                    .display_name
                    .clone()
                    .filter(|_| !identity.private || self.faults.has(Fault::PrivateNameShown)),
                private: identity.private,
                nickname: None,
                former_nickname: None,
                endpoints: Vec::new(),
            }
        });
        // Real URIs never stand for somebody who wants privacy on any endpoint (interpretations T27 and T28).
        let mut uris = vec![member.entity.clone()];
        if member.private && self.faults.has(Fault::AnonymousUriUnknown) {
            uris.clear();
        }
        for uri in &identity.uris {
            let allowed = !(identity.private || member.private)
                || admission::is_anonymous(uri)
                || self.faults.has(Fault::AnonymousRealUriKept);
            if allowed && !uris.iter().any(|known| known.same_resource(uri)) {
                uris.push(uri.clone());
            }
        }
        if identity.is_anonymous && self.faults.has(Fault::AnonymousFromUnknown) {
            uris.retain(|uri| !identity.uris.contains(uri));
        }
        member.uris.clone_from(&uris);
        let hidden = (member.private || identity.private) && !self.faults.has(Fault::AnonymousContactShown);
        let endpoint = if hidden { member.entity.to_string() } else { contact.to_owned() };
        member.endpoints.push((session, endpoint));
        let mut shown_as = member.display_name.clone().unwrap_or_else(|| member.entity.to_string());
        if let Some(real) = identity.uris.first().filter(|_| self.faults.has(Fault::NoticeNamesEverybody)) {
            shown_as = real.to_string();
        }
        self.snapshot = None;
        if self.is_temporary() && self.creator.is_none() {
            self.creator = Some(user);
        }
        Admission { user, uris, shown_as }
    }

    /// Removes an endpoint; `true` when the user has left with it.
    pub fn leave(&mut self, user: UserId, session: SessionId) -> bool {
        let Some(member) = self.members.get_mut(&user) else { return false };
        member.endpoints.retain(|(known, _)| *known != session);
        if member.endpoints.is_empty() || !self.faults.has(Fault::GoneDeviceShown) {
            self.snapshot = None;
        }
        if member.endpoints.is_empty() || self.faults.has(Fault::EndpointLeavesForAll) {
            if !self.faults.has(Fault::LeaverKeptInRoster) {
                self.members.remove(&user);
            }
            return true;
        }
        false
    }

    /// Notes a nickname; `false` when nothing changed.
    pub fn set_nickname(&mut self, user: UserId, nickname: Option<String>) -> bool {
        match self.members.get_mut(&user) {
            _ if self.faults.has(Fault::NicknamesNotShown) => false,
            Some(member) if member.nickname.is_some() && self.faults.has(Fault::NicknameChangeNotShown) => false,
            Some(_) if nickname.is_none() && self.faults.has(Fault::NicknameRemovalNotShown) => false,
            Some(member) if member.nickname != nickname => {
                let unmarked = |text: String| text.replace(['<', '>', '&', '"'], "");
                let nickname = match self.faults.has(Fault::NicknameMarkupDropped) {
                    true => nickname.map(unmarked),
                    false => nickname,
                };
                if self.faults.has(Fault::NicknameChangeAddsUser) && nickname.is_some() {
                    member.former_nickname = member.nickname.take();
                }
                member.nickname = nickname;
                self.snapshot = None;
                true
            }
            _ => false,
        }
    }

    /// Starts over: the room that comes next under this name knows nobody.
    pub fn delete(&mut self) {
        self.creator = None;
        self.members.clear();
        self.known.clear();
        self.snapshot = None;
    }

    /// The users as subscribers see them.
    pub fn snapshot(&mut self) -> Snapshot {
        if let Some(snapshot) = &self.snapshot {
            return Arc::clone(snapshot);
        }
        let mut members: Vec<&Member> = self.members.values().collect();
        members.sort_by_key(|member| member.joined);
        if self.faults.has(Fault::NewcomerNotEntered) && members.len() > 1 {
            members.pop();
        }
        let form =
            if self.faults.has(Fault::NicknameAsElement) { NicknameForm::Element } else { NicknameForm::Qualified };
        let former = members.iter().filter_map(|member| {
            let former = member.former_nickname.clone()?;
            Some(User {
                entity: format!("{};former", member.entity),
                nickname: Some((former, form)),
                ..User::default()
            })
        });
        let former: Vec<User> = former.collect();
        let mut users: Vec<User> = members.into_iter().map(|member| shown(member, form, self.faults)).collect();
        users.extend(former);
        if self.faults.has(Fault::NicknameAsDisplayName) {
            for user in &mut users {
                user.display_text = user.nickname.clone().map(|(text, _)| text).or(user.display_text.take());
            }
        }
        let snapshot = Arc::new(users);
        self.snapshot = Some(Arc::clone(&snapshot));
        snapshot
    }

    /// The users that are new, other than before, or gone since `told`.
    pub fn changes_since(&mut self, told: &Snapshot) -> Snapshot {
        let users = self.snapshot();
        if let Some((from, to, changes)) = &self.changes
            && Arc::ptr_eq(from, told)
            && Arc::ptr_eq(to, &users)
        {
            return Arc::clone(changes);
        }
        let changes = Arc::new(differences(told, &users, self.faults));
        self.changes = Some((Arc::clone(told), users, Arc::clone(&changes)));
        changes
    }

    fn forget_absent(&mut self) {
        if self.known.len() > MOST_ABSENT + self.members.len()
            && let Some(at) = self.known.iter().position(|(_, _, user)| !self.members.contains_key(user))
        {
            self.known.remove(at);
        }
    }
}

fn shown(member: &Member, form: NicknameForm, faults: FaultSet) -> User {
    let mut endpoints: Vec<Endpoint> = Vec::new();
    let status = if faults.has(Fault::StatusStaysPending) { "pending" } else { "connected" };
    let status = if faults.has(Fault::StatusDisconnected) { "disconnected" } else { status };
    let method = if faults.has(Fault::JoiningMethodReversed) { "dialed-out" } else { "dialed-in" };
    let media = if faults.has(Fault::MediaTypeText) { "text" } else { "message" };
    for (session, entity) in &member.endpoints {
        let dialog = faults.has(Fault::CallInfoOfItsOwn).then(|| EndpointDialog {
            call_id: format!("session-{}", session.0),
            from_tag: format!("{}", member.joined),
            to_tag: "focus".to_owned(),
        });
        if endpoints.iter().any(|known| known.entity == *entity) {
            continue;
        }
        endpoints.push(Endpoint {
            entity: entity.clone(),
            state: State::Full,
            status: Some(status.to_owned()),
            joining_method: Some(method.to_owned()),
            disconnection_method: None,
            media: vec![media.to_owned()],
            dialog,
        });
    }
    User {
        entity: member.entity.to_string(),
        state: State::Full,
        display_text: match &member.display_name {
            Some(_) if faults.has(Fault::DisplayTextIsUser) => Some("participant".to_owned()),
            other => other.clone(),
        },
        nickname: member.nickname.clone().map(|nickname| (nickname, form)),
        endpoints,
    }
}

/// A document with the whole roster.
pub(super) fn full(
    entity: &str,
    version: u32,
    policy: &RoomPolicy,
    users: &[User],
    faults: FaultSet,
) -> ConferenceInfo {
    let leads = |fault, purpose: &str| UriEntry {
        uri: if faults.has(fault) { entity.replacen(':', ":no-", 1) } else { entity.to_owned() },
        purpose: Some(purpose.to_owned()),
    };
    ConferenceInfo {
        entity: entity.to_owned(),
        state: State::Full,
        version: Some(version),
        subject: Some(policy.subject.clone().unwrap_or_else(|| policy.name.clone())),
        conf_uris: vec![leads(Fault::ConfUriLeadsNowhere, "participation")],
        service_uris: vec![leads(Fault::EventUriLeadsNowhere, "event")],
        active: Some(!faults.has(Fault::RoomShownInactive)),
        locked: Some(faults.has(Fault::RoomShownLocked)),
        user_count: Some(u32::try_from(users.len()).unwrap_or(u32::MAX)),
        users_state: Some(State::Full),
        users: users.to_vec(),
    }
}

fn differences(told: &[User], users: &[User], faults: FaultSet) -> Vec<User> {
    let before: BTreeMap<&str, &User> = told.iter().map(|user| (user.entity.as_str(), user)).collect();
    let after: BTreeSet<&str> = users.iter().map(|user| user.entity.as_str()).collect();
    let changed = users.iter().filter(|user| before.get(user.entity.as_str()) != Some(user)).cloned();
    let gone = told.iter().filter(|user| !after.contains(user.entity.as_str()));
    let deleted = gone.filter(|_| !faults.has(Fault::PartialOmitsLeavers)).map(|user| {
        // The user's last endpoints go along under some faults, where the element should be empty.
        let endpoint = |method: &str| Endpoint {
            entity: user.entity.clone(),
            status: Some("disconnected".to_owned()),
            disconnection_method: Some(method.to_owned()),
            ..Endpoint::default()
        };
        let endpoints = match faults.has(Fault::LeaverBooted) {
            true => vec![endpoint("booted")],
            false => Vec::new(),
        };
        let display_text = user.display_text.clone().filter(|_| faults.has(Fault::DeletedUserKeepsContent));
        User { entity: user.entity.clone(), state: State::Deleted, endpoints, display_text, ..User::default() }
    });
    changed.chain(deleted).collect()
}

/// A document with what changed (RFC 4575, 4.4), for a roster of `count` users.
pub(super) fn partial(entity: &str, version: u32, changes: &[User], count: usize) -> ConferenceInfo {
    ConferenceInfo {
        entity: entity.to_owned(),
        state: State::Partial,
        version: Some(version),
        subject: None,
        conf_uris: Vec::new(),
        service_uris: Vec::new(),
        active: None,
        locked: None,
        user_count: Some(u32::try_from(count).unwrap_or(u32::MAX)),
        users_state: Some(State::Partial),
        users: changes.to_vec(),
    }
}
