//! YAML files of the user's, read strictly: what a key is called, where it stands, and what is wrong with it.

mod node;
mod trouble;

pub use node::{Document, Kind, Node, Read};
pub use trouble::{Trouble, YamlError};

/// The text of a YAML file.
///
/// # Errors
/// It cannot be read.
pub(in crate::suite) fn read(file: &str) -> Result<String, YamlError> {
    std::fs::read_to_string(file).map_err(|cause| YamlError {
        file: file.to_owned(),
        text: String::new(),
        span: None,
        place: None,
        trouble: Box::new(Trouble::Unreadable { what: "the file".to_owned(), cause: cause.to_string() }),
    })
}
