//! Faults that break RFC 3862: the wrapper of messages.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! cpim {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
            /// Addresses have no names.
            CpimFormalNameRefused = "cpim-formal-name-refused"
                ["RFC3862-3.6-4", "RFC3862-4.1-1", "RFC3862-4.2-1", "RFC3862-8-1", "RFC3862-4.1-3", "RFC3862-2.3.1-7"]
                "refuses a wrapper whose sender has a formal name";
            /// Headers of others are not allowed.
            CpimHeaderUnknownRefused = "cpim-header-unknown-refused"
                ["RFC3862-2.2-17"]
                "refuses a wrapper with a header that it does not know";
            /// A name stands once.
            CpimHeaderRepeatedRefused = "cpim-header-repeated-refused"
                ["RFC3862-2.2-15", "RFC3862-4.3-4", "RFC4975-13-16", "RFC4975-13-19", "RFC4975-13-20"]
                "refuses a wrapper in which a header stands twice";
            /// Headers have no parameters.
            CpimParameterRefused = "cpim-parameter-refused"
                ["RFC3862-3.3-1", "RFC3862-3.6-3"]
                "refuses a wrapper in which a header has parameters";
            /// Lines are as long as in mail.
            CpimLongLineRefused = "cpim-long-line-refused"
                ["RFC3862-2.2-7"]
                "refuses a wrapper with a line of more than 998 octets";
            /// Headers are in ASCII.
            CpimNonAsciiRefused = "cpim-non-ascii-refused"
                ["RFC3862-8-1", "RFC3862-3-2"]
                "refuses a wrapper with letters outside ASCII in a header";
            /// Escapes are letters.
            CpimEscapeLiteral = "cpim-escape-literal"
                ["RFC3862-2.3.1-8"]
                "takes an escape in a URI for the characters that it is written with";
            /// A quote is a quote.
            CpimEscapedQuoteEnds = "cpim-escaped-quote-ends"
                ["RFC3862-2.3.1-7"]
                "ends a formal name at an escaped quote";
            /// Any declaration leads away.
            CpimNamespaceLeft = "cpim-namespace-left"
                ["RFC3862-4-3", "RFC3862-6-1", "RFC3862-7.1-5", "RFC3862-4.6-2", "RFC3862-3.4-3"]
                "takes any NS without prefix for the end of the name space of CPIM";
            /// Names are in quotes.
            CpimFormalNameTokensRefused = "cpim-formal-name-tokens-refused"
                ["RFC3862-3.6-4", "RFC3862-4.1-1"]
                "refuses a formal name that is not in quotes";
            /// Letter case is ignored.
            CpimNamesCaseless = "cpim-names-caseless"
                ["RFC3862-2.2-16", "RFC3862-3-3", "RFC3862-3.6-1", "RFC3862-4-4"]
                "finds From and To in any letter case";
            /// Prefixes are ignored.
            CpimPrefixIgnored = "cpim-prefix-ignored"
                ["RFC3862-3.1-2", "RFC3862-3.4-2", "RFC3862-3.4-7"]
                "takes a To of another name space for the recipient";
            /// Brackets in names count.
            CpimFirstBracket = "cpim-first-bracket"
                ["RFC3862-4.1-3", "RFC3862-4.1-4", "RFC3862-4.2-3", "RFC3862-4.2-4"]
                "takes the first text in angle brackets for the address, also within a formal name";
            /// Require is for the switch.
            CpimRequireHeeded = "cpim-require-heeded"
                ["RFC3862-3.5-3"]
                "takes a message with a Require that it does not understand and passes it to nobody";
            /// One name space is enough.
            CpimSecondNamespaceRefused = "cpim-second-namespace-refused"
                ["RFC4975-13-16", "RFC4975-13-19"]
                "refuses a wrapper with more than one NS";
            /// Two subjects.
            NoticeSubjectTwice = "notice-subject-twice"
                ["RFC4975-13-17"]
                "writes two Subject headers into its own wrappers";
            /// No blank after the colon.
            NoticeHeaderUnspaced = "notice-header-unspaced"
                ["RFC3862-2.2-14", "RFC3862-3-1", "RFC3862-3.6-2"]
                "writes no blank after a colon in its own wrappers";
            /// A name of two words.
            NoticeNameWithBlank = "notice-name-with-blank"
                ["RFC3862-2.2-3", "RFC3862-2.2-11", "RFC3862-3.1-1", "RFC3862-3.6-5"]
                "writes a header name with a blank into its own wrappers";
            /// A header on two lines.
            NoticeHeaderFolded = "notice-header-folded"
                ["RFC3862-2.2-4", "RFC3862-2.2-6", "RFC3862-2.2-8"]
                "folds a header of its own wrappers";
            /// LF alone.
            NoticeBareLineEnd = "notice-bare-line-end"
                ["RFC3862-2.2-10"]
                "ends a header line of its own wrappers in LF alone";
            /// Controls go unescaped.
            NoticeControlRaw = "notice-control-raw"
                ["RFC3862-2.2-12", "RFC3862-2.2-13", "RFC3862-2.3-1", "RFC3862-2.3.1-5", "RFC3862-3.2-2"]
                "writes a control character as it is into its own wrappers";
            /// Another encoding.
            NoticeLatin1 = "notice-latin-1"
                ["RFC3862-2.2-9", "RFC3862-3-2", "RFC3862-3.6-6"]
                "writes ISO 8859-1 into the headers of its own wrappers";
            /// Backslashes go unescaped.
            NoticeBackslashBare = "notice-backslash-bare"
                ["RFC3862-2.3.1-1", "RFC3862-2.3-3", "RFC3862-2.3-4"]
                "writes a backslash as it is into its own wrappers";
            /// Letters are escaped.
            NoticeEscapeNeedless = "notice-escape-needless"
                ["RFC3862-2.3.1-6"]
                "escapes letters in its own wrappers";
            /// Quotes go unescaped.
            NoticeQuoteBare = "notice-quote-bare"
                ["RFC3862-2.3.1-2", "RFC3862-2.3.1-4"]
                "writes quotes as they are into a quoted formal name of its own wrappers";
            /// A prefix out of nowhere.
            NoticePrefixUndeclared = "notice-prefix-undeclared"
                ["RFC3862-3.4-8"]
                "uses a prefix in its own wrappers that it has not declared";
            /// A relative name space.
            NoticeNamespaceRelative = "notice-namespace-relative"
                ["RFC3862-3.4-5", "RFC3862-3.4-6", "RFC3862-4.6-1"]
                "declares a name space by a relative URI with a fragment in its own wrappers";
            /// A date as in mail.
            NoticeDateOfMail = "notice-date-of-mail"
                ["RFC3862-4.4-1", "RFC3862-3.2-1"]
                "writes DateTime of its own wrappers as mail has dates";
            /// An empty language.
            NoticeSubjectParameterEmpty = "notice-subject-parameter-empty"
                ["RFC3862-4.5-1"]
                "writes a Subject with an empty language into its own wrappers";
            /// Blanks for commas.
            NoticeRequireWithBlanks = "notice-require-with-blanks"
                ["RFC3862-4.7-1"]
                "separates the names in Require of its own wrappers by blanks";
            /// Small letters.
            NoticeNamesLowercase = "notice-names-lowercase"
                ["RFC3862-3-3", "RFC3862-3.6-1", "RFC3862-4-4"]
                "writes the names of headers in its own wrappers in small letters";
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[(
    Fault::CpimHeaderUnknownRefused,
    Requirements::These(&["RFC4975-13-16", "RFC3862-3.5-3"]),
    "headers of a declared name space, or that are required, are unknown, too",
)];
