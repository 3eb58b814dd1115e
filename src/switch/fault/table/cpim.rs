//! Faults that break RFC 3862: the wrapper of messages.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! cpim {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
            /// Dates go on in universal time.
            WrapperDateRewritten = "wrapper-date-rewritten"
                ["RFC3862-2.2-1", "RFC3862-2.2-19", "RFC3862-6-3", "RFC3862-9-1"]
                "writes the time of a DateTime anew, in universal time";
            /// Languages are lost.
            WrapperLanguageDropped = "wrapper-language-dropped"
                ["RFC3862-3.3-1", "RFC3862-2.2-1", "RFC3862-2.2-19", "RFC3862-6-3", "RFC3862-9-1", "RFC3862-3.6-3"]
                "drops the language of a header";
            /// Runs of blanks become one.
            WrapperBlanksTidied = "wrapper-blanks-tidied"
                ["RFC3862-2.2-1", "RFC3862-2.2-19", "RFC3862-6-3", "RFC3862-9-1"]
                "makes one blank of several in a header";
            /// Escapes are resolved on the way.
            WrapperEscapesResolved = "wrapper-escapes-resolved"
                ["RFC3862-2.2-1", "RFC3862-2.2-19", "RFC3862-6-3", "RFC3862-9-1"]
                "puts the characters into a header that its escapes stand for";
            /// Headers go on in ASCII.
            WrapperLettersLost = "wrapper-letters-lost"
                ["RFC3862-8-1", "RFC3862-2.2-19", "RFC3862-2.2-1", "RFC3862-6-3", "RFC3862-9-1"]
                "writes a question mark for each octet of a header that is not ASCII";
            /// Unknown headers are lost.
            WrapperUnknownDropped = "wrapper-unknown-dropped"
                ["RFC3862-2.2-17", "RFC3862-2.2-1", "RFC3862-2.2-19", "RFC3862-6-3", "RFC3862-9-1", "RFC3862-9-3", "RFC3862-3.6-3"]
                "drops the headers of a wrapper that RFC 3862 does not define";
            /// From and To are put first.
            WrapperReordered = "wrapper-reordered"
                ["RFC3862-2.2-20", "RFC3862-2.2-1", "RFC3862-6-3"]
                "puts From and To before the other headers of a wrapper";
            /// The glued form is mended.
            WrapperBlankLineAdded = "wrapper-blank-line-added"
                ["RFC3862-2-3", "RFC3862-2.4-2", "RFC3862-6-3"]
                "puts a blank line before a Content-Type that stands among the headers";
            /// Content goes on in UTF-8.
            ContentTranscoded = "content-transcoded"
                ["RFC3862-8-2", "RFC3862-7.1-1", "RFC3862-9-3"]
                "replaces the octets of content that are not UTF-8";
            /// Line feeds become line ends.
            ContentLineEndsMended = "content-line-ends-mended"
                ["RFC3862-7.1-1", "RFC3862-9-3", "RFC3862-2-5"]
                "makes CR LF of a lone line feed in content";
            /// A blank line ends the content.
            ContentEndsAtBlankLine = "content-ends-at-blank-line"
                ["RFC3862-2-5", "RFC3862-9-3"]
                "takes a blank line for the end of the content";
            /// Line ends at the end are lost.
            ContentTrimmed = "content-trimmed"
                ["RFC3862-2-5", "RFC3862-9-3"]
                "drops the line ends at the end of the content";
            /// Unknown types are refused.
            WrappedTypeUnknownRefused = "wrapped-type-unknown-refused"
                ["RFC3862-2.4-3"]
                "refuses to pass content on whose type it does not know";
            /// A header stands once.
            RepeatedHeaderRefused = "repeated-header-refused"
                ["RFC3862-2.2-15"]
                "answers 400 to a wrapper in which a header stands twice";
            /// Unknown headers are refused.
            UnknownHeaderRefused = "unknown-header-refused"
                ["RFC3862-2.2-17"]
                "answers 400 to a wrapper with a header that RFC 3862 does not define";
            /// Lines have 998 octets.
            LongLineRefused = "long-line-refused"
                ["RFC3862-2.2-7"]
                "answers 400 to a wrapper with a line of more than 998 octets";
            /// Languages are the only parameters.
            ParameterRefused = "parameter-refused"
                ["RFC3862-3.6-3"]
                "answers 400 to a header with another parameter than lang";
            /// What is required is refused.
            RequireRefused = "require-refused"
                ["RFC3862-3.5-3"]
                "answers 403 to a wrapper with Require";
            /// A cc is another addressee.
            CcRefused = "cc-refused"
                ["RFC3862-4.3-4", "RFC3862-4.3-2", "RFC3862-4.3-1"]
                "answers 403 to a wrapper with cc headers";
            /// Formal names need quotes.
            NameQuotesRequired = "name-quotes-required"
                ["RFC3862-3.6-4", "RFC3862-4.1-1", "RFC3862-4.2-1"]
                "answers 403 to a formal name without quotes";
            /// A blank follows the quotes.
            NameBlankRequired = "name-blank-required"
                ["RFC3862-3.6-4", "RFC3862-4.1-1"]
                "answers 403 to a formal name in quotes with no blank behind";
            /// Formal names are ASCII.
            NameAsciiOnly = "name-ascii-only"
                ["RFC3862-8-1"]
                "answers 403 to a formal name with letters beyond ASCII";
            /// The first bracket counts.
            NameQuotesUnread = "name-quotes-unread"
                ["RFC3862-4.1-3", "RFC3862-3.6-4", "RFC3862-4.1-4", "RFC3862-4.2-3", "RFC3862-4.2-4"]
                "takes the URI of From and To from the first brackets, also in quotes";
            /// The formal name is looked up.
            NameMeansAnother = "name-means-another"
                ["RFC3862-4.2-3", "RFC3862-4.2-4"]
                "takes a formal name that is a participant's for the addressee";
            /// Backslashes are letters.
            NameEscapesUnread = "name-escapes-unread"
                ["RFC3862-2.3.1-7"]
                "ends a formal name at a quote that is escaped";
            /// Needless escapes are refused.
            NeedlessEscapeRefused = "needless-escape-refused"
                ["RFC3862-2.3.1-8"]
                "answers 403 to a formal name with an escape that was not needed";
            /// Header names have no case.
            HeaderCaseIgnored = "header-case-ignored"
                ["RFC3862-2.2-16", "RFC3862-3-3", "RFC3862-3.6-1", "RFC3862-4-4"]
                "reads from and to as From and To";
            /// What is no address is the room.
            MalformedToMeansRoom = "malformed-to-means-room"
                ["RFC3862-4.2-1", "RFC3862-3.2-1"]
                "passes on to the room what has no address in To";
            /// Prefixes mean nothing.
            PrefixIgnored = "prefix-ignored"
                ["RFC3862-3.4-2", "RFC3862-3.1-2", "RFC3862-3.4-7", "RFC3862-4.6-2"]
                "reads a header by what follows its prefix, whatever that is bound to";
            /// Core headers have no prefix.
            PrefixedCoreUnread = "prefixed-core-unread"
                ["RFC3862-4-2", "RFC3862-3.4-10", "RFC3862-3.4-2"]
                "does not know From and To under a prefix of CPIM";
            /// There is one default name space.
            DefaultNameSpaceFixed = "default-name-space-fixed"
                ["RFC3862-3.4-11"]
                "overlooks NS without a prefix";
            /// NS without a prefix is final.
            DefaultNameSpaceLost = "default-name-space-lost"
                ["RFC3862-3.4-3", "RFC3862-6-1"]
                "does not come back to the name space of CPIM";
            /// The misprint is believed.
            MisprintedNameSpace = "misprinted-name-space"
                ["RFC3862-7.1-5", "RFC3862-6-1", "RFC3862-4-3"]
                "takes the misprint of section 6 for the name space of CPIM";
            /// Prefixes stay bound.
            PrefixOutlivesMessage = "prefix-outlives-message"
                ["RFC3862-3.4-9"]
                "remembers the prefixes of a sender from one message to the next";
            /// Long headers are folded.
            NoticeHeaderFolded = "notice-header-folded"
                ["RFC3862-2.2-4", "RFC3862-2.2-8", "RFC3862-2.2-3"]
                "folds a header of what the room says";
            /// No blank behind the colon.
            NoticeBlankMissing = "notice-blank-missing"
                ["RFC3862-2.2-14", "RFC3862-3-1", "RFC3862-3.6-2"]
                "writes no blank behind the colon of a header of what the room says";
            /// Headers end in line feeds.
            NoticeLineFeeds = "notice-line-feeds"
                ["RFC3862-2.2-10"]
                "ends the headers of what the room says with line feeds";
            /// Control characters are written.
            NoticeControlWritten = "notice-control-written"
                ["RFC3862-2.2-12", "RFC3862-2.2-13", "RFC3862-2.3-1", "RFC3862-3.2-2"]
                "writes a control character into a header of what the room says";
            /// The room writes Latin-1.
            NoticeNotUtf8 = "notice-not-utf8"
                ["RFC3862-2.2-9", "RFC3862-3-2", "RFC3862-3.6-6"]
                "writes a header of what the room says in ISO 8859-1";
            /// Letters are escaped.
            NoticeEscapedLetters = "notice-escaped-letters"
                ["RFC3862-2.3.1-6"]
                "writes letters beyond ASCII as escapes in what the room says";
            /// Backslashes are not escaped.
            NoticeBackslashBare = "notice-backslash-bare"
                ["RFC3862-2.3.1-1", "RFC3862-2.3-3", "RFC3862-2.3-4"]
                "writes a backslash as it is in a header of what the room says";
            /// Quotes are not escaped.
            NoticeQuotesBare = "notice-quotes-bare"
                ["RFC3862-2.3.1-2", "RFC3862-2.3.1-4", "RFC3862-4.2-1"]
                "writes quotes as they are within the quoted name of the room";
            /// Header names are written small.
            NoticeHeaderCase = "notice-header-case"
                ["RFC3862-4-4", "RFC3862-3-3", "RFC3862-3.6-1"]
                "writes to instead of To in what the room says";
            /// Prefixes are not declared.
            NoticePrefixUndeclared = "notice-prefix-undeclared"
                ["RFC3862-3.4-8"]
                "uses a prefix in what the room says that no NS has declared";
            /// Name spaces are relative.
            NoticeNameSpaceRelative = "notice-name-space-relative"
                ["RFC3862-3.4-5", "RFC3862-3.4-6", "RFC3862-4.6-1"]
                "declares a name space in what the room says by a relative URI";
            /// Dates are those of mail.
            NoticeDateOfMail = "notice-date-of-mail"
                ["RFC3862-4.4-1", "RFC3862-3.2-1"]
                "dates what the room says in the format of mail";
            /// Two headers share a line.
            NoticeHeadersJoined = "notice-headers-joined"
                ["RFC3862-2.2-6", "RFC3862-4.2-1"]
                "writes a second header behind To on the same line of what the room says";
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[
    (
        Fault::WrapperUnknownDropped,
        Requirements::These(&["RFC3862-4.1-2"]),
        "From and To under a prefix are lost with the rest",
    ),
    (Fault::WrapperReordered, Requirements::These(&["RFC3862-3.4-11"]), "where NS stands decides what is behind it"),
    (Fault::ContentTranscoded, Requirements::These(&["RFC7701-11-12"]), "binary content is also sent over TLS"),
    (Fault::ContentLineEndsMended, Requirements::These(&["RFC7701-11-12"]), "binary content is also sent over TLS"),
    (Fault::UnknownHeaderRefused, Requirements::These(&["RFC3862-2.2-19"]), "no octet of what is refused arrives"),
    (Fault::NameQuotesRequired, Requirements::These(&["RFC7701-6.1-22"]), "the sender of that case is called Alice"),
    (
        Fault::NameBlankRequired,
        Requirements::These(&["RFC3862-2.2-19", "RFC3862-4.2-3"]),
        "these cases write their formal names as the grammar has it, no blank behind the quotes",
    ),
    (Fault::NameMeansAnother, Requirements::These(&["RFC7701-4-23"]), "a whisper goes to who is named in quotes"),
    (
        Fault::NameQuotesUnread,
        Requirements::These(&["RFC3862-2.3.1-7", "RFC7701-4-23"]),
        "a URI between quotes, escaped or not, is taken for the one that counts, and gets what was not meant for it",
    ),
];
