use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::UdpSocket;
use tokio::sync::{Notify, mpsc};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep_until};

use super::agent::{Agent, Program};
use crate::MediaError;

/// The media of one call, running in a task of its own until dropped.
pub(crate) struct Session {
    program: Program,
    ips: Vec<IpAddr>,
    /// DTLS fingerprint of the peer, once a description of its has shown it.
    peer: Option<String>,
    agent: Arc<Mutex<Agent>>,
    changed: Arc<Notify>,
    task: AbortHandle,
}

impl Session {
    /// Answers a peer's offer; returns the answer beside the session.
    pub(crate) fn answer(
        offer: &str,
        program: Program,
        ips: &[IpAddr],
    ) -> Result<(Self, String), MediaError> {
        let mut agent = Agent::new(program, ips)?;
        let answer = agent.answer(offer)?;
        let peer = fingerprint(offer).map(str::to_owned);
        Ok((Self::run(agent, program, ips, peer), answer))
    }

    /// Makes an offer; [`accept_answer`](Self::accept_answer) completes it.
    pub(crate) fn offer(program: Program, ips: &[IpAddr]) -> Result<(Self, String), MediaError> {
        let mut agent = Agent::new(program, ips)?;
        let offer = agent.offer()?;
        Ok((Self::run(agent, program, ips, None), offer))
    }

    pub(crate) fn accept_answer(&mut self, answer: &str) -> Result<(), MediaError> {
        self.peer = fingerprint(answer).map(str::to_owned);
        let result = lock(&self.agent).accept_answer(answer);
        self.changed.notify_one();
        result
    }

    /// Answers a further offer. One with another fingerprint comes from a page that was reloaded:
    /// its keys have nothing to do with the old ones, so the session starts afresh.
    pub(crate) fn renegotiate(&mut self, offer: &str) -> Result<String, MediaError> {
        if self.peer.as_deref().is_some_and(|known| fingerprint(offer) != Some(known)) {
            let (fresh, answer) = Self::answer(offer, self.program, &self.ips)?;
            *self = fresh;
            return Ok(answer);
        }
        let result = lock(&self.agent).answer(offer);
        self.changed.notify_one();
        result
    }

    fn run(agent: Agent, program: Program, ips: &[IpAddr], peer: Option<String>) -> Self {
        let agent = Arc::new(Mutex::new(agent));
        let changed = Arc::new(Notify::new());
        let task = tokio::spawn(pump(agent.clone(), changed.clone())).abort_handle();
        Self { program, ips: ips.to_vec(), peer, agent, changed, task }
    }
}

fn fingerprint(sdp: &str) -> Option<&str> {
    sdp.lines().find(|line| line.starts_with("a=fingerprint:"))
}

impl Drop for Session {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pump(agent: Arc<Mutex<Agent>>, changed: Arc<Notify>) {
    let (datagrams, mut received) = mpsc::channel(64);
    // Readers end with this task.
    let mut readers = JoinSet::new();
    for (addr, socket) in lock(&agent).sockets() {
        readers.spawn(read(*addr, socket.clone(), datagrams.clone()));
    }
    loop {
        let deadline = lock(&agent).deadline();
        let result = tokio::select! {
            Some((source, destination, data)) = received.recv() => {
                lock(&agent).receive(source, destination, &data)
            }
            () = sleep_until(Instant::from_std(deadline)) => lock(&agent).wake(),
            () = changed.notified() => Ok(()),
        };
        if let Err(error) = result {
            return tracing::warn!(%error, "media session ended");
        }
    }
}

async fn read(
    addr: SocketAddr,
    socket: Arc<UdpSocket>,
    datagrams: mpsc::Sender<(SocketAddr, SocketAddr, Vec<u8>)>,
) {
    let mut buffer = vec![0; 2048];
    loop {
        // A failed read reports an earlier send nobody was there for (ICMP); the next one works.
        let Ok((length, source)) = socket.recv_from(&mut buffer).await else { continue };
        if datagrams.send((source, addr, buffer[..length].to_vec())).await.is_err() {
            return;
        }
    }
}

/// A session whose task panicked is still dropped in order.
fn lock(agent: &Mutex<Agent>) -> MutexGuard<'_, Agent> {
    agent.lock().unwrap_or_else(PoisonError::into_inner)
}
