//! A WebSocket that speaks SIP (RFC 7118).

use std::io::ErrorKind;
use std::net::{Shutdown, TcpStream};
use std::time::Duration;
use tungstenite::{ClientRequestBuilder, Message, WebSocket};

/// How long a server may take to accept a connection or some bytes.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct Socket(WebSocket<TcpStream>);

impl Socket {
    pub(crate) fn open(url: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let host = url.strip_prefix("ws://").ok_or("only ws:// is spoken here")?;
        let stream = TcpStream::connect(host.trim_end_matches('/'))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let request = ClientRequestBuilder::new(url.parse()?).with_sub_protocol("sip");
        let (socket, _response) = tungstenite::client(request, stream)?;
        socket.get_ref().set_read_timeout(Some(Duration::from_millis(1)))?;
        Ok(Self(socket))
    }

    pub(crate) fn send(&mut self, bytes: Vec<u8>) -> Result<(), tungstenite::Error> {
        // JavaScript's stacks read text only.
        self.0.send(match String::from_utf8(bytes) {
            Ok(text) => Message::text(text),
            Err(other) => Message::binary(other.into_bytes()),
        })
    }

    /// The next message, if there is one.
    pub(crate) fn receive(&mut self) -> Result<Option<Vec<u8>>, tungstenite::Error> {
        loop {
            match self.0.read() {
                Ok(message) if message.is_text() || message.is_binary() => {
                    return Ok(Some(message.into_data().into()));
                }
                Ok(_ping_pong_or_close) => {}
                Err(tungstenite::Error::Io(error))
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for Socket {
    /// As a network does it: without a word.
    fn drop(&mut self) {
        let _ = self.0.get_ref().shutdown(Shutdown::Both);
    }
}
