//! What is wrong with a YAML file of the user's, and where: profiles and scenarios share it.

use crate::wire::Span;
use crate::wire::uri::MalformedUri;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The file, or one that it names, cannot be read.
    #[error("{what} cannot be read: {cause}")]
    Unreadable {
        /// Which file.
        what: String,
        /// What the system said.
        cause: String,
    },
    /// It is not YAML.
    #[error("this is not YAML: {0}")]
    NotYaml(String),
    /// A key that is not known there.
    #[error("there is no key '{key}' {place}")]
    UnknownKey {
        /// The key.
        key: String,
        /// Where: `in the profile`, `under 'rooms'`.
        place: String,
        /// The nearest key there.
        nearest: Option<String>,
        /// Where the known keys are described.
        reference: &'static str,
    },
    /// A key that has to be there.
    #[error("the key '{key}' is missing")]
    MissingKey {
        /// The key.
        key: String,
        /// A line that would do.
        example: String,
    },
    /// A value of another kind.
    #[error("'{key}' is {found}, not {wanted}")]
    WrongType {
        /// The key, with those above it.
        key: String,
        /// What is there.
        found: String,
        /// What should be there.
        wanted: String,
    },
    /// A value that is not one of those allowed.
    #[error("'{value}' is not {wanted}")]
    BadValue {
        /// The value.
        value: String,
        /// What is allowed.
        wanted: String,
        /// The nearest allowed one.
        nearest: Option<String>,
    },
    /// Something that is spelled well and cannot be meant.
    #[error("{what}")]
    Nonsense {
        /// What.
        what: String,
        /// What to do about it.
        help: String,
    },
    /// A URI that cannot be read.
    #[error(transparent)]
    BadUri(#[from] MalformedUri),
}

impl Trouble {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::UnknownKey { nearest: Some(nearest), .. } | Self::BadValue { nearest: Some(nearest), .. } => {
                format!("did you mean '{nearest}'?")
            }
            Self::UnknownKey { reference, .. } => format!("take it out, or see {reference}"),
            Self::MissingKey { example, .. } => format!("add a line such as '{example}'"),
            Self::Nonsense { help, .. } => help.clone(),
            Self::WrongType { wanted, .. } | Self::BadValue { wanted, .. } => format!("write {wanted}"),
            Self::BadUri(_) => "write it like sip:room@127.0.0.1:5080;transport=tcp".to_owned(),
            Self::Unreadable { .. } => "check the path and the permissions".to_owned(),
            Self::NotYaml(_) => "check indentation, colons and quotes around this place".to_owned(),
        }
    }
}

/// A file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {trouble}", .place.map_or_else(|| file.clone(), |(line, column)| format!("{file}:{line}:{column}")))]
pub struct YamlError {
    /// The file, as the user wrote it.
    pub file: String,
    /// Its text, as far as it could be read.
    pub text: String,
    /// Where in the text.
    pub span: Option<Span>,
    /// Line and column of the place, from 1.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub trouble: Box<Trouble>,
}
