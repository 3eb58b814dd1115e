//! Faults that break RFC 4975, section 8, and RFC 6135: how a session is described and who connects.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! setup {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
            /// Answers 488 to an offer whose m-line or c-line differs from its path.
            MirrorDemanded = "mirror-demanded"
                ["RFC4975-8.1-8"]
                "answers 488 to an offer whose m-line or c-line differs from its path";
            /// Connects to the port of the m-line in place of the path's.
            ConnectsByMediaLine = "connects-by-media-line"
                ["RFC4975-8.1-8"]
                "connects to the port of the m-line in place of the path's";
            /// Connects to the last URI of a path.
            ConnectsToLast = "connects-to-last"
                ["RFC4975-8.3-4"]
                "connects to the last URI of a path";
            /// Takes two MSRP streams with equal ports for one session.
            StreamsByPort = "streams-by-port"
                ["RFC4975-8.1-7", "RFC4975-8.2-9"]
                "takes two MSRP streams with equal ports for one session";
            /// Repeats its URI in the path of a later answer.
            PathGrows = "path-grows"
                ["RFC4975-8.3-2", "RFC4975-8-3"]
                "repeats its URI in the path of a later answer";
            /// Writes the protocol of a stream in lower case.
            ProtocolInLowerCase = "protocol-in-lower-case"
                ["RFC4975-8.1-2", "RFC4975-8.1-9", "RFC6135-4.3-1"]
                "writes the protocol of a stream in lower case";
            /// Counts the version of its description up whenever it sends one.
            OriginAlwaysNew = "origin-always-new"
                ["RFC4975-8.4-7"]
                "counts the version of its description up whenever it sends one";
            /// Gives a new URI in the answer to a repeated offer, and serves the former one only.
            LaterAnswerInVain = "later-answer-in-vain"
                ["RFC4975-8.4-4"]
                "gives a new URI in the answer to a repeated offer, and serves the former one only";
            /// Connects once more after each later offer of its own.
            LaterOfferConnects = "later-offer-connects"
                ["RFC4975-8.5-2"]
                "connects once more after each later offer of its own";
            /// Lists message/cpim in accept-wrapped-types, too.
            WrappedTypesRepeated = "wrapped-types-repeated"
                ["RFC4975-8.6-11"]
                "lists message/cpim in accept-wrapped-types, too";
            /// Answers 403 to an offer whose types it does not understand.
            UnusableTypes403 = "unusable-types-403"
                ["RFC4975-8.6-14"]
                "answers 403 to an offer whose types it does not understand";
            /// Takes a listed type with a parameter for another type.
            FormatParametersCompared = "format-parameters-compared"
                ["RFC4975-8.6-22"]
                "takes a listed type with a parameter for another type";
            /// Does not look at the max-size of a participant.
            MaxSizeIgnored = "max-size-ignored"
                ["RFC4975-8.6-18", "RFC4975-8.6-19", "RFC4975-8.6-20"]
                "does not look at the max-size of a participant";
            /// Compares max-size with the length of each chunk.
            MaxSizePerChunk = "max-size-per-chunk"
                ["RFC4975-8.6-19", "RFC4975-8.6-20"]
                "compares max-size with the length of each chunk";
            /// Copies no messages to who is recvonly.
            OneWayIsMute = "one-way-is-mute"
                ["RFC4975-8.9-2"]
                "copies no messages to who is recvonly";
            /// Sends no REPORT to who is sendonly.
            SendonlyUnreported = "sendonly-unreported"
                ["RFC4975-8.9-3"]
                "sends no REPORT to who is sendonly";
            /// Answers 488 to an offer without setup.
            SetupDemanded = "setup-demanded"
                ["RFC6135-5-1", "RFC4975-8.5-1"]
                "answers 488 to an offer without setup";
            /// Leaves setup out where the offer has none.
            SetupMirrored = "setup-mirrored"
                ["RFC6135-4.2.1-2"]
                "leaves setup out where the offer has none";
            /// Answers 488 to an offer with holdconn.
            HoldconnRefused = "holdconn-refused"
                ["RFC6135-4.2.1-5"]
                "answers 488 to an offer with holdconn";
            /// Answers holdconn with holdconn.
            HoldconnAnswered = "holdconn-answered"
                ["RFC6135-4.2.1-4"]
                "answers holdconn with holdconn";
            /// Says passive in its offers.
            LateOfferPassive = "late-offer-passive"
                ["RFC6135-4.2.2-6", "RFC6135-4.2.2-3"]
                "says passive in its offers";
            /// Answers actpass with passive and the discard port.
            ActpassInVain = "actpass-in-vain"
                ["RFC6135-4.2.2-1", "RFC6135-4.2.1-3"]
                "answers actpass with passive and the discard port";
            /// Knows no session by its first request that it has offered itself.
            LateOfferUnbound = "late-offer-unbound"
                ["RFC6135-6-1", "RFC6135-4.3-2"]
                "knows no session by its first request that it has offered itself";
            /// Answers 488 to an offer of an existing connection that it does not have.
            ConnectionAttributeObeyed = "connection-attribute-obeyed"
                ["RFC6135-4.4-2"]
                "answers 488 to an offer of an existing connection that it does not have";
            /// Writes a connection attribute into its descriptions.
            ConnectionAttributeSent = "connection-attribute-sent"
                ["RFC6135-4.4-1"]
                "writes a connection attribute into its descriptions";
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[
    (
        Fault::OneWayIsMute,
        Requirements::These(&["RFC3264-6.1-3"]),
        "who only receives is one of the directions that an answer meets",
    ),
    (
        Fault::LaterAnswerInVain,
        Requirements::These(&["RFC3264-8-2", "RFC3261-12.2.2-5", "RFC3261-12.2.2-6", "RFC7701-8-19"]),
        "the offer that is repeated gets its answer, and the path in it leads nowhere",
    ),
    (
        Fault::LateOfferUnbound,
        Requirements::These(&["RFC4975-5.4-3", "RFC3264-5.1-1"]),
        "a session that its first request does not find is not found by later ones either, whoever connected",
    ),
];
