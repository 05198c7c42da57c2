//! `str0m`'s engine with the sockets it speaks through; synchronous, drained after every change.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::crypto::from_feature_flags;
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcError};
use tokio::net::UdpSocket;

use super::tone;
use crate::MediaError;

/// What the far end hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// Itself: every RTP packet goes back with its payload untouched.
    Echo,
    /// A 1 kHz tone, as PCMU whatever else is offered.
    Tone,
}

const PACKET_TIME: Duration = Duration::from_millis(20);

pub(super) struct Agent {
    rtc: Rtc,
    program: Program,
    sockets: Vec<(SocketAddr, Arc<UdpSocket>)>,
    audio: Option<Mid>,
    pending: Option<SdpPendingOffer>,
    tone: Option<Tone>,
    engine_deadline: Instant,
}

struct Tone {
    next: Instant,
    packets: u64,
}

impl Agent {
    pub(super) fn new(program: Program, ips: &[IpAddr]) -> Result<Self, MediaError> {
        let now = Instant::now();
        let mut rtc = Rtc::builder()
            .set_crypto_provider(Arc::new(from_feature_flags()))
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(program == Program::Echo, false)
            .enable_pcmu(true, false)
            .build(now);
        let mut sockets = Vec::new();
        let mut failure = std::io::Error::other("no media address is configured");
        for ip in ips {
            match bind(*ip) {
                Ok((addr, socket)) => {
                    let candidate = Candidate::host(addr, "udp")
                        .map_err(|error| MediaError::Description(error.to_string()))?;
                    rtc.add_local_candidate(candidate);
                    sockets.push((addr, Arc::new(socket)));
                }
                Err(error) => {
                    tracing::warn!(%ip, %error, "media address cannot be used");
                    failure = error;
                }
            }
        }
        if sockets.is_empty() {
            return Err(MediaError::Socket(failure));
        }
        let (audio, pending, tone) = (None, None, None);
        Ok(Self { rtc, program, sockets, audio, pending, tone, engine_deadline: now })
    }

    pub(super) fn sockets(&self) -> &[(SocketAddr, Arc<UdpSocket>)] {
        &self.sockets
    }

    /// When [`wake`](Self::wake) is due.
    pub(super) fn deadline(&self) -> Instant {
        self.tone.as_ref().map_or(self.engine_deadline, |tone| tone.next.min(self.engine_deadline))
    }

    pub(super) fn answer(&mut self, offer: &str) -> Result<String, MediaError> {
        let offer = SdpOffer::from_sdp_string(offer)
            .map_err(|error| MediaError::Description(error.to_string()))?;
        let answer = self.rtc.sdp_api().accept_offer(offer)?;
        self.drain()?;
        let answer = answer.to_sdp_string();
        // The engine announces media only once it is connected; the answer knows it now.
        self.audio = Some(audio_mid(&answer).ok_or(MediaError::Codec)?);
        Ok(answer)
    }

    pub(super) fn offer(&mut self) -> Result<String, MediaError> {
        let mut changes = self.rtc.sdp_api();
        let mid = changes.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
        let (offer, pending) =
            changes.apply().ok_or_else(|| MediaError::Description("nothing to offer".into()))?;
        self.audio = Some(mid);
        self.pending = Some(pending);
        self.drain()?;
        Ok(offer.to_sdp_string())
    }

    pub(super) fn accept_answer(&mut self, answer: &str) -> Result<(), MediaError> {
        let answer = SdpAnswer::from_sdp_string(answer)
            .map_err(|error| MediaError::Description(error.to_string()))?;
        if let Some(pending) = self.pending.take() {
            self.rtc.sdp_api().accept_answer(pending, answer)?;
            self.drain()?;
        }
        Ok(())
    }

    pub(super) fn receive(
        &mut self,
        source: SocketAddr,
        destination: SocketAddr,
        datagram: &[u8],
    ) -> Result<(), RtcError> {
        // Not STUN, DTLS or RTP: anybody may send anything to a UDP port.
        let Ok(contents) = datagram.try_into() else { return Ok(()) };
        let receive = Receive { proto: Protocol::Udp, source, destination, contents };
        let input = Input::Receive(Instant::now(), receive);
        if self.rtc.accepts(&input) {
            self.rtc.handle_input(input)?;
            self.drain()?;
        }
        Ok(())
    }

    /// Does what is due: the engine's timers, the next packet of tone.
    pub(super) fn wake(&mut self) -> Result<(), RtcError> {
        let now = Instant::now();
        if self.engine_deadline <= now {
            self.rtc.handle_input(Input::Timeout(now))?;
            self.drain()?;
        }
        while let Some(tone) = self.tone.as_mut().filter(|tone| tone.next <= now) {
            tone.next += PACKET_TIME;
            let number = tone.packets;
            tone.packets += 1;
            self.write_tone(number, now);
            self.drain()?;
        }
        Ok(())
    }

    fn write_tone(&mut self, number: u64, now: Instant) {
        let pcmu = self.rtc.codec_config().find(|p| p.spec().codec == Codec::PCMU).map(|p| p.pt());
        let (Some(mid), Some(pt)) = (self.audio, pcmu) else { return };
        let mut api = self.rtc.direct_api();
        if let Some(stream) = api.stream_tx_by_mid(mid, None) {
            // The RTP clock wraps by design.
            let time = (number * tone::PACKET_SAMPLES as u64) as u32;
            let packet = RtpWrite::new(pt, number.into(), time, now, tone::packet().to_vec());
            stream.write_rtp(packet.marker(number == 0));
        }
    }

    fn drain(&mut self) -> Result<(), RtcError> {
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(at) => {
                    self.engine_deadline = at;
                    return Ok(());
                }
                Output::Transmit(datagram) => {
                    let from = self.sockets.iter().find(|(addr, _)| *addr == datagram.source);
                    if let Some((_, socket)) = from {
                        // UDP may lose it; what matters is sent again.
                        let _ = socket.try_send_to(&datagram.contents, datagram.destination);
                    }
                }
                Output::Event(event) => self.handle(event),
            }
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Connected if self.program == Program::Tone => {
                self.tone.get_or_insert(Tone { next: Instant::now(), packets: 0 });
            }
            Event::RtpPacket(packet) if self.program == Program::Echo => self.echo(packet),
            _ => {}
        }
    }

    fn echo(&mut self, packet: RtpPacket) {
        let Some(mid) = self.audio else { return };
        let header = &packet.header;
        let write = RtpWrite::new(
            header.payload_type,
            packet.seq_no,
            header.timestamp,
            packet.timestamp,
            packet.payload.clone(),
        );
        let mut api = self.rtc.direct_api();
        if let Some(stream) = api.stream_tx_by_mid(mid, None) {
            stream.write_rtp(write.marker(header.marker));
        }
    }
}

/// The `a=mid` of the audio section, when a codec was agreed for it.
fn audio_mid(answer: &str) -> Option<Mid> {
    let audio = answer.split("\r\nm=").skip(1).find(|section| section.starts_with("audio "))?;
    audio.lines().find(|line| line.starts_with("a=rtpmap:"))?;
    audio.lines().find_map(|line| line.strip_prefix("a=mid:")).map(Mid::from)
}

fn bind(ip: IpAddr) -> std::io::Result<(SocketAddr, UdpSocket)> {
    let socket = std::net::UdpSocket::bind((ip, 0))?;
    socket.set_nonblocking(true)?;
    Ok((socket.local_addr()?, UdpSocket::from_std(socket)?))
}
