//! Faults that break RFC 7701 where a message is written, whoever wrote it.

macro_rules! slips {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
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
                ["RFC7701-7.4-1", "RFC4575-3.3-1"]
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
            /// Answers 200 to a request for a session that it does not have.
            SessionUnknownAccepted = "session-unknown-accepted"
                ["RFC7701-6.3-3", "RFC4975-5.4-21", "RFC4975-5.4-19", "RFC4975-5.4-28", "RFC4975-6.1-1"]
                "answers 200 to a request for a session that it does not have";
            /// Answers 200 to a method that it does not know.
            MethodUnknownAccepted = "method-unknown-accepted"
                ["RFC7701-6.3-3"]
                "answers 200 to a method that it does not know";
            /// Answers 200 to messages that it refuses.
            RefusalsUnsaid = "refusals-unsaid"
                ["RFC7701-6.3-6", "RFC7701-6.2-1", "RFC7701-4.1-5", "RFC7701-6.2-11", "RFC7701-6.2-13", "RFC7701-6.2-14"]
                "answers 200 to messages that it refuses";
        }
    };
}
