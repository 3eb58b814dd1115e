//! The two kinds of sockets that are bound to an address.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

use super::{Cargo, Net, latency};
use crate::runtime::link::Stream;

/// What has arrived and was not fetched yet; one task fetches.
pub(super) struct Queue<T> {
    waiting: Mutex<VecDeque<T>>,
    stirred: Notify,
}

/// Things that may wait; what comes on top is lost.
const WAITING: usize = 4096;

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), stirred: Notify::new() }
    }
}

impl<T> std::fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Queue")
    }
}

impl<T> Queue<T> {
    pub(super) fn put(&self, thing: T) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < WAITING {
            waiting.push_back(thing);
            self.stirred.notify_one();
        }
    }

    async fn fetch(&self) -> T {
        loop {
            let first = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            match first {
                Some(thing) => return thing,
                None => self.stirred.notified().await,
            }
        }
    }
}

/// A bound datagram socket; the address is free again when it is dropped.
#[derive(Debug)]
pub(in crate::runtime) struct MemoryDatagrams {
    pub(super) net: Arc<Net>,
    pub(super) local: SocketAddr,
    pub(super) mailbox: Arc<Queue<(Bytes, SocketAddr)>>,
}

impl MemoryDatagrams {
    pub(in crate::runtime) async fn receive(&self) -> (Bytes, SocketAddr) {
        self.mailbox.fetch().await
    }

    pub(in crate::runtime) fn send(&self, octets: &Bytes, to: SocketAddr) {
        let mut state = self.net.lock();
        let latency = latency(&mut state.rng);
        let way = (self.local, to);
        let after = state.last_datagram.get(&way).copied().unwrap_or_default();
        let cargo = Cargo::Datagram { to, from: self.local, octets: octets.clone() };
        let at = self.net.post(&mut state, cargo, latency, after);
        state.last_datagram.insert(way, at);
    }
}

impl Drop for MemoryDatagrams {
    fn drop(&mut self) {
        let mut state = self.net.lock();
        state.mailboxes.remove(&self.local);
        state.last_datagram.retain(|(from, to), _| *from != self.local && *to != self.local);
    }
}

/// A listening socket; the address is free again when it is dropped.
#[derive(Debug)]
pub(in crate::runtime) struct MemoryListener {
    pub(super) net: Arc<Net>,
    pub(super) local: SocketAddr,
    pub(super) queue: Arc<Queue<Stream>>,
}

impl MemoryListener {
    pub(in crate::runtime) async fn accept(&self) -> Stream {
        self.queue.fetch().await
    }
}

impl Drop for MemoryListener {
    fn drop(&mut self) {
        // The streams that nobody accepted are closed, which takes the lock: not while it is held.
        let ear = self.net.lock().listeners.remove(&self.local);
        drop(ear);
    }
}
