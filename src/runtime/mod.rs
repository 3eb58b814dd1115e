//! The only room with sockets, TLS, wall clock and randomness.
//!
//! A [`Link`] carries [`crate::port::Machine`]s to a network: sockets today; a twin in memory with a virtual clock fits
//! behind the same enum, since a driver knows streams and datagrams only through it.

mod clock;
mod link;
mod seed;
mod tls;

pub use clock::Clock;
pub use link::{BindError, Datagrams, Driver, Link, Listener, Ports, Recorder, drive};
pub use seed::{fresh_seed, rng_for};
pub use tls::{ClientTls, Identity as TlsIdentity, TlsError, Trust};
