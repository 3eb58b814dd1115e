//! The kill matrix for a terminal.

use std::fmt::Write;

use super::{Matrix, Row};

/// So many killers are shown; the files name them all.
const SHOWN: usize = 4;

impl Matrix {
    /// The matrix and what is wrong with it, for people.
    pub fn render(&self) -> String {
        let mut out = String::new();
        for row in &self.faults {
            let word = if row.is_caught() { "caught" } else { "SURVIVES" };
            // Writing into a string does not fail.
            let _ = writeln!(out, "{word:9} {:34} {}", row.fault, row.requirements.join(" "));
            if !row.killers.is_empty() {
                let _ = writeln!(out, "          by {}", shortened(&row.killers));
                let _ = writeln!(out, "          expected {}; observed {}", row.expected, row.observed);
            }
            for trouble in &row.trouble {
                let _ = writeln!(out, "          TROUBLE {trouble}");
            }
        }
        let unspecific = |row: &Row| format!("{}: {}", row.fault, row.unspecific.join(" "));
        let mut section = |title: &str, entries: Vec<String>| {
            if !entries.is_empty() {
                let _ = writeln!(out, "\n{title}:\n  {}", entries.join("\n  "));
            }
        };
        section("not green without a fault", self.not_green.clone());
        section("faults that nothing catches", self.survivors().map(|row| row.fault.to_owned()).collect());
        section("cases that catch nothing", self.idle_cases.clone());
        section("rules that catch nothing", self.idle_rules.clone());
        let steps = self.idle_steps.iter().map(|&step| step.to_owned());
        section("steps that expect something and were never unmet", steps.collect());
        let rows = self.faults.iter().filter(|row| !row.unspecific.is_empty());
        section("red without being bound to what the fault breaks", rows.map(unspecific).collect());
        let wrecks = self.wreckage.iter().filter(|wreck| !wreck.is_condemned());
        let wrong =
            wrecks.map(|wreck| format!("{}: {} {}", wreck.wreckage, wreck.passed.join(" "), wreck.trouble.join(" ")));
        section("wreckage against which a case passes that needs an answer", wrong.collect());
        let caught = self.faults.iter().filter(|row| row.is_caught()).count();
        let _ =
            writeln!(out, "\n{} scenario runs: {caught} of {} faults caught", self.scenario_runs, self.faults.len());
        if self.expectations > 0 {
            let _ = writeln!(out, "{} of {} expectations were seen unmet", self.unmet, self.expectations);
        }
        let condemned = self.wreckage.iter().filter(|wreck| wreck.is_condemned()).count();
        if !self.wreckage.is_empty() {
            let _ = writeln!(out, "{condemned} of {} kinds of wreckage condemned", self.wreckage.len());
        }
        out
    }
}

fn shortened(ids: &[String]) -> String {
    let shown: Vec<_> = ids.iter().take(SHOWN).map(String::as_str).collect();
    match ids.len().saturating_sub(SHOWN) {
        0 => shown.join(" "),
        more => format!("{} and {more} more", shown.join(" ")),
    }
}
