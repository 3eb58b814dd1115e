//! Reading and writing profiles.

use crate::wire::Span;

/// What is wrong with a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
}

/// A profile that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {trouble}")]
pub struct ProfileError {
    /// The file, as the user wrote it.
    pub file: String,
    /// Its text, if it could be read.
    pub text: String,
    /// Where in the text.
    pub span: Option<Span>,
    /// What is wrong.
    pub trouble: Trouble,
}
