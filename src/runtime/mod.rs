//! The only room with sockets, TLS, wall clock and randomness.

pub mod clock;
