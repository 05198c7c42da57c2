//! A SIP client over a raw WebSocket. The tests share no code with the switch: messages are the
//! testkit's, or text.

// A module of every test file, each of which uses its own part of it.
#![allow(dead_code, unreachable_pub)]
// clippy knows tests by their attribute, and these are helpers of tests.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use md5::{Digest, Md5};
use ringlet_sip::message::{self, Method, Request, Response, parse};
use ringlet_switch::{Config, Switch};
use ringlet_testkit::{Build as _, Dialog, same_branch};
use sha2::Sha256;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

pub const PATIENCE: Duration = Duration::from_secs(5);

pub async fn start() -> Switch {
    Switch::start(Config::demo()).await.expect("the switch starts")
}

/// A received message, as text.
#[derive(Clone, Debug)]
pub struct Sip(pub String);

impl Sip {
    pub fn start_line(&self) -> &str {
        self.0.lines().next().unwrap_or_default()
    }

    pub fn code(&self) -> u16 {
        let mut words = self.start_line().split(' ');
        assert_eq!(words.next(), Some("SIP/2.0"), "not a response: {}", self.0);
        words.next().unwrap().parse().unwrap()
    }

    pub fn headers(&self, name: &str) -> Vec<&str> {
        let head = self.0.split("\r\n\r\n").next().unwrap();
        let lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.filter(|(n, _)| *n == name).map(|(_, value)| value).collect()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers(name).first().copied().unwrap_or_else(|| panic!("no {name} in {}", self.0))
    }

    pub fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    /// The URI between the angle brackets of a header.
    pub fn uri(&self, name: &str) -> &str {
        self.header(name).split(['<', '>']).nth(1).unwrap()
    }

    fn request(&self) -> Request {
        match parse(self.0.as_bytes()) {
            Ok(message::Message::Request(request)) => request,
            other => panic!("{other:?} is no request: {}", self.0),
        }
    }

    fn response(&self) -> Response {
        match parse(self.0.as_bytes()) {
            Ok(message::Message::Response(response)) => response,
            other => panic!("{other:?} is no response: {}", self.0),
        }
    }
}

pub struct Client {
    pub socket: WebSocketStream<TcpStream>,
    pub user: String,
    pub password: String,
    counter: u32,
}

/// One side of a dialog, enough to send requests in it.
#[derive(Clone, Debug)]
pub struct Leg {
    pub dialog: Dialog,
    pub routes: Vec<String>,
    pub cseq: u32,
}

impl Client {
    pub async fn connect(switch: &Switch, n: u32) -> Self {
        let mut request = switch.url().into_client_request().unwrap();
        request.headers_mut().insert("Sec-WebSocket-Protocol", "sip".parse().unwrap());
        let stream = TcpStream::connect(switch.addr()).await.unwrap();
        let (socket, response) = tokio_tungstenite::client_async(request, stream).await.unwrap();
        assert_eq!(response.headers()["Sec-WebSocket-Protocol"], "sip");
        let (user, password) = (format!("agent{n}"), format!("ringlet-{n}"));
        Self { socket, user, password, counter: 0 }
    }

    pub async fn registered(switch: &Switch, n: u32) -> Self {
        let mut client = Self::connect(switch, n).await;
        let answer = client.register("MD5", 300).await;
        assert_eq!(answer.code(), 200, "{}", answer.0);
        client
    }

    pub async fn send(&mut self, text: impl Into<String>) {
        self.socket.send(Message::text(text.into())).await.unwrap();
    }

    pub async fn receive(&mut self) -> Sip {
        let message = timeout(PATIENCE, self.socket.next()).await.expect("an answer in time");
        Sip(message.expect("an open socket").unwrap().into_text().unwrap().to_string())
    }

    pub async fn receive_code(&mut self, code: u16) -> Sip {
        let message = self.receive().await;
        assert_eq!(message.code(), code, "{}", message.0);
        message
    }

    pub async fn receive_request(&mut self, method: &str) -> Sip {
        let message = self.receive().await;
        assert!(message.start_line().starts_with(&format!("{method} ")), "{}", message.0);
        message
    }

    /// Nothing more arrives for a little while.
    pub async fn assert_silence(&mut self) {
        let more = timeout(Duration::from_millis(200), self.socket.next()).await;
        assert!(more.is_err(), "unexpected: {more:?}");
    }

    pub fn contact(&self) -> String {
        format!("<sip:{}@{}client.invalid;transport=ws>", self.user, self.user)
    }

    pub fn unique(&mut self) -> String {
        self.counter += 1;
        format!("{}x{}", self.user, self.counter)
    }

    pub fn via(&mut self) -> String {
        format!("Via: SIP/2.0/WS client.invalid;branch=z9hG4bK{}\r\n", self.unique())
    }

    pub fn register_text(&mut self, cseq: u32, extra: &str) -> String {
        let (user, via, contact) = (self.user.clone(), self.via(), self.contact());
        format!(
            "REGISTER sip:ringlet.demo SIP/2.0\r\n{via}Max-Forwards: 70\r\n\
             From: <sip:{user}@ringlet.demo>;tag=reg\r\nTo: <sip:{user}@ringlet.demo>\r\n\
             Call-ID: reg-{user}\r\nCSeq: {cseq} REGISTER\r\nContact: {contact}\r\n{extra}\
             Content-Length: 0\r\n\r\n"
        )
    }

