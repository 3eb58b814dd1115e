//! RFC 4475, sections 3.1.1 (valid) and 3.1.2 (invalid).

use super::super::SipDefect::*;
use super::super::Start;
use super::*;

const SDP: &str = "v=0\no=mhandley 29739 7272939 IN IP4 192.0.2.3\ns=-\nc=IN IP4 192.0.2.4\nt=0 0\nm=audio 49217 RTP/AVP 0 12\nm=video 3227 RTP/AVP 31\na=rtpmap:31 LPC\n";

#[test]
fn wsinv_a_short_tortuous_invite() {
    let head = r#"INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
TO :
 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
from   : "J Rosenberg \\\""       <sip:jdrosen@example.com>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: wsinv.ndaksdj@192.0.2.1
Content-Length   : 150
cseq: 0009
  INVITE
Via  : SIP  /   2.0
 /UDP
    192.0.2.2;branch=390skdjuw
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
Content-Type: application/sdp
Route:
 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
v:  SIP  / 2.0  / TCP     spindle.example.com   ;
  branch  =   z9hG4bK9ikj8  ,
 SIP  /    2.0   / UDP  192.168.255.111   ; branch=
 z9hG4bK30239
m:"Quoted string \"\"" <sip:jdrosen@example.com> ; newparam =
      newvalue ;
  secondparam ; q = 0.33

"#;
    let parsed = read(&crlf(&format!("{head}{SDP}")));
    assert_eq!(kinds(&parsed), []);
    let message = parsed.tree;
    assert_eq!(message.method(), Some("INVITE"));
    assert_eq!(message.to().unwrap().uri, "sip:vivekg@chair-dnrc.example.com");
    assert_eq!(message.to().unwrap().tag(), Some("1918181833n"));
    let from = message.from().unwrap();
    assert_eq!(from.display_name.as_deref(), Some("J Rosenberg \\\""));
    assert_eq!((from.uri.as_str(), from.tag()), ("sip:jdrosen@example.com", Some("98asjd8")));
    assert_eq!(message.cseq().unwrap().number, 9);
    assert_eq!(message.header("Subject").as_deref(), Some(""));
    assert_eq!(message.header("newfangledheader").as_deref(), Some("newfangled value continued newfangled value"));
    let vias = message.vias();
    let hops: Vec<_> = vias.iter().map(|via| (via.transport.as_str(), via.host.as_str(), via.branch())).collect();
    assert_eq!(
        hops,
        [
            ("UDP", "192.0.2.2", Some("390skdjuw")),
            ("TCP", "spindle.example.com", Some("z9hG4bK9ikj8")),
            ("UDP", "192.168.255.111", Some("z9hG4bK30239")),
        ]
    );
    let contact = &message.contacts()[0];
    assert_eq!(contact.display_name.as_deref(), Some("Quoted string \"\""));
    assert_eq!(contact.params.value("newparam"), Some("newvalue"));
    assert_eq!(contact.params.get("secondparam"), Some(None));
    assert_eq!(contact.params.value("q"), Some("0.33"));
    assert_eq!(message.body.len(), 150);
}

