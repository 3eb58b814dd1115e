//! Faults that break RFC 3261: transactions, dialogs, authentication.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! sip {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
            /// Answers 200 to a method that it does not know.
            SipMethodUnknownAccepted = "sip-method-unknown-accepted"
                ["RFC7701-4-4"]
                "answers 200 to a SIP method that nobody has defined";
            /// Ignores Require.
            RequireIgnored = "require-ignored"
                ["RFC7701-4-4"]
                "joins a caller whose INVITE requires an extension that it does not know";
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[];
