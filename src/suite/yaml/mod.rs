//! YAML files of the user's, read strictly: what a key is called, where it stands, and what is wrong with it.

mod node;
mod trouble;

pub use node::{Document, Kind, Node, Read};
pub use trouble::{Trouble, YamlError};
