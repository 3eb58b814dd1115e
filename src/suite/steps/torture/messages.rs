//! The messages themselves, by the names that the features call them.

/// Octets that no line of any protocol here comes near.
const MANY: usize = 1_000_000;

/// What a message needs of the session that it is sent in.
pub(super) struct Parts {
    pub(super) transaction: String,
    pub(super) message_id: String,
    pub(super) switch: String,
    pub(super) own: String,
    /// By which the participant signs.
    pub(super) uri: String,
    pub(super) room: String,
    /// Host and port for Via and Contact.
    pub(super) sip: String,
}

impl Parts {
    fn wrapper(&self, text: &str) -> String {
        format!("From: <{}>\r\nTo: <{}>\r\n\r\nContent-Type: text/plain\r\n\r\n{text}", self.uri, self.room)
    }

    /// A SEND of these headers, each with its line end, and this body.
    fn send(&self, headers: &[u8], body: &[u8]) -> Vec<u8> {
        let mut out = format!(
            "MSRP {} SEND\r\nTo-Path: {}\r\nFrom-Path: {}\r\nMessage-ID: {}\r\n",
            self.transaction, self.switch, self.own, self.message_id
        )
        .into_bytes();
        out.extend_from_slice(headers);
        out.extend_from_slice(b"Content-Type: message/cpim\r\n\r\n");
        out.extend_from_slice(body);
        out.extend_from_slice(format!("\r\n-------{}$\r\n", self.transaction).as_bytes());
        out
    }

    fn ranged(&self, body: &[u8]) -> Vec<u8> {
        let length = body.len();
        self.send(format!("Byte-Range: 1-{length}/{length}\r\n").as_bytes(), body)
    }
}

/// A regular message as it should be.
pub(super) fn plain(parts: &Parts) -> Vec<u8> {
    parts.ranged(parts.wrapper("in pieces").as_bytes())
}

/// A SEND without a body.
pub(super) fn bodiless(parts: &Parts) -> Vec<u8> {
    format!(
        "MSRP {0} SEND\r\nTo-Path: {1}\r\nFrom-Path: {2}\r\nMessage-ID: {3}\r\nByte-Range: 1-0/0\r\n-------{0}$\r\n",
        parts.transaction, parts.switch, parts.own, parts.message_id
    )
    .into_bytes()
}

/// An MSRP request.
pub(super) fn msrp(name: &str, parts: &mut Parts) -> Option<Vec<u8>> {
    let said = parts.wrapper("still here?");
    let with_range = |range: &str| parts.send(format!("Byte-Range: {range}\r\n").as_bytes(), said.as_bytes());
    let with_header = |header: &[u8]| {
        let mut headers = format!("Byte-Range: 1-{0}/{0}\r\n", said.len()).into_bytes();
        headers.extend_from_slice(header);
        headers.extend_from_slice(b"\r\n");
        parts.send(&headers, said.as_bytes())
    };
    let long_path =
        |count: usize| (0..count).map(|hop| format!("msrp://h{hop}.invalid:2855/s;tcp")).collect::<Vec<_>>();
    let digits = "9".repeat(1000);
    Some(match name {
        "ten thousand headers" => {
            let many: String = (0..10_000).map(|number| format!("X-{number}: {number}\r\n")).collect();
            with_header(many.trim_end().as_bytes())
        }
        "a header of a million octets" => with_header(format!("X-Long: {}", "a".repeat(MANY)).as_bytes()),
        "a method of a million letters" => {
            let text = String::from_utf8_lossy(&bodiless(parts)).replacen(
                " SEND\r\n",
                &format!(" {}\r\n", "A".repeat(MANY)),
                1,
            );
            text.into_bytes()
        }
        "a transaction identifier of ten thousand letters" => {
            parts.transaction = "t".repeat(10_000);
            bodiless(parts)
        }
        "a Message-ID of ten thousand letters" => {
            parts.message_id = "m".repeat(10_000);
            bodiless(parts)
        }
        "a thousand URIs in To-Path" => {
            parts.switch = format!("{} {}", parts.switch, long_path(1000).join(" "));
            bodiless(parts)
        }
        "a thousand URIs in From-Path" => {
            parts.own = format!("{} {}", long_path(1000).join(" "), parts.own);
            bodiless(parts)
        }
        "a Byte-Range of a thousand digits" => with_range(&format!("1-{digits}/{digits}")),
        "a Byte-Range just beyond 64 bits" => {
            with_range("18446744073709551615-18446744073709551616/18446744073709551617")
        }
        "a Byte-Range that ends before it starts" => with_range("9223372036854775807-1/2"),
        "a Byte-Range whose total is four exabytes" => with_range(&format!("1-{}/4611686018427387904", said.len())),
        "NUL in a header" => with_header(b"X-Nul: a\0b\0"),
        "a header that is not UTF-8" => with_header(b"X-Latin: \xff\xfe\x80 \xc3"),
        "a body that almost ends a thousand times" => {
            let near = [&parts.transaction[..parts.transaction.len() / 2], &format!("{}x", parts.transaction)]
                .map(|id| format!("\r\n-------{id}$\r\n-------{id}+"));
            parts.ranged(parts.wrapper(&near.concat().repeat(500)).as_bytes())
        }
        "a body of a million line ends" => parts.ranged(parts.wrapper(&"\r\n".repeat(MANY / 2)).as_bytes()),
        "ten thousand headers in the wrapper" => {
            let many: String = (0..10_000).map(|number| format!("X-{number}: {number}\r\n")).collect();
            parts.ranged(said.replacen("\r\n\r\n", &format!("\r\n{many}\r\n"), 1).as_bytes())
        }
        "a header of a million octets in the wrapper" => {
            let long = format!("\r\nSubject: {}\r\n\r\n", "a".repeat(MANY));
            parts.ranged(said.replacen("\r\n\r\n", &long, 1).as_bytes())
        }
        "a thousand recipients in the wrapper" => {
            let many: String =
                (0..1000).map(|number| format!("To: <sip:nobody{number}@example.invalid>\r\n")).collect();
            parts.ranged(said.replacen("\r\n\r\n", &format!("\r\n{many}\r\n"), 1).as_bytes())
        }
        "a hundred wrappers, one in the other" => {
            let head = said.replace("text/plain\r\n\r\nstill here?", "message/cpim\r\n\r\n");
            parts.ranged(format!("{}{said}", head.repeat(100)).as_bytes())
        }
        _ => return None,
    })
}

