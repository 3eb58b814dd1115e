//! Named, believable bugs of the bundled switch: the proof that the suite can fail.
//!
//! Each fault is one arm where the right code decides; a [`FaultSet`] without it costs one comparison.

use std::fmt;
use std::str::FromStr;

mod collateral;
mod set;

pub use collateral::{Collateral, Requirements};
pub use set::FaultSet;

macro_rules! faults {
    ($($(#[doc = $meaning:literal])+ $variant:ident = $name:literal [$($requirement:literal),+ $(,)?] $line:literal;)+) => {
        /// A bug that the bundled switch can be told to have.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fault {
            $($(#[doc = $meaning])+ $variant,)+
        }

        impl Fault {
            /// Every fault, in the order of the enum.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name on the command line.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The requirements that the fault breaks.
            pub fn requirements(self) -> &'static [&'static str] {
                match self {
                    $(Self::$variant => &[$($requirement,)+],)+
                }
            }

            /// What the faulty switch does, in one line.
            pub fn describe(self) -> &'static str {
                match self {
                    $(Self::$variant => $line,)+
                }
            }
        }
    };
}

faults! {
    /// A nickname that another user holds is granted.
    NicknameConflictAccepted = "nickname-conflict-accepted"
        ["RFC7701-7.1-27", "RFC7701-7.1-29", "RFC7701-7-5", "RFC7701-7-8", "RFC7701-11-14"]
        "grants a nickname that another user holds";
    /// A private message goes to everybody.
    PrivateMessageBroadcast = "private-message-broadcast"
        ["RFC7701-4-23", "RFC7701-3-6"]
        "copies a private message to the whole room";
    /// The sender of a regular message gets a copy too.
    OwnCopyEchoed = "own-copy-echoed"
        ["RFC7701-6.1-20", "RFC7701-6.1-19"]
        "returns a copy of a regular message to the session it came from";
    /// Reports of receivers reach the sender.
    ReceiverReportsForwarded = "receiver-reports-forwarded"
        ["RFC7701-6.3-13", "RFC7701-6.3-14", "RFC7701-6.3-1"]
        "passes the recipients' REPORTs on to the original sender";
    /// Nicknames are compared octet for octet.
    NicknameCaseSensitive = "nickname-case-sensitive"
        ["RFC7701-7.1-16"]
        "compares nicknames octet by octet, so that 'Foo' and 'foo' are two";
    /// 428, and the message is delivered all the same.
    PrivateMessage428YetDelivered = "private-message-428-yet-delivered"
        ["RFC7701-6.2-24"]
        "answers 428 to a private message, yet delivers it to the endpoint without support";
    /// 403 where 404 is due.
    UnknownRecipient403 = "unknown-recipient-403"
        ["RFC7701-6.2-13", "RFC7701-6.2-14", "RFC7701-10.3-1"]
        "refuses a private message to somebody unknown with 403 instead of 404";
    /// A nickname goes to all sessions of its user.
    NicknameAutoAssigned = "nickname-auto-assigned"
        ["RFC7701-7.1-52"]
        "gives a nickname to every session of the user, also to those that never asked";
    /// A refused change costs the present nickname.
    OldNicknameReleasedOnFailure = "old-nickname-released-on-failure"
        ["RFC7701-7.2-4", "RFC7701-7.2-5", "RFC7701-7.2-8"]
        "releases the present nickname when a change is refused";
    /// Any length is granted.
    NicknameLengthUnchecked = "nickname-length-unchecked"
        ["RFC7701-7.1-45", "RFC7701-7.1-24"]
        "grants nicknames of more than 1023 octets";
    /// Quotes are optional.
    NicknameUnquotedAccepted = "nickname-unquoted-accepted"
        ["RFC7701-7.1-24", "RFC7701-7.1-25", "RFC7701-7.1-42"]
        "takes a Use-Nickname value without quotes for a nickname";
    /// Reserved words are granted.
    ReservedNicknameGranted = "reserved-nickname-granted"
        ["RFC7701-7.1-26", "RFC7701-7.1-17", "RFC7701-10.3-3"]
        "grants a reserved word as nickname";
    /// The empty string counts as malformed.
    NicknameRemovalRefused = "nickname-removal-refused"
        ["RFC7701-7.3-5", "RFC7701-7.3-2", "RFC7701-7.1-43"]
        "answers 424 to the empty string that removes a nickname";
    /// A removal changes nothing.
    RemovedNicknameKept = "removed-nickname-kept"
        ["RFC7701-7.3-3"]
        "answers 200 to a removal, but keeps the nickname";
    /// The room's policy on nicknames is ignored.
    NicknamePolicyIgnored = "nickname-policy-ignored"
        ["RFC7701-7.1-14", "RFC7701-4.1-1", "RFC7701-7.1-13", "RFC7701-7.1-5"]
        "grants nicknames in a room that does not allow them";
    /// 403 where 425 is due.
    NicknameConflict403 = "nickname-conflict-403"
        ["RFC7701-7.1-27", "RFC7701-10.3-4"]
        "refuses a nickname in use with 403 instead of 425";
    /// The response to NICKNAME goes one hop back.
    NicknameResponseLeftmost = "nickname-response-leftmost"
        ["RFC7701-7.1-33"]
        "answers NICKNAME to the leftmost URI of From-Path only";
    /// The roster never learns of a nickname.
    NicknameNotTold = "nickname-not-told"
        ["RFC7701-7.4-8", "RFC7701-4-14"]
        "grants nicknames without a word to the roster";
    /// There is no quarantine.
    QuarantineIgnored = "quarantine-ignored"
        ["RFC7701-4.1-3", "RFC7701-11-16"]
        "gives a nickname out of use to another user during its quarantine";
    /// Content is changed on its way.
    CpimModified = "cpim-modified"
        ["RFC7701-6.1-22", "RFC7701-6.2-27"]
        "adds a line end to the content of every message";
    /// Messages need no wrapper.
    UnwrappedDistributed = "unwrapped-distributed"
        ["RFC7701-6.3-4", "RFC7701-6.3-5", "RFC7701-11-4", "RFC7701-5.2-22"]
        "distributes messages without a Message/CPIM wrapper";
    /// From is not checked.
    ForeignFromAccepted = "foreign-from-accepted"
        ["RFC7701-6.3-6", "RFC7701-6.3-7", "RFC7701-6.3-9"]
        "does not look at the CPIM From";
    /// Several To headers are not refused.
    SeveralToAccepted = "several-to-accepted"
        ["RFC7701-6.1-17", "RFC7701-6.1-18", "RFC7701-6.2-10", "RFC7701-6.2-11"]
        "takes the first of several CPIM To headers";
    /// accept-wrapped-types of the recipients is ignored.
    RecipientTypesIgnored = "recipient-types-ignored"
        ["RFC7701-6.1-24", "RFC7701-6.1-26"]
        "copies wrapped types to endpoints that do not accept them";
    /// The room's list of wrapped types is ignored.
    RoomTypesIgnored = "room-types-ignored"
        ["RFC7701-4.1-12"]
        "accepts wrapped types that the room's policy excludes";
    /// A user has one session only.
    SecondEndpointForgotten = "second-endpoint-forgotten"
        ["RFC7701-6.1-56", "RFC7701-6.1-55"]
        "copies regular messages to one session of each user only";
    /// A private message has one session only.
    PrivateToOneEndpoint = "private-to-one-endpoint"
        ["RFC7701-6.2-32", "RFC7701-4-24"]
        "sends a private message to one session of its recipient only";
    /// The room's policy on private messages is ignored.
    PrivatePolicyIgnored = "private-policy-ignored"
        ["RFC7701-4.1-5", "RFC7701-6.2-1"]
        "delivers private messages in a room that forbids them";
    /// What has no recipient goes to everybody.
    UnknownRecipientBroadcast = "unknown-recipient-broadcast"
        ["RFC7701-6.2-15", "RFC7701-6.2-13"]
        "distributes a private message to somebody unknown to the room";
    /// 404 where 428 is due.
    IncapableRecipient404 = "incapable-recipient-404"
        ["RFC7701-6.2-19", "RFC7701-10.3-5"]
        "refuses a private message to an endpoint without support with 404 instead of 428";
    /// A later 'chatroom' is ignored.
    CapabilitiesNeverUpdated = "capabilities-never-updated"
        ["RFC7701-8-16", "RFC7701-8-17", "RFC7701-8-18"]
        "goes by the first SDP of an endpoint for ever";
    /// No notices to unaware endpoints.
    UnawareNotTold = "unaware-not-told"
        ["RFC7701-11-7", "RFC7701-11-9"]
        "does not tell an endpoint without 'chatroom' that it is in a room";
    /// URIs are compared as strings.
    RoomUriByLetter = "room-uri-by-letter"
        ["RFC7701-6.1-21", "RFC7701-6.2-16"]
        "recognises its own URI by letter only";
    /// Rooms are not kept apart.
    RoomsMixed = "rooms-mixed"
        ["RFC7701-4-32"]
        "distributes messages to the participants of all rooms";
    /// A session outlives its dialog.
    LeaverStillServed = "leaver-still-served"
        ["RFC7701-4-29"]
        "keeps sending to a participant that has left";
    /// Later chunks go to all who are there.
    ContinuationToNewcomer = "continuation-to-newcomer"
        ["RFC7701-6.1-35", "RFC7701-6.1-37", "RFC7701-6.1-34", "RFC7701-4-23"]
        "sends later chunks to participants that had not the first";
    /// Later chunks are refused.
    ContinuationRefused = "continuation-refused"
        ["RFC7701-6.1-32"]
        "wants Message/CPIM headers in every chunk";
    /// Headers cut across chunks are refused.
    CutHeadersRefused = "cut-headers-refused"
        ["RFC7701-9.5-1"]
        "wants all Message/CPIM headers in the first chunk";
    /// There is no chunk reception timer.
    ChunkTimerIgnored = "chunk-timer-ignored"
        ["RFC7701-6.1-40", "RFC7701-6.1-42", "RFC7701-4.1-11"]
        "waits for the remaining chunks for ever";
    /// Messages are stored before they are forwarded.
    DistributionAfterCompletion = "distribution-after-completion"
        ["RFC7701-6.1-29"]
        "distributes a message only when it is complete";
    /// Chunks of a copy do not belong together.
    MessageIdPerChunk = "message-id-per-chunk"
        ["RFC7701-6.1-33"]
        "gives every chunk of a copy another Message-ID";
    /// Failure-Report is not looked at.
    ResponseDespiteNo = "response-despite-no"
        ["RFC7701-6.3-2"]
        "answers requests with Failure-Report no";
    /// Success-Report is not looked at.
    NoSuccessReport = "no-success-report"
        ["RFC7701-6.3-1", "RFC7701-6.3-3"]
        "never sends a success report";
    /// Two reports on the same octets.
    SuccessReportTwice = "success-report-twice"
        ["RFC7701-6.3-14"]
        "reports every message twice";
    /// REPORTs about private messages have no body.
    PrivateReportUnwrapped = "private-report-unwrapped"
        ["RFC7701-6.2-21", "RFC7701-6.2-22", "RFC7701-6.2-23"]
        "sends REPORTs about private messages without the wrapper";
    /// A response does not repeat the transaction identifier.
    ResponseTransactionAltered = "response-transaction-altered"
        ["RFC7701-6.3-11"]
        "writes transaction identifiers in lower case in its responses";
    /// The sender is hidden behind the room.
    FromReplaced = "from-replaced"
        ["RFC7701-6.1-53", "RFC7701-3-4"]
        "writes the room's URI into the CPIM From of what it distributes";
    /// To may be missing.
    MissingToMeansRoom = "missing-to-means-room"
        ["RFC7701-6.1-16", "RFC7701-5.2-33"]
        "distributes a message without CPIM To to the room";
    /// cc decides about the recipients.
    CcDeliveredPrivately = "cc-delivered-privately"
        ["RFC7701-6.1-16", "RFC7701-6.2-12"]
        "delivers a message to those in cc instead of To";
    /// A participant's relays are forgotten.
    RelayPathCut = "relay-path-cut"
        ["RFC7701-4-9", "RFC7701-4-19"]
        "addresses its requests to the first URI of a participant's path only";
    /// A SEND without body is refused.
    BodilessRefused = "bodiless-refused"
        ["RFC7701-6.3-10", "RFC7701-4-8"]
        "answers 415 to a SEND without a body";
    /// "*" in the room's list is not kept.
    StarMeansText = "star-means-text"
        ["RFC7701-4.1-15", "RFC7701-4.1-14"]
        "announces every wrapped type, but accepts text only";
    /// Nicknames beyond ASCII are refused.
    NicknameAsciiOnly = "nickname-ascii-only"
        ["RFC7701-7.1-12"]
        "answers 424 to nicknames with other characters than ASCII";
    /// Other headers hide Use-Nickname.
    NicknameHeaderThird = "nickname-header-third"
        ["RFC7701-7.1-40"]
        "finds Use-Nickname only right after the paths";
    /// The name of Use-Nickname is compared with its case.
    NicknameHeaderCase = "nickname-header-case"
        ["RFC7701-7.1-41"]
        "finds Use-Nickname only in this letter case";
    /// Escapes stay in the nickname.
    NicknameEscapesKept = "nickname-escapes-kept"
        ["RFC7701-7.1-47"]
        "shows nicknames with the backslashes of their escapes";
    /// The number of Use-Nickname headers is not looked at.
    NicknameHeaderOptional = "nickname-header-optional"
        ["RFC7701-7.1-7"]
        "answers 200 to a NICKNAME with no or two Use-Nickname headers";
    /// Method names are compared without case.
    MethodCaseIgnored = "method-case-ignored"
        ["RFC7701-7.1-39"]
        "serves methods in any letter case";
    /// An unaware endpoint always talks to the room.
    UnawareWhisperBroadcast = "unaware-whisper-broadcast"
        ["RFC7701-11-6"]
        "distributes to the room what an endpoint without 'chatroom' whispers";
    /// One refusal, and no nickname any more.
    RefusalIsFinal = "refusal-is-final"
        ["RFC7701-7.1-31", "RFC7701-7.2-3"]
        "refuses every NICKNAME after a first refusal";
    /// A nickname does not last.
    NicknameLapses = "nickname-lapses"
        ["RFC7701-7.1-1"]
        "forgets a nickname when its holder talks to the room";
    /// Leaving frees nothing.
    NicknameOutlivesSession = "nickname-outlives-session"
        ["RFC7701-7.1-1", "RFC7701-11-16", "RFC7701-4.1-3"]
        "keeps the nickname of a participant that has left for good";
    /// A nickname in use is refused to its holder as well.
    OwnNicknameRefused = "own-nickname-refused"
        ["RFC7701-7.1-20", "RFC7701-7.1-32"]
        "answers 425 to the holder who asks for the nickname again";
    /// The second device of a user gets a wrong code.
    SecondDeviceNickname403 = "second-device-nickname-403"
        ["RFC7701-7.1-49", "RFC7701-7.1-51"]
        "answers 403 to the nickname of a user from a second device";
    /// Nicknames are not prepared.
    BlanksGranted = "blanks-granted"
        ["RFC7701-7.1-15", "RFC7701-7.1-28"]
        "grants a nickname of mere blanks";
    /// Who asks for no nickname gets one.
    NicknameByDefault = "nickname-by-default"
        ["RFC7701-7-7"]
        "gives everybody the user part of the URI as nickname";
    /// One slow participant stops the talk of all.
    SlowRecipientStopsAll = "slow-recipient-stops-all"
        ["RFC7701-6.4-3"]
        "refuses messages while one recipient is slow";
    /// A change releases nothing.
    OldNicknameNeverReleased = "old-nickname-never-released"
        ["RFC7701-7.2-7"]
        "keeps the old nickname of a user who has a new one";
    /// Quarantine shuts everybody out.
    FormerHolderShutOut = "former-holder-shut-out"
        ["RFC7701-4.1-4", "RFC7701-11-17"]
        "refuses a nickname in quarantine to its former holder too";
    /// One broken connection is the end of the talk.
    BrokenConnectionEndsRoom = "broken-connection-ends-room"
        ["RFC7701-6.1-39"]
        "ends the sessions of all when one connection breaks";
    /// '$' where '#' is due.
    AbortAsComplete = "abort-as-complete"
        ["RFC7701-6.1-39", "RFC7701-6.1-44", "RFC7701-6.1-33", "RFC7701-6.1-23"]
        "ends an aborted message with the flag of a complete one";
    /// Private messages go nowhere.
    PrivateSwallowed = "private-swallowed"
        ["RFC7701-6.2-26", "RFC7701-8-32"]
        "answers 200 to private messages and delivers none";
    /// Who writes to itself writes to all.
    OwnUriMeansRoom = "own-uri-means-room"
        ["RFC7701-6.2-12"]
        "distributes to the room what a participant sends to itself";
    /// The announced token is not kept.
    PrivateAlwaysRefused = "private-always-refused"
        ["RFC7701-8-32", "RFC7701-6.2-26"]
        "announces private messages and answers 428 to all of them";
    /// A leaving recipient costs the others the message.
    LeaverEndsMessage = "leaver-ends-message"
        ["RFC7701-6.1-36"]
        "gives a message up when one of its recipients leaves";
    /// The chunk reception timer is a second.
    ChunkTimerTooShort = "chunk-timer-too-short"
        ["RFC7701-6.1-47", "RFC7701-6.1-49"]
        "waits for the next chunk no longer than a second";
    /// The answer lists text/plain beside message/cpim.
    AnswerTwoAcceptTypes = "answer-two-accept-types"
        ["RFC7701-5.2-28", "RFC7701-5.2-29", "RFC7701-5.2-27"]
        "lists text/plain beside message/cpim in accept-types of its answer";
    /// "Message/CPIM" in another letter case is not recognised.
    CpimCaseSensitive = "cpim-case-sensitive"
        ["RFC7701-5.2-9", "RFC7701-5.2-25"]
        "refuses an offer that writes Message/CPIM in capitals";
    /// The focus' own offer speaks of text/plain.
    LateOfferWithoutCpim = "late-offer-without-cpim"
        ["RFC7701-5.2-24", "RFC7701-5.2-9"]
        "offers text/plain instead of message/cpim when the INVITE has no offer";
    /// An offer without message/cpim is good enough.
    OfferWithoutCpimAccepted = "offer-without-cpim-accepted"
        ["RFC7701-5.2-25", "RFC7701-5.2-11", "RFC7701-5.2-26", "RFC7701-4-5"]
        "accepts an offer whose accept-types lacks message/cpim";
    /// The roster names something else than the room.
    RosterEntityForeign = "roster-entity-foreign"
        ["RFC7701-5.1-2", "RFC7701-4-3"]
        "names the focus instead of the room in the entity of its conference documents";
    /// Two participants are given one path.
    PathShared = "path-shared"
        ["RFC7701-4-31", "RFC7701-4-36"]
        "gives every participant the MSRP path of the first one";
    /// A re-INVITE is refused.
    ReinviteRefused = "reinvite-refused"
        ["RFC7701-4-5", "RFC7701-8-15", "RFC7701-8-19", "RFC7701-8-17", "RFC7701-8-18"]
        "answers every re-INVITE with 488";
    /// OPTIONS in a dialog is refused.
    OptionsInDialogRefused = "options-in-dialog-refused"
        ["RFC7701-4-5"]
        "answers OPTIONS within a dialog with 481";
    /// Any user part leads into the first room.
    UnknownRoomAccepted = "unknown-room-accepted"
        ["RFC7701-4-4"]
        "lets who invites an unknown room into the first one";
    /// Audio is answered with a port.
    AudioAccepted = "audio-accepted"
        ["RFC7701-4-6", "RFC7701-4-4", "RFC7701-5.2-21"]
        "answers an offer without MSRP with an MSRP stream in place of the first one";
    /// The answer has fewer streams than the offer.
    DeclinedStreamDropped = "declined-stream-dropped"
        ["RFC7701-4-6", "RFC7701-5.2-26", "RFC7701-5.2-21"]
        "leaves the streams it declines out of its answer";
    /// CANCEL has no effect.
    CancelIgnored = "cancel-ignored"
        ["RFC7701-4-4"]
        "answers CANCEL with 200 and accepts the INVITE all the same";
    /// The answer says `*` whatever the policy.
    WrappedTypesHidden = "wrapped-types-hidden"
        ["RFC7701-5.2-31", "RFC7701-4.1-13", "RFC7701-5.2-12"]
        "lists * in accept-wrapped-types, whatever the room accepts";
    /// Who joined is not entered.
    NewcomerNotEntered = "newcomer-not-entered"
        ["RFC7701-5.2-5", "RFC7701-3-1", "RFC7701-4-13", "RFC7701-7.4-4"]
        "leaves the latest newcomer out of the roster";
    /// Privacy header without effect.
    PrivacyIgnored = "privacy-ignored"
        ["RFC7701-5.2-36", "RFC7701-5.2-37", "RFC7701-3-9", "RFC7701-11-9"]
        "shows the address of a participant whose INVITE asks for privacy";
    /// All anonymous participants under one URI.
    AnonymousUriShared = "anonymous-uri-shared"
        ["RFC7701-6.1-13", "RFC7701-5.2-36", "RFC7701-4-13"]
        "gives every anonymous participant the same URI";
    /// The endpoint gives the address away.
    AnonymousContactShown = "anonymous-contact-shown"
        ["RFC7701-5.2-37", "RFC7701-5.2-36", "RFC7701-3-9"]
        "shows the Contact of an anonymous participant as its endpoint";
    /// Who is anonymous from the start is not let in.
    AnonymousRefused = "anonymous-refused"
        ["RFC7701-3-9", "RFC7701-5.2-36"]
        "refuses an INVITE whose From is anonymous with 403";
    /// The switch keeps the real URI.
    AnonymousRealUriKept = "anonymous-real-uri-kept"
        ["RFC7701-6.1-12", "RFC7701-6.2-13"]
        "delivers private messages to the real address of an anonymous participant";
    /// The anonymous From of an INVITE is no URI of the participant.
    AnonymousFromUnknown = "anonymous-from-unknown"
        ["RFC7701-6.1-9", "RFC7701-3-9"]
        "refuses messages signed with the anonymous URI that the participant joined under";
    /// The anonymous URI of the roster leads nowhere.
    AnonymousUriUnknown = "anonymous-uri-unknown"
        ["RFC7701-6.1-12", "RFC7701-6.2-26"]
        "does not know the anonymous URI that the roster shows";
    /// Nobody is asked.
    CredentialsNotAsked = "credentials-not-asked"
        ["RFC7701-5.2-2", "RFC7701-5.2-6"]
        "lets everybody into a room that has users and passwords";
    /// The password does not count.
    PasswordNotChecked = "password-not-checked"
        ["RFC7701-5.2-6"]
        "takes any password of a known user";
    /// An unknown user counts.
    UnknownUserAccepted = "unknown-user-accepted"
        ["RFC7701-5.2-6"]
        "lets in users that it does not know";
    /// The second user finds the door closed.
    CredentialsGoodOnce = "credentials-good-once"
        ["RFC7701-5.2-2", "RFC7701-5.2-4"]
        "challenges again, however right the credentials, once somebody has come in";
    /// 401 without a challenge.
    ChallengeMissing = "challenge-missing"
        ["RFC7701-5.2-2", "RFC7701-5.2-6"]
        "answers 401 without WWW-Authenticate";
    /// No chatroom attribute.
    ChatroomMissing = "chatroom-missing"
        ["RFC7701-8-1", "RFC7701-4-25", "RFC7701-3-10"]
        "writes no chatroom attribute";
    /// Both tokens, whatever the policy.
    ChatroomIgnoresPolicy = "chatroom-ignores-policy"
        ["RFC7701-8-10", "RFC7701-8-11", "RFC7701-8-33"]
        "announces nicknames and private messages where the room forbids them";
    /// The tokens are negotiated.
    ChatroomNegotiated = "chatroom-negotiated"
        ["RFC7701-8-12", "RFC7701-8-13"]
        "announces only the chat tokens that the offer has";
    /// Who does not know chat rooms is not let in.
    UnawareRefused = "unaware-refused"
        ["RFC7701-8-12", "RFC7701-8-2", "RFC7701-11-5", "RFC7701-11-7"]
        "refuses an offer without the chatroom attribute";
    /// Extensions disturb.
    UnknownChatTokenRefused = "unknown-chat-token-refused"
        ["RFC7701-8-27", "RFC7701-8-34"]
        "refuses an offer with a chat token that it does not know";
    /// Said once, never again.
    ChatroomOnlyAtFirst = "chatroom-only-at-first"
        ["RFC7701-8-19", "RFC7701-8-15"]
        "leaves the chatroom attribute out of later answers";
    /// A later chatroom attribute does not count.
    ChatroomUpdateIgnored = "chatroom-update-ignored"
        ["RFC7701-8-16", "RFC7701-8-17", "RFC7701-8-18"]
        "keeps the chat tokens of the first offer";
    /// Support that was switched off stays off.
    ChatroomCannotReturn = "chatroom-cannot-return"
        ["RFC7701-8-17", "RFC7701-8-18"]
        "takes no chat tokens from an endpoint that once had no chatroom attribute";
    /// Each endpoint is a user.
    EndpointsAreUsers = "endpoints-are-users"
        ["RFC7701-6.1-55", "RFC7701-6.1-54", "RFC7701-4.1-7", "RFC7701-4-13"]
        "counts each endpoint of a user as another user";
    /// One device leaves, all are gone.
    EndpointLeavesForAll = "endpoint-leaves-for-all"
        ["RFC7701-4-29", "RFC7701-6.1-56"]
        "takes a user off the roster when the first of its endpoints leaves";
    /// The policy of one endpoint a user does nothing.
    SingleEndpointIgnored = "single-endpoint-ignored"
        ["RFC7701-4.1-7"]
        "lets a second endpoint into a room that allows one";
    /// BYE is refused.
    ByeRefused = "bye-refused"
        ["RFC7701-4-28", "RFC7701-3-2"]
        "answers BYE with 500 and keeps the participant";
    /// Who left is still shown.
    LeaverKeptInRoster = "leaver-kept-in-roster"
        ["RFC7701-3-2", "RFC7701-4-28"]
        "goes on showing a participant that has left";
    /// The MSRP session survives the dialog.
    LeaverKeptInRoom = "leaver-kept-in-room"
        ["RFC7701-4-29", "RFC7701-3-2"]
        "keeps the MSRP session of a participant that has left";
    /// Who left cannot return.
    ReturnRefused = "return-refused"
        ["RFC7701-3-1", "RFC7701-4-31"]
        "refuses a user that has been in the room before with 403";
    /// The room outlives its creator.
    CreatorLeavesUnnoticed = "creator-leaves-unnoticed"
        ["RFC7701-5.3-1", "RFC7701-5.3-4", "RFC7701-4.1-6", "RFC7701-5.3-2"]
        "keeps a room that should end with its creator";
    /// The dialogs end, the MSRP sessions do not.
    DeletedRoomKeepsSessions = "deleted-room-keeps-sessions"
        ["RFC7701-5.3-2"]
        "deletes a room without ending its MSRP sessions";
    /// The MSRP sessions end, the dialogs do not.
    DeletedRoomKeepsDialogs = "deleted-room-keeps-dialogs"
        ["RFC7701-5.3-1", "RFC7701-5.3-4"]
        "deletes a room without sending BYE";
    /// Every room ends with the first to leave.
    EveryRoomTemporary = "every-room-temporary"
        ["RFC7701-4.1-6", "RFC7701-4-28"]
        "deletes any room when the first participant leaves";
    /// No conference event package.
    SubscriptionRefused = "subscription-refused"
        ["RFC7701-7.4-1", "RFC7701-4-13", "RFC7701-5.2-5"]
        "answers SUBSCRIBE for the conference event package with 489";
    /// The first document is a partial one.
    FirstNotificationPartial = "first-notification-partial"
        ["RFC7701-7.4-1", "RFC7701-7.4-4"]
        "starts a subscription with a partial document";
    /// Newcomers are not notified.
    NewcomersNotNotified = "newcomers-not-notified"
        ["RFC7701-7.4-4", "RFC7701-4-13"]
        "sends no notification when somebody joins";
    /// Leavers are not notified.
    LeaversNotNotified = "leavers-not-notified"
        ["RFC7701-4-28", "RFC7701-3-2"]
        "sends no notification when somebody leaves";
    /// The roster has no nicknames.
    NicknamesNotShown = "nicknames-not-shown"
        ["RFC7701-7.4-5", "RFC7701-4-14", "RFC7701-7.4-8", "RFC7701-8-31"]
        "leaves nicknames out of the roster";
    /// The nickname as a child element.
    NicknameAsElement = "nickname-as-element"
        ["RFC7701-7.4-7", "RFC7701-7.4-8"]
        "writes the nickname as an element instead of the attribute of XCON";
    /// Only the first nickname is told.
    NicknameChangeNotShown = "nickname-change-not-shown"
        ["RFC7701-7.4-8", "RFC7701-7.2-6"]
        "goes on showing the first nickname after a change";
    /// A nickname that is gone is still shown.
    NicknameRemovalNotShown = "nickname-removal-not-shown"
        ["RFC7701-7.4-8", "RFC7701-7.3-2", "RFC7701-7-8"]
        "goes on showing a nickname that was removed";
    /// TLS is answered with plain TCP.
    TlsAnsweredPlain = "tls-answered-plain"
        ["RFC7701-11-11", "RFC7701-11-12", "RFC7701-5.2-21"]
        "answers an offer of TCP/TLS/MSRP with TCP/MSRP";
    /// A room of TLS takes plain TCP.
    PlainAcceptedInTlsRoom = "plain-accepted-in-tls-room"
        ["RFC7701-11-13", "RFC7701-4.1-8"]
        "accepts plain TCP in a room that demands TLS";
    /// isfocus as a URI parameter.
    IsfocusInsideBrackets = "isfocus-inside-brackets"
        ["RFC7701-5.2-18"]
        "writes isfocus into the URI of its Contact instead of behind it";
    /// Two notifications with the same version.
    RosterVersionRepeated = "roster-version-repeated"
        ["RFC7701-7.4-1"]
        "does not count up the version of its conference documents";
    /// Writes every response twice.
    ResponseTwice = "response-twice"
        ["RFC7701-7.1-33", "RFC7701-6.3-11"]
        "writes every response twice";
    /// Writes another URI than its own into From-Path of its responses.
    ResponseFromForeignPath = "response-from-foreign-path"
        ["RFC7701-6.3-11"]
        "writes another URI than its own into From-Path of its responses";
    /// Ends its responses with the flag of a chunk that is not the last.
    ResponseUnfinished = "response-unfinished"
        ["RFC7701-6.3-11"]
        "ends its responses with the flag of a chunk that is not the last";
    /// Gives no response where 424 is due.
    MalformedNicknameUnanswered = "malformed-nickname-unanswered"
        ["RFC7701-7.1-33", "RFC7701-7.1-28"]
        "gives no response where 424 is due";
    /// Refuses a message with the code for a malformed nickname.
    RefusalWith424 = "refusal-with-424"
        ["RFC7701-10.3-2"]
        "refuses a message with the code for a malformed nickname";
    /// Reports on a Message-ID that nobody has used.
    ReportOnNothing = "report-on-nothing"
        ["RFC7701-6.3-1"]
        "reports on a Message-ID that nobody has used";
    /// Leaves Byte-Range out of failure reports.
    FailureReportWithoutRange = "failure-report-without-range"
        ["RFC7701-6.3-2"]
        "leaves Byte-Range out of failure reports";
    /// Exchanges From and To in the wrapper of a REPORT about a private message.
    PrivateReportMisaddressed = "private-report-misaddressed"
        ["RFC7701-6.2-21", "RFC7701-6.2-22", "RFC7701-6.2-23"]
        "exchanges From and To in the wrapper of a REPORT about a private message";
    /// Writes From-Path before To-Path into its requests.
    PathsExchanged = "paths-exchanged"
        ["RFC7701-6.1-1"]
        "writes From-Path before To-Path into its requests";
    /// Adds a header in ISO 8859-1 to its responses.
    HeaderNotUtf8 = "header-not-utf8"
        ["RFC7701-7.1-36"]
        "adds a header in ISO 8859-1 to its responses";
    /// Writes another path than that of its SDP into From-Path of its requests.
    RequestFromForeignPath = "request-from-foreign-path"
        ["RFC7701-4-19"]
        "writes another path than that of its SDP into From-Path of its requests";
    /// Draws transaction identifiers of four characters.
    TransactionIdShort = "transaction-id-short"
        ["RFC7701-6.1-1"]
        "draws transaction identifiers of four characters";
    /// Starts its Message-IDs with a character that must not stand there.
    MessageIdMalformed = "message-id-malformed"
        ["RFC7701-6.1-1"]
        "starts its Message-IDs with a character that must not stand there";
    /// Writes a header behind Content-Type.
    ContentTypeNotLast = "content-type-not-last"
        ["RFC7701-6.1-1"]
        "writes a header behind Content-Type";
    /// Counts the octets of a chunk one too high.
    ByteRangeBeyondBody = "byte-range-beyond-body"
        ["RFC7701-6.1-1"]
        "counts the octets of a chunk one too high";
    /// Announces one octet more than there are.
    ByteRangeTotalWrong = "byte-range-total-wrong"
        ["RFC7701-6.1-23"]
        "announces one octet more than there are";
    /// Lets each later chunk begin one octet too early.
    ByteRangeOverlaps = "byte-range-overlaps"
        ["RFC7701-6.1-23"]
        "lets each later chunk begin one octet too early";
    /// Leaves Byte-Range out of later chunks.
    ByteRangeOnlyFirst = "byte-range-only-first"
        ["RFC7701-6.1-31", "RFC7701-6.1-23"]
        "leaves Byte-Range out of later chunks";
    /// Sends the last chunk of a message twice.
    LastChunkTwice = "last-chunk-twice"
        ["RFC7701-6.1-23"]
        "sends the last chunk of a message twice";
    /// Asks for a report on its REPORTs.
    ReportWantsReport = "report-wants-report"
        ["RFC7701-6.3-1"]
        "asks for a report on its REPORTs";
    /// Writes a Failure-Report value that nobody has defined.
    FailureReportUndefined = "failure-report-undefined"
        ["RFC7701-6.3-1"]
        "writes a Failure-Report value that nobody has defined";
    /// Adds Use-Nickname to the messages that it distributes.
    NicknameInMessages = "nickname-in-messages"
        ["RFC7701-7.1-35"]
        "adds Use-Nickname to the messages that it distributes";
    /// Asks for a success report in later chunks only.
    LaterChunksWantReports = "later-chunks-want-reports"
        ["RFC7701-6.3-1"]
        "asks for a success report in later chunks only";
    /// Gives every message the same Message-ID.
    MessageIdConstant = "message-id-constant"
        ["RFC7701-6.1-1"]
        "gives every message the same Message-ID";
    /// Distributes what it got in Message/CPIM as text/plain.
    OutermostTypeText = "outermost-type-text"
        ["RFC7701-5.2-22"]
        "distributes what it got in Message/CPIM as text/plain";
    /// Leaves the s-line out of its session descriptions.
    SessionNameMissing = "session-name-missing"
        ["RFC7701-5.2-21"]
        "leaves the s-line out of its session descriptions";
    /// Leaves accept-types out of its session descriptions.
    AnswerWithoutTypes = "answer-without-types"
        ["RFC7701-5.2-10", "RFC7701-5.2-23", "RFC7701-5.2-27"]
        "leaves accept-types out of its session descriptions";
    /// Writes a number for the format of its MSRP stream.
    FormatNotStar = "format-not-star"
        ["RFC7701-5.2-21"]
        "writes a number for the format of its MSRP stream";
    /// Writes another port into the m-line than into its path.
    PortNotOfPath = "port-not-of-path"
        ["RFC7701-5.2-21"]
        "writes another port into the m-line than into its path";
    /// Writes the nickname token twice.
    ChatTokenTwice = "chat-token-twice"
        ["RFC7701-8-30"]
        "writes the nickname token twice";
    /// Writes chatroom as an attribute of the session too.
    ChatroomOfSession = "chatroom-of-session"
        ["RFC7701-8-6", "RFC7701-10.4-2"]
        "writes chatroom as an attribute of the session too";
    /// Writes the nickname token with a capital.
    ChatTokenCapital = "chat-token-capital"
        ["RFC7701-8-21", "RFC7701-8-20", "RFC7701-8-22"]
        "writes the nickname token with a capital";
    /// Writes chatroom under streams that it declines too.
    ChatroomUnderAudio = "chatroom-under-audio"
        ["RFC7701-8-8"]
        "writes chatroom under streams that it declines too";
    /// Answers setup with actpass.
    SetupUndecided = "setup-undecided"
        ["RFC7701-5.2-21"]
        "answers setup with actpass";
    /// Writes another From than that of the request into its responses.
    ResponseToAnother = "response-to-another"
        ["RFC7701-4-4"]
        "writes another From than that of the request into its responses";
    /// Gives its refusals no To tag.
    ToTagMissing = "to-tag-missing"
        ["RFC7701-4-4"]
        "gives its refusals no To tag";
    /// Refuses an INVITE with two final responses.
    TwoFinalResponses = "two-final-responses"
        ["RFC7701-4-4"]
        "refuses an INVITE with two final responses";
    /// Answers ACK.
    AckAnswered = "ack-answered"
        ["RFC7701-4-4"]
        "answers ACK";
    /// Gives no response to OPTIONS.
    OptionsUnanswered = "options-unanswered"
        ["RFC7701-4-4", "RFC7701-4-5"]
        "gives no response to OPTIONS";
    /// Writes two Contacts into its answer to INVITE.
    TwoContacts = "two-contacts"
        ["RFC7701-4-4", "RFC7701-4-5"]
        "writes two Contacts into its answer to INVITE";
    /// Answers INVITE without a session description.
    ReinviteAnswerEmpty = "reinvite-answer-empty"
        ["RFC7701-4-6", "RFC7701-4-4"]
        "answers INVITE without a session description";
    /// Leaves Allow out of a 405, and Unsupported out of a 420.
    AllowMissing = "allow-missing"
        ["RFC7701-4-4"]
        "leaves Allow out of a 405, and Unsupported out of a 420";
    /// Rings before it answers OPTIONS.
    OptionsRinging = "options-ringing"
        ["RFC7701-4-4"]
        "rings before it answers OPTIONS";
    /// Requires an extension in its answer to INVITE that the caller does not have.
    ExtensionRequired = "extension-required"
        ["RFC7701-4-4"]
        "requires an extension in its answer to INVITE that the caller does not have";
    /// Leaves Max-Forwards out of its requests.
    MaxForwardsMissing = "max-forwards-missing"
        ["RFC7701-4-4"]
        "leaves Max-Forwards out of its requests";
    /// Gives all requests of a dialog the same CSeq number.
    CseqStandsStill = "cseq-stands-still"
        ["RFC7701-4-5"]
        "gives all requests of a dialog the same CSeq number";
    /// Sends its requests to another URI than the Contact of the participant.
    RequestToNobody = "request-to-nobody"
        ["RFC7701-4-5"]
        "sends its requests to another URI than the Contact of the participant";
    /// Leaves expires out of Subscription-State.
    SubscriptionStateBare = "subscription-state-bare"
        ["RFC7701-7.4-1"]
        "leaves expires out of Subscription-State";
    /// Leaves Expires out of its answer to SUBSCRIBE.
    SubscribeWithoutExpires = "subscribe-without-expires"
        ["RFC7701-7.4-1"]
        "leaves Expires out of its answer to SUBSCRIBE";
    /// Sends no full document, and so no first notification.
    FirstNotificationWithheld = "first-notification-withheld"
        ["RFC7701-7.4-1", "RFC7701-7.4-4"]
        "sends no full document, and so no first notification";
    /// Leaves out the end of its conference documents.
    RosterCutOff = "roster-cut-off"
        ["RFC7701-7.4-1"]
        "leaves out the end of its conference documents";
    /// Labels its conference documents as text/xml.
    RosterOtherType = "roster-other-type"
        ["RFC7701-7.4-1"]
        "labels its conference documents as text/xml";
    /// Says that nobody is there, and lists users.
    UserCountZero = "user-count-zero"
        ["RFC7701-7.4-4"]
        "says that nobody is there, and lists users";
    /// Calls a user partial within a full document.
    PartialWithinFull = "partial-within-full"
        ["RFC7701-7.4-1"]
        "calls a user partial within a full document";
    /// Takes every endpoint for one that supports private messages.
    EverybodyCapable = "everybody-capable"
        ["RFC7701-5.2-39", "RFC7701-6.2-24"]
        "takes every endpoint for one that supports private messages";
    /// Accepts messages whose CPIM From is malformed, missing or repeated.
    MalformedFromAccepted = "malformed-from-accepted"
        ["RFC7701-6.3-8"]
        "accepts messages whose CPIM From is malformed, missing or repeated";
    /// Says to nobody in its wrapper what the room itself says.
    NoticeUnaddressed = "notice-unaddressed"
        ["RFC7701-5.2-33", "RFC7701-3-5"]
        "says to nobody in its wrapper what the room itself says";
    /// Leaves the headers of the content out of what the room itself says.
    NoticeBlocksMissing = "notice-blocks-missing"
        ["RFC7701-5.2-22"]
        "leaves the headers of the content out of what the room itself says";
    /// Sends long chunks that cannot be interrupted.
    LongChunksHeldTogether = "long-chunks-held-together"
        ["RFC7701-6.1-1"]
        "sends long chunks that cannot be interrupted";
    /// Answers REPORTs.
    ReportAnswered = "report-answered"
        ["RFC7701-6.3-1"]
        "answers REPORTs";
    /// Answers 200 to a request for a session that it does not have.
    SessionUnknownAccepted = "session-unknown-accepted"
        ["RFC7701-6.3-3"]
        "answers 200 to a request for a session that it does not have";
    /// Answers 200 to a method that it does not know.
    MethodUnknownAccepted = "method-unknown-accepted"
        ["RFC7701-6.3-3"]
        "answers 200 to a method that it does not know";
    /// Answers 200 to messages that it refuses.
    RefusalsUnsaid = "refusals-unsaid"
        ["RFC7701-6.3-6", "RFC7701-6.2-1", "RFC7701-4.1-5", "RFC7701-6.2-11", "RFC7701-6.2-13", "RFC7701-6.2-14"]
        "answers 200 to messages that it refuses";
    /// Answers 200 to messages to the room and delivers none.
    RegularSwallowed = "regular-swallowed"
        ["RFC7701-6.1-19", "RFC7701-6.1-21", "RFC7701-6.1-24", "RFC7701-8-9"]
        "answers 200 to messages to the room and delivers none";
    /// Answers no request that has a Failure-Report header.
    FailureReportYesMisread = "failure-report-yes-misread"
        ["RFC7701-6.3-2", "RFC7701-6.3-3"]
        "answers no request that has a Failure-Report header";
    /// Reports the success of every message.
    SuccessReportUnasked = "success-report-unasked"
        ["RFC7701-6.3-1", "RFC7701-6.3-14", "RFC7701-6.3-3"]
        "reports the success of every message";
    /// Refuses what an endpoint without 'chatroom' says to the room.
    UnawareUnheard = "unaware-unheard"
        ["RFC7701-11-5"]
        "refuses what an endpoint without 'chatroom' says to the room";
    /// Sends the abort chunk to everybody, also to who had no part of the message.
    AbortSentToAll = "abort-sent-to-all"
        ["RFC7701-6.1-44"]
        "sends the abort chunk to everybody, also to who had no part of the message";
    /// Answers SEND over the whole path.
    SendResponseAllTheWay = "send-response-all-the-way"
        ["RFC7701-6.3-11", "RFC7701-6.3-10"]
        "answers SEND to all URIs of From-Path, not to the previous hop only";
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no fault has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no fault is called '{name}'; the nearest is '{nearest}'")]
pub struct UnknownFault {
    /// What was asked for.
    pub name: String,
    /// The fault whose name is nearest.
    pub nearest: &'static str,
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        if let Some(fault) = Self::ALL.iter().find(|fault| fault.name() == text) {
            return Ok(*fault);
        }
        let nearest = Self::ALL
            .iter()
            .map(|fault| fault.name())
            .max_by(|a, b| strsim::jaro_winkler(a, text).total_cmp(&strsim::jaro_winkler(b, text)))
            .unwrap_or_default();
        Err(UnknownFault { name: text.to_owned(), nearest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_kebab_case_unique_and_read_back() {
        let mut names: Vec<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
        for fault in Fault::ALL {
            assert_eq!(fault.name().parse(), Ok(*fault));
            assert!(fault.name().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            assert!(!fault.requirements().is_empty());
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Fault::ALL.len());
    }

    #[test]
    fn a_wrong_name_gets_a_hint() {
        let error = "own-copy-echo".parse::<Fault>().unwrap_err();
        assert_eq!(error.nearest, "own-copy-echoed");
    }
}
