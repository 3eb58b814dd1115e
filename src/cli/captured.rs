//! Captures, opened and read for a command.

use std::fs::File;
use std::path::Path;

use super::problem::Problem;
use crate::capture::{Address, Recording, RecordingError};

/// Opens the file of a capture.
pub(super) fn open(path: &Path) -> Result<File, Problem> {
    File::open(path).map_err(|cause| {
        let message = format!("'{}' cannot be read: {cause}", path.display());
        Problem::usage(message, "check the path and the permissions")
    })
}

/// Reads a capture. `told`: the addresses of the switch, if the user named any.
pub(super) fn read(file: File, name: &str, told: &[Address]) -> Result<Recording, Problem> {
    Recording::of(file, told).map_err(|error| match error {
        RecordingError::File(error) => {
            let help = "captures are files of tcpdump, dumpcap, Wireshark and the like";
            Problem::usage(format!("'{name}': {error}"), help)
        }
        RecordingError::Undecided(_) => {
            Problem::usage(format!("'{name}': {error}"), "name its address with --iut-address IP:PORT")
        }
    })
}
