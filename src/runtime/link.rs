//! The network that machines are carried to: datagrams and streams, wherever they come from.
//!
//! A link has a datagram carrier, a listener that accepts [`Stream`]s, and a way to connect. Driving and recording lie
//! above, the same for all.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use bytes::Bytes;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio_rustls::TlsConnector;

use super::memory::{Memory, MemoryDatagrams, MemoryListener};
use super::tls::{ClientTls, Identity, NOBODY_TRUSTED, ServerTls, TlsError};
use crate::port::{Protocol, Security};

/// A socket cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Somebody else has the port.
    #[error("{what} {address} is in use; stop what listens there or choose another port (0 takes a free one)")]
    InUse {
        /// `UDP`, `TCP`.
        what: &'static str,
        /// The address asked for.
        address: SocketAddr,
    },
    /// The address is not one of this host's.
    #[error("{what} {address} is no address of this host; choose one that is, or 0.0.0.0 for all")]
    NotOurs {
        /// `UDP`, `TCP`.
        what: &'static str,
        /// The address asked for.
        address: SocketAddr,
    },
    /// The port is reserved.
    #[error("{what} {address} needs more rights than this user has; choose a port over 1023")]
    Denied {
        /// `UDP`, `TCP`.
        what: &'static str,
        /// The address asked for.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("cannot listen on {what} {address}: {cause}")]
    Other {
        /// `UDP`, `TCP`.
        what: &'static str,
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system says.
        cause: io::Error,
    },
}

impl BindError {
    fn new(what: &'static str, address: SocketAddr, cause: io::Error) -> Self {
        match cause.kind() {
            ErrorKind::AddrInUse => Self::InUse { what, address },
            ErrorKind::AddrNotAvailable => Self::NotOurs { what, address },
            ErrorKind::PermissionDenied => Self::Denied { what, address },
            _ => Self::Other { what, address, cause },
        }
    }
}

/// No datagram is longer.
const DATAGRAM: usize = 65_536;

/// A byte stream of whatever make.
pub(super) trait Octets: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Octets for T {}

/// A stream that is up, with its two ends.
pub(super) struct Stream {
    pub(super) octets: Box<dyn Octets>,
    pub(super) local: SocketAddr,
    pub(super) remote: SocketAddr,
}

/// The network that machines are carried to.
#[derive(Clone, Debug)]
pub enum Link {
    /// The operating system's sockets.
    Sockets,
    /// A network in memory, on virtual time.
    Memory(Memory),
}

/// A bound SIP datagram socket.
#[derive(Debug)]
pub struct Datagrams {
    local: SocketAddr,
    carrier: DatagramCarrier,
}

#[derive(Debug)]
enum DatagramCarrier {
    Socket(UdpSocket),
    Memory(MemoryDatagrams),
}

/// A listening stream socket.
#[derive(Debug)]
pub struct Listener {
    local: SocketAddr,
    protocol: Protocol,
    tls: Option<ServerTls>,
    carrier: StreamCarrier,
}

#[derive(Debug)]
enum StreamCarrier {
    Socket(TcpListener),
    Memory(MemoryListener),
}

impl Link {
    /// Binds a datagram socket; port 0 takes a free one.
    pub async fn bind_datagrams(&self, address: SocketAddr) -> Result<Datagrams, BindError> {
        let wrong = |cause| BindError::new("UDP", address, cause);
        match self {
            Self::Sockets => {
                let socket = UdpSocket::bind(address).await.map_err(wrong)?;
                let local = socket.local_addr().map_err(wrong)?;
                Ok(Datagrams { local, carrier: DatagramCarrier::Socket(socket) })
            }
            Self::Memory(memory) => {
                let (local, socket) = memory.bind_datagrams(address).map_err(wrong)?;
                Ok(Datagrams { local, carrier: DatagramCarrier::Memory(socket) })
            }
        }
    }

    /// Listens for streams that carry `protocol`, under TLS when there is a configuration; port 0 takes a free one.
    pub async fn listen(
        &self,
        address: SocketAddr,
        protocol: Protocol,
        tls: Option<ServerTls>,
    ) -> Result<Listener, BindError> {
        let wrong = |cause| BindError::new("TCP", address, cause);
        match self {
            Self::Sockets => {
                let socket = TcpListener::bind(address).await.map_err(wrong)?;
                let local = socket.local_addr().map_err(wrong)?;
                Ok(Listener { local, protocol, tls, carrier: StreamCarrier::Socket(socket) })
            }
            Self::Memory(memory) => {
                let (local, socket) = memory.listen(address, tls.clone()).map_err(wrong)?;
                Ok(Listener { local, protocol, tls, carrier: StreamCarrier::Memory(socket) })
            }
        }
    }

