//! Where the offers and answers of an answered call are (RFC 3264, RFC 6337).

use super::changing::Change;
use crate::call::session_interval::SessionTimerTerms;
use crate::context::Context;
use crate::input::OpId;
use crate::message::Request;
use crate::time::Instant;
use crate::timer::{T1, T1_64, T2, Timer};
use crate::transaction::{ClientId, ServerId};
use std::time::Duration;

/// The offer and answer under way.
pub(super) enum Negotiation {
    /// None.
    Stable,
    /// The far end's answer is being applied. `holds`: it says whether the far end holds.
    Applying { op: OpId, to: Offer, holds: Option<bool> },
    /// SDP is being made for the far end's re-INVITE or UPDATE.
    Describing { op: OpId, asked: Asked },
    /// Our 2xx to INVITE is not acknowledged yet.
    Unacknowledged(Unacknowledged),
    /// Our offer is being made.
    Offering { op: OpId, change: Change },
    /// Our re-INVITE is sent.
    Inviting(Inviting),
    /// SDP is being made, and is not wanted any more. `is_offer`: it must be taken back.
    Dropping { op: OpId, is_offer: bool },
}

/// The offer that the far end has answered.
pub(super) enum Offer {
    /// That of the INVITE which made the call, or of a 2xx of ours.
    Plain,
    /// That of our re-INVITE.
    Change(Change),
}

/// The far end's request that [`Negotiation::Describing`] answers.
pub(super) struct Asked {
    pub(super) server: ServerId,
    pub(super) kind: Kind,
    /// The far end holds, as its offer says.
    pub(super) holds: Option<bool>,
    /// What our 2xx settles about the session, and whether the far end supports timers.
    pub(super) timer: Option<(SessionTimerTerms, bool)>,
}

pub(super) enum Kind {
    Invite { number: u32, wants: Wants },
    Update,
}

/// What the ACK must bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::call) enum Wants {
    /// Nothing: the offer was in the INVITE.
    Nothing,
    /// The answer to the offer in our 2xx.
    Answer,
}

impl Asked {
    /// Whether our offer is what is being made.
    pub(super) fn wants_offer(&self) -> bool {
        matches!(self.kind, Kind::Invite { wants: Wants::Answer, .. })
    }
}

/// Our re-INVITE.
pub(super) struct Inviting {
    pub(super) client: ClientId,
    pub(super) change: Change,
    /// Nobody decides about a re-INVITE, so that even a far end that reacts must answer soon.
    pub(super) give_up_at: Instant,
    /// It took too long, and CANCEL is sent.
    pub(super) cancelled: bool,
}

/// A 2xx that is repeated until its ACK comes (RFC 3261 section 13.3.1.4). The transport is
/// reliable, but the way beyond the next proxy may not be.
pub(in crate::call) struct Unacknowledged {
    answer: Vec<u8>,
    number: u32,
    pub(super) wants: Wants,
    /// It answers the INVITE that made the call, so that BYE has to wait for the ACK.
    pub(super) first: bool,
    repeat_at: Instant,
    interval: Duration,
    give_up_at: Instant,
}

impl Unacknowledged {
    pub(super) fn new(ctx: &Context, answer: Vec<u8>, number: u32, wants: Wants) -> Self {
        let (repeat_at, give_up_at) = (ctx.now + T1, ctx.now + T1_64);
        Self { answer, number, wants, first: false, repeat_at, interval: T1, give_up_at }
    }

    pub(in crate::call) fn is_acknowledged_by(&self, ack: &Request) -> bool {
        ack.headers.cseq().is_some_and(|cseq| cseq.number == self.number)
    }

    /// Repeats the 2xx on a new socket at once: on the old one it may have been lost.
    pub(in crate::call) fn connected(&mut self, ctx: &mut Context) {
        ctx.transmit(self.answer.clone());
        self.interval = T1;
        self.repeat_at = ctx.now + T1;
    }

    /// Repeats the 2xx if it is time; false when it is time to give up.
    pub(in crate::call) fn timeout(&mut self, ctx: &mut Context) -> bool {
        if self.give_up_at <= ctx.now {
            return false;
        }
        if self.repeat_at <= ctx.now {
            ctx.transmit(self.answer.clone());
            self.interval = (self.interval * 2).min(T2);
            self.repeat_at = ctx.now + self.interval;
        }
        true
    }

    pub(in crate::call) fn deadline(&self) -> (Instant, Timer) {
        match self.give_up_at <= self.repeat_at {
            true => (self.give_up_at, Timer::AckTimeout),
            false => (self.repeat_at, Timer::RepeatAnswer),
        }
    }
}
