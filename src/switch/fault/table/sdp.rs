//! Faults that break RFC 3264 and RFC 8866: offer and answer, session descriptions.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! sdp {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
            /// The answer has the o-line of the offer.
            OriginEchoed = "origin-echoed"
                ["RFC3264-6-1", "RFC3264-8-3"]
                "answers with the o-line of the offer";
            /// The answer always has the time 0 0.
            TimeNotRepeated = "time-not-repeated"
                ["RFC3264-6-5"]
                "answers t=0 0 whatever time was offered";
            /// A changed description keeps its version.
            SdpVersionStandsStill = "sdp-version-stands-still"
                ["RFC3264-8-5", "RFC8866-5.2-4"]
                "changes its description without a new version";
            /// The version of a changed description leaps.
            SdpVersionLeaps = "sdp-version-leaps"
                ["RFC3264-8-4", "RFC8866-5.2-4"]
                "counts the version of its description up by ten";
            /// A later description has another session id.
            SdpIdRenewed = "sdp-id-renewed"
                ["RFC3264-8-3"]
                "gives a changed description another session id";
            /// All sessions have the same session id.
            OriginShared = "origin-shared"
                ["RFC8866-5.2-3"]
                "describes all its sessions under the same session id";
            /// A later offer has only the room's stream.
            ClosedLinesForgotten = "closed-lines-forgotten"
                ["RFC3264-8-8", "RFC3264-8-9"]
                "leaves the streams that it refused out of a later offer";
            /// A stream offered with port 0 is taken.
            ClosedStreamOpened = "closed-stream-opened"
                ["RFC3264-5.1-3", "RFC3264-6-6", "RFC3264-8.2-2", "RFC3264-8.2-3"]
                "takes a stream that is offered with port 0";
            /// A stream that was closed is served on.
            ClosedStreamServed = "closed-stream-served"
                ["RFC3264-8.2-1", "RFC3264-8.2-3"]
                "goes on with a stream that was closed with port 0";
            /// A stream whose media changes goes on as the old one.
            StreamSwapUnnoticed = "stream-swap-unnoticed"
                ["RFC3264-8.3.3-1"]
                "goes on with the chat where audio was offered in its place";
            /// The direction of an endpoint is ignored.
            HoldIgnored = "hold-ignored"
                ["RFC3264-8.4-1", "RFC3264-7-1", "RFC4975-8.9-1"]
                "sends messages to an endpoint that is on hold";
            /// Who is put on hold holds back.
            HoldReturned = "hold-returned"
                ["RFC3264-8.4-2"]
                "answers sendonly with inactive";
            /// No answer has a direction.
            DirectionUnanswered = "direction-unanswered"
                ["RFC3264-6.1-3", "RFC3264-6.1-4", "RFC3264-6.1-6"]
                "answers every direction with sendrecv";
            /// A direction of the session is overlooked.
            SessionDirectionOverlooked = "session-direction-overlooked"
                ["RFC8866-5-4"]
                "reads the direction of a stream under its m-line only";
            /// An offer with the version of the last one is refused.
            UnchangedOfferRefused = "unchanged-offer-refused"
                ["RFC3264-8-2", "RFC3264-8-6", "RFC3264-8-7", "RFC4975-8.4-1"]
                "refuses an offer whose version has not changed";
            /// An offer that is not for the room alone has no answer.
            MixedOfferUnanswered = "mixed-offer-unanswered"
                ["RFC3264-6-3", "RFC3264-6-7", "RFC3264-8.1-2", "RFC4975-8.1-6", "RFC4975-8.4-2"]
                "accepts an offer with another stream beside the room's, and says nothing about either";
            /// A stream that comes to an offer is passed over.
            AddedStreamDropped = "added-stream-dropped"
                ["RFC3264-8.1-2", "RFC4975-8.4-2"]
                "answers a re-INVITE that adds a stream without a line for it";
            /// A stream of a kind that nobody knows is accepted.
            UnknownStreamAccepted = "unknown-stream-accepted"
                ["RFC3264-6-7", "RFC3264-6.1-10", "RFC3264-8.1-2", "RFC4975-8.1-6"]
                "gives a port to a stream that it cannot use";
            /// Messages have to wait for the ACK.
            AckAwaited = "ack-awaited"
                ["RFC3264-6.1-12"]
                "takes no messages until its answer is acknowledged";
            /// The room offers to listen only.
            OfferOneWay = "offer-one-way"
                ["RFC3264-5.1-1", "RFC3264-6.1-5"]
                "offers recvonly though it means to talk";
            /// The accept-wrapped-types of the first offer hold for ever.
            TypesNeverUpdated = "types-never-updated"
                ["RFC3264-8.3.2-1"]
                "does not take the accept-wrapped-types of a later offer";
            /// An offer of the focus crosses one that it has not answered.
            OfferCrossed = "offer-crossed"
                ["RFC3264-4-1"]
                "makes an offer before it has answered the one it has";
            /// An unknown attribute is refused.
            UnknownAttributeRefused = "unknown-attribute-refused"
                ["RFC8866-5-7"]
                "refuses an offer with an attribute that it does not know";
            /// A line with an unknown letter is skipped.
            UnknownLineSkipped = "unknown-line-skipped"
                ["RFC8866-5-6"]
                "skips a line of an unknown type and guesses at the rest";
            /// An e-line or p-line is refused.
            ContactLinesRefused = "contact-lines-refused"
                ["RFC8866-5.6-1"]
                "refuses an offer with an e-line or a p-line";
            /// A bandwidth of an unknown kind is refused.
            UnknownBandwidthRefused = "unknown-bandwidth-refused"
                ["RFC8866-5.8-1"]
                "refuses an offer with a bandwidth of an unknown kind";
            /// A k-line is refused.
            KeyLineRefused = "key-line-refused"
                ["RFC8866-5.12-2"]
                "refuses an offer with a k-line";
            /// Text beyond ASCII is refused.
            OtherScriptsRefused = "other-scripts-refused"
                ["RFC8866-5-11"]
                "refuses an offer whose session name is not in ASCII";
            /// Lines that end with LF alone are refused.
            BareLineFeedRefused = "bare-line-feed-refused"
                ["RFC8866-5-10"]
                "refuses an offer whose lines end with LF alone";
            /// The c-line of the session goes before that of the stream.
            SessionAddressFirst = "session-address-first"
                ["RFC8866-5.7-2"]
                "looks at the c-line of the session only";
            /// Descriptions begin with v=1.
            SdpVersionOne = "sdp-version-one"
                ["RFC8866-5.1-1"]
                "writes v=1";
            /// An IPv4 address is called IP6.
            AddressTypeWrong = "address-type-wrong"
                ["RFC8866-5.2-5", "RFC8866-5.7-3"]
                "calls its IPv4 address IP6";
            /// The address of the c-line has a time to live.
            AddressWithTtl = "address-with-ttl"
                ["RFC8866-5.7-6", "RFC8866-5.7-4", "RFC3264-6.1-1"]
                "writes a time to live behind its unicast address";
            /// The o-line has a host name in UTF-8.
            HostBeyondAscii = "host-beyond-ascii"
                ["RFC8866-5-13", "RFC8866-5-12"]
                "writes a host name in UTF-8 into the o-line";
            /// The session name is ISO 8859-1.
            SessionNameLatin = "session-name-latin"
                ["RFC8866-5.3-4", "RFC3264-5-4"]
                "writes its session name in ISO 8859-1";
            /// The session has a name.
            SessionNamed = "session-named"
                ["RFC3264-5-4"]
                "gives its sessions a name";
            /// An offer has a start and an end.
            OfferWithTimes = "offer-with-times"
                ["RFC3264-5-5", "RFC8866-5.9-2"]
                "offers a session from one time to another";
            /// Descriptions have a k-line.
            KeyWritten = "key-written"
                ["RFC8866-5.12-1"]
                "writes a k-line";
            /// A stream has two directions.
            TwoDirections = "two-directions"
                ["RFC8866-6.7-1"]
                "writes two direction attributes for one stream";
            /// The session id needs all of 64 bits.
            OriginNumberHuge = "origin-number-huge"
                ["RFC3264-5-2"]
                "writes a session id beyond 63 bits";
            /// The lines are out of order.
            SdpLinesDisordered = "sdp-lines-disordered"
                ["RFC8866-5-5", "RFC8866-5-3", "RFC3264-5-1"]
                "writes the t-line before the c-line";
            /// An offer without a stream gets an answer with one.
            EmptyOfferAccepted = "empty-offer-accepted"
                ["RFC3264-6-4", "RFC3264-6-3"]
                "answers an offer without a stream with a stream";
            /// The accept-wrapped-types of an answer are ignored.
            AnswerTypesIgnored = "answer-types-ignored"
                ["RFC3264-7-2"]
                "does not look at the accept-wrapped-types of an answer";
            /// The path of the first offer holds for ever.
            PathNeverUpdated = "path-never-updated"
                ["RFC3264-8.3.1-1", "RFC3264-8.3.1-2", "RFC4975-8.4-6"]
                "does not take the path of a later offer";
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[
    (
        Fault::PathNeverUpdated,
        Requirements::These(&["RFC4975-8.4-6"]),
        "the path of a later offer is one subject of two standards",
    ),
    (
        Fault::EmptyOfferAccepted,
        Requirements::These(&["RFC6135-4.2.1-2"]),
        "the answer to an offer without streams has no setup",
    ),
    (
        Fault::OfferCrossed,
        Requirements::These(&["RFC6135-4.2.2-6"]),
        "an offer that nobody may make is a passive one as well",
    ),
    (
        Fault::UnknownStreamAccepted,
        Requirements::These(&["RFC4975-8.1-6", "RFC7701-5.2-10", "RFC7701-5.2-21"]),
        "a stream that gets a port has no path, and no port that fits one",
    ),
    (
        Fault::MixedOfferUnanswered,
        Requirements::These(&["RFC7701-4-6"]),
        "a 2xx without a description breaks the rule for it",
    ),
    (
        Fault::AddedStreamDropped,
        Requirements::These(&["RFC3264-6-3", "RFC7701-5.2-21", "RFC4975-8.4-7"]),
        "an answer with too few lines is wrong whatever the offer has grown by",
    ),
    (
        Fault::UnchangedOfferRefused,
        Requirements::These(&["RFC3261-12.2.2-5", "RFC3261-12.2.2-6", "RFC3261-14.2-4", "RFC7701-4-5", "RFC7701-8-19"]),
        "a re-INVITE that changes nothing is what cases of dialogs renew a session by",
    ),
    (
        Fault::HoldIgnored,
        Requirements::These(&["RFC4975-8.9-1"]),
        "the direction of a stream is one subject of two standards",
    ),
    (
        Fault::OriginEchoed,
        Requirements::These(&["RFC4975-8.4-7"]),
        "an o-line taken from the offer is not the one of the description before",
    ),
    (
        Fault::DirectionUnanswered,
        Requirements::These(&["RFC3264-8.4-2", "RFC8866-5-4"]),
        "an answer that never has a direction lacks the one that these cases look for",
    ),
    (
        Fault::AnswerTypesIgnored,
        Requirements::These(&["RFC7701-6.1-26"]),
        "who does not look at the types of an endpoint passes on what it does not accept",
    ),
];
