//! The participants of one case, what they said, and what crossed their PCOs.

mod casting;
mod evidence;
mod player;
mod text;
mod utterance;

use std::collections::BTreeMap;
use std::time::Duration;

pub use casting::Casting;
pub use evidence::received;
pub use player::{Asked, Player};
pub use text::unquote;
pub use utterance::{Stimulus, Utterance};

use super::plan::Case;
use super::profile::{Claim, LogicalRoom};
use super::settings::RunSettings;
use super::stage::{Stage, StageSettings, StageTls};
use super::step::Halt;
use crate::peer;
use crate::runtime::fresh_seed;
use crate::transcript::Transcript;
use crate::wire::uri::SipUri;

/// How long everybody may take to leave the room.
const LEAVING: Duration = Duration::from_secs(2);

/// The participants of one case.
#[derive(Debug, Default)]
pub struct Scene {
    stage: Option<Stage>,
    /// Digits that no other case of the run uses: they make nicknames, users and contents this case's own.
    nonce: String,
    /// The room of the case, by its policy; the default room until a step names another.
    room: Option<LogicalRoom>,
    /// Everybody in the case, by name, in the order of their appearance.
    players: Vec<Player>,
    /// What was said, in order.
    utterances: Vec<Utterance>,
    /// What a scenario says of its participants, by name.
    cast: BTreeMap<String, Casting>,
    /// Values that were kept on the way, by name.
    kept: BTreeMap<String, String>,
    /// What the room must offer for the case to make sense.
    demands: Vec<Claim>,
    /// The users that the roster had before the case added anonymous ones.
    users_before: Option<Vec<String>>,
    /// How many marks and nonces were given out.
    counter: usize,
}

impl Scene {
    /// Called before the first step of a case.
    ///
    /// # Errors
    /// Why the case cannot start.
    pub async fn open(&mut self, settings: &RunSettings, case: &Case, repetition: usize) -> Result<(), Halt> {
        let seed = settings.seed_of(&case.id, repetition);
        self.nonce = format!("{:09}", seed % 1_000_000_000);
        let profile = &settings.profile;
        let hop = &settings.hops.default;
        let stage = Stage::new(
            settings.link.clone(),
            settings.clock,
            StageSettings {
                next_hop: hop.address,
                transport: hop.transport.into(),
                room: profile.room.clone(),
                timers: peer::Timers::default(),
                // Call-IDs, tags and branches must never come again (RFC 3261, 8.1.1.4): a live room may still remember
                // those of the last run with this seed, and would answer 482.
                seed: if settings.bundled { seed } else { seed ^ fresh_seed() },
                tls: StageTls { ca: profile.tls.ca.clone(), insecure: profile.tls.insecure },
            },
        )
        .map_err(|error| Halt::error("a stage for the participants", error.to_string()))?;
        self.stage = Some(stage);
        Ok(())
    }

    /// Called once after the last step, also after a halt, a timeout or an interruption; bounded in time by the engine.
    pub async fn close(&mut self) -> Transcript {
        let Some(stage) = self.stage.take() else { return Transcript::default() };
        stage.leave_all(LEAVING).await;
        stage.transcript()
    }

    /// The stage.
    ///
    /// # Errors
    /// An error verdict when the scene was never opened.
    pub fn stage(&self) -> Result<&Stage, Halt> {
        self.stage.as_ref().ok_or_else(|| Halt::error("an open scene", "there is none"))
    }

    /// What makes this case's texts its own.
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Chooses the room of the case.
    pub fn enter(&mut self, room: Option<LogicalRoom>) {
        self.room = room;
    }

    /// The room of the case.
    pub fn logical_room(&self) -> Option<LogicalRoom> {
        self.room
    }

    /// The URI of the case's room.
    pub fn room_uri(&self, settings: &RunSettings) -> SipUri {
        settings.profile.room_uri(self.room).unwrap_or(&settings.profile.room).clone()
    }

