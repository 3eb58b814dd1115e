//! Faults that break the formal syntax of RFC 4975, section 9, in what is read.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! syntax {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
            /// Message-ID is the third header.
            HeaderOrderExpected = "header-order-expected"
                ["RFC4975-9-16"]
                "answers 400 to a SEND whose third header is not Message-ID";
            /// Header names have a letter case.
            HeaderLettersExpected = "header-letters-expected"
                ["RFC4975-9-18"]
                "answers 400 to a SEND whose header names are in other letters";
            /// Responses have three lines and no more.
            ResponseHeaderUnknown = "response-header-unknown"
                ["RFC4975-12-3"]
                "ends a session whose participant answers with a header that it does not know";
            /// Extensions are refused.
            ExtensionHeaderRefused = "extension-header-refused"
                ["RFC4975-9-34"]
                "answers 400 to a SEND with a header that it does not know";
            /// Identifiers are long.
            IdentShortRefused = "ident-short-refused"
                ["RFC4975-9-25"]
                "answers 400 to a transaction identifier of less than eight characters";
            /// Identifiers have 31 characters.
            IdentLongRefused = "ident-long-refused"
                ["RFC4975-9-25"]
                "answers 400 to an identifier of 32 characters";
            /// Identifiers are alphanumeric.
            IdentSignsRefused = "ident-signs-refused"
                ["RFC4975-9-25"]
                "answers 400 to an identifier with other signs than letters and digits";
            /// Parameters are part of the type.
            MediaTypeParametersRead = "media-type-parameters-read"
                ["RFC4975-9-28"]
                "answers 415 to Message/CPIM with a parameter";
            /// Media types have a letter case.
            MediaTypeByLetter = "media-type-by-letter"
                ["RFC4975-9-29"]
                "answers 415 to Message/CPIM in other letters than message/cpim";
            /// Session-ids are alphanumeric.
            SessionSignsLost = "session-signs-lost"
                ["RFC4975-9-12"]
                "drops the signs of a participant's session-id from To-Path";
            /// Paths have one parameter.
            PathParameterRefused = "path-parameter-refused"
                ["RFC4975-9-14"]
                "answers 488 to a path with a parameter behind the transport";
            /// Methods have no letter case.
            SendCaseIgnored = "send-case-ignored"
                ["RFC4975-9-6"]
                "takes send for SEND";
            /// The protocol has no letter case.
            ProtocolCaseIgnored = "protocol-case-ignored"
                ["RFC4975-9-5"]
                "takes msrp at the beginning of a request for MSRP";
            /// Unknown methods are malformed.
            UnknownMethodMalformed = "unknown-method-malformed"
                ["RFC4975-9-7"]
                "answers 400 to a method that it does not know";
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[
    (
        Fault::HeaderOrderExpected,
        Requirements::These(&["RFC4975-9-18", "RFC4975-9-34"]),
        "cases of letter case and of extensions write headers in another order",
    ),
    (
        Fault::SessionSignsLost,
        Requirements::These(&["RFC7701-4-19"]),
        "To-Path is not the path that the participant gave any more",
    ),
];
