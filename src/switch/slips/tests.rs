use super::*;

const SEND: &str = "MSRP 1234567890 SEND\r\nTo-Path: msrp://127.0.0.1:9/a;tcp\r\nFrom-Path: msrp://127.0.0.1:1/s;tcp\r\n\
    Message-ID: m1\r\nByte-Range: 3-4/4\r\nContent-Type: message/cpim\r\n\r\nhi\r\n-------1234567890$\r\n";

fn sent(fault: Fault) -> String {
    String::from_utf8(msrp(fault.into(), Bytes::from_static(SEND.as_bytes())).to_vec()).unwrap()
}

#[test]
fn without_a_fault_nothing_is_touched() {
    assert_eq!(msrp(FaultSet::none(), Bytes::from_static(SEND.as_bytes())), SEND.as_bytes());
    assert_eq!(sip(FaultSet::none(), Bytes::from_static(b"x")), [Bytes::from_static(b"x")]);
    assert_eq!(sent(Fault::OwnCopyEchoed), SEND, "a fault that is made elsewhere");
}

#[test]
fn each_slip_is_where_it_should_be() {
    for (fault, wanted) in [
        (Fault::ByteRangeTotalWrong, "\r\nByte-Range: 3-4/5\r\n"),
        (Fault::ByteRangeBeyondBody, "\r\nByte-Range: 3-5/4\r\n"),
        (Fault::ByteRangeOverlaps, "\r\nByte-Range: 2-4/4\r\n"),
        (Fault::ContentTypeNotLast, "Content-Type: message/cpim\r\nX-After: 1\r\n\r\nhi"),
        (Fault::RequestFromForeignPath, "\r\nFrom-Path: msrp://127.0.0.1:1/sx;tcp\r\n"),
        (
            Fault::PathsExchanged,
            "SEND\r\nFrom-Path: msrp://127.0.0.1:1/s;tcp\r\nTo-Path: msrp://127.0.0.1:9/a;tcp\r\nMessage-ID",
        ),
        (Fault::TransactionIdShort, "hi\r\n-------1234$\r\n"),
        (Fault::MessageIdConstant, "\r\nMessage-ID: 1234567890abcdef\r\n"),
    ] {
        let text = sent(fault);
        assert!(text.contains(wanted), "{fault}: {text}");
    }
    assert!(!sent(Fault::ByteRangeOnlyFirst).contains("Byte-Range"));
    assert_eq!(sent(Fault::LastChunkTwice).matches("MSRP 1234567890 SEND").count(), 2);
}

#[test]
fn a_session_description_gets_its_new_length() {
    let body = "v=0\r\ns=-\r\nt=0 0\r\nm=message 1 TCP/MSRP *\r\na=chatroom:nickname\r\n";
    let text = format!(
        "SIP/2.0 200 OK\r\nTo: <sip:a@b>;tag=1\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let spoilt = sip(Fault::ChatTokenTwice.into(), Bytes::from(text));
    let text = String::from_utf8(spoilt[0].to_vec()).unwrap();
    assert!(text.contains("Content-Length: 71\r\n"), "{text}");
    assert!(text.ends_with("a=chatroom:nickname nickname\r\n"), "{text}");
}

#[test]
fn some_slips_send_none_or_two() {
    let options = Bytes::from_static(b"SIP/2.0 200 OK\r\nCSeq: 2 OPTIONS\r\n\r\n");
    assert!(sip(Fault::OptionsUnanswered.into(), options.clone()).is_empty());
    let two = sip(Fault::OptionsRinging.into(), options.clone());
    assert_eq!(two.len(), 2);
    assert!(two[0].starts_with(b"SIP/2.0 180 Ringing\r\n"));
    assert_eq!(two[1], options);
}
