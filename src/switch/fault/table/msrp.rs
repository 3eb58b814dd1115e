//! Faults that break RFC 4975: framing, chunks, reports, sessions.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! msrp {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
            /// Hyphens alone end a request.
            EndLineByHyphens = "end-line-by-hyphens"
                ["RFC4975-7.1-27", "RFC4975-7.1-28", "RFC4975-5.1-2"]
                "takes any line of the body that starts with six hyphens for the end of the request";
            /// A start line in a body begins a request.
            StartLineInBody = "start-line-in-body"
                ["RFC4975-7.1-27", "RFC4975-7.1-28"]
                "takes a line of the body that looks like a start line for the next request";
            /// All requests of a session have one identifier.
            TransactionIdOfSession = "transaction-id-of-session"
                ["RFC4975-7.1-26", "RFC4975-7.1-25", "RFC4975-7.1-2"]
                "uses one transaction identifier for all the requests of a session";
            /// Content-Type is the only MIME header.
            MimeHeadersRefused = "mime-headers-refused"
                ["RFC4975-7.1-9", "RFC4975-7.1.1-41", "RFC4975-7.1.1-42"]
                "answers 400 to a SEND with other MIME headers than Content-Type";
            /// The total has to be known.
            OpenTotalRefused = "open-total-refused"
                ["RFC4975-7.1.1-25"]
                "answers 400 to a Byte-Range whose total is a star";
            /// A star is for long chunks only.
            ShortStarRefused = "short-star-refused"
                ["RFC4975-7.1.1-25", "RFC4975-7.1.1-23", "RFC4975-5.1-5", "RFC4975-7.1.1-35", "RFC4975-7.1.1-36"]
                "answers 400 to a chunk of up to 2048 octets whose range-end is a star";
            /// Chunks come in order or not at all.
            GapRefused = "gap-refused"
                ["RFC4975-7.1.1-27"]
                "answers 400 to a chunk that does not follow the one before";
            /// URIs in To-Path are compared as strings.
            MsrpUriByLetter = "msrp-uri-by-letter"
                ["RFC4975-6.1-1", "RFC4975-6.1-3", "RFC4975-6.1-4", "RFC4975-6.1-5", "RFC4975-6.1-6", "RFC4975-6.1-7", "RFC4975-6.1-13"]
                "compares To-Path with its URI letter by letter";
            /// Only the session-id counts.
            SessionIdAlone = "session-id-alone"
                ["RFC4975-6.1-1", "RFC4975-6.1-2", "RFC4975-6.1-8", "RFC4975-6.1-9", "RFC4975-6.1-10", "RFC4975-6.1-11", "RFC4975-6.1-12", "RFC4975-6.1-14", "RFC4975-6-8"]
                "finds the session by the session-id alone in any letter case, or else by the connection";
            /// A userinfo in a path is not understood.
            PathUserRefused = "path-user-refused"
                ["RFC4975-6-12"]
                "answers 488 to an offer whose path has a userinfo";
            /// The active side waits.
            ActiveNeverConnects = "active-never-connects"
                ["RFC4975-5.4-3", "RFC4975-5.4-5", "RFC4975-6.2-1"]
                "says that it connects, and waits to be connected to";
            /// The active side connects in silence.
            ActiveSaysNothing = "active-says-nothing"
                ["RFC4975-5.4-6", "RFC4975-5.4-3"]
                "connects as the active side, but sends no SEND";
            /// The passive side connects too.
            ConnectsAsPassive = "connects-as-passive"
                ["RFC4975-5.4-4"]
                "opens a connection of its own to an endpoint that connects itself";
            /// The first SEND only binds.
            FirstContentDropped = "first-content-dropped"
                ["RFC4975-5.4-7"]
                "answers 200 to a first SEND with content, and drops the content";
            /// A new connection is taken for that of the session that waits.
            SpeaksBeforeBound = "speaks-before-bound"
                ["RFC4975-5.4-9", "RFC4975-5.4-18"]
                "takes a new connection for that of the only session without one, and speaks";
            /// Each session has a connection of its own.
            ConnectionNotReused = "connection-not-reused"
                ["RFC4975-5.4-2"]
                "opens a connection for each session to the same host and port";
            /// The end of a session closes its connection.
            SharedConnectionClosed = "shared-connection-closed"
                ["RFC4975-5.4-37"]
                "closes the connection when one of its sessions ends";
            /// A connection carries one message at a time.
            OneMessageAtATime = "one-message-at-a-time"
                ["RFC4975-7.1.1-38"]
                "sends nothing else on a connection while a message on it is unfinished";
            /// The latest connection is the session's.
            LatestConnectionWins = "latest-connection-wins"
                ["RFC4975-5.4-22", "RFC4975-5.4-23", "RFC4975-5.4-24"]
                "takes the connection of the latest request for the session's";
            /// Another connection of the user will do.
            LostSessionElsewhere = "lost-session-elsewhere"
                ["RFC4975-5.4-25"]
                "goes on with a session whose connection broke on another connection of the same host";
            /// A new connection brings a lost session back.
            LostSessionRevived = "lost-session-revived"
                ["RFC4975-5.4-28"]
                "lets a new connection take a lost session over without a new exchange of SDP";
            /// The first path of an endpoint counts for ever.
            OldPathKept = "old-path-kept"
                ["RFC4975-5.4-36", "RFC4975-5.4-27"]
                "addresses who comes back by the path of before";
            /// Copies show where they come from.
            SenderPathShown = "sender-path-shown"
                ["RFC4975-3-4"]
                "writes the From-Path of the sender into its copies as a header of its own";
            /// Duplicates are dropped in silence.
            DuplicateUnanswered = "duplicate-unanswered"
                ["RFC4975-5.4-33"]
                "drops a message whose Message-ID it has seen, and does not answer it";
            /// A REPORT with a body is refused.
            ReportBodyAnswered = "report-body-answered"
                ["RFC4975-7.1.2-6", "RFC4975-7.1.2-11", "RFC4975-7.1.2-4"]
                "answers 400 to a REPORT with a body";
            /// A leaver is told what became of the message.
            ReportAfterEnd = "report-after-end"
                ["RFC4975-7.1.2-13"]
                "sends a failure report on an unfinished message to a participant that has left";
            /// No responses, no reports.
            SuccessNeedsFailureYes = "success-needs-failure-yes"
                ["RFC4975-5.3-5", "RFC4975-7.1.3-1"]
                "reports success only where Failure-Report is absent or yes";
            /// What was received counts as delivered.
            RefusalReportedAsSuccess = "refusal-reported-as-success"
                ["RFC4975-5.3-3", "RFC4975-7.1.4-8", "RFC4975-5.3-5"]
                "sends the success report that was asked for, also on a message that it refuses";
            /// Any Success-Report means yes.
            UnaskedSuccessDespiteNo = "unasked-success-despite-no"
                ["RFC4975-7.1.3-12", "RFC4975-5.3-5"]
                "takes Success-Report no for yes";
            /// Credentials stand in the path.
            PathWithPassword = "path-with-password"
                ["RFC4975-6-13"]
                "writes a user with a password into its MSRP URIs";
            /// A transfer encoding is stated.
            TransferEncodingStated = "transfer-encoding-stated"
                ["RFC4975-7.1.1-43"]
                "states a Content-Transfer-Encoding in its SENDs";
            /// Messages go out in small pieces.
            SmallChunks = "small-chunks"
                ["RFC4975-7.1.1-34"]
                "cuts what it sends into chunks of 512 octets";
            /// Certificates are not looked at.
            CertificateUnchecked = "certificate-unchecked"
                ["RFC4975-5.4-13", "RFC4975-5.4-16"]
                "connects over TLS to whoever answers, whatever the certificate";
            /// The session is looked for last.
            SessionCheckedLate = "session-checked-late"
                ["RFC4975-7.3-1"]
                "answers 501 or 415 before it looks whether the session exists";
            /// The first URI of To-Path is enough.
            FirstUriCounts = "first-uri-counts"
                ["RFC4975-7.3-2"]
                "serves a request whose To-Path goes on behind its own URI";
            /// Who asks for no session is always told.
            UnknownSessionAlwaysTold = "unknown-session-always-told"
                ["RFC4975-7.3-6", "RFC4975-7.1.4-4"]
                "answers 481 even where Failure-Report is no";
            /// A SEND needs a Byte-Range.
            RangeRequired = "range-required"
                ["RFC4975-7.3.1-1"]
                "answers 400 to a SEND without Byte-Range";
            /// The Byte-Range must fit the body.
            RangeClaimChecked = "range-claim-checked"
                ["RFC4975-7.3.1-6", "RFC4975-7.3.1-2"]
                "answers 400 where the range-end is not where the body ends";
            /// The announced total decides.
            TotalBelieved = "total-believed"
                ["RFC4975-7.3.1-7"]
                "waits for the octets that the first chunk announced, whatever chunk is the last";
            /// What came first stays.
            OverlapKept = "overlap-kept"
                ["RFC4975-7.3.1-11", "RFC4975-7.3.1-5"]
                "drops the octets of a chunk that overlap what it has already";
            /// A request comes without a pause.
            RequestMayNotPause = "request-may-not-pause"
                ["RFC4975-7.3.1-13"]
                "forgets what it has of a request when the rest comes a quarter of a second later";
            /// Composite types are refused.
            MultipartRefused = "multipart-refused"
                ["RFC4975-7.3.1-17", "RFC4975-7.3.1-18", "RFC4975-14.3-1"]
                "answers 415 to composite types inside the wrapper";
            /// Memory is set aside for what is announced.
            HugeTotalFatal = "huge-total-fatal"
                ["RFC4975-14.5-9"]
                "sets memory aside for the announced total, and breaks the connection where there is not so much";
            /// An unintelligible request has a code of the house.
            StatusOfTheHouse = "status-of-the-house"
                ["RFC4975-10.2-1", "RFC4975-10-1"]
                "answers 499 to a SEND that it cannot read";
            /// A request refused once is refused for ever.
            RefusedIdRemembered = "refused-id-remembered"
                ["RFC4975-10.2-2"]
                "answers 400 to each message under a Message-ID that it has answered 400 to";
            /// A late chunk has timed out.
            LateChunk408 = "late-chunk-408"
                ["RFC4975-10.4-1"]
                "answers 408 to a chunk whose beginning it does not know";
            /// Out of bounds is 423.
            OutOfBounds423 = "out-of-bounds-423"
                ["RFC4975-10.7-1"]
                "answers 423 to a Byte-Range that starts too far";
            /// A refusal of a message is not heeded.
            RefusalUnheeded = "refusal-unheeded"
                ["RFC4975-10.5-2", "RFC4975-7.3.2-4", "RFC4975-10.6-2"]
                "goes on sending a message to who has refused it in a response";
            /// Who refuses a message is put out.
            RefusalEndsSession = "refusal-ends-session"
                ["RFC4975-10.5-4"]
                "takes the session for failed when a message is answered with 413";
            /// Reports of recipients are dropped unread.
            ReportUnheeded = "report-unheeded"
                ["RFC4975-7.3.2-3", "RFC4975-7.3.2-6", "RFC4975-7.3.2-7"]
                "does not heed what recipients report";
            /// A session that is denied goes on.
            DeniedSessionKept = "denied-session-kept"
                ["RFC4975-10.8-2", "RFC4975-10.10-2"]
                "goes on sending in a session to which the endpoint answers 481 or 506";
            /// A type that was refused is sent again.
            RefusedTypeSentAgain = "refused-type-sent-again"
                ["RFC4975-10.6-2"]
                "sends further messages of a type that the endpoint has answered with 415";
            /// A report is acknowledged by a report.
            ReportByReport = "report-by-report"
                ["RFC4975-7.3.2-8"]
                "acknowledges a REPORT by a REPORT of its own";
            /// Session-ids are short.
            SessionIdShort = "session-id-short"
                ["RFC4975-14.1-1", "RFC4975-8.2-10"]
                "makes session-ids of eight characters";
            /// Session-ids are counted.
            SessionIdCounted = "session-id-counted"
                ["RFC4975-14.1-1", "RFC4975-8.2-10"]
                "numbers its session-ids";
            /// The certificate is not announced.
            FingerprintUnstated = "fingerprint-unstated"
                ["RFC4975-14.4-4", "RFC4975-14.4-5"]
                "writes no fingerprint of its self-signed certificate into its SDP";
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[
    (
        Fault::ConnectsAsPassive,
        Requirements::These(&["RFC4975-8.5-2"]),
        "a connection that should not be is seen after later offers, too",
    ),
    (
        Fault::ActiveSaysNothing,
        Requirements::These(&["RFC4975-8.1-8", "RFC4975-8.3-4", "RFC8866-5.7-2"]),
        "where the switch has to connect, the session lives by its first request",
    ),
    (
        Fault::ActiveNeverConnects,
        Requirements::These(&["RFC4975-8.1-8", "RFC4975-8.3-4", "RFC8866-5.7-2"]),
        "where the switch has to connect, there is no session without it",
    ),
    (
        Fault::EndLineByHyphens,
        Requirements::These(&["RFC4975-7.1-26", "RFC4975-7.1-20"]),
        "whatever text has such a line loses its rest",
    ),
    (
        Fault::OldPathKept,
        Requirements::These(&["RFC7701-4-19", "RFC7701-5.2-2"]),
        "what goes to those who come back is misaddressed, and the users of the digest room come again and again",
    ),
    (
        Fault::TotalBelieved,
        Requirements::These(&["RFC4975-7.1-24", "RFC4975-7.1.1-34"]),
        "a message that is whole and thought unfinished is aborted after its end when its sender leaves",
    ),
    (
        Fault::RefusalEndsSession,
        Requirements::These(&["RFC7701-6.3-13"]),
        "who has refused one message is in the room no more when the next is said",
    ),
    (
        Fault::TransactionIdOfSession,
        Requirements::These(&["RFC4975-7.1-1", "RFC4975-7.1.1-17"]),
        "a request that its own end-line has cut is no well-formed request",
    ),
];
