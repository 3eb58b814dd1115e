//! Faults that break the formal syntax of RFC 4975, section 9, in what is read.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! syntax {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[];
