//! What the faults of the focus take down beside the requirements that they break.

use super::Requirements;
use crate::switch::fault::Fault;

/// The faults, what else goes red, and why it cannot be otherwise.
pub(super) const ROWS: &[(Fault, Requirements, &str)] = &[
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
        Fault::NicknameRemovalNotShown,
        Requirements::These(&["RFC7701-7.1-52"]),
        "a removal that the roster does not show looks like a second device that holds the nickname",
    ),
    (
        Fault::NicknameChangeAddsUser,
        Requirements::These(&["RFC7701-7-5", "RFC4575-4.5-3"]),
        "the nickname that was left behind stands beside that of the user who takes it",
    ),
    (
        Fault::NicknameMarkupDropped,
        Requirements::These(&["RFC7701-7.1-47"]),
        "the quotation mark, which NICKNAME escapes, is a character of markup too",
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
];
