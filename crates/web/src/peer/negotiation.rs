//! Offer and answer (RFC 3264), by way of the browser.

use super::codecs::Shaping;
use super::connection::Connection;
use super::gathering;
use crate::audio::Capture;
use crate::js;
use crate::late::Unfetched;
use js_sys::Promise;
use ringlet_phone::{MediaError, Terms};
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    RtcOfferOptions, RtcPeerConnection, RtcSdpType, RtcSessionDescription,
    RtcSessionDescriptionInit,
};

/// One step of offer and answer.
pub(super) enum Step {
    /// Make an offer.
    Offer { terms: Terms },
    /// Take an offer, make the answer.
    Answer { offer: String, terms: Terms },
    /// Take the answer to our offer.
    Accept { answer: String, provisional: bool },
    /// Take our offer back (JSEP, RFC 8829 section 4.1.10.2).
    TakeBack,
}

impl Step {
    /// Whether the microphone must be open before it; the first offer or answer of a call.
    pub(super) fn needs_microphone(&self, connection: &Connection) -> bool {
        match self {
            Self::Offer { .. } | Self::Answer { .. } => !connection.has_microphone(),
            Self::Accept { .. } | Self::TakeBack => false,
        }
    }
}

/// The microphone that a step asked for.
pub(super) enum Asked {
    /// It has one already, or needs none.
    None,
    /// It must be there before the step.
    First(Result<Rc<Capture>, MediaError>),
    /// It may come later, by way of this.
    Meanwhile(Box<dyn FnOnce()>),
}

impl Asked {
    /// Waits for what must be there first; returns what may come later.
    async fn first(self, peer: &Weak<Connection>) -> Result<Option<Box<dyn FnOnce()>>, Stop> {
        match self {
            Self::None => Ok(None),
            Self::First(asked) => attach(peer, asked).await.map(|()| None),
            Self::Meanwhile(attach) => Ok(Some(attach)),
        }
    }
}

/// Takes the step; gives the SDP it made, empty where none is made.
///
/// `None` when the call was closed meanwhile. Between two awaits nothing here holds the peer, so
/// closing the call closes it at once.
pub(super) async fn run(
    peer: &Weak<Connection>,
    microphone: Asked,
    step: Step,
) -> Option<Result<String, MediaError>> {
    match take(peer, microphone, step).await {
        Ok(sdp) => Some(Ok(sdp)),
        Err(Stop::Closed) => None,
        Err(Stop::Failed(error)) => Some(Err(error)),
    }
}

async fn take(peer: &Weak<Connection>, microphone: Asked, step: Step) -> Result<String, Stop> {
    let shaping = Shaping::of(open(peer)?.config().clone()).await?;
    let shaping = shaping.as_ref();
    match step {
        Step::Offer { terms } => offer(peer, microphone, shaping, terms).await,
        Step::Answer { offer, terms } => answer(peer, microphone, shaping, &offer, terms).await,
        Step::Accept { answer, provisional } => accept(peer, shaping, &answer, provisional).await,
        Step::TakeBack => take_back(peer).await,
    }
}

/// Why a step was not taken.
enum Stop {
    /// Its call was closed.
    Closed,
    /// The microphone or the browser refused.
    Failed(MediaError),
}

impl From<Unfetched> for Stop {
    fn from(_: Unfetched) -> Self {
        Self::Failed(MediaError::Other("A part of the phone could not be fetched.".into()))
    }
}

async fn offer(
    peer: &Weak<Connection>,
    microphone: Asked,
    shaping: Option<&Shaping>,
    terms: Terms,
) -> Result<String, Stop> {
    let meanwhile = microphone.first(peer).await?;
    let connection = open(peer)?;
    connection.reserve_audio();
    connection.set_held(terms.hold);
    shaping.inspect(|shaping| shaping.prefer(&connection));
    drop(connection);
    meanwhile.into_iter().for_each(|attach| attach());
    let options = RtcOfferOptions::new();
    options.set_ice_restart(terms.restart);
    let made = settle(peer, "createOffer", |connection| {
        connection.create_offer_with_rtc_offer_options(&options)
    })
    .await?;
    describe_locally(peer, shaping, &made, terms.restart).await
}

