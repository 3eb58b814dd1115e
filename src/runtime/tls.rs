//! TLS by rustls: certificates from files or made on the spot, trust by authority or by SDP fingerprint.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, ServerConfig, SignatureScheme};
use sha2::{Digest, Sha256, Sha384, Sha512};

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
    /// A fingerprint that is not `hash AA:BB:...`, or of a hash that is not believed.
    #[error("fingerprint '{0}' is not one of SHA-256, SHA-384 or SHA-512")]
    Fingerprint(String),
}

/// Why a connection without anything to trust by fails.
pub(super) const NOBODY_TRUSTED: &str = "nothing says which certificate to trust: no fingerprint, no authority";

/// A certificate with its key, ready to serve.
#[derive(Clone, Debug)]
pub struct Identity {
    server: ServerTls,
    pem: String,
}

/// What a TLS listener answers with.
#[derive(Clone, Debug)]
pub struct ServerTls {
    fingerprint: String,
    /// `None`: only declared, on a network where nobody asks for a proof.
    config: Option<Arc<ServerConfig>>,
}

impl ServerTls {
    pub(super) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub(super) fn config(&self) -> Option<Arc<ServerConfig>> {
        self.config.clone()
    }
}

impl Identity {
    /// A fresh self-signed certificate for these host names or address literals.
    pub fn self_signed(names: &[String]) -> Result<Self, TlsError> {
        let made = rcgen::generate_simple_self_signed(names).map_err(|error| TlsError::Make(error.to_string()))?;
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        Self::serving(vec![made.cert.der().clone()], key, made.cert.pem())
    }

    /// A certificate chain and key from PEM files.
    pub fn from_pem(certificates: &Path, key: &Path) -> Result<Self, TlsError> {
        let (chain, text) = certificates_in(certificates)?;
        let key = PrivateKeyDer::from_pem_file(key)
            .map_err(|error| TlsError::Pem { path: key.to_owned(), cause: error.to_string() })?;
        Self::serving(chain, key, text)
    }

    fn serving(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        pem: String,
    ) -> Result<Self, TlsError> {
        let fingerprint = chain.first().map(fingerprint_of).unwrap_or_default();
        let server = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        Ok(Self { server: ServerTls { fingerprint, config: Some(Arc::new(server)) }, pem })
    }

    /// An identity without certificate or key, for a network in memory.
    pub(super) fn declared(fingerprint: String) -> Self {
        Self { server: ServerTls { fingerprint, config: None }, pem: String::new() }
    }

    /// What a listener needs.
    pub fn server(&self) -> ServerTls {
        self.server.clone()
    }

    /// The fingerprint of the end-entity certificate as SDP writes it: `SHA-256 AA:BB:...` (RFC 8122).
    pub fn fingerprint(&self) -> &str {
        &self.server.fingerprint
    }

    /// The certificates as PEM, to be given to others as their authority; empty where there is none.
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
pub struct ClientTls {
    trust: Trust,
    /// Made when it is first needed, unless a file had to be read for it.
    without_fingerprint: Arc<OnceLock<Arc<ClientConfig>>>,
}

impl ClientTls {
    /// Connections that trust as told.
    pub fn new(trust: Trust) -> Result<Self, TlsError> {
        let without_fingerprint = Arc::new(OnceLock::new());
        if let Trust::Authority(path) = &trust {
            let config = config_with(authority(path)?)?;
            without_fingerprint.get_or_init(|| config);
        }
        Ok(Self { trust, without_fingerprint })
    }

    /// Whether an identity that is only declared would have been believed; the error says why not.
    pub(super) fn believes(&self, announced: Option<&str>, declared: &str) -> Result<(), String> {
        let parse = |text| Fingerprint::parse(text).map_err(|error| error.to_string());
        match (announced, &self.trust) {
            (Some(announced), _) if parse(announced)? == parse(declared)? => Ok(()),
            (Some(_), _) => Err("TLS: the certificate has not the announced fingerprint".to_owned()),
            (None, Trust::Anybody) => Ok(()),
            (None, Trust::Authority(_)) => Err("TLS: nobody has signed a certificate that is only declared".to_owned()),
            (None, Trust::Nobody) => Err(NOBODY_TRUSTED.to_owned()),
        }
    }

