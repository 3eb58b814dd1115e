//! One stream: two pipes, one for each direction.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::{Buf, Bytes};
use rand::RngExt;
use rand_chacha::ChaCha12Rng;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Cargo, Net, latency};
use crate::port::Moment;

/// Octets that one direction holds, written and not yet read: then the writer has to wait.
const WINDOW: usize = 64 * 1024;
/// No segment is longer.
const SEGMENT: usize = 16 * 1024;

/// One direction of a stream.
#[derive(Debug)]
pub(super) struct Pipe(Mutex<State>);

#[derive(Debug)]
struct State {
    rng: ChaCha12Rng,
    /// Segments that are there to be read.
    arrived: VecDeque<Bytes>,
    /// Octets written and not yet read.
    held: usize,
    /// When the last thing sent arrives: nothing overtakes.
    last: Moment,
    /// The writer has said that nothing follows.
    finished: bool,
    /// The reader has been told so.
    ended: bool,
    /// Nobody reads any more.
    deaf: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Pipe {
    pub(super) fn new(rng: ChaCha12Rng) -> Self {
        Self(Mutex::new(State {
            rng,
            arrived: VecDeque::new(),
            held: 0,
            last: Moment::ZERO,
            finished: false,
            ended: false,
            deaf: false,
            reader: None,
            writer: None,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A segment is there.
    pub(super) fn arrive(&self, octets: Bytes) {
        let mut state = self.lock();
        if !state.deaf {
            state.arrived.push_back(octets);
        }
        wake(state.reader.take());
    }

    /// Nothing follows.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.ended = true;
        wake(state.reader.take());
    }

    fn finish(self: &Arc<Self>, net: &Net) {
        let mut state = self.lock();
        if !std::mem::replace(&mut state.finished, true) {
            let latency = latency(&mut state.rng);
            state.last = net.send(Cargo::End { pipe: self.clone() }, latency, state.last);
        }
    }

    fn stop_listening(&self) {
        let mut state = self.lock();
        state.deaf = true;
        state.arrived.clear();
        wake(state.writer.take());
    }
}

impl State {
    /// How long the next segment of so many octets is: half of the time all, else anything.
    fn cut(&mut self, octets: usize) -> usize {
        let most = octets.min(SEGMENT);
        if most > 1 && self.rng.random_bool(0.5) { self.rng.random_range(1..=most) } else { most }
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// One end of a stream; dropping it closes both directions.
#[derive(Debug)]
pub(super) struct MemoryStream {
    net: Arc<Net>,
    outgoing: Arc<Pipe>,
    incoming: Arc<Pipe>,
}

impl MemoryStream {
    pub(super) fn new(net: Arc<Net>, outgoing: Arc<Pipe>, incoming: Arc<Pipe>) -> Self {
        Self { net, outgoing, incoming }
    }
}

impl Drop for MemoryStream {
    fn drop(&mut self) {
        self.outgoing.finish(&self.net);
        self.incoming.stop_listening();
    }
}

impl AsyncRead for MemoryStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut state = self.incoming.lock();
        if state.arrived.is_empty() {
            if state.ended {
                return Poll::Ready(Ok(()));
            }
            state.reader = Some(context.waker().clone());
            return Poll::Pending;
        }
        // Segments that wait are read one by one, or as one: a reader must live with both.
        let together = state.arrived.len() > 1 && state.rng.random_bool(0.5);
        while buffer.remaining() > 0
            && let Some(segment) = state.arrived.front_mut()
        {
            let count = segment.len().min(buffer.remaining());
            buffer.put_slice(&segment.split_to(count));
            if !segment.has_remaining() {
                state.arrived.pop_front();
            }
            state.held = state.held.saturating_sub(count);
            if !together {
                break;
            }
        }
        wake(state.writer.take());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for MemoryStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        let mut state = self.outgoing.lock();
        if state.deaf || state.finished {
            return Poll::Ready(Err(ErrorKind::BrokenPipe.into()));
        }
        let room = WINDOW.saturating_sub(state.held);
        if room == 0 {
            state.writer = Some(context.waker().clone());
            return Poll::Pending;
        }
        let count = room.min(octets.len());
        let mut rest = Bytes::copy_from_slice(octets.get(..count).unwrap_or_default());
        while !rest.is_empty() {
            let length = state.cut(rest.len());
            let (octets, latency) = (rest.split_to(length), latency(&mut state.rng));
            let pipe = self.outgoing.clone();
            state.last = self.net.send(Cargo::Segment { pipe, octets }, latency, state.last);
        }
        state.held += count;
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.outgoing.finish(&self.net);
        Poll::Ready(Ok(()))
    }
}
