//! Accepting connections, and graceful shutdown.

use axum::Router;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long open requests may take to finish after the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// The address cannot be bound.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {source}")]
pub struct ListenError {
    /// The address.
    pub address: SocketAddr,
    /// The operating system's error.
    pub source: io::Error,
}

/// Binds an address.
///
/// # Errors
///
/// [`ListenError`], most often because another program has it.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).await.map_err(|source| ListenError { address, source })
}

/// Serves until `stop` completes, then lets open requests finish for at most ten seconds.
pub async fn run(listeners: Vec<TcpListener>, router: Router, stop: impl Future<Output = ()>) {
    let (stopping, stopped) = watch::channel(());
    let mut tasks = JoinSet::new();
    for listener in listeners {
        let mut stopped = stopped.clone();
        let server = axum::serve(listener, router.clone()).with_graceful_shutdown(async move {
            // The error says that the sender is gone, which means the same.
            let _ = stopped.changed().await;
        });
        tasks.spawn(server.into_future());
    }
    stop.await;
    tracing::info!("stopping");
    drop(stopping);
    let finished = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, finished).await.is_err() {
        tracing::warn!("requests were still open after {} s", GRACE.as_secs());
    }
}

/// Completes when the process is asked to end: Ctrl+C, or SIGTERM from a supervisor.
pub async fn signal() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "Ctrl+C cannot be heard");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate() => {}
    }
}

#[cfg(unix)]
async fn terminate() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
        }
        Err(error) => {
            tracing::error!(%error, "SIGTERM cannot be heard");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn terminate() {
    std::future::pending::<()>().await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::net::Ipv4Addr;
    use std::sync::Arc;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::{Notify, oneshot};
    use tokio::task::JoinHandle;
    use tokio::time::Instant;

    /// A server whose one request is under way and finishes when told.
    struct Busy {
        finish: Arc<Notify>,
        stop: oneshot::Sender<()>,
        server: JoinHandle<()>,
        client: TcpStream,
    }

    async fn busy() -> Busy {
        let listener = bind((Ipv4Addr::LOCALHOST, 0).into()).await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (entered, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let handler = {
            let (entered, finish) = (Arc::clone(&entered), Arc::clone(&finish));
            move || async move {
                entered.notify_one();
                finish.notified().await;
                "done"
            }
        };
        let router = Router::new().route("/", get(handler));
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(run(vec![listener], router, async {
            stopped.await.expect("told to stop");
        }));
        let mut client = TcpStream::connect(address).await.expect("connected");
        client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("sent");
        entered.notified().await;
        Busy { finish, stop, server, client }
    }

    #[tokio::test]
    async fn an_open_request_is_finished_before_the_server_stops() {
        let Busy { finish, stop, server, mut client } = busy().await;
        stop.send(()).expect("running");
        tokio::task::yield_now().await;
        assert!(!server.is_finished());
        finish.notify_one();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.expect("read");
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
        server.await.expect("stopped");
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_never_ends_is_given_ten_seconds() {
        let Busy { finish: _finish, stop, server, client: _client } = busy().await;
        let before = Instant::now();
        stop.send(()).expect("running");
        server.await.expect("stopped");
        let waited = before.elapsed();
        assert!(waited >= GRACE && waited < GRACE * 2, "{waited:?}");
    }
}
