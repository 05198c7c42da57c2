//! The microphone, and one peer connection for each call (RFC 8829).
//!
//! Each operation is a task that answers once with [`MediaInput::Done`]. When its call is closed
//! meanwhile it answers nothing: the phone has forgotten it.

mod gathering;
mod microphone;
mod negotiation;
mod peer;

pub use microphone::failure;

use crate::driver::Inbox;
use crate::js;
use negotiation::Step;
use peer::Peer;
use ringlet_contract::config::IceServer;
use ringlet_phone::{CallId, Input, MediaEffect, MediaError, MediaInput, OpId};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// All calls' media.
pub struct Media {
    inbox: Inbox<Input>,
    ice_servers: Vec<IceServer>,
    /// A handful at most, so a list does.
    peers: Vec<Rc<Peer>>,
}

impl Media {
    /// No calls.
    pub fn new(inbox: Inbox<Input>) -> Self {
        Self { inbox, ice_servers: Vec::new(), peers: Vec::new() }
    }

    /// Does one piece of media work.
    pub fn perform(&mut self, effect: MediaEffect) {
        match effect {
            MediaEffect::Configure(ice_servers) => self.ice_servers = ice_servers,
            MediaEffect::CreateOffer(op, call, terms) => {
                self.negotiate(op, call, Step::Offer { terms });
            }
            MediaEffect::CreateAnswer(op, call, offer, terms) => {
                self.negotiate(op, call, Step::Answer { offer, terms });
            }
            MediaEffect::SetAnswer { op, call, answer, provisional } => {
                self.negotiate(op, call, Step::Accept { answer, provisional });
            }
            MediaEffect::Rollback(op, call) => self.negotiate(op, call, Step::TakeBack),
            MediaEffect::SetMuted(call, muted) => {
                if let Some(peer) = self.find(call) {
                    peer.set_muted(muted);
                }
            }
            MediaEffect::Close(call) => self.peers.retain(|peer| peer.call() != call),
            MediaEffect::ProbeMicrophone => self.probe(),
            MediaEffect::Unlock => self.peers.iter().for_each(|peer| peer.play()),
        }
    }

    fn find(&self, call: CallId) -> Option<&Rc<Peer>> {
        self.peers.iter().find(|peer| peer.call() == call)
    }

    fn negotiate(&mut self, op: OpId, call: CallId, step: Step) {
        let inbox = self.inbox.clone();
        let done = move |result| inbox.push(Input::Media(MediaInput::Done(op, result)));
        let peer = match self.peer(call, &step) {
            Ok(peer) => Rc::downgrade(&peer),
            Err(error) => return done(Err(error)),
        };
        spawn_local(async move {
            if let Some(result) = negotiation::run(&peer, step).await {
                done(result);
            }
        });
    }

    /// The call's peer connection, made now if the step is one that begins a call.
    fn peer(&mut self, call: CallId, step: &Step) -> Result<Rc<Peer>, MediaError> {
        if let Some(peer) = self.find(call) {
            return Ok(peer.clone());
        }
        match step {
            Step::Offer { .. } | Step::Answer { .. } => {
                let peer = Peer::new(call, &self.ice_servers, &self.inbox)
                    .map_err(|thrown| MediaError::Other(js::describe(&thrown)))?;
                self.peers.push(peer.clone());
                Ok(peer)
            }
            Step::Accept { .. } | Step::TakeBack => {
                Err(MediaError::Other("an answer before any offer".into()))
            }
        }
    }

    fn probe(&self) {
        let inbox = self.inbox.clone();
        spawn_local(async move {
            let result = microphone::open().await.map(drop);
            inbox.push(Input::Media(MediaInput::Microphone(result)));
        });
    }
}
