//! Audio for real: a second WebRTC engine stands in for the browser.

// clippy knows tests by their attribute, and the peer below is a helper of tests.
#![allow(clippy::unwrap_used)]

mod support;

use std::f64::consts::TAU;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use ringlet_switch::{Config, Switch};
use str0m::change::{SdpAnswer, SdpOffer};
use str0m::crypto::from_feature_flags;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc};
use support::{Client, Leg, start};
use tokio::net::UdpSocket;
use tokio::time::timeout;

const PACKETS: usize = 50;

#[tokio::test]
async fn the_caller_of_601_hears_a_steady_tone_of_1_khz() {
    let switch = start().await;
    let mut client = Client::registered(&switch, 1).await;
    let (mut peer, leg) = call(&mut client, "601").await;
    assert_is_the_tone(&mut peer).await;
    hang_up(&mut client, leg).await;
    assert!(peer.receive(1, Duration::from_millis(300)).await.len() < 2, "silent after the BYE");
    switch.shutdown().await;
}

#[tokio::test]
async fn the_caller_of_600_hears_every_packet_again() {
    let switch = start().await;
    let mut client = Client::registered(&switch, 1).await;
    for codec in ["opus", "PCMU"] {
        let (mut peer, leg) = call_with(&mut client, "600", codec).await;
        let pt = if codec == "opus" { 111 } else { 0 };
        let sent: Vec<Vec<u8>> =
            (0..PACKETS).map(|n| format!("{codec} packet number {n}").into_bytes()).collect();
        let mut heard = Vec::new();
        for (n, payload) in sent.iter().enumerate() {
            peer.write(pt, n as u64, payload);
            heard.extend(peer.receive(1, Duration::from_millis(20)).await);
        }
        heard.extend(peer.receive(PACKETS - heard.len(), Duration::from_secs(2)).await);
        let payloads: Vec<_> = heard.iter().map(|packet| packet.payload.to_vec()).collect();
        assert_eq!(payloads, sent, "{codec}");
        assert!(heard.iter().all(|packet| *packet.header.payload_type == pt));
        hang_up(&mut client, leg).await;
    }
    switch.shutdown().await;
}

#[tokio::test]
async fn early_media_is_heard_before_the_answer() {
    let config = Config { early_media: Duration::from_secs(60), ..Config::demo() };
    let switch = Switch::start(config).await.unwrap();
    let mut client = Client::registered(&switch, 1).await;
    let mut peer = Peer::new("PCMU").await;
    let offer = peer.offer();
    client.invite("606", &offer).await;
    let early = client.receive_code(183).await;
    peer.accept(early.body());
    assert_is_the_tone(&mut peer).await;
    switch.shutdown().await;
}

#[tokio::test]
async fn a_caller_whose_page_was_reloaded_hears_the_tone_again_after_a_re_invite() {
    let switch = start().await;
    let mut client = Client::registered(&switch, 1).await;
    let (mut before, leg) = call(&mut client, "601").await;
    assert_is_the_tone(&mut before).await;
    // New keys, new ICE credentials, same dialog.
    let mut after = Peer::new("PCMU").await;
    let text = client.invite_text("601", &leg.dialog.call_id, 3, "", &after.offer()).0;
    client
        .send(text.replace("To: <sip:601@ringlet.demo>", &format!("To: {}", leg.dialog.remote)))
        .await;
    after.accept(client.receive_code(200).await.body());
    assert_is_the_tone(&mut after).await;
    before.packets.clear();
    assert!(before.receive(5, Duration::from_millis(300)).await.len() < 5, "the old one is silent");
    switch.shutdown().await;
}

#[tokio::test]
async fn a_call_from_the_switch_plays_the_tone() {
    let switch = start().await;
    let mut client = Client::registered(&switch, 1).await;
    switch.call("agent1", "+493012345", "Ada Lovelace").await.unwrap();
    let invite = client.receive_request("INVITE").await;
    let mut peer = Peer::new("PCMU").await;
    let answer = peer.answer(invite.body());
    client.respond(&invite, "200 OK", ";tag=callee", &answer).await;
    client.receive_request("ACK").await;
    assert_is_the_tone(&mut peer).await;
    let mut leg = Leg::of_callee(&invite, ";tag=callee");
    client.in_dialog(&mut leg, "BYE").await;
    client.receive_code(200).await;
    switch.shutdown().await;
}

async fn call(client: &mut Client, number: &str) -> (Peer, Leg) {
    call_with(client, number, "opus").await
}

async fn call_with(client: &mut Client, number: &str, codec: &str) -> (Peer, Leg) {
    let mut peer = Peer::new(codec).await;
    let offer = peer.offer();
    client.invite(number, &offer).await;
    client.receive_code(180).await;
    let answer = client.receive_code(200).await;
    peer.accept(answer.body());
    let mut leg = Leg::of_caller(&answer);
    client.in_dialog(&mut leg, "ACK").await;
    peer.connect().await;
    (peer, leg)
}

async fn hang_up(client: &mut Client, mut leg: Leg) {
    client.in_dialog(&mut leg, "BYE").await;
    client.receive_code(200).await;
}