    /// Our address as a host at `remote` sees it: what to bind to and to put into SDP and Contact.
    pub async fn address_towards(&self, remote: SocketAddr) -> Result<IpAddr, BindError> {
        match self {
            Self::Sockets => {
                let any: IpAddr = match remote {
                    SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
                    SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
                };
                // Connecting a datagram socket sends nothing: it only asks the routing table.
                let asked = async {
                    let socket = UdpSocket::bind((any, 0)).await?;
                    socket.connect(remote).await?;
                    socket.local_addr()
                };
                asked.await.map(|local| local.ip()).map_err(|cause| BindError::new("UDP", remote, cause))
            }
            Self::Memory(_) => Ok(Memory::address()),
        }
    }

    /// An identity for TLS listeners under these host names or address literals: a fresh self-signed certificate, or,
    /// where nobody asks for a proof, one that is only declared.
    ///
    /// # Errors
    /// No certificate can be made.
    pub fn identity(&self, names: &[String]) -> Result<Identity, TlsError> {
        match self {
            Self::Sockets => Identity::self_signed(names),
            Self::Memory(memory) => Ok(Identity::declared(memory.fingerprint(names))),
        }
    }

    /// Opens a stream.
    pub(super) async fn connect(
        &self,
        to: SocketAddr,
        security: &Security,
        tls: Option<&ClientTls>,
    ) -> Result<Stream, String> {
        match self {
            Self::Sockets => {
                let socket = TcpStream::connect(to).await.and_then(socket_stream);
                secured(socket.map_err(|error| format!("{to}: {error}"))?, security, tls).await
            }
            Self::Memory(memory) => memory.connect(to, security, tls).await,
        }
    }
}

impl Datagrams {
    /// Where it is bound; the port is never 0.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// The next datagram; `buffer` is scratch space, which not every carrier needs.
    pub(super) async fn receive(&self, buffer: &mut Vec<u8>) -> io::Result<(Bytes, SocketAddr)> {
        match &self.carrier {
            DatagramCarrier::Socket(socket) => {
                buffer.resize(DATAGRAM, 0);
                let (count, from) = socket.recv_from(buffer).await?;
                Ok((Bytes::copy_from_slice(buffer.get(..count).unwrap_or_default()), from))
            }
            DatagramCarrier::Memory(socket) => Ok(socket.receive().await),
        }
    }

    /// Sends at once, or not at all.
    pub(super) fn try_send(&self, octets: &Bytes, to: SocketAddr) -> io::Result<()> {
        match &self.carrier {
            DatagramCarrier::Socket(socket) => socket.try_send_to(octets, to).map(|_| ()),
            DatagramCarrier::Memory(socket) => {
                socket.send(octets, to);
                Ok(())
            }
        }
    }

    pub(super) async fn send(&self, octets: &Bytes, to: SocketAddr) -> io::Result<()> {
        match &self.carrier {
            DatagramCarrier::Socket(socket) => socket.send_to(octets, to).await.map(|_| ()),
            DatagramCarrier::Memory(socket) => {
                socket.send(octets, to);
                Ok(())
            }
        }
    }
}

impl Listener {
    /// Where it is bound; the port is never 0.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// What its streams carry.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    pub(super) fn tls(&self) -> Option<ServerTls> {
        self.tls.clone()
    }

    pub(super) async fn accept(&self) -> io::Result<Stream> {
        match &self.carrier {
            StreamCarrier::Socket(socket) => socket_stream(socket.accept().await?.0),
            StreamCarrier::Memory(socket) => Ok(socket.accept().await),
        }
    }
}

fn socket_stream(socket: TcpStream) -> io::Result<Stream> {
    // Small messages shall not wait for acknowledgements of earlier ones.
    socket.set_nodelay(true)?;
    let (local, remote) = (socket.local_addr()?, socket.peer_addr()?);
    Ok(Stream { octets: Box::new(socket), local, remote })
}

/// The stream after the TLS handshake, if there is one to make.
async fn secured(plain: Stream, security: &Security, tls: Option<&ClientTls>) -> Result<Stream, String> {
    let tls = || tls.ok_or("TLS is not set up on our side");
    let (server_name, config) = match security {
        Security::Plain => return Ok(plain),
        Security::Tls { server_name, fingerprint } => (server_name, tls()?.config(fingerprint.as_deref())),
        Security::Unproven { server_name } => (server_name, ClientTls::unproven().map(Some)),
    };
    let config = config.map_err(|error| error.to_string())?.ok_or(NOBODY_TRUSTED)?;
    let bare = server_name.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare).map_err(|_| format!("'{server_name}' is no name for a TLS server"))?;
    let Stream { octets, local, remote } = plain;
    let secured = TlsConnector::from(config).connect(name, octets).await.map_err(|error| format!("TLS: {error}"))?;
    Ok(Stream { octets: Box::new(secured), local, remote })
}
