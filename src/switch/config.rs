//! Rooms and their policies (RFC 7701, 4.1).
