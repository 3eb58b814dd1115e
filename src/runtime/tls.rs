//! TLS by rustls: certificates from files or made on the spot, trust by authority or by SDP fingerprint.

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A PEM file cannot be read or holds nothing of use.
    #[error("{}: {cause}", .path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// A certificate could not be made.
    #[error("cannot make a certificate: {0}")]
    Make(String),
    /// rustls refuses the configuration.
    #[error("TLS configuration: {0}")]
    Config(#[from] rustls::Error),
    /// A fingerprint that is not `hash AA:BB:...`, or of a hash other than SHA-256.
    #[error("fingerprint '{0}' is not a SHA-256 fingerprint")]
    Fingerprint(String),
}

/// A certificate with its key, ready to serve.
#[derive(Clone, Debug)]
pub struct Identity {
    server: Arc<rustls::ServerConfig>,
    fingerprint: String,
    pem: String,
}

impl Identity {
    /// A fresh self-signed certificate for these host names or address literals.
    pub fn self_signed(names: &[String]) -> Result<Self, TlsError> {
        let _ = names;
        todo!()
    }

    /// A certificate chain and key from PEM files.
    pub fn from_pem(certificates: &Path, key: &Path) -> Result<Self, TlsError> {
        let _ = (certificates, key);
        todo!()
    }

    /// The configuration for a listener.
    pub fn server(&self) -> Arc<rustls::ServerConfig> {
        self.server.clone()
    }

    /// The fingerprint of the end-entity certificate as SDP writes it: `SHA-256 AA:BB:...` (RFC 8122).
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The end-entity certificate as PEM, to be given to others as their authority.
    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }
}

/// What decides whether a server's certificate is good, where no SDP fingerprint does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Nobody: only fingerprints are believed.
    #[default]
    Nobody,
    /// The authorities in this PEM file.
    Authority(PathBuf),
    /// Anybody.
    Anybody,
}

/// What outgoing TLS connections are made with.
#[derive(Clone, Debug)]
pub struct ClientTls {}

impl ClientTls {
    /// Connections that trust as told.
    pub fn new(trust: Trust) -> Result<Self, TlsError> {
        let _ = trust;
        todo!()
    }
}
