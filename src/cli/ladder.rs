//! `ladder`.

use std::env;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Status;
use super::arguments::LadderOptions;
use super::captured;
use super::problem::Problem;
use crate::judge::rules::RuleBench;
use crate::report::escape;
use crate::report::ladder::{Ladder, Selection, render, svg};

/// Cells of a terminal that does not tell.
const WIDTH: usize = 100;

pub(super) fn run(options: &LadderOptions) -> Result<Status, Problem> {
    let name = options.capture.display().to_string();
    let file = captured::open(&options.capture)?;
    let picture = options.svg.as_ref().map(|path| picture(path, &options.capture)).transpose()?;
    let recording = captured::read(file, &name, &options.addresses)?;
    if let Some(broken) = &recording.broken {
        anstream::eprintln!("warning: '{name}' breaks off {broken}; shown is what comes before");
    }
    let mut bench = RuleBench::new();
    if !recording.transcript.events.is_empty() {
        bench.observe("capture", &recording.transcript);
    }
    let selection = Selection {
        participants: options.participants.clone(),
        session: options.session.map(Into::into),
        call_id: options.call_id.clone(),
        from: options.from,
        to: options.to,
        all: options.all,
    };
    let mut ladder = Ladder::of(&recording.transcript, &recording.frames, &bench.finish(), &selection);
    ladder.remarks.splice(0..0, recording.remarks);
    if ladder.rows.is_empty() {
        let message = format!("nothing is selected: {}", ladder.stock.sentence());
        let help = match ladder.remarks.first() {
            Some(remark) if ladder.stock.rows == 0 => escape::text(remark),
            _ => "without --participant, --session, --call-id, --from and --to all of it is shown".to_owned(),
        };
        return Err(Problem::unproven(message, help));
    }
    if let Some((path, file)) = picture {
        write_picture(file, &svg(&ladder, &name)).map_err(|cause| {
            let message = format!("the picture '{}' cannot be written: {cause}", path.display());
            Problem::unproven(message, "is the disk full?")
        })?;
    }
    let text = render(&ladder, width(env::var("COLUMNS").ok().as_deref()));
    match anstream::stdout().lock().write_all(text.as_bytes()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Err(Problem::unproven(format!("the flow cannot be written: {cause}"), "is the disk full?"))
        }
        _ => Ok(Status::Passed),
    }
}

/// Opens the picture before the capture is read; what is in the file stays until there is something to replace it.
fn picture(path: &Path, capture: &Path) -> Result<(PathBuf, File), Problem> {
    if path.canonicalize().is_ok_and(|path| capture.canonicalize().is_ok_and(|capture| capture == path)) {
        return Err(Problem::usage("the picture would replace the capture", "give --svg a file of its own"));
    }
    let opened = File::options().create(true).write(true).truncate(false).open(path);
    opened.map(|file| (path.to_owned(), file)).map_err(|cause| {
        let message = format!("the picture '{}' cannot be written: {cause}", path.display());
        Problem::usage(message, "check the path and the permissions")
    })
}

fn write_picture(mut file: File, text: &str) -> io::Result<()> {
    // A pipe or a device has no length to set.
    if file.metadata()?.is_file() {
        file.set_len(0)?;
    }
    file.write_all(text.as_bytes())
}

fn width(columns: Option<&str>) -> usize {
    columns.and_then(|columns| columns.trim().parse().ok()).filter(|width| *width > 0).unwrap_or(WIDTH)
}

#[cfg(test)]
mod tests {
    use super::width;

    #[test]
    fn the_width_is_that_of_the_terminal_where_it_tells() {
        assert_eq!([Some("132"), Some("0"), Some("wide"), None].map(width), [132, 100, 100, 100]);
    }
}
