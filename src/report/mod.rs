//! What people and machines read after a run. Reports are made from the records of [`crate::judge::record`] alone, those of a
//! capture from its transcript as well.

pub mod audit;
pub mod escape;
pub mod json;
pub mod junit;
pub mod ladder;
pub mod summary;
pub mod terminal;
pub mod verdicts;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
