//! The participants of one case and what crossed their PCOs.

use super::plan::Case;
use super::settings::RunSettings;
use super::step::Halt;
use crate::transcript::Transcript;

/// The participants of one case.
#[derive(Debug, Default)]
pub struct Scene;

impl Scene {
    /// Called before the first step of a case.
    ///
    /// # Errors
    /// Why the case cannot start.
    pub async fn open(&mut self, _settings: &RunSettings, _case: &Case) -> Result<(), Halt> {
        Ok(())
    }

    /// Called once after the last step, also after a halt, a timeout or an interruption; bounded in time by the engine.
    pub async fn close(&mut self) -> Transcript {
        Transcript::default()
    }
}
