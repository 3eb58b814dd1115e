//! Whole trees, pinned down.

use super::*;

#[test]
fn the_tree_of_an_odd_chunk() {
    let octets = b"MSRP  d93kswow SEND\n\
        to-path:msrp://bob.example.com:8888/9di4eae923wzd;tcp\r\n\
        From-Path: msrp://alice.example.com:7777/iau39soe2843z;tcp \r\n\
        Byte-Range: 1-4/8\r\n\
        Content-Type: message/cpim\r\n\
        X-Late: \xff\r\n\
        \n\
        From\r\n-------d93kswow$x\r\n-------d93kswow$\r\n";
    insta::assert_debug_snapshot!(MsrpMessage::parse(Bytes::from_static(octets)).unwrap());
}

#[test]
fn the_tree_of_a_response() {
    let octets = b"MSRP d93kswow 425 Nickname reserved or already in use\r\n\
        To-Path: msrp://bob.example.com:8888/9di4eae923wzd;tcp\r\n\
        From-Path: msrp://alice.example.com:7777/iau39soe2843z;tcp\r\n\
        -------d93kswow$\r\n";
    insta::assert_debug_snapshot!(MsrpMessage::parse(Bytes::from_static(octets)).unwrap());
}
