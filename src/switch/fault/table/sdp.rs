//! Faults that break RFC 3264 and RFC 8866: offer and answer, session descriptions.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! sdp {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[];