/// What is no MSRP.
pub(super) fn garbage(name: &str) -> Option<Vec<u8>> {
    Some(match name {
        "garbage" => (0..4096_u32).map(|place| (place.wrapping_mul(2_654_435_761) >> 24) as u8).collect(),
        "HTTP" => b"GET / HTTP/1.1\r\nHost: room\r\n\r\n".to_vec(),
        "a TLS handshake" => b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03".repeat(16),
        "SIP" => b"OPTIONS sip:room SIP/2.0\r\nContent-Length: 0\r\n\r\n".to_vec(),
        _ => return None,
    })
}

/// A SIP message for a stream.
pub(super) fn sip(name: &str, parts: &Parts) -> Option<Vec<u8>> {
    let request = |method: &str, headers: &[u8], content_length: &str, body: &str| {
        let mut out = format!(
            "{method} {room} SIP/2.0\r\nVia: SIP/2.0/TCP {sip};branch=z9hG4bK{id}\r\nMax-Forwards: 70\r\n\
             From: <{uri}>;tag={id}\r\nTo: <{room}>\r\nCall-ID: {id}\r\nCSeq: 1 {method}\r\n\
             Contact: <sip:mallory@{sip};transport=tcp>\r\n",
            room = parts.room,
            sip = parts.sip,
            id = parts.transaction,
            uri = parts.uri,
        )
        .into_bytes();
        out.extend_from_slice(headers);
        out.extend_from_slice(format!("Content-Length: {content_length}\r\n\r\n{body}").as_bytes());
        out
    };
    let options = |header: &[u8]| {
        let mut line = header.to_vec();
        line.extend_from_slice(b"\r\n");
        request("OPTIONS", &line, "0", "")
    };
    let invite = |port: &str, more: &str| {
        let host = parts.sip.rsplit_once(':').map_or("127.0.0.1", |(host, _)| host);
        let sdp = format!(
            "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=message {port} TCP/MSRP *\r\n\
             a=accept-types:message/cpim\r\na=path:msrp://{host}:9/s;tcp\r\na=setup:actpass\r\n{more}"
        );
        request("INVITE", b"Content-Type: application/sdp\r\n", &sdp.len().to_string(), &sdp)
    };
    Some(match name {
        "an OPTIONS with ten thousand headers" => {
            let many: String = (0..10_000).map(|number| format!("X-{number}: {number}\r\n")).collect();
            options(many.trim_end().as_bytes())
        }
        "an OPTIONS with a header of a million octets" => options(format!("Subject: {}", "a".repeat(MANY)).as_bytes()),
        "an OPTIONS with a Content-Length beyond any counter" => {
            request("OPTIONS", b"", "99999999999999999999999999", "")
        }
        "an OPTIONS with a Content-Length below zero" => request("OPTIONS", b"", "-1", ""),
        "an OPTIONS with NUL in a header" => options(b"Subject: a\0b"),
        "an OPTIONS with a header that is not UTF-8" => options(b"Subject: \xff\xfe\x80"),
        "half an INVITE" => {
            let whole = invite("9", "");
            whole.get(..whole.len() / 2).map(<[u8]>::to_vec)?
        }
        "an INVITE without its body" => {
            let whole = invite("9", "");
            let body = memchr::memmem::find(&whole, b"\r\n\r\n")? + 4;
            whole.get(..body).map(<[u8]>::to_vec)?
        }
        "garbage" => garbage("garbage")?,
        "MSRP" => bodiless(parts),
        "an INVITE whose description has two thousand lines" => {
            let more: String = (0..2000).map(|number| format!("a=x-{number}:1\r\n")).collect();
            invite("9", &more)
        }
        "an INVITE whose description has a port of a thousand digits" => invite(&"9".repeat(1000), ""),
        _ => return None,
    })
}
