//! One agent on one socket.

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use ringlet_sip::{
    Command, Config, Credentials, Event, Input, Instant, Output, RegistrationState, Secret,
    UserAgent,
};
use ringlet_testkit::config;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// Everybody's.
pub(crate) const PASSWORD: &str = "ten-thousand-secrets";

/// The user of the agent with this number.
pub(crate) fn user(number: usize) -> String {
    format!("user{number}")
}

/// The agent with this number.
pub(crate) fn agent(number: usize) -> UserAgent {
    let user = user(number);
    let secret = Secret::Password(PASSWORD.into());
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let config = Config {
        credentials: Credentials { username: user.clone(), secret },
        user,
        domain: "ringlet.demo".into(),
        secure: false,
        ..config()
    };
    UserAgent::new(config, seed)
}

/// What has happened to an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Report {
    Connected,
    Registered,
    Failed,
}

/// An agent that is to be connected and registered.
pub(crate) struct Phone {
    pub(crate) number: usize,
    pub(crate) url: String,
    pub(crate) clock: std::time::Instant,
    pub(crate) report: mpsc::Sender<Report>,
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

impl Phone {
    /// Connects, waits for the start, registers, and stays registered.
    pub(crate) async fn run(self, connecting: Arc<Semaphore>, start: watch::Receiver<bool>) {
        if self.live(&connecting, start).await.is_err() {
            // Nobody listens any more once the measurement is over.
            self.report.send(Report::Failed).await.ok();
        }
    }

    async fn live(&self, connecting: &Semaphore, mut start: watch::Receiver<bool>) -> Result<()> {
        let mut agent = agent(self.number);
        let mut socket = {
            let _permit = connecting.acquire().await?;
            connect(&self.url).await?
        };
        self.report.send(Report::Connected).await?;
        start.wait_for(|started| *started).await?;
        self.input(&mut agent, &mut socket, Input::Connected).await?;
        let mut input = Some(Input::Command(Command::Register));
        loop {
            if let Some(input) = input {
                self.input(&mut agent, &mut socket, input).await?;
            }
            let due = agent.poll_timeout().map_or(u64::MAX, |(at, _)| at.as_millis());
            let pause = Duration::from_millis(due.saturating_sub(self.now().as_millis()));
            input = tokio::select! {
                message = socket.next() => match message.context("closed")?? {
                    Message::Text(text) => Some(Input::Received(text.as_bytes().to_vec())),
                    Message::Binary(bytes) => Some(Input::Received(bytes.to_vec())),
                    Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => None,
                    Message::Close(_) => bail!("closed"),
                },
                () = tokio::time::sleep(pause) => Some(Input::Timeout),
            };
        }
    }

    fn now(&self) -> Instant {
        Instant::from_millis(u64::try_from(self.clock.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    async fn input(&self, agent: &mut UserAgent, socket: &mut Socket, input: Input) -> Result<()> {
        agent.handle(self.now(), input);
        while let Some(output) = agent.poll() {
            if let Output::Transmit(bytes) = output {
                socket.send(Message::Text(Bytes::from(bytes).try_into()?)).await?;
            } else if let Output::Event(Event::Registration(state)) = output {
                match state {
                    RegistrationState::Registering => {}
                    RegistrationState::Registered { .. } => {
                        self.report.send(Report::Registered).await?;
                    }
                    RegistrationState::Unregistered | RegistrationState::Failed { .. } => {
                        bail!("refused");
                    }
                }
            }
        }
        Ok(())
    }
}

async fn connect(url: &str) -> Result<Socket> {
    let mut request = url.into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("sip"));
    // The default buffer alone is 128 KiB, eight times what an agent may take.
    let small = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
    Ok(connect_async_with_config(request, Some(small), true).await?.0)
}
