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
            /// Refuses an INVITE with the short names of headers.
            ShortNamesUnknown = "short-names-unknown"
                ["RFC3261-7.3.3-1"]
                "refuses an INVITE with the short names of headers";
            /// Refuses an INVITE with blanks before the colon of a header.
            BlanksBeforeColon = "blanks-before-colon"
                ["RFC3261-7.3.1-1"]
                "refuses an INVITE with blanks before the colon of a header";
            /// Refuses an INVITE with a header on two lines.
            FoldingUnknown = "folding-unknown"
                ["RFC3261-7.3.1-2"]
                "refuses an INVITE with a header on two lines";
            /// Refuses an INVITE whose first header is not Via.
            ViaExpectedFirst = "via-expected-first"
                ["RFC3261-7.3.1-3"]
                "refuses an INVITE whose first header is not Via";
            /// Finds no From where it is written in other capitals.
            NamesCaseSensitive = "sip-names-case-sensitive"
                ["RFC3261-7.3.1-5"]
                "finds no From where it is written in other capitals";
            /// Names only the first of several unknown extensions in Unsupported.
            FirstExtensionOnly = "first-extension-only"
                ["RFC3261-7.3.1-4", "RFC3261-8.2.2.3-2"]
                "names only the first of several unknown extensions in Unsupported";
            /// Refuses an INVITE with a header that belongs into responses.
            ResponseHeadersRefused = "response-headers-refused"
                ["RFC3261-7.3.2-1"]
                "refuses an INVITE with a header that belongs into responses";
            /// Refuses an INVITE with a header that it does not know.
            UnknownHeadersRefused = "unknown-headers-refused"
                ["RFC3261-8.2.2-1"]
                "refuses an INVITE with a header that it does not know";
            /// Refuses an INVITE whose Date it cannot read.
            DateInsistedOn = "date-insisted-on"
                ["RFC3261-8.2.2-2"]
                "refuses an INVITE whose Date it cannot read";
            /// Refuses an INVITE to itself whose Max-Forwards is 0.
            NoHopsLeftRefused = "no-hops-left-refused"
                ["RFC3261-21.4.21-1"]
                "refuses an INVITE to itself whose Max-Forwards is 0";
            /// Refuses an INVITE to the room whose To names somebody else.
            ToMustBeTheRoom = "to-must-be-the-room"
                ["RFC3261-8.2.2.1-1"]
                "refuses an INVITE to the room whose To names somebody else";
            /// Answers 404 to a Request-URI of an unknown scheme.
            UnknownSchemeNotFound = "unknown-scheme-not-found"
                ["RFC3261-8.2.2.1-2"]
                "answers 404 to a Request-URI of an unknown scheme";
            /// Takes a method that it does not serve for one of another dialog.
            UnservedMethodLost = "unserved-method-lost"
                ["RFC3261-8.2.1-1"]
                "answers 481 to a method that it does not serve, in a dialog that is there";
            /// Refuses a CANCEL for what it requires.
            CancelExtensionsObeyed = "cancel-extensions-obeyed"
                ["RFC3261-8.2.2.3-3"]
                "refuses a CANCEL for what it requires";
            /// Takes a body of any type for a session description.
            BodyTypeIgnored = "body-type-ignored"
                ["RFC3261-8.2.3-1"]
                "takes a body of any type for a session description";
            /// Passes over an offer in a multipart body and makes one of its own.
            MultipartPassedOver = "multipart-passed-over"
                ["RFC3261-8.2.3-2"]
                "passes over an offer in a multipart body and makes one of its own";
            /// Refuses a request for an unknown body that is optional.
            OptionalBodyRefused = "optional-body-refused"
                ["RFC3261-8.2.3-3"]
                "refuses a request for an unknown body that is optional";
            /// Leaves Accept out of a 415.
            AcceptLeftOut = "accept-left-out"
                ["RFC3261-8.2.3-4"]
                "leaves Accept out of a 415";
            /// Leaves Accept-Encoding out of a 415.
            AcceptEncodingLeftOut = "accept-encoding-left-out"
                ["RFC3261-8.2.3-5"]
                "leaves Accept-Encoding out of a 415";
            /// Judges extensions before it asks for credentials.
            ExtensionsBeforeCredentials = "extensions-before-credentials"
                ["RFC3261-8.2-3"]
                "judges extensions before it asks for credentials";
            /// Drops a subscription whose NOTIFY is answered with an unknown 2xx.
            OddSuccessTakenForFailure = "odd-success-taken-for-failure"
                ["RFC3261-8.1.3.2-1"]
                "drops a subscription whose NOTIFY is answered with an unknown 2xx";
            /// Lets in who computed the digest for another method.
            AnyMethodFits = "any-method-fits"
                ["RFC3261-22.2-4"]
                "lets in who computed the digest for another method";
            /// Lets in who computed the digest for a nonce that it never gave out.
            AnyNonceFits = "any-nonce-fits"
                ["RFC3261-22.2-4"]
                "lets in who computed the digest for a nonce that it never gave out";
            /// Lets in who gives another nonce count than that of the digest.
            AnyCountFits = "any-count-fits"
                ["RFC3261-22.2-4"]
                "lets in who gives another nonce count than that of the digest";
            /// Lets in who computed the digest for another realm.
            RealmNotChecked = "realm-not-checked"
                ["RFC3261-22.2-4"]
                "lets in who computed the digest for another realm";
            /// Lets in who shows Basic credentials.
            BasicAccepted = "basic-accepted"
                ["RFC3261-22-1"]
                "lets in who shows Basic credentials";
            /// Offers Basic beside Digest.
            BasicOffered = "basic-offered"
                ["RFC3261-22-2"]
                "offers Basic beside Digest";
            /// Leaves qop out of its challenges.
            QopNotOffered = "qop-not-offered"
                ["RFC3261-22.4-2"]
                "leaves qop out of its challenges";
            /// Gives its requests branches of RFC 2543.
            BranchWithoutCookie = "branch-without-cookie"
                ["RFC3261-8.1.1.7-2"]
                "gives its requests branches of RFC 2543";
            /// Takes empty lines for a broken request.
            EmptyLinesRefused = "empty-lines-refused"
                ["RFC3261-7.5-1"]
                "closes a stream with empty lines before a request";
            /// Serves what it cannot know.
            BrokenRequestServed = "broken-request-served"
                ["RFC3261-21.4.1-1"]
                "answers 200 to a request without Call-ID or CSeq";
            /// Does not look at the version.
            VersionOverlooked = "version-overlooked"
                ["RFC3261-21.5.6-1"]
                "serves a request of SIP/7.0 as if it were one of SIP/2.0";
            /// Takes no request with a Timestamp.
            TimestampRefused = "timestamp-refused"
                ["RFC3261-8.2.6.1-2"]
                "answers 400 to a request with a Timestamp";
            /// Leaves the Timestamp of the INVITE out of its 100.
            TimestampForgotten = "timestamp-forgotten"
                ["RFC3261-8.2.6.1-2"]
                "leaves the Timestamp of the INVITE out of its 100";
            /// Leaves CANCEL out of Allow.
            AllowWithoutCancel = "allow-without-cancel"
                ["RFC3261-20.5-1"]
                "leaves CANCEL out of Allow";
            /// Lists methods in Allow that it refuses with 405.
            AllowTooMuch = "allow-too-much"
                ["RFC3261-8.2.1-3"]
                "lists methods in Allow that it refuses with 405";
            /// Names an extension in Unsupported that nobody required.
            UnsupportedOther = "unsupported-other"
                ["RFC3261-8.2.2.3-2"]
                "names an extension in Unsupported that nobody required";
            /// Answers the CANCEL itself with 487.
            CancelTerminated = "cancel-terminated"
                ["RFC3261-21.4.25-1"]
                "answers the CANCEL itself with 487";
            /// Leaves Content-Type out of its NOTIFY.
            ContentTypeMissing = "content-type-missing"
                ["RFC3261-7.4.1-1"]
                "leaves Content-Type out of its NOTIFY";
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[
    (
        Fault::BodyTypeIgnored,
        Requirements::These(&["RFC3261-8.2.3-2"]),
        "a body of an unknown type without Content-Disposition is taken like one with",
    ),
    (
        Fault::UnknownHeadersRefused,
        Requirements::These(&["RFC3261-18.1.1-1"]),
        "a long INVITE is made long by headers that nobody knows",
    ),
    (
        Fault::RequireIgnored,
        Requirements::These(&["RFC3261-7.3.1-4", "RFC3261-17.2.1-3", "RFC3261-17.2.1-4"]),
        "the refusal of an extension is what cases of spelling and of repetition wait for",
    ),
    (Fault::QopNotOffered, Requirements::These(&["RFC3261-22.2-4"]), "without qop there is no nonce count to be wrong"),
    (
        Fault::CancelChallenged,
        Requirements::These(&["RFC3261-8.2.2.3-3", "RFC3261-21.4.25-1", "RFC3261-9.2-4", "RFC3261-9.2-5"]),
        "a CANCEL that is challenged is answered with neither 200 nor 481",
    ),
    (
        Fault::CancelTerminated,
        Requirements::These(&["RFC3261-8.2.2.3-3", "RFC3261-22.1-3", "RFC3261-9.2-5"]),
        "a CANCEL that is refused is not answered with 200",
    ),
    (
        Fault::ContentTypeMissing,
        Requirements::These(&[
            "RFC7701-7.4-1",
            "RFC4575-3.4-1",
            "RFC4575-3.4-3",
            "RFC3261-9.2-5",
            "RFC3261-13.3.1.4-7",
            "RFC4575-5.5.2-1",
            "RFC4575-5.5.3-1",
            "RFC4575-5.6.1-1",
            "RFC4575-5.6-6",
            "RFC4575-5.7.3-1",
            "RFC4575-5.7.3-2",
            "RFC4575-5.7.4-1",
            "RFC4575-5.7.8-1",
            "RFC4575-5.7.9-2",
            "RFC4575-3.3-1",
            "RFC4575-3.4-5",
            "RFC4575-3.1-1",
            "RFC7701-5.2-36",
            "RFC7701-8-31",
            "RFC7701-6.1-56",
            "RFC7701-6.1-55",
            "RFC7701-3-1",
            "RFC7701-5.1-2",
            "RFC7701-4-4",
            "RFC7701-3-2",
            "RFC7701-7.2-2",
            "RFC7701-7.2-7",
            "RFC7701-7.2-3",
            "RFC7701-7.2-4",
            "RFC7701-7.2-8",
            "RFC7701-7.2-5",
            "RFC7701-7.3-2",
            "RFC7701-7.3-3",
            "RFC7701-7.1-1",
            "RFC7701-4.1-3",
            "RFC7701-4.1-4",
            "RFC7701-7.1-52",
            "RFC7701-7.1-33",
            "RFC7701-7.1-27",
            "RFC7701-7.1-20",
            "RFC7701-7.1-26",
            "RFC7701-7.1-16",
            "RFC7701-7.1-15",
            "RFC7701-7-7",
            "RFC7701-7.1-49",
            "RFC7701-7.1-2",
            "RFC7701-7.1-12",
            "RFC7701-7.1-40",
            "RFC7701-7.1-41",
            "RFC7701-7-4",
            "RFC7701-7.1-44",
            "RFC7701-7.1-24",
            "RFC7701-7.1-47",
            "RFC7701-7.1-7",
            "RFC7701-7.1-39",
            "RFC7701-7.1-14",
            "RFC7701-7.4-5",
            "RFC8266-2.4-3",
            "RFC8266-2.1-8",
            "RFC8266-3-4",
            "RFC8266-4-4",
            "RFC8266-2.3-3",
            "RFC8266-2.3-6",
        ]),
        "a document without its type is no roster",
    ),
];