    /// Registers through the challenge and returns the last answer.
    pub async fn register(&mut self, algorithm: &str, expires: u32) -> Sip {
        let first = self.register_text(1, &format!("Expires: {expires}\r\n"));
        self.send(first).await;
        let challenge = self.receive_code(401).await;
        let answer = self.credentials(
            &challenge,
            "WWW-Authenticate",
            algorithm,
            "REGISTER",
            "sip:ringlet.demo",
        );
        let extra = format!("Expires: {expires}\r\nAuthorization: {answer}\r\n");
        let second = self.register_text(2, &extra);
        self.send(second).await;
        self.receive().await
    }

    /// Answers the challenge for one algorithm.
    pub fn credentials(
        &self,
        challenge: &Sip,
        header: &str,
        algorithm: &str,
        method: &str,
        uri: &str,
    ) -> String {
        let offered = challenge.headers(header);
        let value = offered
            .iter()
            .find(|value| value.contains(&format!("algorithm={algorithm}")))
            .unwrap_or_else(|| panic!("{algorithm} is not among {offered:?}"));
        let nonce = value.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap();
        self.answer(nonce, 1, algorithm, method, uri)
    }

    pub fn answer(
        &self,
        nonce: &str,
        count: u32,
        algorithm: &str,
        method: &str,
        uri: &str,
    ) -> String {
        let hash = |text: String| match algorithm {
            "MD5" => hex(&Md5::digest(text)),
            _ => hex(&Sha256::digest(text)),
        };
        let (user, password) = (&self.user, &self.password);
        let a1 = hash(format!("{user}:ringlet.demo:{password}"));
        let a2 = hash(format!("{method}:{uri}"));
        let response = hash(format!("{a1}:{nonce}:{count:08x}:c0ffee:auth:{a2}"));
        format!(
            "Digest username=\"{user}\", realm=\"ringlet.demo\", nonce=\"{nonce}\", uri=\"{uri}\", \
             response=\"{response}\", algorithm={algorithm}, qop=auth, nc={count:08x}, cnonce=\"c0ffee\""
        )
    }

    /// Sends an INVITE, answers the challenge and returns the INVITE that stands.
    pub async fn invite(&mut self, callee: &str, body: &str) -> Sip {
        let call_id = self.unique();
        let first = self.invite_text(callee, &call_id, 1, "", body);
        self.send(first.0.clone()).await;
        let challenge = self.receive_code(407).await;
        self.send(ack(&first, &challenge)).await;
        let uri = format!("sip:{callee}@ringlet.demo");
        let answer = self.credentials(&challenge, "Proxy-Authenticate", "MD5", "INVITE", &uri);
        let extra = format!("Proxy-Authorization: {answer}\r\n");
        let second = self.invite_text(callee, &call_id, 2, &extra, body);
        self.send(second.0.clone()).await;
        second
    }

    pub fn invite_text(
        &mut self,
        callee: &str,
        call_id: &str,
        cseq: u32,
        extra: &str,
        body: &str,
    ) -> Sip {
        let (user, via, contact) = (self.user.clone(), self.via(), self.contact());
        let content = if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
        Sip(format!(
            "INVITE sip:{callee}@ringlet.demo SIP/2.0\r\n{via}Max-Forwards: 70\r\n\
             From: \"Caller\" <sip:{user}@ringlet.demo>;tag=f{call_id}\r\n\
             To: <sip:{callee}@ringlet.demo>\r\nCall-ID: {call_id}\r\nCSeq: {cseq} INVITE\r\n\
             Contact: {contact}\r\n{extra}{content}Content-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    /// Answers a request; `to_tag` makes or names the dialog.
    pub async fn respond(&mut self, request: &Sip, status: &str, to_tag: &str, body: &str) {
        let (code, phrase) = status.split_once(' ').unwrap();
        let to_tag = to_tag.strip_prefix(";tag=");
        let response = Response::to(&request.request(), code.parse().unwrap(), phrase, to_tag);
        let response = response.with("Contact", &self.contact()).with_body(body);
        self.send(text(response.to_bytes())).await;
    }

    /// Sends a request inside a dialog.
    pub async fn in_dialog(&mut self, leg: &mut Leg, method: &str) {
        if method != "ACK" {
            leg.cseq += 1;
        }
        let via = format!("SIP/2.0/WS client.invalid;branch=z9hG4bK{}", self.unique());
        let request = leg.dialog.request(Method::from_token(method), leg.cseq, &via);
        let request =
            leg.routes.iter().fold(request, |request, route| request.with("Route", route));
        self.send(text(request.to_bytes())).await;
    }
}

impl Leg {
    /// The caller's side, from its INVITE's final answer.
    pub fn of_caller(answer: &Sip) -> Self {
        let response = answer.response();
        let mut routes: Vec<String> =
            response.headers.all("Record-Route").map(Into::into).collect();
        routes.reverse();
        let cseq = response.headers.cseq().unwrap().number;
        Self { dialog: Dialog::answered(&response).unwrap(), routes, cseq }
    }

    /// The callee's side, from the INVITE it got and the tag it gave.
    pub fn of_callee(invite: &Sip, tag: &str) -> Self {
        let request = invite.request();
        let answer = Response::to(&request, 200, "OK", tag.strip_prefix(";tag="));
        let dialog = Dialog::answering(&request, &answer).unwrap();
        let routes = request.headers.all("Record-Route").map(Into::into).collect();
        Self { dialog, routes, cseq: 100 }
    }
}

/// The ACK of a failure.
pub fn ack(invite: &Sip, response: &Sip) -> String {
    let ack = same_branch(&invite.request(), Method::ACK).replacing("To", response.header("To"));
    text(ack.to_bytes())
}

pub fn cancel(invite: &Sip) -> String {
    text(same_branch(&invite.request(), Method::CANCEL).to_bytes())
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
