use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::core::{Core, Input};
use crate::socket::{self, Gate};
use crate::{Config, Error};

/// A running switch. Dropping it stops it as well, without waiting for its sockets to close.
pub struct Switch {
    addr: SocketAddr,
    inputs: mpsc::UnboundedSender<Input>,
    gate: watch::Sender<Gate>,
    core: JoinHandle<()>,
    listener: JoinHandle<()>,
}

impl Switch {
    /// Binds the listener and starts the switch on the current tokio runtime.
    ///
    /// # Errors
    /// [`Error::Listen`] when the address cannot be bound, [`Error::Domain`] when the domain could
    /// not stand in a SIP URI.
    pub async fn start(config: Config) -> Result<Self, Error> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        if config.domain.is_empty() || !config.domain.chars().all(allowed) {
            return Err(Error::Domain(config.domain));
        }
        let address = config.listen;
        let failed = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let (inputs, from_sockets) = mpsc::unbounded_channel();
        let (gate, gate_state) = watch::channel(Gate::Open);
        let core = Core::new(Arc::new(config), addr);
        let core = tokio::spawn(core.run(from_sockets));
        let accepting = socket::listen(listener, addr, inputs.clone(), gate_state);
        let listener = tokio::spawn(accepting);
        tracing::info!(%addr, "switch started");
        Ok(Self { addr, inputs, gate, core, listener })
    }

    /// The address the listener is bound to.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The WebSocket URL clients on this machine connect to.
    pub fn url(&self) -> String {
        format!("ws://{}", self.addr)
    }

    /// Calls a registered user from the switch itself, with the tone of 601 as its audio. Returns
    /// once the INVITE is on its way.
    ///
    /// # Errors
    /// [`Error::UnknownUser`], [`Error::NotRegistered`], [`Error::Media`] or [`Error::ShutDown`].
    pub async fn call(
        &self,
        user: &str,
        from_number: &str,
        display_name: &str,
    ) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        let input = Input::Call {
            user: user.to_owned(),
            from_number: from_number.to_owned(),
            display_name: display_name.to_owned(),
            reply,
        };
        self.inputs.send(input).map_err(|_| Error::ShutDown)?;
        answer.await.map_err(|_| Error::ShutDown)?
    }

    /// Closes every client's socket; clients may connect again at once.
    pub fn kick(&self) {
        // A closed channel means the sockets are gone already.
        let _ = self.inputs.send(Input::Kick);
    }

    /// Closes every client's socket and refuses new connections until [`resume`](Self::resume).
    pub fn pause(&self) {
        self.gate.send_replace(Gate::Paused);
        self.kick();
    }

    /// Listens again, on the same address.
    pub fn resume(&self) {
        self.gate.send_replace(Gate::Open);
    }

    /// Closes all sockets, ends all calls and waits until every task is done.
    pub async fn shutdown(mut self) {
        self.gate.send_replace(Gate::Shut);
        let _ = self.inputs.send(Input::Shutdown);
        // A task that panicked is as finished as one that returned.
        let _ = (&mut self.core).await;
        let _ = (&mut self.listener).await;
        tracing::info!(addr = %self.addr, "switch stopped");
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        self.core.abort();
        self.listener.abort();
    }
}
