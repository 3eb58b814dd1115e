//! The shortest report: a line of JSON for each case and rule, without evidence.

use std::io;

use crate::judge::brief::Brief;
use crate::judge::record::RunRecord;

/// Writes the report.
///
/// # Errors
/// What the writer says.
pub fn write(run: &RunRecord, writer: &mut impl io::Write) -> io::Result<()> {
    for brief in Brief::of(run) {
        serde_json::to_writer(&mut *writer, &brief).map_err(io::Error::from)?;
        writer.write_all(b"\n")?;
    }
    Ok(())
}