async fn assert_is_the_tone(peer: &mut Peer) {
    let started = Instant::now();
    let packets = peer.receive(PACKETS, Duration::from_secs(5)).await;
    assert_eq!(packets.len(), PACKETS);
    // Fifty packets of 20 ms, give or take a busy machine.
    let took = started.elapsed();
    assert!(took > Duration::from_millis(700) && took < Duration::from_secs(3), "{took:?}");
    assert!(packets.windows(2).all(|p| *p[1].seq_no == *p[0].seq_no + 1));
    assert!(packets.windows(2).all(|p| p[1].header.timestamp == p[0].header.timestamp + 160));
    let samples: Vec<f64> = packets
        .iter()
        .flat_map(|packet| packet.payload.iter())
        .map(|c| decode_mu_law(*c))
        .collect();
    let total: f64 = samples.iter().map(|s| s * s).sum::<f64>() / samples.len() as f64;
    let share = |frequency| goertzel(&samples, frequency) / total;
    assert!(share(1000.0) > 0.99, "{} of the energy is at 1 kHz", share(1000.0));
    assert!(share(990.0) < 0.001 && share(2000.0) < 0.001);
    // About -15 dB below full scale: audible, not clipped.
    assert!((4000.0..8000.0).contains(&total.sqrt()), "{}", total.sqrt());
}

/// Power at one frequency, on the same scale as the mean square.
fn goertzel(samples: &[f64], frequency: f64) -> f64 {
    let coefficient = 2.0 * (TAU * frequency / 8000.0).cos();
    let (mut last, mut before) = (0.0, 0.0);
    for sample in samples {
        (last, before) = (sample + coefficient * last - before, last);
    }
    let power = last * last + before * before - coefficient * last * before;
    2.0 * power / (samples.len() * samples.len()) as f64
}

/// ITU-T G.711, written from the decoder's side.
fn decode_mu_law(code: u8) -> f64 {
    let code = !code;
    let (segment, step) = (i32::from(code >> 4 & 7), i32::from(code & 15));
    let magnitude = (((step << 3) + 0x84) << segment) - 0x84;
    f64::from(if code & 0x80 != 0 { -magnitude } else { magnitude })
}

/// The browser's part: full ICE, offers or answers, one audio section.
struct Peer {
    rtc: Rtc,
    socket: UdpSocket,
    addr: SocketAddr,
    mid: Mid,
    pending: Option<str0m::change::SdpPendingOffer>,
    connected: bool,
    packets: Vec<RtpPacket>,
    deadline: Instant,
}

impl Peer {
    async fn new(codec: &str) -> Self {
        let mut rtc = Rtc::builder()
            .set_crypto_provider(from_feature_flags().into())
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(codec == "opus", false)
            .enable_pcmu(true, false)
            .build(Instant::now());
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let addr = socket.local_addr().unwrap();
        rtc.add_local_candidate(Candidate::host(addr, "udp").unwrap());
        let (mid, pending, deadline) = (Mid::from("0"), None, Instant::now());
        Self { rtc, socket, addr, mid, pending, connected: false, packets: vec![], deadline }
    }

    fn offer(&mut self) -> String {
        let mut changes = self.rtc.sdp_api();
        self.mid = changes.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
        let (offer, pending) = changes.apply().unwrap();
        self.pending = Some(pending);
        self.drain();
        offer.to_sdp_string()
    }

    fn accept(&mut self, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).unwrap();
        self.rtc.sdp_api().accept_answer(self.pending.take().unwrap(), answer).unwrap();
        self.drain();
    }

    fn answer(&mut self, offer: &str) -> String {
        let offer = SdpOffer::from_sdp_string(offer).unwrap();
        let answer = self.rtc.sdp_api().accept_offer(offer).unwrap();
        self.drain();
        answer.to_sdp_string()
    }

    async fn connect(&mut self) {
        let until_connected = async {
            while !self.connected {
                self.step().await;
            }
        };
        timeout(Duration::from_secs(5), until_connected).await.expect("ICE and DTLS complete");
    }

    /// Up to `count` packets, or fewer when the time is over.
    async fn receive(&mut self, count: usize, time: Duration) -> Vec<RtpPacket> {
        let enough = async {
            while self.packets.len() < count {
                self.step().await;
            }
        };
        let _ = timeout(time, enough).await;
        std::mem::take(&mut self.packets)
    }

    fn write(&mut self, pt: u8, number: u64, payload: &[u8]) {
        let write =
            RtpWrite::new(pt.into(), number.into(), number as u32 * 160, Instant::now(), payload);
        self.rtc.direct_api().stream_tx_by_mid(self.mid, None).unwrap().write_rtp(write);
        self.drain();
    }

    async fn step(&mut self) {
        let mut buffer = [0; 2000];
        tokio::select! {
            received = self.socket.recv_from(&mut buffer) => {
                let (length, source) = received.unwrap();
                let contents = buffer[..length].try_into().unwrap();
                let receive = Receive { proto: Protocol::Udp, source, destination: self.addr, contents };
                self.rtc.handle_input(Input::Receive(Instant::now(), receive)).unwrap();
            }
            () = tokio::time::sleep_until(self.deadline.into()) => {
                self.rtc.handle_input(Input::Timeout(Instant::now())).unwrap();
            }
        }
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(at) => {
                    self.deadline = at;
                    return;
                }
                Output::Transmit(datagram) => {
                    self.socket.try_send_to(&datagram.contents, datagram.destination).unwrap();
                }
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(Event::RtpPacket(packet)) => self.packets.push(packet),
                Output::Event(_) => {}
            }
        }
    }
}
