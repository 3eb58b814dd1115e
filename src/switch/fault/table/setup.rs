//! Faults that break RFC 4975, section 8, and RFC 6135: how a session is described and who connects.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! setup {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[];
