//! What faults take down beside the requirements that they break, and why it cannot be otherwise.

use super::Fault;
use super::table::{comparison, cpim, dialogs, msrp, robustness, roster, sdp, setup, sip, syntax};

/// What else goes red under a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collateral {
    /// Requirements whose cases and rules may be red too.
    pub requirements: Requirements,
    /// Why the fault cannot leave them alone.
    pub why: &'static str,
}

/// Which requirements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirements {
    /// These.
    These(&'static [&'static str]),
    /// Any: nothing works under this fault.
    Everything,
}

impl Collateral {
    /// Whether it covers one of these requirements.
    pub fn covers<'a>(&self, requirements: impl IntoIterator<Item = &'a str>) -> bool {
        match self.requirements {
            Requirements::Everything => true,
            Requirements::These(these) => requirements.into_iter().any(|one| these.contains(&one)),
        }
    }
}

impl Fault {
    /// What else the fault takes down; `None`: nothing.
    pub fn collateral(self) -> Option<Collateral> {
        TABLES
            .iter()
            .copied()
            .flatten()
            .find(|(fault, _, _)| *fault == self)
            .map(|(_, requirements, why)| Collateral { requirements: *requirements, why })
    }
}

const TABLES: &[&[(Fault, Requirements, &str)]] = &[
    RFC7701,
    msrp::COLLATERAL,
    cpim::COLLATERAL,
    roster::COLLATERAL,
    sip::COLLATERAL,
    sdp::COLLATERAL,
    dialogs::COLLATERAL,
    setup::COLLATERAL,
    syntax::COLLATERAL,
    comparison::COLLATERAL,
    robustness::COLLATERAL,
];

