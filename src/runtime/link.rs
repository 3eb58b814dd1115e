//! The network that machines are carried to: datagrams and streams, wherever they come from.
//!
//! A second variant of [`Link`], in memory and on virtual time, needs only what this file names: a datagram carrier, a
//! listener that accepts [`Stream`]s, and [`Link::connect`]. TLS, driving and recording lie above.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UdpSocket};

use crate::port::Protocol;

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
}

/// A listening stream socket.
#[derive(Debug)]
pub struct Listener {
    local: SocketAddr,
    protocol: Protocol,
    tls: Option<Arc<ServerConfig>>,
    carrier: StreamCarrier,
}

#[derive(Debug)]
enum StreamCarrier {
    Socket(TcpListener),
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
        }
    }

    /// Listens for streams that carry `protocol`, under TLS when there is a configuration; port 0 takes a free one.
    pub async fn listen(
        &self,
        address: SocketAddr,
        protocol: Protocol,
        tls: Option<Arc<ServerConfig>>,
    ) -> Result<Listener, BindError> {
        let wrong = |cause| BindError::new("TCP", address, cause);
        match self {
            Self::Sockets => {
                let socket = TcpListener::bind(address).await.map_err(wrong)?;
                let local = socket.local_addr().map_err(wrong)?;
                Ok(Listener { local, protocol, tls, carrier: StreamCarrier::Socket(socket) })
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
        }
    }

    /// Opens a plain stream.
    pub(super) async fn connect(&self, to: SocketAddr) -> io::Result<Stream> {
        match self {
            Self::Sockets => socket_stream(TcpStream::connect(to).await?),
        }
    }
}

impl Datagrams {
    /// Where it is bound; the port is never 0.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    pub(super) async fn receive(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        match &self.carrier {
            DatagramCarrier::Socket(socket) => socket.recv_from(buffer).await,
        }
    }

    /// Sends at once, or not at all.
    pub(super) fn try_send(&self, octets: &[u8], to: SocketAddr) -> io::Result<()> {
        match &self.carrier {
            DatagramCarrier::Socket(socket) => socket.try_send_to(octets, to).map(|_| ()),
        }
    }

    pub(super) async fn send(&self, octets: &[u8], to: SocketAddr) -> io::Result<()> {
        match &self.carrier {
            DatagramCarrier::Socket(socket) => socket.send_to(octets, to).await.map(|_| ()),
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

    pub(super) fn tls(&self) -> Option<Arc<ServerConfig>> {
        self.tls.clone()
    }

    pub(super) async fn accept(&self) -> io::Result<Stream> {
        match &self.carrier {
            StreamCarrier::Socket(socket) => socket_stream(socket.accept().await?.0),
        }
    }
}

fn socket_stream(socket: TcpStream) -> io::Result<Stream> {
    // Small messages shall not wait for acknowledgements of earlier ones.
    socket.set_nodelay(true)?;
    let (local, remote) = (socket.local_addr()?, socket.peer_addr()?);
    Ok(Stream { octets: Box::new(socket), local, remote })
}
