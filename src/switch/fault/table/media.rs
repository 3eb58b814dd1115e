//! The faults of the MSRP switch that break RFC 7701: messages, nicknames, reports.

macro_rules! media {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
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
                ["RFC7701-7.1-14", "RFC7701-4.1-1", "RFC7701-7.1-13", "RFC7701-7.1-5", "RFC7701-8-10"]
                "grants nicknames in a room that does not allow them";
            /// 403 where 425 is due.
            NicknameConflict403 = "nickname-conflict-403"
                ["RFC7701-7.1-27", "RFC7701-10.3-4", "RFC7701-7.2-8"]
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
                ["RFC7701-4-29", "RFC4975-6-2"]
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
                ["RFC7701-6.3-2", "RFC4975-7.1.4-4", "RFC4975-7.1.4-5", "RFC4975-5.3-7"]
                "answers requests with Failure-Report no";
            /// Success-Report is not looked at.
            NoSuccessReport = "no-success-report"
                ["RFC7701-6.3-1", "RFC7701-6.3-3", "RFC4975-7.1.3-1", "RFC4975-5.3-5"]
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
                ["RFC7701-6.1-16", "RFC7701-6.2-12", "RFC3862-4.3-2"]
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
                ["RFC7701-4.1-15", "RFC7701-4.1-14", "RFC3862-2.4-3"]
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
                ["RFC7701-7.1-49", "RFC7701-7.1-51", "RFC7701-11-17"]
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
                ["RFC7701-6.3-1", "RFC4975-7.1.2-4", "RFC4975-7.1.2-11"]
                "answers REPORTs";
            /// Answers 200 to messages to the room and delivers none.
            RegularSwallowed = "regular-swallowed"
                ["RFC7701-6.1-19", "RFC7701-6.1-21", "RFC7701-6.1-24", "RFC7701-8-9"]
                "answers 200 to messages to the room and delivers none";
            /// Answers no request that has a Failure-Report header.
            FailureReportYesMisread = "failure-report-yes-misread"
                ["RFC7701-6.3-2", "RFC7701-6.3-3", "RFC4975-7.2-1", "RFC4975-5.3-5", "RFC4975-7.1.4-6", "RFC4975-5.3-9", "RFC4975-7.1.4-1", "RFC4975-7.1.4-7"]
                "answers no request that has a Failure-Report header";
            /// Reports the success of every message.
            SuccessReportUnasked = "success-report-unasked"
                ["RFC7701-6.3-1", "RFC7701-6.3-14", "RFC7701-6.3-3", "RFC4975-7.1.3-12"]
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
            /// Takes a nickname for taken when one of the same first word, or one letter off, is.
            NicknamesComparedLoosely = "nickname-compared-loosely"
                ["RFC7701-7.1-16", "RFC7701-7.1-32"]
                "takes a nickname for taken when one of the same first word, or one letter off, is";
            /// Writes the letter O for a zero between letters when it keeps a nickname.
            LookAlikesMerged = "look-alikes-merged"
                ["RFC7701-7.1-16", "RFC7701-7-5"]
                "writes the letter O for a zero between letters when it keeps a nickname";
            /// Drops control characters from a nickname and grants the rest.
            ControlCharactersDropped = "control-characters-dropped"
                ["RFC7701-7.1-24", "RFC7701-7.1-46"]
                "drops control characters from a nickname and grants the rest";
            /// Refuses for ever, with 403, a nickname that another user has or once had.
            NicknameOnceHeld403 = "nickname-once-held-403"
                [
                    "RFC7701-7.2-7", "RFC7701-7.3-3", "RFC7701-7.1-1", "RFC7701-7.1-27", "RFC7701-7.2-8",
                    "RFC7701-10.3-4",
                ]
                "refuses for ever, with 403, a nickname that another user has or once had";
            /// Answers 200 to a change of letter case and keeps the old spelling.
            CaseChangeIgnored = "case-change-ignored"
                ["RFC7701-7.2-3", "RFC7701-7.1-16"]
                "answers 200 to a change of letter case and keeps the old spelling";
            /// Grants no nickname any more to a session that has removed one.
            RemovalIsFinal = "removal-is-final"
                ["RFC7701-7.2-2"]
                "grants no nickname any more to a session that has removed one";
            /// Refuses, with 403, the nickname in quarantine to the user who had it.
            NicknameReturnRefused = "nickname-return-refused"
                ["RFC7701-4.1-4", "RFC7701-11-17"]
                "refuses, with 403, the nickname in quarantine to the user who had it";
            /// Takes a nickname of one word of 24 octets or more for malformed.
            LongWordRefused = "long-word-refused"
                ["RFC7701-7.1-44"]
                "takes a nickname of one word of 24 octets or more for malformed";
            /// Looks for the recipient of a private message in all rooms.
            RecipientOfAnyRoom = "recipient-of-any-room"
                ["RFC7701-6.2-12", "RFC7701-4-32"]
                "looks for the recipient of a private message in all rooms";
            /// Refuses HTML in a room whose list of types is a star.
            HtmlRefused = "html-refused"
                ["RFC7701-4.1-15", "RFC3862-2.4-3"]
                "refuses HTML in a room whose list of types is a star";
            /// Reports to the sender that a recipient refused its copy.
            RecipientRefusalReported = "recipient-refusal-reported"
                ["RFC7701-6.3-13"]
                "reports to the sender that a recipient refused its copy";
            /// Distributes a later chunk of a message whose beginning never came.
            OrphanChunkDistributed = "orphan-chunk-distributed"
                ["RFC7701-4.1-11"]
                "distributes a later chunk of a message whose beginning never came";
            /// Answers no request whose Success-Report is "no".
            SuccessReportNoMisread = "success-report-no-misread"
                ["RFC7701-6.3-2", "RFC7701-6.3-10", "RFC4975-7.2-1", "RFC4975-7.1.4-1"]
                "answers no request whose Success-Report is \"no\"";
            /// Skips a participant's relays.
            RelaysSkipped = "relays-skipped"
                ["RFC7701-4-9", "RFC7701-4-19"]
                "addresses its requests to the last URI of a participant's path only";
            /// Does not understand NICKNAME, although the room announces it.
            NicknameMethodUnknown = "nickname-method-unknown"
                ["RFC7701-7.1-38", "RFC7701-4.1-1", "RFC7701-8-31", "RFC7701-7.1-32"]
                "answers 501 to NICKNAME in a room that announces nicknames";
        }
    };
}
