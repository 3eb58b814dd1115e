//! The only room with sockets, TLS, wall clock and randomness.
//!
//! A [`Link`] carries [`crate::port::Machine`]s to a network: sockets, or its twin in [`Memory`] with a virtual clock. A
//! driver knows streams and datagrams only through it.

mod clock;
mod driver;
mod link;
mod memory;
mod recorder;
mod seed;
mod stream;
#[cfg(test)]
mod tests;
mod tls;

pub use clock::Clock;
pub use driver::{Driver, Ports, drive};
pub use link::{BindError, Datagrams, Link, Listener};
pub use memory::Memory;
pub use recorder::Recorder;
pub use seed::{fresh_seed, rng_for};
pub use tls::{ClientTls, Identity as TlsIdentity, ServerTls, TlsError, Trust};