    /// A configuration that believes every certificate, for [`crate::port::Security::Unproven`].
    pub(super) fn unproven() -> Result<Arc<ClientConfig>, TlsError> {
        config_with(Arc::new(EndEntity { wanted: None, provider: provider() }))
    }

    /// The configuration for one connection. A fingerprint from the peer's SDP decides alone (RFC 4975, 14.4); `None`:
    /// there is none and nobody else is trusted.
    pub fn config(&self, fingerprint: Option<&str>) -> Result<Option<Arc<ClientConfig>>, TlsError> {
        match fingerprint {
            None => match (&self.trust, self.without_fingerprint.get()) {
                (_, Some(made)) => Ok(Some(made.clone())),
                (Trust::Anybody, None) => {
                    let config = config_with(Arc::new(EndEntity { wanted: None, provider: provider() }))?;
                    Ok(Some(self.without_fingerprint.get_or_init(|| config).clone()))
                }
                (Trust::Nobody | Trust::Authority(_), None) => Ok(None),
            },
            Some(text) => {
                let wanted = Some(Fingerprint::parse(text)?);
                config_with(Arc::new(EndEntity { wanted, provider: provider() })).map(Some)
            }
        }
    }
}

/// The end-entity certificate's fingerprint as SDP writes it.
fn fingerprint_of(certificate: &CertificateDer<'static>) -> String {
    let pairs: Vec<String> = Sha256::digest(certificate).iter().map(|octet| format!("{octet:02X}")).collect();
    format!("SHA-256 {}", pairs.join(":"))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn config_with(verifier: Arc<dyn ServerCertVerifier>) -> Result<Arc<ClientConfig>, TlsError> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn authority(path: &Path) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
    let wrong = |cause: String| TlsError::Pem { path: path.to_owned(), cause };
    let mut roots = RootCertStore::empty();
    for certificate in certificates_in(path)?.0 {
        roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|error| wrong(error.to_string()))?;
    Ok(verifier)
}

fn certificates_in(path: &Path) -> Result<(Vec<CertificateDer<'static>>, String), TlsError> {
    let wrong = |cause: String| TlsError::Pem { path: path.to_owned(), cause };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let certificates = CertificateDer::pem_slice_iter(text.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| wrong(error.to_string()))?;
    if certificates.is_empty() {
        return Err(wrong("no certificate in it".into()));
    }
    Ok((certificates, text))
}

/// A hash and its value, from `a=fingerprint`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fingerprint {
    hash: Hash,
    value: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Fingerprint {
    fn parse(text: &str) -> Result<Self, TlsError> {
        let wrong = || TlsError::Fingerprint(text.to_owned());
        let (name, digits) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let hash = match name.to_ascii_lowercase().as_str() {
            "sha-256" => Hash::Sha256,
            "sha-384" => Hash::Sha384,
            "sha-512" => Hash::Sha512,
            _ => return Err(wrong()),
        };
        let value = digits
            .trim()
            .split(':')
            .map(|pair| u8::from_str_radix(pair, 16).map_err(|_| wrong()))
            .collect::<Result<_, _>>()?;
        Ok(Self { hash, value })
    }

    fn fits(&self, certificate: &CertificateDer<'_>) -> bool {
        let value = match self.hash {
            Hash::Sha256 => Sha256::digest(certificate).to_vec(),
            Hash::Sha384 => Sha384::digest(certificate).to_vec(),
            Hash::Sha512 => Sha512::digest(certificate).to_vec(),
        };
        value == self.value
    }
}

/// Looks at the end-entity certificate only: believes the one whose hash the peer's SDP names, whoever signed it; any,
/// if none is named.
#[derive(Debug)]
struct EndEntity {
    wanted: Option<Fingerprint>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for EndEntity {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match &self.wanted {
            Some(wanted) if !wanted.fits(end_entity) => {
                Err(rustls::Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
            }
            _ => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
