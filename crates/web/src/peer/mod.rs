//! One peer connection for each call (RFC 8829).
//!
//! A connection sends by way of a sender and hands what arrives to the audio graph; which source
//! the sender carries is the graph's business.
//!
//! Each operation is a task that answers once with [`PeerInput::Done`]. When its call is closed
//! meanwhile it answers nothing: the phone has forgotten it.

mod candidates;
mod codecs;
mod connection;
mod dtmf;
mod gathering;
mod late;
mod negotiation;
mod spare;
mod stats;

use crate::audio::{Audio, Capture, Graph};
use crate::driver::Inbox;
use crate::js;
use connection::{Connection, Owned};
use negotiation::{Asked, Step};
use ringlet_phone::{CallId, Input, MediaError, OpId, PeerConfig, PeerEffect, PeerInput};
use spare::Spare;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// The peer connections of all calls.
pub struct Peers {
    inbox: Inbox<Input>,
    graph: Rc<Graph>,
    config: Rc<PeerConfig>,
    /// A handful at most, so a list does.
    open: Vec<Rc<Connection>>,
    spare: Spare,
}

impl Peers {
    /// No calls; those to come send and are heard by way of `audio`.
    pub fn new(inbox: Inbox<Input>, audio: &Audio) -> Self {
        Self {
            inbox,
            graph: audio.graph(),
            config: Rc::default(),
            open: Vec::new(),
            spare: Spare::default(),
        }
    }

    /// Carries out one effect.
    pub fn perform(&mut self, effect: PeerEffect) {
        match effect {
            PeerEffect::Configure(config) => {
                self.graph.microphone().configure(&config.media);
                self.config = Rc::from(config);
                // It has the old servers.
                drop(self.spare.take());
            }
            PeerEffect::Prepare => {
                self.graph.permission().watch(self.inbox.clone());
                self.graph.watch_devices();
                self.spare.prepare(&self.config);
            }
            PeerEffect::CreateOffer(op, call, terms) => {
                self.negotiate(op, call, Step::Offer { terms });
            }
            PeerEffect::CreateAnswer(op, call, offer, terms) => {
                self.negotiate(op, call, Step::Answer { offer, terms });
            }
            PeerEffect::SetAnswer { op, call, answer, provisional } => {
                self.negotiate(op, call, Step::Accept { answer, provisional });
            }
            PeerEffect::Rollback(op, call) => self.negotiate(op, call, Step::TakeBack),
            PeerEffect::SendTone(call, tone) => {
                let connection = self.open.iter().find(|connection| connection.call() == call);
                if !connection.is_some_and(|connection| connection.send_tone(tone)) {
                    self.inbox.push(Input::Peer(PeerInput::ToneRefused(call)));
                }
            }
            PeerEffect::Sample(call) => self.sample(call),
            PeerEffect::Close(call) => {
                self.open.retain(|connection| connection.call() != call);
                self.spare.prepare(&self.config);
            }
        }
    }

    fn sample(&self, call: CallId) {
        let Some(connection) = self.open.iter().find(|connection| connection.call() == call) else {
            return;
        };
        let (inbox, connection) = (self.inbox.clone(), Rc::downgrade(connection));
        spawn_local(async move {
            if let Some(sample) = stats::sample(connection).await {
                inbox.push(Input::Peer(PeerInput::Sampled(call, sample)));
            }
        });
    }

    fn negotiate(&mut self, op: OpId, call: CallId, step: Step) {
        let inbox = self.inbox.clone();
        let done = move |result| inbox.push(Input::Peer(PeerInput::Done(op, result)));
        let connection = match self.connection(call, &step) {
            Ok(connection) => connection,
            Err(error) => return done(Err(error)),
        };
        // Asked for at once, so that the capture of a probe that ends now is taken over.
        let asked = step.needs_microphone(&connection).then(|| self.graph.microphone().ask());
        let microphone = match asked {
            None => Asked::None,
            Some(Ok(capture)) if self.graph.permission().is_granted() => {
                Asked::Meanwhile(self.attaching(&connection, capture))
            }
            Some(asked) => Asked::First(asked),
        };
        let connection = Rc::downgrade(&connection);
        spawn_local(async move {
            if let Some(result) = negotiation::run(&connection, microphone, step).await {
                done(result);
            }
        });
    }

    /// What gives the call the microphone as soon as it is open. The negotiation goes on meanwhile, since
    /// nobody needs to be asked.
    fn attaching(&self, connection: &Rc<Connection>, capture: Rc<Capture>) -> Box<dyn FnOnce()> {
        let (inbox, call) = (self.inbox.clone(), connection.call());
        let connection = Rc::downgrade(connection);
        let attach = async move {
            let opened = capture.opened().await;
            // Nobody needs it in a call that is over.
            let Some(connection) = connection.upgrade() else { return };
            match opened {
                Ok(()) => connection.attach(capture),
                Err(error) => {
                    drop(connection);
                    inbox.push(Input::Peer(PeerInput::MicrophoneFailed(call, error)));
                }
            }
        };
        Box::new(|| spawn_local(attach))
    }

    /// The call's peer connection, made now if the step is one that begins a call.
    fn connection(&mut self, call: CallId, step: &Step) -> Result<Rc<Connection>, MediaError> {
        if let Some(open) = self.open.iter().find(|connection| connection.call() == call) {
            return Ok(open.clone());
        }
        match step {
            Step::Offer { .. } | Step::Answer { .. } => {
                let owned = match self.spare.take() {
                    Some(spare) => spare,
                    None => Owned::open(&self.config.ice_servers).map_err(|thrown| {
                        MediaError::Other(js::describe("RTCPeerConnection", &thrown))
                    })?,
                };
                let connection = Connection::new(
                    call,
                    owned,
                    self.config.clone(),
                    self.graph.clone(),
                    &self.inbox,
                );
                self.open.push(connection.clone());
                Ok(connection)
            }
            Step::Accept { .. } | Step::TakeBack => {
                Err(MediaError::Other("There is no offer to be answered or taken back.".into()))
            }
        }
    }
}
