//! What a scenario says about one participant beyond the name.

use crate::peer::{InviteOptions, Offer};
use crate::wire::sdp::{Media, Setup};

/// The choices of one participant; what is left out is as usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Casting {
    /// User part of the address.
    pub user: Option<String>,
    /// Display name.
    pub display_name: Option<String>,
    /// User name for digest authentication.
    pub username: Option<String>,
    /// Password for digest authentication.
    pub password: Option<String>,
    /// SIP goes over TCP, or over UDP.
    pub over_tcp: Option<bool>,
    /// What the offer says, by key: applied to each INVITE.
    offer: Vec<(String, String)>,
}

impl Casting {
    /// Takes one choice; tells whether there is one of this name.
    #[must_use]
    pub fn set(&mut self, key: &str, value: &str) -> bool {
        let text = Some(value.to_owned());
        match key {
            "user" => self.user = text,
            "display-name" => self.display_name = text,
            "username" => self.username = text,
            "password" => self.password = text,
            "transport" => self.over_tcp = Some(value == "tcp"),
            "chatroom" | "accept-types" | "accept-wrapped-types" | "setup" | "direction" | "max-size" | "tls" => {
                self.offer.push((key.to_owned(), value.to_owned()));
            }
            _ => return false,
        }
        true
    }

    /// Makes the offer of an INVITE this participant's.
    pub fn shape(&self, options: &mut InviteOptions) {
        let Some(offer) = &mut options.offer else { return };
        for (key, value) in &self.offer {
            let words = || value.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
            match key.as_str() {
                "chatroom" => offer.chatroom = (value != "none").then(words),
                "accept-types" => offer.accept_types = words(),
                "accept-wrapped-types" => offer.accept_wrapped_types = Some(words()),
                "setup" => offer.setup = Setup::read(value),
                "direction" => offer.direction = Some(value.clone()),
                "max-size" => offer.max_size = value.parse().ok(),
                _ => offer.tls = value == "true",
            }
        }
    }

    /// Whether plain text in a wrapper reaches this participant.
    pub fn hears_text(&self) -> bool {
        let mut options = InviteOptions::default();
        self.shape(&mut options);
        let Offer { accept_types, accept_wrapped_types, direction, .. } = options.offer.unwrap_or_default();
        let wrapped = accept_wrapped_types.unwrap_or_default();
        Media::list_accepts(&accept_types, "message/cpim")
            && Media::list_accepts(&wrapped, "text/plain")
            && !direction.is_some_and(|direction| ["sendonly", "inactive"].contains(&direction.as_str()))
    }
}
