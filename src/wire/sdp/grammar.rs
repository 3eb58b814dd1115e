//! The small grammars of the m-line and of the attributes of MSRP, over octets, with offsets into the value.

/// An entry of a list and where it starts.
pub(super) type Piece<'a> = (usize, &'a [u8]);

/// `type "/" subtype *(";" type-param)` or `*` (RFC 4975, 8.6), as far as it must be told from garbage.
pub(super) fn is_format_entry(entry: &[u8]) -> bool {
    if entry == b"*" {
        return true;
    }
    let mut parts = split_outside_quotes(entry, b';').into_iter();
    let Some((_, name)) = parts.next() else { return false };
    let Some(slash) = memchr::memchr(b'/', name) else { return false };
    let (media_type, subtype) = (name.get(..slash).unwrap_or_default(), name.get(slash + 1..).unwrap_or_default());
    is_msrp_token(media_type) && is_msrp_token(subtype) && parts.all(|(_, parameter)| is_parameter(parameter))
}

fn is_parameter(parameter: &[u8]) -> bool {
    let Some(equals) = memchr::memchr(b'=', parameter) else { return false };
    let (name, value) = (parameter.get(..equals).unwrap_or_default(), parameter.get(equals + 1..).unwrap_or_default());
    is_msrp_token(name) && (is_msrp_token(value) || is_quoted_string(value))
}

fn is_quoted_string(value: &[u8]) -> bool {
    let Some(inner) = value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) else { return false };
    let mut octets = inner.iter();
    while let Some(octet) = octets.next() {
        match octet {
            b'"' => return false,
            b'\\' if octets.next().is_none() => return false,
            _ => {}
        }
    }
    true
}

/// Splits at each `separator` that stands in no quoted string; the pieces may be empty.
pub(super) fn split_outside_quotes(value: &[u8], separator: u8) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, octet) in value.iter().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            octet if *octet == separator && !quoted => {
                pieces.push((start, value.get(start..at).unwrap_or_default()));
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push((start, value.get(start..).unwrap_or_default()));
    pieces
}

/// The entries of a format list; leading blanks are passed over (T72), other empty entries are not.
pub(super) fn format_entries(value: &[u8]) -> Vec<Piece<'_>> {
    let padding = padding(value);
    let mut pieces = split_outside_quotes(value.get(padding..).unwrap_or_default(), b' ');
    for piece in &mut pieces {
        piece.0 += padding;
    }
    pieces
}

/// How many blanks stand before the first entry.
pub(super) fn padding(value: &[u8]) -> usize {
    value.iter().take_while(|octet| **octet == b' ').count()
}

/// The tokens of `a=chatroom:` (RFC 7701, 8), empty ones too, for the grammar has none.
pub(super) fn chat_tokens(value: &[u8]) -> Vec<Piece<'_>> {
    let mut start = 0;
    let mut pieces = Vec::new();
    for piece in value.split(|octet| *octet == b' ') {
        pieces.push((start, piece));
        start += piece.len() + 1;
    }
    pieces
}

/// `media SP port ["/" integer] SP proto 1*(SP fmt)` (RFC 8866, 9): media, port as written, proto, and the formats.
pub(super) fn media_fields(value: &[u8]) -> (&[u8], &[u8], &[u8], &[u8]) {
    let mut fields = value.splitn(4, |octet| *octet == b' ');
    let mut next = || fields.next().unwrap_or_default();
    (next(), next(), next(), next())
}

/// The number in `port ["/" integer]`.
pub(super) fn port(field: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(field).ok()?;
    let (port, count) = text.split_once('/').map_or((text, None), |(port, count)| (port, Some(count)));
    if count.is_some_and(|count| !is_digits(count.as_bytes()) || count.starts_with('0')) {
        return None;
    }
    is_digits(port.as_bytes()).then(|| port.parse().ok())?
}

/// `max-size`: digits; a number beyond 64 bits is as good as none, so it is read as the greatest.
pub(super) fn max_size(value: &[u8]) -> Option<u64> {
    if !is_digits(value) {
        return None;
    }
    Some(std::str::from_utf8(value).ok()?.parse().unwrap_or(u64::MAX))
}

/// `1*DIGIT`.
pub(super) fn is_digits(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

/// `token` of RFC 8866, 9.
pub(super) fn is_sdp_token(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|octet| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`{|}~".contains(octet))
}

/// `token` of RFC 4975, 9.
fn is_msrp_token(value: &[u8]) -> bool {
    is_sdp_token(value)
}

/// `token` of RFC 3261, 25.1, which the chat-tokens are.
pub(super) fn is_sip_token(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|octet| octet.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(octet))
}
