//! Carries one machine: its inputs from the network, its outputs to it, its timers on the clock.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Notify, Semaphore, mpsc, watch};
use tokio::task::JoinSet;

use super::clock::Clock;
use super::link::{Datagrams, Link, Listener};
use super::recorder::Recorder;
use super::stream::{self, Closing, Handle, Note};
use super::tls::ClientTls;
use crate::port::{Connection, Input, Machine, Moment, Output};

/// Inputs that may wait for the machine; more, and the network has to wait.
const INPUTS: usize = 256;
/// Streams that one machine accepts at a time; more have to wait for others to end.
const ACCEPTED: usize = 4096;

/// What a machine has of the network.
#[derive(Debug, Default)]
pub struct Ports {
    /// The SIP datagram socket, if it speaks SIP over UDP.
    pub datagrams: Option<Datagrams>,
    /// Where it listens for streams.
    pub listeners: Vec<Listener>,
    /// How it opens TLS streams; without it they fail.
    pub client_tls: Option<ClientTls>,
    /// Who writes down what crosses.
    pub recorder: Option<Recorder>,
}

/// A machine on its way: stops, with all its sockets, when dropped.
#[derive(Debug)]
pub struct Driver {
    wake: Arc<Notify>,
    stop: Arc<Notify>,
    stirred: watch::Receiver<u64>,
    task: tokio::task::JoinHandle<()>,
}

impl Driver {
    /// Says that the machine was given a command: its outputs and timers are looked at again.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// What [`Driver::wake`] does, for whoever outlives the borrow.
    pub fn waker(&self) -> Arc<Notify> {
        self.wake.clone()
    }

    /// Changes whenever the machine has been given an input or a timeout: what it knows may be new.
    pub fn stirred(&self) -> watch::Receiver<u64> {
        let mut stirred = self.stirred.clone();
        stirred.mark_unchanged();
        stirred
    }

    /// Lets what the machine has to say leave, closes all streams, and ends; takes no longer than `bound`.
    pub async fn stop(mut self, bound: Duration) {
        self.stop.notify_one();
        let _ = tokio::time::timeout(bound, &mut self.task).await;
    }

    /// Whether the machine is still being carried; `false` only after a panic in it.
    pub fn is_running(&self) -> bool {
        !self.task.is_finished()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts to carry a machine: a task of its own, until the [`Driver`] is dropped. Must be called within a tokio runtime,
/// of either flavour.
pub fn drive<M: Machine + Send + 'static>(machine: Arc<Mutex<M>>, link: Link, clock: Clock, ports: Ports) -> Driver {
    let wake = Arc::new(Notify::new());
    let (stir, stirred) = watch::channel(0);
    let journey = Journey::new(machine, link, clock, ports, stir);
    let stop = Arc::new(Notify::new());
    let task = tokio::spawn(journey.run(wake.clone(), stop.clone()));
    Driver { wake, stop, stirred, task }
}

/// The socket, and what waits until it takes datagrams again.
type DatagramWay = (Arc<Datagrams>, mpsc::UnboundedSender<(SocketAddr, Bytes)>);

/// The state of the driving task. All tasks for sockets live in its sets and end with it.
struct Journey<M> {
    machine: Arc<Mutex<M>>,
    link: Link,
    clock: Clock,
    client_tls: Option<ClientTls>,
    recorder: Option<Recorder>,
    stir: watch::Sender<u64>,
    notes: mpsc::Receiver<Note>,
    note: mpsc::Sender<Note>,
    datagrams: Option<DatagramWay>,
    streams: BTreeMap<Connection, Handle>,
    closing: Vec<Closing>,
    unread: Vec<Connection>,
    tasks: JoinSet<()>,
}

impl<M: Machine + Send + 'static> Journey<M> {
    fn new(machine: Arc<Mutex<M>>, link: Link, clock: Clock, ports: Ports, stir: watch::Sender<u64>) -> Self {
        let (note, notes) = mpsc::channel(INPUTS);
        let Ports { datagrams, listeners, client_tls, mut recorder } = ports;
        let mut tasks = JoinSet::new();
        let datagrams = datagrams.map(|socket| {
            if let Some(recorder) = &mut recorder {
                recorder.datagrams_bound(socket.local());
            }
            let socket = Arc::new(socket);
            let (send, queue) = mpsc::unbounded_channel();
            tasks.spawn(receive_datagrams(socket.clone(), note.clone()));
            tasks.spawn(send_datagrams(socket.clone(), queue));
            (socket, send)
        });
        let numbers = Arc::new(std::sync::atomic::AtomicU64::new(0));
        let seats = Arc::new(Semaphore::new(ACCEPTED));
        for listener in listeners {
            tasks.spawn(accept_streams(listener, numbers.clone(), seats.clone(), note.clone()));
        }
        Self {
            machine,
            link,
            clock,
            client_tls,
            recorder,
            stir,
            notes,
            note,
            datagrams,
            streams: BTreeMap::new(),
            closing: Vec::new(),
            unread: Vec::new(),
            tasks,
        }
    }