const RFC7701: &[(Fault, Requirements, &str)] = &[
    (
        Fault::ReceiverReportsForwarded,
        Requirements::These(&["RFC7701-6.2-21"]),
        "a recipient's report on a private message has no wrapper",
    ),
    (
        Fault::SessionUnknownAccepted,
        Requirements::These(&["RFC4975-7.3-2"]),
        "what is addressed to no session here is taken, whatever else is wrong with it",
    ),
    (
        Fault::RequestToNobody,
        Requirements::These(&["RFC3261-12.2.2-7"]),
        "the BYE that ends a room goes astray like any other request of the focus",
    ),
    (
        Fault::AllowMissing,
        Requirements::These(&["RFC3261-7.3.1-4"]),
        "who asks for the value of a header that is not there sees no spelling of it either",
    ),
    (
        Fault::OptionsUnanswered,
        Requirements::These(&[
            "RFC3261-12.2.2-4",
            "RFC3261-11.2-1",
            "RFC3261-11.2-3",
            "RFC3261-8.2.3-3",
            "RFC3261-17.2.3-1",
            "RFC3261-18.2.1-2",
            "RFC3261-18.2.2-2",
            "RFC3261-18.3-1",
            "RFC3261-18.3-2",
        ]),
        "OPTIONS is the request by which cases of dialogs and transport ask",
    ),
    (
        Fault::SetupUndecided,
        Requirements::These(&["RFC4975-8.4-7"]),
        "an answer in which setup changes has not the o-line of one in which nothing does",
    ),
    (
        Fault::PortNotOfPath,
        Requirements::These(&[
            "RFC3264-8.2-1",
            "RFC3264-8.2-3",
            "RFC7701-5.2-10",
            "RFC7701-8-19",
            "RFC3264-8.2-2",
            "RFC6135-4.2.1-2",
        ]),
        "the port is the same for a stream that is closed or declined, so it looks open, and its description half empty",
    ),
    (
        Fault::MessageIdMalformed,
        Requirements::These(&["RFC4975-7.3.2-3"]),
        "a report on a copy is told from others by its Message-ID",
    ),
    (
        Fault::TransactionIdShort,
        Requirements::These(&["RFC4975-10.5-2", "RFC4975-7.3.2-4", "RFC4975-10.8-2", "RFC4975-10.6-2"]),
        "a refusal finds its copy by the transaction identifier, and the tester takes no malformed one",
    ),
    (
        Fault::TlsAnsweredPlain,
        Requirements::These(&["RFC4975-14.4-4", "RFC6135-4.3-2", "RFC4975-8.1-2"]),
        "certificates and setup under TLS are seen only where the answer has TLS",
    ),
    (
        Fault::LeaversNotNotified,
        Requirements::These(&["RFC3261-17.1.2.2-1"]),
        "a NOTIFY that is not sent is not repeated",
    ),
    (
        Fault::NewcomersNotNotified,
        Requirements::These(&["RFC3261-8.1.3.2-1"]),
        "a NOTIFY that is not sent gets no answer",
    ),
    (
        Fault::DeletedRoomKeepsDialogs,
        Requirements::These(&["RFC3261-12.2.2-7"]),
        "no BYE comes from a room that has ended",
    ),
    (
        Fault::PasswordNotChecked,
        Requirements::These(&["RFC3261-22.2-4"]),
        "wrong counts, nonces and methods are seen by the digest that they spoil",
    ),
    (
        Fault::CancelIgnored,
        Requirements::These(&["RFC3261-8.2.2.3-3"]),
        "whatever else stands in a CANCEL, it has no effect",
    ),
    (
        Fault::DeclinedStreamDropped,
        Requirements::These(&["RFC3264-6-7", "RFC3264-8.1-2", "RFC3264-8-8", "RFC4975-8.1-6", "RFC4975-8.4-2"]),
        "every case that offers a second stream looks for its line in the answer",
    ),
    (
        Fault::AudioAccepted,
        Requirements::These(&["RFC3261-13.3.1.3-1", "RFC6135-4.2.1-2"]),
        "an offer of sound alone gets a 2xx instead of the refusal, and an answer without setup",
    ),
    (
        Fault::OptionsInDialogRefused,
        Requirements::These(&["RFC3261-8.2.3-3"]),
        "the OPTIONS within a dialog is refused, whatever its body",
    ),
    (
        Fault::ReinviteRefused,
        Requirements::These(&[
            "RFC3261-12.2.2-5",
            "RFC3261-14.2-5",
            "RFC3261-15.1.2-5",
            "RFC3261-14.2-4",
            "RFC3264-8.4-2",
            "RFC3264-8-2",
            "RFC3264-8.1-2",
            "RFC3264-8.4-1",
            "RFC3264-8.3.2-1",
            "RFC3264-8.3.1-1",
            "RFC3264-8-8",
            "RFC4975-8.4-1",
            "RFC4975-8.4-2",
            "RFC4975-8.5-2",
            "RFC3261-13.3.1.3-2",
        ]),
        "cases of later offers need a re-INVITE that is accepted",
    ),
    (
        Fault::OfferWithoutCpimAccepted,
        Requirements::These(&["RFC4975-8.6-14"]),
        "the refusal of types is what is missing",
    ),
    (
        Fault::CpimCaseSensitive,
        Requirements::These(&["RFC4975-8.6-22"]),
        "the letter case of a type counts nowhere or everywhere",
    ),
    (
        Fault::AnswerTwoAcceptTypes,
        Requirements::These(&["RFC4975-8.6-11"]),
        "a type that is listed bare stands among the wrapped ones, too",
    ),
    (
        Fault::NicknamesComparedLoosely,
        Requirements::These(&["RFC8266-2.4-3"]),
        "letters that differ by a sign above them are taken for the same",
    ),
    (
        Fault::FailureReportYesMisread,
        Requirements::These(&["RFC4975-9-16"]),
        "a response that does not come is missed, wherever the headers stand",
    ),
    (Fault::RefusalIsFinal, Requirements::These(&["RFC8266-2.3-6"]), "after a refusal no other nickname is granted"),
    (
        Fault::MissingToMeansRoom,
        Requirements::These(&["RFC3862-2.2-16"]),
        "a name in another letter case is no To, so To is missing",
    ),
    (
        Fault::ResponseDespiteNo,
        Requirements::These(&["RFC4975-7.3-6"]),
        "a response to a malformed SEND is as unasked for as to any other",
    ),
    (
        Fault::RecipientTypesIgnored,
        Requirements::These(&["RFC3264-7-2"]),
        "types that a later offer takes back are types that the recipient does not take",
    ),
    (
        Fault::OldNicknameReleasedOnFailure,
        Requirements::These(&["RFC8266-2.3-7"]),
        "a refused change frees the nickname, for whatever reason it was refused",
    ),
    (
        Fault::NicknameConflictAccepted,
        Requirements::These(&["RFC8266-2.1-9"]),
        "a taken nickname in another spelling is granted like one in the same",
    ),
    (Fault::SubscribeWithoutExpires, Requirements::These(&["RFC4575-3.3-1"]), ""),
    (
        Fault::CreatorLeavesUnnoticed,
        Requirements::These(&["RFC4575-3.3-2", "RFC3261-12.2.2-7"]),
        "a room that does not end does not end its subscriptions",
    ),
    (
        Fault::LeaverKeptInRoster,
        Requirements::Everything,
        "a roster that only grows is too large for a datagram at last, and nobody can read it any more",
    ),
    (
        Fault::ByeRefused,
        Requirements::These(&[
            "RFC4975-5.4-37",
            "RFC4975-7.1.2-13",
            "RFC3261-15.1.2-4",
            "RFC3261-15.1.2-5",
            "RFC3261-17.2.2-1",
        ]),
        "a case whose participant leaves sees the refusal",
    ),
    (
        Fault::CredentialsNotAsked,
        Requirements::These(&["RFC4575-3.5-1", "RFC3261-22.2-4", "RFC3261-22-1", "RFC3261-8.2-3"]),
        "nobody is asked for credentials, subscribers neither",
    ),
    (Fault::AnonymousUriShared, Requirements::These(&["RFC4575-4.5-2"]), "two users have one key"),
    (
        Fault::RosterEntityForeign,
        Requirements::These(&["RFC4575-5.3.1-6", "RFC4575-5.3.2-5"]),
        "the URIs of the conference are compared with its entity",
    ),
    (
        Fault::SuccessReportNoMisread,
        Requirements::These(&["RFC4975-5.3-5"]),
        "the answer is missing whatever Failure-Report says",
    ),
    (
        Fault::CutHeadersRefused,
        Requirements::These(&["RFC4975-5.1-5"]),
        "a first chunk of one octet holds no whole wrapper",
    ),
    (
        Fault::RoomsMixed,
        Requirements::These(&["RFC4975-5.4-25"]),
        "what is said in other rooms is heard by who was to hear nothing",
    ),
    (
        Fault::UnwrappedDistributed,
        Requirements::These(&["RFC4975-5.3-9"]),
        "what is to be refused with 415 is accepted",
    ),
    (
        Fault::NicknameRemovalNotShown,
        Requirements::These(&["RFC7701-7.1-52"]),
        "a removal that the roster does not show looks like a second device that holds the nickname",
    ),
    (
        Fault::NicknameChangeAddsUser,
        Requirements::These(&["RFC7701-7-5", "RFC4575-4.5-3"]),
        "the nickname that was left behind stands beside that of the user who takes it",
    ),
    (Fault::NicknameMethodUnknown, Requirements::Everything, "no case on nicknames gets beyond the first request"),
    (
        Fault::NicknameOnceHeld403,
        Requirements::These(&["RFC7701-4.1-3", "RFC7701-11-16", "RFC7701-7.1-52", "RFC7701-7-5", "RFC8266-2.1-9"]),
        "every case that needs a refusal for a nickname in use or in quarantine sees the wrong code",
    ),
    (
        Fault::OrphanChunkDistributed,
        Requirements::These(&["RFC7701-6.1-30", "RFC7701-6.2-24", "RFC7701-4.1-5", "RFC7701-3-4"]),
        "the rest of a message that was refused is a later chunk without a beginning, and has no wrapper",
    ),
    (
        Fault::NicknameMarkupDropped,
        Requirements::These(&["RFC7701-7.1-47"]),
        "the quotation mark, which NICKNAME escapes, is a character of markup too",
    ),
    (
        Fault::SuccessReportUnasked,
        Requirements::These(&["RFC7701-6.3-13", "RFC4975-7.3.2-8"]),
        "reports reach who did not ask for them",
    ),
    (
        Fault::MethodUnknownAccepted,
        Requirements::These(&["RFC7701-7.1-39", "RFC4975-9-6"]),
        "a method in other letters is an unknown one",
    ),
    (
        Fault::UnawareUnheard,
        Requirements::These(&[
            "RFC7701-11-4",
            "RFC7701-11-6",
            "RFC7701-8-12",
            "RFC7701-8-2",
            "RFC7701-6.2-24",
            "RFC7701-8-27",
            "RFC7701-8-34",
            "RFC4975-8.1-6",
            "RFC4975-8.1-7",
        ]),
        "what such an endpoint says is refused whatever it is",
    ),
    (
        Fault::RegularSwallowed,
        Requirements::Everything,
        "nobody hears anything, and liveness is proved by what is heard",
    ),
    (Fault::RefusalsUnsaid, Requirements::Everything, "every case that needs a refusal sees 200"),
    (
        Fault::PrivateMessageBroadcast,
        Requirements::These(&["RFC7701-6.2-24"]),
        "who did not ask for private messages gets them with everybody else",
    ),
    (
        Fault::NicknameCaseSensitive,
        Requirements::These(&["RFC7701-7-5", "RFC7701-7.1-17", "RFC8266-2.1-9"]),
        "a reserved word, and a conflict in other letters, are found by the same comparison",
    ),
    (
        Fault::UnknownRecipient403,
        Requirements::These(&["RFC7701-4-32"]),
        "a recipient that cannot be read is as unknown as a stranger",
    ),
    (
        Fault::NicknameUnquotedAccepted,
        Requirements::These(&["RFC7701-7.1-28"]),
        "a value that was to be refused changes the nickname",
    ),
    (
        Fault::RemovedNicknameKept,
        Requirements::These(&["RFC7701-7.1-52", "RFC7701-7.3-2"]),
        "the roster and others' requests show that the nickname was not removed",
    ),
    (
        Fault::NicknameConflict403,
        Requirements::These(&["RFC7701-11-16", "RFC7701-7-5", "RFC8266-2.1-9"]),
        "every case that needs a refusal for a taken nickname sees the wrong code",
    ),
    (Fault::NicknameNotTold, Requirements::Everything, "every case on nicknames reads the roster"),
    (
        Fault::CpimModified,
        Requirements::These(&[
            "RFC7701-4-23",
            "RFC7701-4.1-14",
            "RFC7701-6.1-19",
            "RFC7701-6.1-29",
            "RFC7701-6.1-31",
            "RFC7701-6.1-33",
            "RFC7701-6.1-34",
            "RFC7701-6.1-36",
            "RFC7701-6.1-47",
            "RFC7701-6.4-3",
            "RFC4975-5.4-7",
            "RFC4975-7.1-27",
            "RFC4975-7.1-26",
            "RFC4975-7.1-9",
            "RFC4975-7.1.1-25",
            "RFC4975-5.1-5",
            "RFC4975-7.1.1-27",
            "RFC4975-6.1-1",
            "RFC4975-6.1-4",
            "RFC4975-6.1-7",
            "RFC3862-2.2-17",
            "RFC3862-3.5-3",
            "RFC3862-4.3-4",
            "RFC3862-8-1",
            "RFC3862-2.3.1-7",
            "RFC3862-2.3.1-8",
            "RFC3862-2.4-3",
            "RFC3862-3.6-4",
            "RFC3862-4.2-3",
            "RFC3862-4.1-3",
            "RFC3862-3.1-2",
            "RFC3862-4-3",
            "RFC4975-13-16",
            "RFC4975-9-16",
            "RFC4975-9-18",
            "RFC4975-9-25",
            "RFC4975-9-28",
            "RFC4975-9-29",
            "RFC4975-9-34",
            "RFC4975-7.3.1-1",
            "RFC4975-7.3.1-2",
            "RFC4975-7.3.1-6",
            "RFC4975-7.3.1-11",
            "RFC4975-7.3.1-13",
            "RFC4975-7.3.1-17",
            "RFC4975-10.2-2",
            "RFC4975-10.5-2",
            "RFC4975-7.3.2-4",
            "RFC4975-8.6-20",
        ]),
        "every case that compares a message octet by octet sees the change",
    ),
    (
        Fault::ForeignFromAccepted,
        Requirements::These(&["RFC7701-3-4", "RFC4975-5.3-5", "RFC3862-2.2-16"]),
        "a message that says nothing valid about its author is passed on",
    ),
    (
        Fault::SecondEndpointForgotten,
        Requirements::These(&["RFC7701-4-23", "RFC7701-6.1-19", "RFC7701-6.2-19"]),
        "every case with a second device listens to both",
    ),
    (
        Fault::UnknownRecipientBroadcast,
        Requirements::These(&["RFC7701-4-23", "RFC7701-4-32"]),
        "a private message reaches others than its recipient",
    ),
    (
        Fault::CapabilitiesNeverUpdated,
        Requirements::These(&["RFC7701-6.2-24"]),
        "who has withdrawn the support gets private messages",
    ),
    (Fault::RoomUriByLetter, Requirements::These(&["RFC7701-6.1-22"]), "the room is taken for an unknown recipient"),
    (
        Fault::LeaverStillServed,
        Requirements::These(&[
            "RFC7701-5.3-2",
            "RFC7701-6.1-36",
            "RFC7701-6.2-12",
            "RFC7701-6.2-19",
            "RFC3261-13.3.1.4-7",
        ]),
        "who has left is seen to get messages, and can be whispered to",
    ),
    (
        Fault::ContinuationRefused,
        Requirements::These(&[
            "RFC7701-4-23",
            "RFC7701-6.1-29",
            "RFC7701-6.1-31",
            "RFC7701-6.1-33",
            "RFC7701-6.1-34",
            "RFC7701-6.1-36",
            "RFC7701-6.1-47",
            "RFC7701-6.3-1",
            "RFC4975-5.1-5",
            "RFC4975-7.1.1-27",
            "RFC4975-7.3.1-7",
            "RFC4975-7.3.1-6",
            "RFC4975-7.3.1-11",
            "RFC4975-10.5-2",
            "RFC4975-7.3.2-4",
            "RFC4975-8.6-20",
        ]),
        "every message in chunks is refused from its second chunk on",
    ),
    (
        Fault::DistributionAfterCompletion,
        Requirements::These(&["RFC7701-6.1-30", "RFC4975-7.3.1-11"]),
        "nobody has the beginning that the case waits for",
    ),
    (
        Fault::MessageIdPerChunk,
        Requirements::These(&[
            "RFC7701-4-23",
            "RFC7701-6.1-22",
            "RFC7701-6.1-29",
            "RFC7701-6.1-31",
            "RFC7701-6.1-35",
            "RFC7701-6.1-36",
            "RFC7701-6.1-47",
            "RFC4975-5.1-5",
            "RFC4975-7.1.1-27",
            "RFC4975-7.3.1-7",
            "RFC4975-7.3.1-6",
            "RFC4975-7.3.1-11",
            "RFC4975-10.5-2",
            "RFC4975-7.3.2-4",
            "RFC4975-8.6-20",
        ]),
        "no message in chunks can be put together",
    ),
    (
        Fault::NoSuccessReport,
        Requirements::These(&["RFC7701-6.3-13", "RFC4975-7.3.1-7", "RFC4975-8.9-3"]),
        "the case waits for the report of the switch to tell it from others",
    ),
    (
        Fault::SuccessReportTwice,
        Requirements::These(&["RFC7701-6.1-1"]),
        "both reports have the transaction identifier of the first",
    ),
    (
        Fault::ResponseTransactionAltered,
        Requirements::These(&["RFC7701-4-8", "RFC7701-5.2-2"]),
        "no response finds its request",
    ),
    (
        Fault::FromReplaced,
        Requirements::Everything,
        "every case that compares a message octet by octet sees the change, and the author is gone",
    ),
    (
        Fault::CcDeliveredPrivately,
        Requirements::These(&["RFC7701-4-23"]),
        "a message reaches others than those in its To",
    ),
    (
        Fault::RelayPathCut,
        Requirements::These(&["RFC7701-6.3-10"]),
        "the path of a request is not the one that the participant gave",
    ),
    (Fault::BodilessRefused, Requirements::These(&["RFC7701-5.2-2"]), "the first SEND of every session has no body"),
    (
        Fault::StarMeansText,
        Requirements::These(&["RFC7701-6.1-22", "RFC7701-6.1-24", "RFC4975-7.3.1-17"]),
        "every case that sends other content than text sees it refused",
    ),
    (
        Fault::NicknameAsciiOnly,
        Requirements::These(&["RFC7701-7.1-16", "RFC8266-2.4-3", "RFC8266-2.1-8", "RFC8266-3-4", "RFC8266-4-4"]),
        "nicknames beyond ASCII cannot be held either",
    ),
    (
        Fault::NicknameHeaderThird,
        Requirements::These(&["RFC7701-7.1-7"]),
        "a header that is not found cannot be told from a repeated one",
    ),
    (
        Fault::NicknameEscapesKept,
        Requirements::These(&["RFC7701-7.1-12"]),
        "what the roster shows is not what was asked for",
    ),
    (
        Fault::UnawareWhisperBroadcast,
        Requirements::These(&["RFC7701-4-23"]),
        "a private message reaches others than its recipient",
    ),
    (
        Fault::SecondDeviceNickname403,
        Requirements::These(&["RFC7701-11-17"]),
        "the old session of one who comes back is another device",
    ),
    (Fault::NicknameByDefault, Requirements::Everything, "every case that expects no nickname in the roster sees one"),
    (
        Fault::SlowRecipientStopsAll,
        Requirements::Everything,
        "a recipient of another case is slow at the same time in the same room",
    ),
    (
        Fault::BrokenConnectionEndsRoom,
        Requirements::Everything,
        "others in the same room are thrown out with the one whose connection broke",
    ),
    (
        Fault::AbortAsComplete,
        Requirements::These(&["RFC7701-4.1-10", "RFC7701-6.1-1", "RFC4975-10.5-2", "RFC4975-7.3.2-4"]),
        "the end that the flag claims is not where Byte-Range says",
    ),
    (
        Fault::PrivateSwallowed,
        Requirements::These(&["RFC7701-3-4", "RFC7701-4-23", "RFC7701-6.2-19", "RFC8266-1.1-2"]),
        "every case that whispers waits for the message",
    ),
    (
        Fault::OwnUriMeansRoom,
        Requirements::These(&["RFC7701-4-23"]),
        "a private message reaches others than its recipient",
    ),
    (
        Fault::PrivateAlwaysRefused,
        Requirements::These(&["RFC7701-3-4", "RFC7701-4-23", "RFC7701-6.2-21", "RFC8266-1.1-2"]),
        "every case that whispers sees the refusal",
    ),
    (
        Fault::LeaverEndsMessage,
        Requirements::These(&["RFC7701-6.1-29", "RFC7701-6.1-34", "RFC7701-6.1-47"]),
        "the message does not reach those who stayed",
    ),
    (
        Fault::PathShared,
        Requirements::Everything,
        "the second participant's stream is bound to the session of the first",
    ),
    (
        Fault::NewcomerNotEntered,
        Requirements::Everything,
        "every case that looks for the latest newcomer in the roster misses it",
    ),
    (
        Fault::PrivacyIgnored,
        Requirements::These(&["RFC7701-6.1-12", "RFC4575-5.6.1-1", "RFC4575-5.6-6"]),
        "the address that was to be hidden is known",
    ),
    (
        Fault::ChatroomMissing,
        Requirements::These(&["RFC7701-7.1-5", "RFC7701-8-10", "RFC7701-8-12", "RFC7701-8-19"]),
        "every case that reads the attribute misses it",
    ),
    (
        Fault::UnawareRefused,
        Requirements::These(&["RFC7701-11-9", "RFC4975-8.1-6"]),
        "who does not know chat rooms is not let in",
    ),
    (
        Fault::ChatroomUpdateIgnored,
        Requirements::These(&["RFC7701-6.2-24"]),
        "who has withdrawn the support gets private messages",
    ),
    (
        Fault::EndpointsAreUsers,
        Requirements::These(&["RFC7701-4.1-3", "RFC4575-4.5-2"]),
        "who comes back is another user, and two users have one entity",
    ),
    (
        Fault::EndpointLeavesForAll,
        Requirements::These(&["RFC7701-7-8"]),
        "the user whose device stays is gone from the roster, with the nickname",
    ),
    (
        Fault::LeaverKeptInRoom,
        Requirements::These(&[
            "RFC7701-4.1-3",
            "RFC7701-6.1-36",
            "RFC7701-6.2-12",
            "RFC7701-6.2-19",
            "RFC4975-6-2",
            "RFC3261-13.3.1.4-7",
        ]),
        "who has left is still there for messages and nicknames",
    ),
    (
        Fault::EveryRoomTemporary,
        Requirements::Everything,
        "everybody in the same room is thrown out with the first to leave",
    ),
    (Fault::SubscriptionRefused, Requirements::Everything, "every case on the roster needs a subscription"),
    (Fault::NicknamesNotShown, Requirements::Everything, "every case on nicknames reads the roster"),
    (
        Fault::NicknameChangeNotShown,
        Requirements::These(&["RFC7701-7-5", "RFC7701-7.1-16", "RFC7701-7.1-52", "RFC7701-7.2-2", "RFC7701-7.2-7"]),
        "a nickname that was changed is read in the roster",
    ),
    (
        Fault::RosterVersionRepeated,
        Requirements::These(&[
            "RFC7701-3-2",
            "RFC7701-4-13",
            "RFC7701-7.4-8",
            "RFC4575-3.6-1",
            "RFC4575-4.6-10",
            "RFC4575-5.1-5",
            "RFC3261-8.1.3.2-1",
        ]),
        "a subscriber that keeps RFC 4575 drops what has an old version",
    ),
    (
        Fault::MalformedNicknameUnanswered,
        Requirements::These(&["RFC7701-7.1-24", "RFC7701-7.1-7", "RFC8266-2.2-1", "RFC8266-2.3-4"]),
        "a request without a response breaks the session",
    ),
    (
        Fault::RefusalWith424,
        Requirements::These(&["RFC7701-6.3-4", "RFC4975-5.3-9"]),
        "every case that needs 415 sees the wrong code",
    ),
    (
        Fault::ReportOnNothing,
        Requirements::These(&["RFC7701-6.3-13", "RFC4975-7.1.3-1", "RFC4975-7.3.1-7", "RFC4975-8.9-3"]),
        "the report that was asked for never comes",
    ),
    (
        Fault::RequestFromForeignPath,
        Requirements::These(&["RFC7701-6.3-14"]),
        "the session of a request is found by its path",
    ),
    (Fault::ByteRangeTotalWrong, Requirements::These(&["RFC7701-6.1-1"]), "messages never become complete"),
    (
        Fault::ByteRangeOverlaps,
        Requirements::These(&[
            "RFC7701-11-12",
            "RFC7701-4-23",
            "RFC7701-6.1-1",
            "RFC7701-6.1-29",
            "RFC7701-6.1-31",
            "RFC7701-6.1-33",
            "RFC7701-6.1-34",
            "RFC7701-6.1-36",
            "RFC7701-6.1-47",
            "RFC7701-6.4-3",
            "RFC4975-5.1-5",
            "RFC4975-7.1.1-27",
            "RFC3862-2.2-7",
            "RFC4975-7.3.1-7",
            "RFC4975-7.3.1-6",
            "RFC4975-7.3.1-11",
            "RFC4975-10.5-2",
            "RFC4975-7.3.2-4",
            "RFC4975-8.6-20",
        ]),
        "messages in chunks come out different",
    ),
    (
        Fault::ByteRangeOnlyFirst,
        Requirements::These(&[
            "RFC7701-11-12",
            "RFC7701-4-23",
            "RFC7701-6.1-29",
            "RFC7701-6.1-33",
            "RFC7701-6.1-34",
            "RFC7701-6.1-36",
            "RFC7701-6.1-47",
            "RFC7701-6.4-3",
            "RFC4975-5.1-5",
            "RFC4975-7.1.1-27",
            "RFC3862-2.2-7",
            "RFC4975-7.3.1-7",
            "RFC4975-7.3.1-6",
            "RFC4975-7.3.1-11",
            "RFC4975-10.5-2",
            "RFC4975-7.3.2-4",
            "RFC4975-8.6-20",
        ]),
        "messages in chunks cannot be put together",
    ),
    (
        Fault::LastChunkTwice,
        Requirements::These(&["RFC7701-6.1-1", "RFC7701-6.1-19", "RFC7701-6.4-3", "RFC4975-7.1.1-34"]),
        "every message comes twice",
    ),
    (Fault::MessageIdConstant, Requirements::Everything, "messages cannot be told from each other"),
    (Fault::AnswerWithoutTypes, Requirements::These(&["RFC7701-4-4"]), "nobody knows what the room accepts"),
    (Fault::ChatTokenTwice, Requirements::These(&["RFC7701-8-10"]), "the attribute is read by cases too"),
    (
        Fault::TwoFinalResponses,
        Requirements::These(&["RFC7701-5.2-2", "RFC3261-17.2.1-3", "RFC3261-17.2.1-4"]),
        "the second response is another answer to the same request",
    ),
    (
        Fault::ReinviteAnswerEmpty,
        Requirements::These(&[
            "RFC7701-4-31",
            "RFC7701-4-8",
            "RFC7701-4.1-13",
            "RFC7701-5.2-2",
            "RFC7701-5.2-23",
            "RFC7701-6.2-2",
            "RFC7701-8-10",
            "RFC7701-8-12",
        ]),
        "nobody joins without a session description",
    ),
    (
        Fault::FirstNotificationWithheld,
        Requirements::Everything,
        "every case on the roster waits for the first document",
    ),
    (Fault::RosterCutOff, Requirements::Everything, "every case on the roster reads the documents"),
    (Fault::RosterOtherType, Requirements::Everything, "every case on the roster reads the documents"),
    (
        Fault::MalformedFromAccepted,
        Requirements::These(&["RFC7701-3-4", "RFC3862-2.2-16"]),
        "what is passed on says nothing valid about its author",
    ),
    (
        Fault::ReportAnswered,
        Requirements::These(&["RFC7701-6.3-13", "RFC4975-7.1.2-6"]),
        "the response has no request that waits for it",
    ),
];
