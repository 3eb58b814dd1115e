//! The kill matrix as a page.

use std::fmt::Write;

use super::Matrix;

const HEAD: &str = "\
# Kill matrix

Each fault of the bundled switch, the requirements that it breaks, the cases and rules bound to one of them that
condemn the faulty switch, and the first expectation that was not met. `msrpspec prove --markdown docs/kill-matrix.md`
writes this page.

| fault | requirements | caught by | first expectation not met |
|---|---|---|---|
";

impl Matrix {
    /// The matrix as a page: the same for the same suite, switch and seed.
    pub fn markdown(&self) -> String {
        let mut out = HEAD.to_owned();
        for row in &self.faults {
            let (fault, expected) = (row.fault, cell(&row.expected));
            // Writing into a string does not fail.
            let _ = writeln!(
                out,
                "| `{fault}` | {} | {} | {expected} |",
                row.requirements.join(" "),
                row.killers.join(" ")
            );
        }
        out
    }
}

/// Text that stays within its cell.
fn cell(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.replace('\\', "\\\\").replace('|', "\\|").replace('<', "\\<")
}