#[test]
fn intmeth_a_wide_range_of_characters() {
    let mut octets = crlf(
        r#"!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0
Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~
"#,
    );
    octets.extend_from_slice(b"To: \"BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f\" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>\r\n");
    octets.extend_from_slice(
        &crlf(
            r#"From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%="работающий";tag=_token~1'+`*%!-.
Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\/"][?}{
CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~
Max-Forwards: 255
extensionHeader-!.%*+_`'~:"#,
        ),
    );
    octets.extend_from_slice("\u{feff}大停電\r\nContent-Length: 0\r\n\r\n".as_bytes());
    let parsed = read(&octets);
    assert_eq!(kinds(&parsed), []);
    let message = parsed.tree;
    let uri = message.to().unwrap().sip_uri().unwrap();
    assert_eq!(uri.user.as_deref(), Some("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"));
    assert_eq!(message.to().unwrap().display_name.as_deref(), Some("BEL:\u{7} NUL:\u{0} DEL:\u{7f}"));
    assert_eq!(message.from().unwrap().params.value("fromParam''~+*_!.-%"), Some("работающий"));
    assert_eq!(message.from().unwrap().tag(), Some("_token~1'+`*%!-."));
}

#[test]
fn esc01_escapes_and_esc02_percent_signs_that_are_none() {
    let octets = crlf(&format!(
        "INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0\nTo: sip:%75se%72@example.com\nFrom: <sip:I%20have%20spaces@example.net>;tag=938\nMax-Forwards: 87\ni: esc01.239409asdfakjkn23onasd0-3234\nCSeq: 234234 INVITE\nVia: SIP/2.0/UDP host5.example.net;branch=z9hG4bKkdjuw\nC: application/sdp\nContact:\n  <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>\nContent-Length: 150\n\n{SDP}"
    ));
    let parsed = read(&octets);
    assert_eq!(kinds(&parsed), []);
    assert_eq!(parsed.tree.media_type().as_deref(), Some("application/sdp"));
    let octets = crlf(
        "RE%47IST%45R sip:registrar.example.com SIP/2.0\nTo: \"%Z%45\" <sip:resource@example.com>\nFrom: \"%Z%45\" <sip:resource@example.com>;tag=f232jadfj23\nCall-ID: esc02.asdfnqwo34rq23i34jrjasdcnl23nrlknsdf\nVia: SIP/2.0/TCP host.example.com;branch=z9hG4bK209%fzsnel234\nCSeq: 29344 RE%47IST%45R\nMax-Forwards: 70\nContact: <sip:alias1@host1.example.com>\nC%6Fntact: <sip:alias2@host2.example.com>\nContact: <sip:alias3@host3.example.com>\nl: 0\n\n",
    );
    let parsed = read(&octets);
    assert_eq!(kinds(&parsed), []);
    assert_eq!(parsed.tree.contacts().len(), 2);
    assert_eq!(parsed.tree.from().unwrap().display_name.as_deref(), Some("%Z%45"));
}

#[test]
fn lwsdisp_no_blank_before_the_bracket() {
    let parsed = read(&crlf(
        "OPTIONS sip:user@example.com SIP/2.0\nTo: sip:user@example.com\nFrom: caller<sip:caller@example.com>;tag=323\nMax-Forwards: 70\nCall-ID: lwsdisp.1234abcd@funky.example.com\nCSeq: 60 OPTIONS\nVia: SIP/2.0/UDP funky.example.com;branch=z9hG4bKkdjuw\nl: 0\n\n",
    ));
    assert_eq!(kinds(&parsed), []);
    assert_eq!(parsed.tree.from().unwrap().display_name.as_deref(), Some("caller"));
}

#[test]
fn dblreq_octets_after_the_body() {
    let first = crlf(
        "REGISTER sip:example.com SIP/2.0\nTo: sip:j.user@example.com\nFrom: sip:j.user@example.com;tag=43251j3j324\nMax-Forwards: 8\nI: dblreq.0ha0isndaksdj99sdfafnl3lk233412\nContact: sip:j.user@host.example.com\nCSeq: 8 REGISTER\nVia: SIP/2.0/UDP 192.0.2.125;branch=z9hG4bKkdjuw23492\nContent-Length: 0\n\n",
    );
    let noise = b"INVITE sip:joe@example.com SIP/2.0\r\nt: sip:joe@example.com\r\n";
    let parsed = read(&[first.as_slice(), noise].concat());
    assert_eq!(kinds(&parsed), [BodyTooLong]);
    assert_eq!(parsed.defects[0].span.start, first.len());
    assert_eq!(parsed.tree.body, Bytes::new());
    assert_eq!(&parsed.tree.tail[..], noise);
}

#[test]
fn semiuri_and_transports() {
    let parsed = read(&crlf(
        "OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0\nTo: sip:j_user@example.com\nFrom: sip:caller@example.org;tag=33242\nMax-Forwards: 3\nCall-ID: semiuri.0ha0isndaksdj\nCSeq: 8 OPTIONS\nAccept: application/sdp, application/pkcs7-mime,\n        multipart/mixed, multipart/signed,\n        message/sip, message/sipfrag\nVia: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw\nVia: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en\nl: 0\n\n",
    ));
    assert_eq!(kinds(&parsed), []);
    assert_eq!(
        parsed.tree.values("accept"),
        [
            "application/sdp",
            "application/pkcs7-mime",
            "multipart/mixed",
            "multipart/signed",
            "message/sip",
            "message/sipfrag"
        ]
    );
    assert_eq!(parsed.tree.vias()[1].transport, "UNKNOWN");
}

#[test]
fn unreason_and_noreason() {
    let rest = "Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\nCall-ID: unreason.1234ksdfak3j2erwedfsASdf\nCSeq: 35 OPTIONS\nFrom: sip:user@example.com;tag=11141343\nTo: sip:user@example.edu;tag=2229\nContent-Length: 0\n\n";
    let parsed = read(&crlf(&format!("SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять - простое\n{rest}")));
    assert_eq!(kinds(&parsed), []);
    assert!(parsed.tree.raw_start.is_none());
    let parsed = read(&crlf(&format!("SIP/2.0 100 \n{rest}")));
    assert_eq!(kinds(&parsed), []);
    assert_eq!(parsed.tree.start, Start::Response { status: 100, reason: String::new() });
    let parsed = read(&crlf(&format!("SIP/2.0 100\n{rest}")));
    assert_eq!(kinds(&parsed), [MalformedStartLine]);
    let parsed = read(&crlf(&format!("SIP/2.0 4294967301 better not break the receiver\n{rest}")));
    assert_eq!(kinds(&parsed), [MalformedStartLine]);
    assert_eq!(parsed.tree.status(), Some(0));
}

#[test]
fn start_lines_off_the_grammar() {
    let cases = [
        ("MESSAGE sip:bob@example.com SIP/2.0", vec![]),
        ("MESSAGE <sip:bob@example.com> SIP/2.0", vec![MalformedRequestUri]),
        ("MESSAGE sip:user@example.com; lr SIP/2.0", vec![MalformedRequestUri]),
        ("MESSAGE  sip:user@example.com  SIP/2.0", vec![MalformedStartLine]),
        ("MESSAGE sip:remote-target@example.com SIP/2.0  ", vec![MalformedStartLine]),
        ("MESSAGE sip:bob@example.com SIP/7.0", vec![Version]),
        ("MESSAGE sip:bob@example.com sip/2.0", vec![Version]),
        ("MESSAGE sip:bob@example.com", vec![MalformedStartLine]),
        ("MESSAGE nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0", vec![]),
        ("MESSAGE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0", vec![MalformedRequestUri]),
        ("MESSAGE soap.beep://192.0.2.103:3002 SIP/2.0", vec![]),
        ("MESSAGE SIP/2.0", vec![MalformedStartLine]),
    ];
    let (_, rest) = PLAIN.split_once('\n').unwrap();
    for (start, expected) in cases {
        assert_eq!(kinds(&read(&crlf(&format!("{start}\n{rest}")))), expected, "{start}");
    }
}

#[test]
fn ncl_scalar02_and_quotbal() {
    let cases = [
        ("Content-Length: 5", "Content-Length: -999", vec![MalformedValue("Content-Length")]),
        ("Content-Length: 5", "Content-Length: 9999", vec![BodyTooShort]),
        ("CSeq: 1 MESSAGE", "CSeq: 36893488147419103232 MESSAGE", vec![MalformedValue("CSeq")]),
        ("CSeq: 1 MESSAGE", "CSeq: 2147483648 MESSAGE", vec![MalformedValue("CSeq")]),
        ("CSeq: 1 MESSAGE", "CSeq: 1 INVITE", vec![CSeqMethod]),
        ("Max-Forwards: 70", "Max-Forwards: 300", vec![MalformedValue("Max-Forwards")]),
        ("To: <", "To: \"Mr. J. User <", vec![MalformedValue("To")]),
        ("To: <sip:bob@example.com>", "To: \"Watson, Thomas\" < t.watson@example.org >", vec![MalformedValue("To")]),
        ("Max-Forwards: 70\n", "Max-Forwards: 70\nExpires: 4294967296\n", vec![MalformedValue("Expires")]),
        (
            "Max-Forwards: 70\n",
            "Max-Forwards: 70\nContact: sip:user@example.com?Route=%3Csip:sip.example.com%3E\n",
            vec![MalformedValue("Contact")],
        ),
        (
            "To: <sip:bob@example.com>",
            "To: \"Watson, Thomas\" < sip:t.watson@example.org >",
            vec![MalformedValue("To")],
        ),
        ("\"Alice\" <", "Bell, Alexander <", vec![MalformedValue("From")]),
        (
            "Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1",
            "Via: SIP/2.0/UDP 192.0.2.1;;,;,,",
            vec![MalformedValue("Via")],
        ),
        ("To: <sip:bob@example.com>\n", "", vec![MissingHeader("To")]),
        ("From: \"Alice\" <sip:alice@example.com>;tag=1\n", "", vec![MissingHeader("From")]),
        ("Call-ID: a@b\n", "", vec![MissingHeader("Call-ID")]),
        ("CSeq: 1 MESSAGE\n", "", vec![MissingHeader("CSeq")]),
        ("Max-Forwards: 70\n", "", vec![MissingHeader("Max-Forwards")]),
        ("Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1\n", "", vec![MissingHeader("Via")]),
        ("Call-ID: a@b\n", "Call-ID: a@b\ni: a@c\n", vec![RepeatedHeader("Call-ID")]),
        ("Max-Forwards: 70\n", "Max-Forwards: 70\nmax-forwards: 5\n", vec![RepeatedHeader("Max-Forwards")]),
        ("Call-ID: a@b\n", "Call-ID: a@b\nNo colon here\n", vec![MalformedHeader]),
    ];
    for (good, bad, expected) in cases {
        assert!(PLAIN.contains(good), "{good}");
        assert_eq!(kinds(&read(&crlf(&PLAIN.replacen(good, bad, 1)))), expected, "{bad}");
    }
    let invite = PLAIN.replace("MESSAGE", "INVITE");
    assert_eq!(kinds(&read(&crlf(&invite))), [MissingHeader("Contact")]);
}

#[test]
fn escnull_nulls_in_uris() {
    let parsed = read(&crlf(
        "REGISTER sip:example.com SIP/2.0\nTo: sip:null-%00-null@example.com\nFrom: sip:null-%00-null@example.com;tag=839923423\nMax-Forwards: 70\nCall-ID: escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd\nCSeq: 14398234 REGISTER\nVia: SIP/2.0/UDP host5.example.com;branch=z9hG4bKkdjuw\nContact: <sip:%00@host5.example.com>\nContact: <sip:%00%00@host5.example.com>\nL:0\n\n",
    ));
    assert_eq!(kinds(&parsed), []);
    let uris: Vec<_> = parsed.tree.contacts().iter().filter_map(|contact| contact.sip_uri()).collect();
    assert!(!uris[0].equivalent(&uris[1]));
    assert_eq!(parsed.tree.headers.0.last().map(|length| length.separator.as_ref()), Some(&b":"[..]));
}

#[test]
fn clerr_the_length_says_more_than_there_is() {
    let octets = crlf(&format!(
        "INVITE sip:user@example.com SIP/2.0\nMax-Forwards: 80\nTo: sip:j.user@example.com\nFrom: sip:caller@example.net;tag=93942939o2\nContact: <sip:caller@hungry.example.net>\nCall-ID: clerr.0ha0isndaksdjweiafasdk3\nCSeq: 8 INVITE\nVia: SIP/2.0/UDP host5.example.com;branch=z9hG4bK-39234-23523\nContent-Type: application/sdp\nContent-Length: 9999\n\n{SDP}"
    ));
    let parsed = read(&octets);
    assert_eq!(kinds(&parsed), [BodyTooShort]);
    let span = parsed.defects[0].span;
    assert_eq!(&octets[span.start..span.end], b"Content-Length: 9999\r\n");
    assert_eq!(parsed.tree.body.len(), 150);
}

#[test]
fn scalarlg_and_badvers() {
    let parsed = read(&crlf(
        "SIP/2.0 503 Service Unavailable\nVia: SIP/2.0/TCP host129.example.com;branch=z9hG4bKzzxdiwo34sw;received=192.0.2.129\nTo: <sip:user@example.com>\nFrom: <sip:other@example.net>;tag=2easdjfejw\nCSeq: 9292394834772304023312 OPTIONS\nCall-ID: scalarlg.noase0of0234hn2qofoaf0232aewf2394r\nRetry-After: 949302838503028349304023988\nWarning: 1812 overture \"In Progress\"\nContent-Length: 0\n\n",
    ));
    assert_eq!(kinds(&parsed), [MalformedValue("CSeq")]);
    assert_eq!(parsed.tree.cseq(), None);
    let parsed = read(&crlf(
        "OPTIONS sip:t.watson@example.org SIP/7.0\nVia:     SIP/7.0/UDP c.example.com;branch=z9hG4bKkdjuw\nMax-Forwards:     70\nFrom:    A. Bell <sip:a.g.bell@example.com>;tag=qweoiqpe\nTo:      T. Watson <sip:t.watson@example.org>\nCall-ID: badvers.31417@c.example.com\nCSeq:    1 OPTIONS\nl: 0\n\n",
    ));
    assert_eq!(kinds(&parsed), [Version]);
    assert_eq!(parsed.tree.from().and_then(|from| from.display_name).as_deref(), Some("A. Bell"));
    insta::assert_debug_snapshot!(parsed.defects);
}

#[test]
fn baddn_is_read_and_reported() {
    let parsed = read(&crlf(
        "OPTIONS sip:t.watson@example.org SIP/2.0\nVia:     SIP/2.0/UDP c.example.com:5060;branch=z9hG4bKkdjuw\nMax-Forwards:      70\nFrom:    Bell, Alexander <sip:a.g.bell@example.com>;tag=43\nTo:      Watson, Thomas <sip:t.watson@example.org>\nCall-ID: baddn.31415@c.example.com\nAccept: application/sdp\nCSeq:    3923239 OPTIONS\nl: 0\n\n",
    ));
    assert_eq!(kinds(&parsed), [MalformedValue("From"), MalformedValue("To")]);
    assert_eq!(parsed.tree.from().map(|from| from.uri).as_deref(), Some("sip:a.g.bell@example.com"));
}
