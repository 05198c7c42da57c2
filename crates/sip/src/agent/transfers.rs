//! Transfers, where two calls take part.

use super::{MAX_CALLS, UserAgent, find};
use crate::call::Call;
use crate::input::CallId;
use crate::message::ReferTo;
use crate::output::{Event, Output};
use crate::reason::{EndReason, Ended};
use crate::target::request_uri;

impl UserAgent {
    pub(super) fn transfer(&mut self, id: CallId, target: &str) {
        let uri = request_uri(target, &self.ctx.config.domain);
        if let Some(call) = find(&mut self.calls, id) {
            call.transfer(&mut self.ctx, uri.map(|uri| ReferTo::value(&uri, None)));
        }
    }

    pub(super) fn transfer_to(&mut self, id: CallId, other: CallId) {
        let other = find(&mut self.calls, other).filter(|_| other != id);
        let refer_to = other.and_then(|other| other.refer_to_replace());
        if let Some(call) = find(&mut self.calls, id) {
            call.transfer(&mut self.ctx, refer_to);
        }
    }

    pub(super) fn accept_transfer(&mut self, id: CallId, new: CallId) {
        if find(&mut self.calls, new).is_some() {
            return;
        }
        let ctx = &mut self.ctx;
        let accepted = find(&mut self.calls, id).and_then(|call| call.accept_transfer(ctx, new));
        match accepted {
            Some(_) if !ctx.connected => ctx.ended(new, EndReason::ConnectionLost),
            Some((uri, extras)) if self.calls.len() < MAX_CALLS => {
                let call = Call::to(ctx, new, uri, None, extras);
                self.calls.push((new, call));
            }
            Some(_) | None => ctx.ended(new, EndReason::Failed),
        }
    }

    /// Tells the far ends that have asked for a transfer what became of the calls made for it.
    pub(super) fn report_transfers(&mut self) {
        for (_, call) in &mut self.calls {
            let Some(new) = call.transferred_to() else { continue };
            let news = self.ctx.outputs().filter_map(|output| news_of(new, output));
            let news: Vec<(u16, String)> = news.collect();
            for (status, phrase) in news {
                call.transfer_progress(&mut self.ctx, status, &phrase);
            }
        }
    }
}

/// What an output says about a call, in the terms of SIP.
fn news_of(call: CallId, output: &Output) -> Option<(u16, String)> {
    let Output::Event(event) = output else { return None };
    let (status, phrase) = match event {
        Event::Progress { call: about, status, .. } if *about == call => (*status, "Ringing"),
        Event::Answered(about) if *about == call => (200, "OK"),
        Event::Ended(about, ended) if *about == call => {
            return Some((status_of(ended), ended.phrase.clone().unwrap_or_default()));
        }
        _ => return None,
    };
    Some((status, if status == 183 { "Session Progress" } else { phrase }.to_owned()))
}

/// The status that says how a call ended before it was answered.
fn status_of(ended: &Ended) -> u16 {
    match (ended.status, ended.reason) {
        (Some(status @ 300..700), _) => status,
        (_, EndReason::NotFound) => 404,
        (_, EndReason::NoAnswer | EndReason::ConnectionLost) => 408,
        (_, EndReason::LocalHangup | EndReason::Cancelled | EndReason::Rejected) => 487,
        (_, EndReason::MediaFailed | EndReason::Incompatible) => 488,
        (_, _) => 500,
    }
}
