//! Faults that hostile input brings to light: what breaks, and whom it takes with it.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! robustness {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
            /// Ten thousand headers make it drop everyone.
            HeaderFloodEndsRoom = "header-flood-ends-room"
                ["ROBUST-1"]
                "ten thousand headers make it drop everyone";
            /// Never answers a line that is too long, and keeps the connection.
            LongLineUnanswered = "long-line-unanswered"
                ["ROBUST-1"]
                "never answers a line that is too long, and keeps the connection";
            /// A path of hundreds of URIs makes it drop everyone.
            PathFloodEndsRoom = "path-flood-ends-room"
                ["ROBUST-1"]
                "a path of hundreds of URIs makes it drop everyone";
            /// Reads nothing any more from a connection after a NUL in a header.
            NulStopsReading = "nul-stops-reading"
                ["ROBUST-2"]
                "reads nothing any more from a connection after a NUL in a header";
            /// A header that is not UTF-8 makes it drop everyone.
            StrangeOctetsEndRoom = "bad-utf8-ends-room"
                ["ROBUST-2"]
                "a header that is not UTF-8 makes it drop everyone";
            /// A Byte-Range beyond its counters makes it drop everyone.
            NumberOverflowEndsRoom = "number-overflow-ends-room"
                ["ROBUST-2"]
                "a Byte-Range beyond its counters makes it drop everyone";
            /// Loses a message whose body almost ends a hundred times.
            FalseEndsUnanswered = "false-ends-unanswered"
                ["ROBUST-3"]
                "loses a message whose body almost ends a hundred times, or has a thousand empty lines";
            /// A wrapper with endless headers makes it drop everyone.
            WrapperFloodEndsRoom = "wrapper-flood-ends-room"
                ["ROBUST-4"]
                "a wrapper with endless headers makes it drop everyone";
            /// Wrappers in wrappers make it drop everyone.
            NestedWrappersEndRoom = "nested-wrappers-end-room"
                ["ROBUST-4"]
                "wrappers in wrappers make it drop everyone";
            /// Loses a request that comes in more than a hundred segments.
            SegmentsCounted = "segments-counted"
                ["ROBUST-5"]
                "loses a request that comes in more than a hundred segments";
            /// Loses what comes at once beyond a few requests.
            PipelineCut = "pipeline-cut"
                ["ROBUST-6"]
                "loses what comes at once beyond a few requests";
            /// Answers no NICKNAME any more after some hundreds of a session.
            NicknameFloodUnanswered = "nickname-flood-unanswered"
                ["ROBUST-6"]
                "answers no NICKNAME any more after some hundreds of a session";
            /// A new connection that does not speak MSRP makes it drop everyone.
            GarbageEndsRooms = "garbage-ends-rooms"
                ["ROBUST-7"]
                "a new connection that does not speak MSRP makes it drop everyone";
            /// A connection that ends in the middle of a request makes it drop everyone.
            HalfRequestEndsRoom = "half-request-ends-room"
                ["ROBUST-7"]
                "a connection that ends in the middle of a request makes it drop everyone";
            /// Drops everyone after a stream that it could not read as SIP.
            SipStreamErrorDeafens = "sip-stream-error-drops-all"
                ["ROBUST-8"]
                "drops everyone after a stream that it could not read as SIP";
            /// Drops everyone after a stream that ended in the middle of one.
            TruncatedSipDeafens = "truncated-sip-drops-all"
                ["ROBUST-8"]
                "drops everyone after a stream that ended in the middle of one";
            /// Drops everyone after a header with NUL or what is not UTF-8.
            StrangeOctetsDeafen = "strange-octets-drop-all"
                ["ROBUST-8"]
                "drops everyone after a header with NUL or what is not UTF-8";
            /// Never answers a description of more than 500 lines.
            DescriptionFloodUnanswered = "description-flood-unanswered"
                ["ROBUST-9"]
                "never answers a description of more than 500 lines";
            /// Never answers a description with a port beyond its counters.
            DescriptionNumberUnanswered = "description-number-unanswered"
                ["ROBUST-9"]
                "never answers a description with a port beyond its counters";
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[
    (
        Fault::SegmentsCounted,
        Requirements::These(&["ROBUST-3"]),
        "with unlucky segments other messages come in as many",
    ),
    (
        Fault::HalfRequestEndsRoom,
        Requirements::These(&["ROBUST-1"]),
        "a request that a bound of the framer cuts off is half a request",
    ),
    (Fault::FalseEndsUnanswered, Requirements::These(&["RFC7701-6.1-22"]), "lines of dashes look like ends, too"),
    (
        Fault::NumberOverflowEndsRoom,
        Requirements::These(&["RFC4975-14.5-9"]),
        "cases of Byte-Range try numbers as large",
    ),
];
