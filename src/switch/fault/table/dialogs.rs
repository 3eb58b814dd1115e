//! Faults that break RFC 3261 where it speaks of dialogs, transactions and cancelling.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! dialogs {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[];