    async fn run(mut self, wake: Arc<Notify>, stop: Arc<Notify>) {
        loop {
            let timeout = self.deliver();
            let due = async {
                match timeout {
                    Some(moment) => self.clock.sleep_until(moment).await,
                    None => std::future::pending().await,
                }
            };
            // In this order, so that what happens is a function of what came; and a flood of notes delays nothing else.
            tokio::select! {
                biased;
                () = stop.notified() => return self.finish().await,
                () = due => {
                    let now = self.clock.now();
                    self.with_machine(|machine| machine.handle_timeout(now));
                }
                () = wake.notified() => {}
                Some(_) = self.tasks.join_next() => continue,
                note = self.notes.recv() => if let Some(note) = note { self.take(note) },
            }
            // What came meanwhile, before the outputs are looked at: bounded, so that they are looked at.
            for _ in 0..INPUTS {
                let Ok(note) = self.notes.try_recv() else { break };
                self.take(note);
            }
        }
    }

    async fn finish(mut self) {
        self.deliver();
        let connections: Vec<_> = self.streams.keys().copied().collect();
        for connection in connections {
            self.carry_out(self.clock.now(), Output::Close { connection });
        }
        for closing in &self.closing {
            closing.over().await;
        }
    }

    fn with_machine<R>(&self, visit: impl FnOnce(&mut M) -> R) -> R {
        visit(&mut self.machine.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Carries out all outputs and tells whoever watches; gives the machine's next timeout.
    fn deliver(&mut self) -> Option<Moment> {
        let machine = self.machine.clone();
        let timeout = {
            let mut machine = machine.lock().unwrap_or_else(PoisonError::into_inner);
            let now = self.clock.now();
            while let Some(output) = machine.poll_output() {
                self.carry_out(now, output);
            }
            if machine.unread() != self.unread {
                let unread = machine.unread().to_vec();
                for connection in &self.unread {
                    self.reading(*connection, !unread.contains(connection));
                }
                for connection in &unread {
                    self.reading(*connection, false);
                }
                self.unread = unread;
            }
            machine.poll_timeout()
        };
        self.stir.send_modify(|count| *count = count.wrapping_add(1));
        timeout
    }

    fn reading(&self, connection: Connection, on: bool) {
        if let Some(stream) = self.streams.get(&connection) {
            stream.read(on);
        }
    }

    fn take(&mut self, note: Note) {
        let now = self.clock.now();
        let input = match note {
            Note::Accepted(handle, input) => {
                if let Input::Connected { connection, .. } = &input {
                    self.streams.insert(*connection, handle);
                }
                input
            }
            Note::Input(input) => input,
        };
        // A stream that the machine closed is silent from then on.
        let known = |connection: &Connection| self.streams.contains_key(connection);
        let wanted = match &input {
            Input::Datagram { .. } => true,
            Input::Connected { connection, .. }
            | Input::ConnectFailed { connection, .. }
            | Input::Octets { connection, .. }
            | Input::Taken { connection, .. }
            | Input::Closed { connection } => known(connection),
        };
        if !wanted {
            return;
        }
        if let Input::ConnectFailed { connection, .. } | Input::Closed { connection } = &input {
            self.streams.remove(connection);
        }
        if let Some(recorder) = &mut self.recorder {
            match &input {
                Input::Datagram { from, octets } => recorder.datagram(now, false, *from, octets),
                Input::Connected { connection, protocol, local, remote, secured } => {
                    recorder.opened(now, *connection, *protocol, (*local, *remote), *secured);
                }
                Input::Octets { connection, octets } => recorder.stream(now, *connection, false, octets),
                Input::Closed { connection } => recorder.closed(now, *connection, false),
                Input::ConnectFailed { .. } | Input::Taken { .. } => {}
            }
        }
        self.with_machine(|machine| machine.handle_input(now, input));
    }

    fn carry_out(&mut self, now: Moment, output: Output) {
        match output {
            Output::Datagram { to, octets } => {
                let Some(datagrams) = &self.datagrams else { return };
                if let Some(recorder) = &mut self.recorder {
                    recorder.datagram(now, true, to, &octets);
                }
                let (socket, queue) = datagrams;
                match socket.try_send(&octets, to) {
                    Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                        let _ = queue.send((to, octets));
                    }
                    // Sent, or lost as datagrams may be: SIP sends them again.
                    Ok(()) | Err(_) => {}
                }
            }
            Output::Connect { connection, protocol, to, security } => {
                let wanted = (connection, protocol, to, security);
                let (link, tls) = (self.link.clone(), self.client_tls.clone());
                let handle = stream::connect(&mut self.tasks, link, tls, self.note.clone(), wanted);
                self.streams.insert(connection, handle);
            }
            Output::Write { connection, octets } => {
                let Some(stream) = self.streams.get(&connection) else { return };
                if let Some(recorder) = &mut self.recorder {
                    recorder.stream(now, connection, true, &octets);
                }
                stream.write(octets);
            }
            Output::Close { connection } => {
                if let Some(stream) = self.streams.remove(&connection) {
                    self.closing.retain(|closing| !closing.is_over());
                    self.closing.push(stream.close());
                }
                if let Some(recorder) = &mut self.recorder {
                    recorder.closed(now, connection, true);
                }
            }
        }
    }
}

async fn receive_datagrams(socket: Arc<Datagrams>, notes: mpsc::Sender<Note>) {
    let mut buffer = Vec::new();
    loop {
        match socket.receive(&mut buffer).await {
            Ok((octets, from)) => {
                if notes.send(Note::Input(Input::Datagram { from, octets })).await.is_err() {
                    return;
                }
            }
            // An ICMP error about something sent earlier, mostly: SIP's timers see to that.
            Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
        }
    }
}

async fn send_datagrams(socket: Arc<Datagrams>, mut queue: mpsc::UnboundedReceiver<(SocketAddr, Bytes)>) {
    while let Some((to, octets)) = queue.recv().await {
        // Datagrams may get lost; SIP sends them again.
        let _ = socket.send(&octets, to).await;
    }
}

async fn accept_streams(
    listener: Listener,
    numbers: Arc<std::sync::atomic::AtomicU64>,
    seats: Arc<Semaphore>,
    notes: mpsc::Sender<Note>,
) {
    let mut carried = JoinSet::new();
    loop {
        while carried.try_join_next().is_some() {}
        let Ok(seat) = seats.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok(stream) => {
                let number = numbers.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let (protocol, tls, notes) = (listener.protocol(), listener.tls(), notes.clone());
                carried.spawn(async move {
                    stream::accept(stream, Connection::accepted(number), protocol, tls, notes).await;
                    drop(seat);
                });
            }
            // Out of file descriptors, mostly: others will close some.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
