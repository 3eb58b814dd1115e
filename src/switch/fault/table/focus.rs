//! The faults of the focus that break RFC 7701: joining, offer and answer, roster.

macro_rules! focus {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
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
                ["RFC7701-5.1-2", "RFC7701-4-3", "RFC4575-5.3.1-6", "RFC4575-5.3.2-5", "RFC4575-5.2-2"]
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
                ["RFC7701-5.2-36", "RFC7701-5.2-37", "RFC7701-3-9", "RFC7701-11-9", "RFC4575-8.2-2", "RFC4575-8.2-3", "RFC4575-5.6-4", "RFC4575-5.6-6", "RFC4575-5.6.1-1"]
                "shows the address of a participant whose INVITE asks for privacy";
            /// All anonymous participants under one URI.
            AnonymousUriShared = "anonymous-uri-shared"
                ["RFC7701-6.1-13", "RFC7701-5.2-36", "RFC7701-4-13", "RFC4575-5.6-5", "RFC4575-4.5-2"]
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
                ["RFC7701-5.2-2", "RFC7701-5.2-6", "RFC4575-3.5-1", "RFC4575-8.1-1"]
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
                ["RFC7701-6.1-55", "RFC7701-6.1-54", "RFC7701-4.1-7", "RFC7701-4-13", "RFC4575-4.5-2", "RFC4575-5.6.6-1"]
                "counts each endpoint of a user as another user";
            /// One device leaves, all are gone.
            EndpointLeavesForAll = "endpoint-leaves-for-all"
                ["RFC7701-4-29", "RFC7701-6.1-56", "RFC4575-5.7-2"]
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
                ["RFC7701-3-2", "RFC7701-4-28", "RFC4575-5.6-8", "RFC4575-3.6-1"]
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
                ["RFC7701-5.3-1", "RFC7701-5.3-4", "RFC7701-4.1-6", "RFC7701-5.3-2", "RFC4575-3.3-2"]
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
                ["RFC7701-7.4-1", "RFC7701-7.4-4", "RFC4575-3.2-3", "RFC4575-3.3-1", "RFC4575-3.4-5", "RFC4575-5.3.2-5"]
                "starts a subscription with a partial document";
            /// Newcomers are not notified.
            NewcomersNotNotified = "newcomers-not-notified"
                ["RFC7701-7.4-4", "RFC7701-4-13", "RFC4575-3.6-1", "RFC4575-5.1-5", "RFC4575-3.2-1"]
                "sends no notification when somebody joins";
            /// Leavers are not notified.
            LeaversNotNotified = "leavers-not-notified"
                ["RFC7701-4-28", "RFC7701-3-2", "RFC4575-3.6-1", "RFC4575-5.1-5", "RFC4575-3.2-1"]
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
                ["RFC7701-7.4-1", "RFC4575-5.2-6", "RFC4575-5.2-7"]
                "does not count up the version of its conference documents";
            /// Writes chatroom under streams that it declines too.
            ChatroomUnderAudio = "chatroom-under-audio"
                ["RFC7701-8-8"]
                "writes chatroom under streams that it declines too";
            /// Answers ACK.
            AckAnswered = "ack-answered"
                ["RFC7701-4-4"]
                "answers ACK";
            /// Leaves the characters of markup out of nicknames in the roster.
            NicknameMarkupDropped = "nickname-markup-dropped"
                ["RFC7701-7.1-12"]
                "leaves the characters of markup out of nicknames in the roster";
            /// Shows the nickname as display name too.
            NicknameAsDisplayName = "nickname-as-display-name"
                ["RFC7701-7-4"]
                "shows the nickname as display name too";
            /// Tells a client that does not know chat rooms the real addresses of anonymous participants.
            NoticeNamesEverybody = "notice-names-everybody"
                ["RFC7701-11-9"]
                "tells a client that does not know chat rooms the real addresses of anonymous participants";
            /// Leaves the user with the former nickname in the roster.
            NicknameChangeAddsUser = "nickname-change-adds-user"
                ["RFC7701-7.2-6", "RFC7701-7.4-8", "RFC4575-4.5-3"]
                "lists a user once more under the new nickname, and leaves the former one in the roster";
        }
    };
}
