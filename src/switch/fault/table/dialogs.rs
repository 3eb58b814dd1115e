//! Faults that break RFC 3261 where it speaks of dialogs, transactions and cancelling.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! dialogs {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
            /// Finds the dialog of a request by its Call-ID alone.
            DialogByCallId = "dialog-by-call-id"
                ["RFC3261-15.1.2-1", "RFC3261-12.2.2-2"]
                "finds the dialog of a request by its Call-ID alone";
            /// Refuses requests of unknown dialogs with 404.
            UnknownDialogTaken = "unknown-dialog-answered"
                ["RFC3261-12.2.2-2", "RFC3261-15.1.2-1"]
                "refuses requests of unknown dialogs with 404";
            /// Serves requests whose CSeq number is behind.
            OldNumbersTaken = "old-cseq-taken"
                ["RFC3261-12.2.2-4", "RFC3261-12.2.2-6"]
                "serves requests whose CSeq number is behind";
            /// Refuses a request whose CSeq number leaves a gap.
            NumberGapRefused = "cseq-gap-refused"
                ["RFC3261-12.2.2-5"]
                "refuses a request whose CSeq number leaves a gap";
            /// Counts the requests of a dialog instead of keeping their CSeq number.
            GapForgotten = "cseq-gap-forgotten"
                ["RFC3261-12.2.2-6"]
                "counts the requests of a dialog instead of keeping their CSeq number";
            /// Ends the session when it refuses a re-INVITE.
            RefusedReinviteEnds = "refused-reinvite-ends-session"
                ["RFC3261-12.2.2-1", "RFC3261-14.2-3"]
                "ends the session when it refuses a re-INVITE";
            /// Goes on using the first Contact after a re-INVITE.
            TargetKept = "target-kept"
                ["RFC3261-12.2.2-7"]
                "goes on using the first Contact after a re-INVITE";
            /// Offers TLS in a re-INVITE without an offer, whatever the session uses.
            ReofferOverTls = "reoffer-over-tls"
                ["RFC3261-14.2-5"]
                "offers TLS in a re-INVITE without an offer, whatever the session uses";
            /// Takes a second re-INVITE while the first is pending.
            SecondReinviteTaken = "second-reinvite-taken"
                ["RFC3261-14.2-1"]
                "takes a second re-INVITE while the first is pending";
            /// Refuses a second re-INVITE without saying when to retry.
            SecondReinviteBare = "second-reinvite-without-retry-after"
                ["RFC3261-14.2-1"]
                "refuses a second re-INVITE without saying when to retry";
            /// Forgets a re-INVITE that is pending when BYE comes.
            PendingAtByeForgotten = "pending-at-bye-forgotten"
                ["RFC3261-15.1.2-4", "RFC3261-15.1.2-5"]
                "forgets a re-INVITE that is pending when BYE comes";
            /// Answers a re-INVITE that is pending when BYE comes with 480.
            PendingAtByeUnavailable = "pending-at-bye-480"
                ["RFC3261-15.1.2-5"]
                "answers a re-INVITE that is pending when BYE comes with 480";
            /// Says that the dialog is gone where only the offer is no good.
            UnusableReofferLost = "unusable-reoffer-481"
                ["RFC3261-14.2-3", "RFC3261-12.2.2-1"]
                "answers 481 to a re-INVITE whose offer it cannot accept";
            /// Refuses an offer that it cannot use with 403.
            OfferRefusedAsForbidden = "unusable-offer-403"
                ["RFC3261-13.3.1.3-1"]
                "refuses an offer that it cannot use with 403";
            /// Turns the values of Record-Route round in its answer.
            RecordRouteReversed = "record-route-reversed"
                ["RFC3261-12.1.1-1"]
                "turns the values of Record-Route round in its answer";
            /// Drops the parameters of Record-Route in its answer.
            RecordRouteStripped = "record-route-stripped"
                ["RFC3261-12.1.1-1"]
                "drops the parameters of Record-Route in its answer";
            /// Sends its requests past the recorded route.
            RouteIgnored = "route-ignored"
                ["RFC3261-12.1.1-4"]
                "sends its requests past the recorded route";
            /// Answers 200 to OPTIONS for rooms that do not exist.
            OptionsForAnything = "options-for-anything"
                ["RFC3261-11.2-1"]
                "answers 200 to OPTIONS for rooms that do not exist";
            /// Answers OPTIONS without saying what it accepts.
            OptionsTellNothing = "options-tell-nothing"
                ["RFC3261-11.2-3"]
                "answers OPTIONS without saying what it accepts";
            /// Takes an escaped letter in a URI for another one.
            EscapesLiteral = "escapes-literal"
                ["RFC3261-19.1.4-1"]
                "takes an escaped letter in a URI for another one";
            /// Finds no room under a URI with a parameter that it does not know.
            UriParameterRefused = "uri-parameter-refused"
                ["RFC3261-19.1.4-2"]
                "finds no room under a URI with a parameter that it does not know";
            /// Cancels by Call-ID whatever the branch.
            CancelByCallId = "cancel-by-call-id"
                ["RFC3261-9.2-1", "RFC3261-9.2-4"]
                "cancels by Call-ID whatever the branch";
            /// Answers 200 to a CANCEL that belongs to nothing.
            CancelOfNothingTaken = "cancel-of-nothing-200"
                ["RFC3261-9.2-4"]
                "answers 200 to a CANCEL that belongs to nothing";
            /// Challenges a CANCEL.
            CancelChallenged = "cancel-challenged"
                ["RFC3261-9.2-3", "RFC3261-22.1-3"]
                "challenges a CANCEL";
            /// Ends the session on a CANCEL that comes after the answer.
            CancelEndsSession = "late-cancel-ends-session"
                ["RFC3261-9.2-5"]
                "ends the session on a CANCEL that comes after the answer";
            /// Sends the 2xx to INVITE once, whether or not the ACK comes.
            SuccessSentOnce = "success-sent-once"
                ["RFC3261-13.3.1.4-4", "RFC3261-13.3.1.4-5"]
                "sends the 2xx to INVITE once, whether or not the ACK comes";
            /// Relies on TCP to bring the 2xx to INVITE.
            SuccessOnceOverTcp = "success-once-over-tcp"
                ["RFC3261-13.3.1.4-5"]
                "relies on TCP to bring the 2xx to INVITE";
            /// Goes on repeating the 2xx after the ACK.
            AckOverlooked = "ack-overlooked"
                ["RFC3261-13.3.1.4-6"]
                "goes on repeating the 2xx after the ACK";
            /// Stops repeating the 2xx after 64*T1 and keeps the session.
            AbsentAckForgiven = "absent-ack-forgiven"
                ["RFC3261-13.3.1.4-7", "RFC3261-14.2-4"]
                "stops repeating the 2xx after 64*T1 and keeps the session";
            /// Goes on sending to whom it has sent BYE.
            AbandonedHearsOn = "abandoned-hears-on"
                ["RFC3261-15.1.1-1"]
                "goes on sending to whom it has sent BYE";
            /// Sends a refusal of INVITE once over UDP.
            RefusalSentOnce = "refusal-sent-once"
                ["RFC3261-17.2.1-3"]
                "sends a refusal of INVITE once over UDP";
            /// Repeats a refusal of INVITE over TCP.
            RefusalAgainOverTcp = "refusal-again-over-tcp"
                ["RFC3261-17.2.1-3"]
                "repeats a refusal of INVITE over TCP";
            /// Goes on repeating a refusal after its ACK.
            RefusalAckOverlooked = "refusal-ack-overlooked"
                ["RFC3261-17.2.1-5"]
                "goes on repeating a refusal after its ACK";
            /// Ignores an INVITE that comes again.
            RepeatedInviteIgnored = "repeated-invite-ignored"
                ["RFC3261-17.2.1-4", "RFC3261-17.2.1-2"]
                "ignores an INVITE that comes again";
            /// Says nothing while it takes its time over an INVITE.
            NoTrying = "no-trying"
                ["RFC3261-17.2.1-1"]
                "says nothing while it takes its time over an INVITE";
            /// Forgets a request with its response: a repeated BYE gets 481.
            ByeAgainUnknown = "repeated-bye-481"
                ["RFC3261-17.2.2-1", "RFC3261-17.2.2-2"]
                "forgets a request with its response: a repeated BYE gets 481";
            /// Tells transactions apart by branch and method alone.
            TransactionByBranchAlone = "transaction-by-branch-alone"
                ["RFC3261-17.2.3-1"]
                "tells transactions apart by branch and method alone";
            /// Sends its requests over UDP once.
            NotifySentOnce = "notify-sent-once"
                ["RFC3261-17.1.2.2-1"]
                "sends its requests over UDP once";
            /// Does not serve what comes over TCP.
            TcpDeaf = "tcp-deaf"
                ["RFC3261-18.2.1-1"]
                "does not serve what comes over TCP";
            /// Does not complete a Via that bears a name.
            ReceivedMissing = "received-missing"
                ["RFC3261-18.2.1-2"]
                "does not complete a Via that bears a name";
            /// Sends responses to the source port though nobody asked for it.
            ResponseToSource = "response-to-source-port"
                ["RFC3261-18.2.2-2"]
                "sends responses to the source port though nobody asked for it";
            /// Sends responses to the port of sent-by where rport asks for the source port.
            RportIgnored = "rport-ignored"
                ["RFC3261-18.2.2-2"]
                "sends responses to the port of sent-by where rport asks for the source port";
            /// Refuses requests over 4096 octets with 513.
            LongDatagramRefused = "long-datagram-refused"
                ["RFC3261-18.1.1-1"]
                "refuses requests over 4096 octets with 513";
            /// Refuses a datagram without Content-Length.
            DatagramWithoutLength = "datagram-without-length-refused"
                ["RFC3261-18.3-3"]
                "refuses a datagram without Content-Length";
            /// Refuses a datagram with octets behind its body.
            TrailingOctetsRefused = "trailing-octets-refused"
                ["RFC3261-18.3-1"]
                "refuses a datagram with octets behind its body";
            /// Takes a datagram that is shorter than its Content-Length says.
            ShortDatagramTaken = "short-datagram-taken"
                ["RFC3261-18.3-2"]
                "takes a datagram that is shorter than its Content-Length says";
            /// Writes the Contact of the participant into To of its requests.
            ToOfContact = "to-of-contact"
                ["RFC3261-12.2.1.1-1"]
                "writes the Contact of the participant into To of its requests";
            /// Writes its own address into From of its requests.
            FromOfContact = "from-of-contact"
                ["RFC3261-12.2.1.1-2"]
                "writes its own address into From of its requests";
            /// Counts its requests by two.
            CseqByTwo = "cseq-by-two"
                ["RFC3261-12.2.1.1-4"]
                "counts its requests by two";
            /// Leaves Supported out of its answer to INVITE.
            SupportedMissing = "supported-missing"
                ["RFC3261-13.3.1.4-1"]
                "leaves Supported out of its answer to INVITE";
            /// Refuses an offer with a 488 without Warning.
            RefusalUnexplained = "refusal-unexplained"
                ["RFC3261-13.3.1.3-2"]
                "refuses an offer with a 488 without Warning";
            /// Gives out tags of four hexadecimal digits.
            ShortTags = "short-tags"
                ["RFC3261-19.3-1"]
                "gives out tags of four hexadecimal digits";
            /// Opens a connection of its own for each response over TCP.
            ResponseOnNewConnection = "response-on-new-connection"
                ["RFC3261-18.2.2-1"]
                "opens a connection of its own for each response over TCP";
            /// Serves OPTIONS in dialogs alone.
            OptionsInDialogsOnly = "options-in-dialogs-only"
                ["RFC3261-11.2-1"]
                "serves OPTIONS in dialogs alone";
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[
    (
        Fault::ResponseOnNewConnection,
        Requirements::These(&["ROBUST-9"]),
        "who sends a hostile INVITE waits for the answer where it was sent",
    ),
    (
        Fault::OfferRefusedAsForbidden,
        Requirements::These(&["RFC4975-8.6-14"]),
        "an offer of unusable types is refused with the same wrong code",
    ),
    (
        Fault::ReofferOverTls,
        Requirements::These(&["RFC4975-6-9", "RFC3264-8-8", "RFC4975-8.5-2", "RFC4975-8.4-6"]),
        "an offer of TLS beside the session's path without TLS contradicts itself",
    ),
    (
        Fault::OptionsInDialogsOnly,
        Requirements::These(&["RFC3261-11.2-3", "RFC3261-17.2.3-1", "RFC3261-18.3-1", "RFC3261-7.5-1"]),
        "OPTIONS is what these cases ask with",
    ),
];