    /// Somebody in the case.
    ///
    /// # Errors
    /// An error verdict when nobody of this name has appeared: the feature is wrong.
    pub fn player(&self, name: &str) -> Result<&Player, Halt> {
        self.players
            .iter()
            .find(|player| player.name == name)
            .ok_or_else(|| Halt::error(format!("{name} in an earlier step"), "nobody of that name has appeared"))
    }

    /// Somebody in the case, to be changed.
    ///
    /// # Errors
    /// As [`Scene::player`].
    pub fn player_mut(&mut self, name: &str) -> Result<&mut Player, Halt> {
        self.players
            .iter_mut()
            .find(|player| player.name == name)
            .ok_or_else(|| Halt::error(format!("{name} in an earlier step"), "nobody of that name has appeared"))
    }

    /// Whether somebody of this name has appeared.
    pub fn has(&self, name: &str) -> bool {
        self.players.iter().any(|player| player.name == name)
    }

    /// Everybody, in the order of appearance.
    pub fn players(&self) -> &[Player] {
        &self.players
    }

    /// Adds somebody.
    pub fn add(&mut self, player: Player) {
        self.players.push(player);
    }

    /// The names of those who are in the case's room now, in the order of appearance.
    pub fn present(&self) -> Vec<String> {
        self.players
            .iter()
            .filter(|player| player.room == self.room && player.is_present())
            .map(|player| player.name.clone())
            .collect()
    }

    /// Keeps what a scenario says of a participant.
    pub fn cast(&mut self, name: &str, casting: Casting) {
        self.cast.insert(name.to_owned(), casting);
    }

    /// What the scenario says of a participant, if anything.
    pub fn casting(&self, name: &str) -> Option<&Casting> {
        self.cast.get(name)
    }

    /// Keeps a value under a name.
    pub fn keep(&mut self, name: &str, value: String) {
        self.kept.insert(name.to_owned(), value);
    }

    /// A text in which `{name}` is what was kept under that name.
    pub fn with_kept(&self, text: &str) -> String {
        self.kept.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// Keeps what was said.
    pub fn said(&mut self, utterance: Utterance) {
        self.utterances.push(utterance);
    }

    /// What was said last: the `it` of the steps.
    ///
    /// # Errors
    /// An error verdict when nothing was said yet: the feature is wrong.
    pub fn it(&self) -> Result<&Utterance, Halt> {
        self.utterances.last().ok_or_else(|| Halt::error("a message in an earlier step", "nobody has said anything"))
    }

    /// What was said last, to be changed.
    ///
    /// # Errors
    /// As [`Scene::it`].
    pub fn it_mut(&mut self) -> Result<&mut Utterance, Halt> {
        self.utterances
            .last_mut()
            .ok_or_else(|| Halt::error("a message in an earlier step", "nobody has said anything"))
    }

    /// Everything that was said as part of the case (sentinels are not), in order.
    pub fn utterances(&self) -> &[Utterance] {
        &self.utterances
    }

    /// A text that occurs nowhere else in the run.
    pub fn fresh_mark(&mut self) -> String {
        self.counter += 1;
        format!("~{}.{}~", self.nonce, self.counter)
    }

    /// A number that no other utterance of the case has.
    pub fn fresh_nonce(&mut self) -> String {
        self.counter += 1;
        format!("{}x{}x", self.nonce, self.counter)
    }

    /// What the room must offer for the case to make sense.
    pub fn demands(&self) -> &[Claim] {
        &self.demands
    }

    /// The case makes sense only in a room that offers this.
    pub fn demand(&mut self, claim: Claim) {
        self.demands.push(claim);
    }

    /// The users that the roster had before the case added anonymous ones.
    pub fn users_before(&self) -> &[String] {
        self.users_before.as_deref().unwrap_or_default()
    }

    /// Keeps the users that were there first; later calls change nothing.
    pub fn note_users(&mut self, users: Vec<String>) {
        self.users_before.get_or_insert(users);
    }
}
