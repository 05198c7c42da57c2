//! Reliable provisional responses of ours, and the PRACK that acknowledges them (RFC 3262
//! section 3).

use crate::context::Context;
use crate::message::{CSeq, Method, RAck, RSeq, Request};
use crate::time::Instant;
use crate::timer::{T1, T1_64, Timer};
use crate::transaction::ServerId;
use std::time::Duration;

/// A provisional response that is repeated until its PRACK comes.
pub(super) struct Reliable {
    response: Vec<u8>,
    acknowledged_by: RAck,
    repeat_at: Instant,
    interval: Duration,
    give_up_at: Instant,
}

impl Reliable {
    /// `response` with this RSeq has just been sent for the INVITE with this number.
    pub(super) fn new(ctx: &Context, response: Vec<u8>, rseq: RSeq, invite_number: u32) -> Self {
        let cseq = CSeq { number: invite_number, method: Method::INVITE };
        let acknowledged_by = RAck { rseq: rseq.number, cseq };
        let (repeat_at, give_up_at) = (ctx.now + T1, ctx.now + T1_64);
        Self { response, acknowledged_by, repeat_at, interval: T1, give_up_at }
    }

    /// Repeats the response if it is time; false when it is time to give up.
    pub(super) fn timeout(&mut self, ctx: &mut Context) -> bool {
        if self.give_up_at <= ctx.now {
            return false;
        }
        if self.repeat_at <= ctx.now {
            ctx.transmit(self.response.clone());
            self.interval *= 2;
            self.repeat_at = ctx.now + self.interval;
        }
        true
    }

    pub(super) fn deadline(&self) -> (Instant, Timer) {
        match self.give_up_at <= self.repeat_at {
            true => (self.give_up_at, Timer::PrackTimeout),
            false => (self.repeat_at, Timer::RepeatRinging),
        }
    }
}

/// Answers a PRACK: it must be for what is `awaited`, which then is no more.
pub(super) fn acknowledge(
    ctx: &mut Context,
    server: ServerId,
    prack: &Request,
    awaited: &mut Option<Reliable>,
) {
    let rack = prack.headers.get("RAck").and_then(RAck::parse);
    if awaited.take_if(|awaited| Some(&awaited.acknowledged_by) == rack.as_ref()).is_none() {
        ctx.respond(server, 481, "Call/Transaction Does Not Exist");
    } else if prack.body.is_empty() {
        ctx.respond(server, 200, "OK");
    } else {
        // The first offer is still open, so there is no place for another.
        ctx.respond(server, 488, "Not Acceptable Here");
    }
}
