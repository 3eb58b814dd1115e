//! What is shown while a run goes on, if somebody looks on.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::judge::record::CaseRecord;
use crate::judge::verdict::Verdict;
use crate::report::escape;
use crate::suite::observe::Progress;
use crate::suite::plan::Case;

/// A bar on standard error, and a line for each case that does not pass.
#[derive(Debug)]
pub(super) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar that shows nothing unless standard error is a terminal.
    pub(super) fn new() -> Self {
        let bar = ProgressBar::no_length();
        if std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        } else {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        Self { bar }
    }
}

impl Progress for Bar {
    fn run_started(&mut self, cases: usize) {
        self.bar.set_length(cases as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} {wide_msg}") {
            self.bar.set_style(style);
        }
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    fn case_started(&mut self, case: &Case, _repetition: usize) {
        self.bar.set_message(escape::text(&format!("{} {}", case.id, case.name)));
    }

    fn case_finished(&mut self, record: &CaseRecord) {
        if record.verdict > Verdict::Advisory {
            let line = format!("{:14} {} {}", record.verdict.word(), record.id, record.name);
            self.bar.println(escape::text(&line));
        }
        self.bar.inc(1);
    }

    fn run_finished(&mut self) {
        self.bar.finish_and_clear();
    }
}
