//! Gherkin steps, the IUT profile, selection and execution.
//!
//! [`plan`] turns feature files into test cases, [`engine`] runs them and makes one record of each; [`step`] is what the
//! step modules under [`steps`] are written against; [`scene`] holds the participants of one case.

pub mod bundled;
pub mod engine;
pub mod expectation;
mod fuse;
pub mod host;
pub mod knock;
pub mod lint;
pub mod observe;
pub mod plan;
pub mod probe;
pub mod profile;
pub mod prove;
pub mod rule_bench;
pub mod run;
pub mod scene;
pub mod script;
pub mod settings;
pub mod stage;
pub mod step;
pub mod steps;
pub mod yaml;
