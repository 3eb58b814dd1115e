//! For every rule, changes to the good transcript that it must condemn, or advise against.

use super::script::Change::{self, *};
use crate::judge::verdict::Verdict::{self, Advisory, Fail};

pub const TABLE: &[(&str, Verdict, &[Change])] = &[];