async fn answer(
    peer: &Weak<Connection>,
    microphone: Asked,
    shaping: Option<&Shaping>,
    offer: &str,
    terms: Terms,
) -> Result<String, Stop> {
    let meanwhile = microphone.first(peer).await?;
    describe_remotely(peer, shaping, RtcSdpType::Offer, offer).await?;
    let connection = open(peer)?;
    connection.set_held(terms.hold);
    shaping.inspect(|shaping| shaping.prefer(&connection));
    drop(connection);
    // Not before: Chromium tells of no track that arrives where one is added while it reads the offer.
    meanwhile.into_iter().for_each(|attach| attach());
    let made = settle(peer, "createAnswer", |connection| connection.create_answer()).await?;
    if js::get(&made, "sdp").as_string().is_some_and(|sdp| refuses_audio(&sdp)) {
        return Err(Stop::Failed(MediaError::Other("The far end has no codec in common.".into())));
    }
    describe_locally(peer, shaping, &made, false).await
}

/// A description whose port is 0 refuses the stream (RFC 3264 section 6).
fn refuses_audio(sdp: &str) -> bool {
    sdp.lines().any(|line| line.starts_with("m=audio 0 "))
}

async fn accept(
    peer: &Weak<Connection>,
    shaping: Option<&Shaping>,
    answer: &str,
    provisional: bool,
) -> Result<String, Stop> {
    let kind = if provisional { RtcSdpType::Pranswer } else { RtcSdpType::Answer };
    describe_remotely(peer, shaping, kind, answer).await?;
    Ok(String::new())
}

async fn take_back(peer: &Weak<Connection>) -> Result<String, Stop> {
    let rollback = RtcSessionDescriptionInit::new(RtcSdpType::Rollback);
    settle(peer, "rollback", |connection| connection.set_local_description(&rollback)).await?;
    Ok(String::new())
}

async fn attach(
    peer: &Weak<Connection>,
    asked: Result<Rc<Capture>, MediaError>,
) -> Result<(), Stop> {
    let capture = asked.map_err(Stop::Failed)?;
    let opened = capture.opened().await;
    let connection = open(peer)?;
    opened.map_err(Stop::Failed)?;
    connection.attach(capture);
    Ok(())
}

/// `restarts`: with new ICE credentials.
async fn describe_locally(
    peer: &Weak<Connection>,
    shaping: Option<&Shaping>,
    made: &JsValue,
    restarts: bool,
) -> Result<String, Stop> {
    let connection = open(peer)?;
    let wait = gathering::wait(connection.connection(), connection.best_kind());
    drop(connection);
    let wait =
        wait.map_err(|thrown| Stop::Failed(MediaError::Other(js::describe("gathering", &thrown))))?;
    settle(peer, "setLocalDescription", |connection| {
        connection.set_local_description(made.unchecked_ref())
    })
    .await?;
    settle(peer, "gathering", |_| wait.promise(restarts).clone()).await?;
    let described = open(peer)?.connection().local_description();
    let sdp = described.as_ref().map(RtcSessionDescription::sdp).unwrap_or_default();
    Ok(tuned(shaping, sdp))
}

fn tuned(shaping: Option<&Shaping>, sdp: String) -> String {
    match shaping {
        Some(shaping) => shaping.tune(&sdp),
        None => sdp,
    }
}

async fn describe_remotely(
    peer: &Weak<Connection>,
    shaping: Option<&Shaping>,
    kind: RtcSdpType,
    sdp: &str,
) -> Result<(), Stop> {
    let description = RtcSessionDescriptionInit::new(kind);
    description.set_sdp(&tuned(shaping, sdp.to_owned()));
    settle(peer, "setRemoteDescription", |connection| {
        connection.set_remote_description(&description)
    })
    .await?;
    Ok(())
}

/// Waits for something the connection was asked for, but not beyond the call's end. `what` names
/// it in an error.
async fn settle(
    peer: &Weak<Connection>,
    what: &str,
    ask: impl FnOnce(&RtcPeerConnection) -> Promise,
) -> Result<JsValue, Stop> {
    let settled = {
        let peer = open(peer)?;
        JsFuture::from(peer.unless_closed(&ask(peer.connection())))
    };
    let value = settled.await;
    open(peer)?;
    value.map_err(|thrown| Stop::Failed(MediaError::Other(js::describe(what, &thrown))))
}

fn open(peer: &Weak<Connection>) -> Result<Rc<Connection>, Stop> {
    peer.upgrade().ok_or(Stop::Closed)
}
