//! Faults that break RFC 4575 and RFC 6501: subscriptions and conference documents.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! roster {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
            /// Draws an address like any other for who wants to stay anonymous.
            AnonymousUriOrdinary = "anonymous-uri-ordinary"
                ["RFC4575-5.6-6", "RFC4575-5.6-4"]
                "draws an address like any other for who wants to stay anonymous";
            /// Answers a refresh without the full state.
            RefreshWithoutFullState = "refresh-without-full-state"
                ["RFC4575-3.2-3", "RFC4575-4.6-8"]
                "answers a refresh without the full state";
            /// Lets a subscription without Expires last a day.
            SubscriptionOfADay = "subscription-of-a-day"
                ["RFC4575-3.3-1"]
                "lets a subscription without Expires last a day";
            /// Refuses a SUBSCRIBE without Accept.
            AcceptDemanded = "accept-demanded"
                ["RFC4575-3.4-5"]
                "refuses a SUBSCRIBE without Accept";
            /// Sends conference documents to who accepts other types only.
            AcceptIgnored = "accept-ignored"
                ["RFC4575-3.4-1"]
                "sends conference documents to who accepts other types only";
            /// Ends a subscription on Expires 0 without a last NOTIFY.
            UnsubscribingUntold = "unsubscribing-untold"
                ["RFC4575-3.2-3"]
                "ends a subscription on Expires 0 without a last NOTIFY";
            /// Takes a SUBSCRIBE for any event package.
            PackageIgnored = "package-ignored"
                ["RFC4575-3.1-1"]
                "takes a SUBSCRIBE for any event package";
            /// Tells changes to the latest subscriber only.
            OldestSubscriberForgotten = "oldest-subscriber-forgotten"
                ["RFC4575-5.1-5", "RFC4575-3.2-1"]
                "tells changes to the latest subscriber only";
            /// Gives timeout as the reason when a room ends.
            RoomEndAsTimeout = "room-end-as-timeout"
                ["RFC4575-3.3-2"]
                "gives timeout as the reason when a room ends";
            /// Marks the whole document as deleted when a user leaves.
            LeaverEndsConference = "leaver-ends-conference"
                ["RFC4575-4.6-5", "RFC4575-4.6-10"]
                "marks the whole document as deleted when a user leaves";
            /// Leaves who has left out of partial documents.
            PartialOmitsLeavers = "partial-omits-leavers"
                ["RFC4575-4.6-10", "RFC4575-5.6-8"]
                "leaves who has left out of partial documents";
            /// Asks subscribers for no credentials in a room with digest.
            SubscribersUnauthenticated = "subscribers-unauthenticated"
                ["RFC4575-3.5-1", "RFC4575-8-1", "RFC4575-8.1-1"]
                "asks subscribers for no credentials in a room with digest";
            /// Shows a URI for participation that leads nowhere.
            ConfUriLeadsNowhere = "conf-uri-leads-nowhere"
                ["RFC4575-5.3.1-1", "RFC4575-5.3.1-6"]
                "shows a URI for participation that leads nowhere";
            /// Shows a URI for subscriptions that leads nowhere.
            EventUriLeadsNowhere = "event-uri-leads-nowhere"
                ["RFC4575-5.3.2-5"]
                "shows a URI for subscriptions that leads nowhere";
            /// Says that a room that lets everybody in is not active.
            RoomShownInactive = "room-shown-inactive"
                ["RFC4575-5.5.2-1"]
                "says that a room that lets everybody in is not active";
            /// Says that a room that lets everybody in is locked.
            RoomShownLocked = "room-shown-locked"
                ["RFC4575-5.5.3-1"]
                "says that a room that lets everybody in is locked";
            /// Shows endpoints as pending that are in the room.
            StatusStaysPending = "status-stays-pending"
                ["RFC4575-5.7.3-1"]
                "shows endpoints as pending that are in the room";
            /// Shows endpoints as disconnected that are in the room.
            StatusDisconnected = "status-disconnected"
                ["RFC4575-5.7.3-2", "RFC4575-5.7.3-1"]
                "shows endpoints as disconnected that are in the room";
            /// Says that it called who has called.
            JoiningMethodReversed = "joining-method-reversed"
                ["RFC4575-5.7.4-1"]
                "says that it called who has called";
            /// Shows the stream of messages as one of type text.
            MediaTypeText = "media-type-text"
                ["RFC4575-5.7.8-1"]
                "shows the stream of messages as one of type text";
            /// Shows its own session numbers as Call-ID.
            CallInfoOfItsOwn = "call-info-of-its-own"
                ["RFC4575-5.7.9-2"]
                "shows its own session numbers as Call-ID";
            /// Shows every user under the same name.
            DisplayTextIsUser = "display-text-constant"
                ["RFC4575-5.6.1-1"]
                "shows every user under the same name";
            /// Shows the display name of who asked for privacy.
            PrivateNameShown = "private-name-shown"
                ["RFC4575-5.6.1-1"]
                "shows the display name of who asked for privacy";
            /// Says of who left by BYE that it was thrown out.
            LeaverBooted = "leaver-booted"
                ["RFC4575-5.7.6-1", "RFC4575-4.4-9"]
                "says of who left by BYE that it was thrown out";
            /// Repeats the display text of a user that it deletes.
            DeletedUserKeepsContent = "deleted-user-keeps-content"
                ["RFC4575-4.4-9"]
                "repeats the display text of a user that it deletes";
            /// Goes on showing a device that left while another one stays.
            GoneDeviceShown = "gone-device-shown"
                ["RFC4575-5.7-2"]
                "goes on showing a device that left while another one stays";
            /// Declares its documents as XML 1.1.
            DocumentXml11 = "document-xml-1-1"
                ["RFC4575-4.1-2"]
                "declares its documents as XML 1.1";
            /// Declares its documents as ISO 8859-1.
            DocumentNamedLatin1 = "document-named-latin1"
                ["RFC4575-4.1-3"]
                "declares its documents as ISO 8859-1";
            /// Gives each user a version.
            VersionOnUser = "version-on-user"
                ["RFC4575-4.3-1"]
                "gives each user a version";
            /// Gives the description a state.
            StateOnDescription = "state-on-description"
                ["RFC4575-4.4-3"]
                "gives the description a state";
            /// Leaves out the entity of endpoints.
            EndpointWithoutKey = "endpoint-without-key"
                ["RFC4575-4.5-1", "RFC4575-5.7-1"]
                "leaves out the entity of endpoints";
            /// Lists a stream of an endpoint twice.
            StreamTwice = "stream-twice"
                ["RFC4575-4.5-2", "RFC4575-5.8-1"]
                "lists a stream of an endpoint twice";
            /// Lists the URI of the conference twice.
            ConfUriTwice = "conf-uri-twice"
                ["RFC4575-5.3.1-2"]
                "lists the URI of the conference twice";
            /// Lists the URI for subscriptions twice.
            ServiceUriTwice = "service-uri-twice"
                ["RFC4575-5.3.2-2"]
                "lists the URI for subscriptions twice";
            /// Does not say what the URI of the conference is for.
            ConfUriWithoutPurpose = "conf-uri-without-purpose"
                ["RFC4575-5.3.1-5"]
                "does not say what the URI of the conference is for";
            /// Does not say what the URI of a service is for.
            ServiceUriWithoutPurpose = "service-uri-without-purpose"
                ["RFC4575-5.3.2-4"]
                "does not say what the URI of a service is for";
            /// Writes blanks before URIs that are keys.
            KeyInBlanks = "key-in-blanks"
                ["RFC4575-4.5-4"]
                "writes blanks before URIs that are keys";
            /// Gives a stream the type msrp.
            StreamTypeMsrp = "stream-type-msrp"
                ["RFC4575-5.8.2-1", "RFC4575-5.7.8-1"]
                "gives a stream the type msrp";
            /// Gives a stream the status both.
            StreamStatusBoth = "stream-status-both"
                ["RFC4575-5.8.5-1"]
                "gives a stream the status both";
            /// Lists an available medium of the type msrp.
            MediumTypeMsrp = "medium-type-msrp"
                ["RFC4575-5.3.4-2"]
                "lists an available medium of the type msrp";
            /// Lists an available medium with the status both.
            MediumStatusBoth = "medium-status-both"
                ["RFC4575-5.3.4-3"]
                "lists an available medium with the status both";
            /// Gives two available media the same label.
            MediumTwice = "medium-twice"
                ["RFC4575-5.3.4-1"]
                "gives two available media the same label";
            /// Labels streams with what is not available.
            LabelOfNothing = "label-of-nothing"
                ["RFC4575-5.8.3-2"]
                "labels streams with what is not available";
            /// Gives two streams of an endpoint the same label.
            LabelTwice = "label-twice"
                ["RFC4575-5.8.3-1"]
                "gives two streams of an endpoint the same label";
            /// Tells the time of joining in local time.
            JoiningInLocalTime = "joining-in-local-time"
                ["RFC4575-5.7.5-2"]
                "tells the time of joining in local time";
            /// Tells the reason of joining as free text.
            JoiningReasonFree = "joining-reason-free"
                ["RFC4575-5.7.5-3"]
                "tells the reason of joining as free text";
            /// Tells the time of leaving in local time.
            LeavingInLocalTime = "leaving-in-local-time"
                ["RFC4575-5.7.7-2"]
                "tells the time of leaving in local time";
            /// Tells the reason of leaving as free text.
            LeavingReasonFree = "leaving-reason-free"
                ["RFC4575-5.7.7-3"]
                "tells the reason of leaving as free text";
            /// Spells entities otherwise in partial documents.
            EntityRespelt = "entity-respelt"
                ["RFC4575-4.5-3"]
                "spells entities otherwise in partial documents";
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[
    (
        Fault::PartialOmitsLeavers,
        Requirements::These(&["RFC3261-17.1.2.2-1"]),
        "the NOTIFY that is to be repeated is one about somebody who leaves",
    ),
    (
        Fault::ReturnRefused,
        Requirements::These(&["RFC7701-5.2-2"]),
        "whoever has been in a room in an earlier case cannot come back, and the users of a room with credentials are few",
    ),
    (
        Fault::EntityRespelt,
        Requirements::These(&["RFC4575-3.6-1", "RFC4575-4.6-10", "RFC7701-7.4-8"]),
        "a subscriber that keeps RFC 4575, 4.5 sees two users where one was spelt anew",
    ),
];
