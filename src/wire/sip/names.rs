//! Compact header names (RFC 3261, 7.3.3, and the registry that followed it).

/// The long name of a compact header name; any other name comes back as it is.
pub fn long_name(name: &[u8]) -> &[u8] {
    let [letter] = name else { return name };
    match letter.to_ascii_lowercase() {
        b'a' => b"Accept-Contact",
        b'b' => b"Referred-By",
        b'c' => b"Content-Type",
        b'd' => b"Request-Disposition",
        b'e' => b"Content-Encoding",
        b'f' => b"From",
        b'i' => b"Call-ID",
        b'j' => b"Reject-Contact",
        b'k' => b"Supported",
        b'l' => b"Content-Length",
        b'm' => b"Contact",
        b'o' => b"Event",
        b'r' => b"Refer-To",
        b's' => b"Subject",
        b't' => b"To",
        b'u' => b"Allow-Events",
        b'v' => b"Via",
        b'x' => b"Session-Expires",
        b'y' => b"Identity",
        _ => name,
    }
}

/// Headers that stand once and hold one value (RFC 3261, 20, and the extensions a chat room meets).
const SINGLE: [&str; 24] = [
    "Call-ID",
    "Content-Disposition",
    "Content-Length",
    "Content-Type",
    "CSeq",
    "Date",
    "Event",
    "Expires",
    "From",
    "Max-Forwards",
    "MIME-Version",
    "Min-Expires",
    "Min-SE",
    "Organization",
    "Priority",
    "Refer-To",
    "Reply-To",
    "Retry-After",
    "Server",
    "Session-Expires",
    "Subject",
    "Subscription-State",
    "To",
    "User-Agent",
];

/// The place of a header that must stand once in a table of [`SINGLE_COUNT`], and its registered writing.
pub(super) fn single(name: &[u8]) -> Option<(usize, &'static str)> {
    let name = long_name(name);
    SINGLE
        .iter()
        .enumerate()
        .find(|(_, known)| known.as_bytes().eq_ignore_ascii_case(name))
        .map(|(at, known)| (at, *known))
}

/// How many headers [`single`] knows.
pub(super) const SINGLE_COUNT: usize = SINGLE.len();
