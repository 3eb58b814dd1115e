//! Faults that break RFC 8266: how nicknames are prepared and compared.

use super::super::Fault;
use super::super::collateral::Requirements;

macro_rules! comparison {
    ($next:ident $(, $rest:ident)*; $($rows:tt)*) => {
        $next! {
            $($rest),*;
            $($rows)*
            /// Letters beyond ASCII keep their case.
            CaseMappingAscii = "case-mapping-ascii"
                ["RFC8266-2.1-5", "RFC8266-3-2", "RFC8266-3-3"]
                "makes small letters of the capitals of ASCII only";
            /// Only U+0020 is a blank.
            ForeignBlanksKept = "foreign-blanks-kept"
                ["RFC8266-2.1-2"]
                "takes the blanks of Unicode for letters like any other";
            /// Blanks at the ends count.
            BlanksAtEndsKept = "blanks-at-ends-kept"
                ["RFC8266-2.1-3"]
                "takes a nickname with a blank at an end for another one";
            /// Each blank of a run counts.
            BlankRunsKept = "blank-runs-kept"
                ["RFC8266-2.1-4"]
                "takes a nickname with two blanks between its words for another one";
            /// Nothing is normalized.
            NotNormalized = "nickname-not-normalized"
                ["RFC8266-2.1-1", "RFC8266-2.1-7", "RFC8266-3-5", "RFC8266-3-3"]
                "compares nicknames without NFKC";
            /// The rules are applied once.
            NicknameRulesOnce = "nickname-rules-once"
                ["RFC8266-2.1-9", "RFC8266-3-3"]
                "applies the rules of comparison once, though the outcome has not come to rest";
            /// One rule is enough.
            FirstRuleOnly = "first-rule-only"
                ["RFC8266-2.4-2"]
                "goes no further than the first rule of comparison that changes something";
            /// Any code point will do.
            DisallowedGranted = "disallowed-granted"
                ["RFC8266-2.2-1", "RFC8266-2.3-1", "RFC8266-4-5"]
                "grants nicknames with code points that the class does not have";
            /// Who has a nickname is trusted.
            ChangeUnprepared = "change-unprepared"
                ["RFC8266-2.3-7"]
                "looks at the code points of a first nickname only";
            /// Emptiness is looked for before the blanks go.
            ForeignBlanksAlone = "foreign-blanks-alone"
                ["RFC8266-2.3-4"]
                "grants a nickname of nothing but blanks that are not in ASCII";
            /// A refusal comes after the fact.
            RefusedHeld = "refused-nickname-held"
                ["RFC8266-2.3-6", "RFC8266-2.3-1"]
                "refuses a nickname that it has already given";
            /// The nickname in use is compared as it was written.
            HeldUnprepared = "held-unprepared"
                ["RFC8266-2.4-1", "RFC8266-3-3"]
                "prepares the nickname asked for, and of the one in use makes small letters only";
            /// The form for comparison is shown.
            SmallLettersShown = "small-letters-shown"
                ["RFC8266-2.3-3"]
                "shows nicknames in small letters";
            /// Accents do not count.
            AccentsIgnored = "accents-ignored"
                ["RFC8266-2.4-3", "RFC8266-2.4-5"]
                "takes nicknames for the same that differ in an accent";
            /// The Bidi Rule is applied.
            BidiRuleApplied = "bidi-rule-applied"
                ["RFC8266-2.1-8"]
                "refuses nicknames in scripts written from right to left";
            /// Nicknames are identifiers.
            SymbolsRefused = "symbols-refused"
                ["RFC8266-3-4"]
                "refuses nicknames with symbols";
            /// What should be mapped is refused.
            WidthVariantsRefused = "width-variants-refused"
                ["RFC8266-4-4", "RFC8266-2.1-1", "RFC8266-2.1-2"]
                "refuses nicknames with full-width letters or foreign blanks";
            /// A final sigma is no letter.
            FinalSigmaRefused = "final-sigma-refused"
                ["RFC8266-3-6"]
                "refuses nicknames with a final sigma as malformed";
            /// A nickname is as good as the address.
            WhisperByNickname = "whisper-by-nickname"
                ["RFC8266-1.1-2", "RFC8266-6.1-1"]
                "gives whispers to whoever has the user part of the address as nickname";
        }
    };
}

/// What these faults take down beside the requirements that they break, and why it cannot be otherwise.
pub(in crate::switch::fault) const COLLATERAL: &[(Fault, Requirements, &str)] = &[
    (
        Fault::SmallLettersShown,
        Requirements::These(&[
            "RFC7701-7.1-20",
            "RFC7701-7.1-49",
            "RFC7701-7.4-5",
            "RFC8266-2.4-3",
            "RFC8266-2.1-8",
            "RFC8266-4-4",
        ]),
        "an advisory on what the roster shows is all that these cases of SHOULD and MAY can come to",
    ),
    (
        Fault::WhisperByNickname,
        Requirements::These(&["RFC7701-4-23"]),
        "a whisper that goes to the holder of a nickname goes to somebody it was not addressed to",
    ),
];
