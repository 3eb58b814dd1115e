//! The conference focus: SIP transactions, dialogs, offer/answer, roster (RFC 7701, 5; RFC 4575).
