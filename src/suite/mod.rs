//! suite.
pub mod stage;
