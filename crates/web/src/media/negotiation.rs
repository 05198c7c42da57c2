//! Offer and answer (RFC 3264), by way of the browser.

use super::peer::Peer;
use super::{gathering, microphone};
use crate::js;
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

/// Takes the step; gives the SDP it made, empty where none is made.
///
/// `None` when the call was closed meanwhile. Between two awaits nothing here holds the peer, so
/// closing the call closes it at once.
pub(super) async fn run(peer: &Weak<Peer>, step: Step) -> Option<Result<String, MediaError>> {
    let taken = match step {
        Step::Offer { terms } => offer(peer, terms).await,
        Step::Answer { offer, terms } => answer(peer, &offer, terms).await,
        Step::Accept { answer, provisional } => accept(peer, &answer, provisional).await,
        Step::TakeBack => take_back(peer).await,
    };
    match taken {
        Ok(sdp) => Some(Ok(sdp)),
        Err(Stop::Closed) => None,
        Err(Stop::Failed(error)) => Some(Err(error)),
    }
}

/// Why a step was not taken.
enum Stop {
    /// Its call was closed.
    Closed,
    /// The microphone or the browser refused.
    Failed(MediaError),
}

impl From<JsValue> for Stop {
    fn from(thrown: JsValue) -> Self {
        Self::Failed(MediaError::Other(js::describe(&thrown)))
    }
}

async fn offer(peer: &Weak<Peer>, terms: Terms) -> Result<String, Stop> {
    ensure_microphone(peer).await?;
    open(peer)?.set_held(terms.hold);
    let options = RtcOfferOptions::new();
    options.set_ice_restart(terms.restart);
    let made =
        settle(peer, |connection| connection.create_offer_with_rtc_offer_options(&options)).await?;
    describe_locally(peer, &made).await
}

async fn answer(peer: &Weak<Peer>, offer: &str, terms: Terms) -> Result<String, Stop> {
    ensure_microphone(peer).await?;
    describe_remotely(peer, RtcSdpType::Offer, offer).await?;
    open(peer)?.set_held(terms.hold);
    let made = settle(peer, |connection| connection.create_answer()).await?;
    describe_locally(peer, &made).await
}

async fn accept(peer: &Weak<Peer>, answer: &str, provisional: bool) -> Result<String, Stop> {
    let kind = if provisional { RtcSdpType::Pranswer } else { RtcSdpType::Answer };
    describe_remotely(peer, kind, answer).await?;
    Ok(String::new())
}

async fn take_back(peer: &Weak<Peer>) -> Result<String, Stop> {
    let rollback = RtcSessionDescriptionInit::new(RtcSdpType::Rollback);
    settle(peer, |connection| connection.set_local_description(&rollback)).await?;
    Ok(String::new())
}

async fn ensure_microphone(peer: &Weak<Peer>) -> Result<(), Stop> {
    if open(peer)?.has_microphone() {
        return Ok(());
    }
    let microphone = microphone::open().await;
    open(peer)?.attach(microphone.map_err(Stop::Failed)?);
    Ok(())
}

async fn describe_locally(peer: &Weak<Peer>, made: &JsValue) -> Result<String, Stop> {
    settle(peer, |connection| connection.set_local_description(made.unchecked_ref())).await?;
    let wait = gathering::wait(open(peer)?.connection());
    settle(peer, |_| wait.promise().clone()).await?;
    let described = open(peer)?.connection().local_description();
    Ok(described.as_ref().map(RtcSessionDescription::sdp).unwrap_or_default())
}

async fn describe_remotely(peer: &Weak<Peer>, kind: RtcSdpType, sdp: &str) -> Result<(), Stop> {
    let description = RtcSessionDescriptionInit::new(kind);
    description.set_sdp(sdp);
    settle(peer, |connection| connection.set_remote_description(&description)).await?;
    Ok(())
}

/// Waits for something the connection was asked for, but not beyond the call's end.
async fn settle(
    peer: &Weak<Peer>,
    ask: impl FnOnce(&RtcPeerConnection) -> Promise,
) -> Result<JsValue, Stop> {
    let settled = {
        let peer = open(peer)?;
        JsFuture::from(peer.unless_closed(&ask(peer.connection())))
    };
    let value = settled.await;
    open(peer)?;
    Ok(value?)
}

fn open(peer: &Weak<Peer>) -> Result<Rc<Peer>, Stop> {
    peer.upgrade().ok_or(Stop::Closed)
}
