//! One stream: its task reads, writes, and tells the driver.

use std::future::pending;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;

use super::link::{Link, Octets, Stream};
use super::tls::{ClientTls, ServerTls};
use crate::port::{Connection, Input, Protocol, Security};

/// How long connecting and the TLS handshake may take together.
const SETUP: Duration = Duration::from_secs(10);
/// How long what was written may take to leave after a close.
const FLUSH: Duration = Duration::from_secs(5);
/// How long the other end may take to close its side after we closed ours.
const LINGER: Duration = Duration::from_millis(500);
const READ: usize = 16 * 1024;

/// What the tasks tell the driver.
pub(super) enum Note {
    /// For the machine.
    Input(Input),
    /// A stream that the driver has not heard of, and its [`Input::Connected`].
    Accepted(Handle, Input),
}

/// What the driver has of a stream. The task ends with it.
pub(super) struct Handle {
    writes: mpsc::UnboundedSender<Order>,
    reading: watch::Sender<bool>,
    task: Option<AbortHandle>,
}

/// A stream that is being closed.
pub(super) struct Closing(mpsc::UnboundedSender<Order>);

impl Closing {
    pub(super) fn is_over(&self) -> bool {
        self.0.is_closed()
    }

    /// Resolves when all that was written has left, or the stream broke.
    pub(super) async fn over(&self) {
        self.0.closed().await;
    }
}

enum Order {
    Write(Bytes),
    Close,
}

/// What the task has of its stream.
struct Orders {
    writes: mpsc::UnboundedReceiver<Order>,
    reading: watch::Receiver<bool>,
}

fn pair() -> (Handle, Orders) {
    let (writes, orders) = mpsc::unbounded_channel();
    let (reading, read) = watch::channel(true);
    (Handle { writes, reading, task: None }, Orders { writes: orders, reading: read })
}

impl Handle {
    pub(super) fn write(&self, octets: Bytes) {
        let _ = self.writes.send(Order::Write(octets));
    }

    pub(super) fn read(&self, on: bool) {
        self.reading.send_if_modified(|reading| std::mem::replace(reading, on) != on);
    }

    /// Closes once all has left; the task then ends by itself, in bounded time.
    pub(super) fn close(mut self) -> Closing {
        let _ = self.writes.send(Order::Close);
        self.task = None;
        Closing(self.writes.clone())
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// Starts to open a stream.
pub(super) fn connect(
    tasks: &mut tokio::task::JoinSet<()>,
    link: Link,
    tls: Option<ClientTls>,
    notes: mpsc::Sender<Note>,
    wanted: (Connection, Protocol, SocketAddr, Security),
) -> Handle {
    let (connection, protocol, to, security) = wanted;
    let (mut handle, orders) = pair();
    let task = tasks.spawn(async move {
        let opened = tokio::time::timeout(SETUP, link.connect(to, &security, tls.as_ref())).await;
        let stream = match opened.unwrap_or_else(|_| Err(format!("no answer from {to} within {} s", SETUP.as_secs()))) {
            Ok(stream) => stream,
            Err(reason) => {
                let _ = notes.send(Note::Input(Input::ConnectFailed { connection, reason })).await;
                return;
            }
        };
        let (local, remote) = (stream.local, stream.remote);
        let secured = security.is_tls();
        let connected = Input::Connected { connection, protocol, local, remote, secured };
        if notes.send(Note::Input(connected)).await.is_ok() {
            carry(connection, stream.octets, orders, notes).await;
        }
    });
    handle.task = Some(task);
    handle
}

/// Carries an accepted stream, after the TLS handshake if there is one to make, until it ends. A failed handshake is
/// the other end's business: the machine never hears of it.
pub(super) async fn accept(
    stream: Stream,
    connection: Connection,
    protocol: Protocol,
    tls: Option<ServerTls>,
    notes: mpsc::Sender<Note>,
) {
    let Stream { octets, local, remote } = stream;
    let secured = tls.is_some();
    let octets: Box<dyn Octets> = match tls.and_then(|tls| tls.config()) {
        None => octets,
        Some(config) => match tokio::time::timeout(SETUP, TlsAcceptor::from(config).accept(octets)).await {
            Ok(Ok(stream)) => Box::new(stream),
            Ok(Err(_)) | Err(_) => return,
        },
    };
    let (handle, orders) = pair();
    let connected = Input::Connected { connection, protocol, local, remote, secured };
    if notes.send(Note::Accepted(handle, connected)).await.is_ok() {
        carry(connection, octets, orders, notes).await;
    }
}

async fn carry(connection: Connection, octets: Box<dyn Octets>, orders: Orders, notes: mpsc::Sender<Note>) {
    let (mut reader, writer) = tokio::io::split(octets);
    let Orders { writes, reading } = orders;
    let closed_by_us = tokio::select! {
        biased;
        () = read(connection, &mut reader, reading.clone(), &notes) => false,
        closed = write(connection, writer, writes, reading, &notes) => closed,
    };
    if closed_by_us {
        // To drop a socket with unread octets in it would reset it, and could take what we wrote with it.
        let drain = async {
            let mut buffer = [0; 1024];
            while matches!(reader.read(&mut buffer).await, Ok(count) if count > 0) {}
        };
        let _ = tokio::time::timeout(LINGER, drain).await;
    } else {
        let _ = notes.send(Note::Input(Input::Closed { connection })).await;
    }
}

/// Reads until the other end closes or the stream breaks.
async fn read(
    connection: Connection,
    reader: &mut (impl AsyncRead + Unpin),
    mut reading: watch::Receiver<bool>,
    notes: &mpsc::Sender<Note>,
) {
    let mut buffer = BytesMut::with_capacity(READ);
    loop {
        buffer.clear();
        // The sender is gone only when the driver dropped the stream or closes it: what still comes is discarded there.
        if reading.wait_for(|on| *on).await.is_err() {
            pending::<()>().await;
        }
        let count = tokio::select! {
            biased;
            count = reader.read_buf(&mut buffer) => count,
            Ok(()) = reading.changed() => continue,
        };
        let Ok(1..) = count else { return };
        let octets = Bytes::copy_from_slice(&buffer);
        if notes.send(Note::Input(Input::Octets { connection, octets })).await.is_err() {
            return;
        }
    }
}

/// Writes until told to close (`true`: all has left) or the stream breaks (`false`).
async fn write(
    connection: Connection,
    mut writer: impl AsyncWrite + Unpin,
    mut writes: mpsc::UnboundedReceiver<Order>,
    driven: watch::Receiver<bool>,
    notes: &mpsc::Sender<Note>,
) -> bool {
    while let Some(order) = writes.recv().await {
        let Order::Write(octets) = order else { break };
        let count = octets.len();
        // The other end may stop reading for good: after a close that must not hold us for ever.
        let sent = async {
            writer.write_all(&octets).await?;
            writer.flush().await
        };
        let closing = async {
            while driven.has_changed().is_ok() {
                tokio::time::sleep(LINGER).await;
            }
            tokio::time::sleep(FLUSH).await;
        };
        tokio::select! {
            biased;
            sent = sent => if sent.is_err() { return false },
            () = closing => return true,
        }
        // An error means that the driver is gone.
        if notes.send(Note::Input(Input::Taken { connection, count })).await.is_err() {
            return true;
        }
    }
    let _ = tokio::time::timeout(FLUSH, writer.shutdown()).await;
    true
}
