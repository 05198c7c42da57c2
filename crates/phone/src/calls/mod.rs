//! The calls that are not over, and the screen of the last one that is.

mod call;
mod cause;
mod commands;
mod dtmf;
mod ended;
mod ending;
mod finished;
mod hold;
mod incoming;
mod mending;
mod negotiation;
mod outgoing;
mod quality;
mod report;
mod transferee;
mod transferor;
mod unattended;

pub(crate) use call::{Call, Inbound, Leg, Outbound};
pub(crate) use dtmf::takes_dtmf;
pub(crate) use finished::Finished;
pub(crate) use outgoing::Outgoing;
pub(crate) use transferor::{Transfer, TransferStage};

use crate::core::Core;
use crate::view::Ended;
use call::PeerState;
use dtmf::Dtmf;
use ended::EndedScreen;
use hold::Hold;
use negotiation::Operations;
use ringlet_contract::event::HostEvent;
use ringlet_sip::{CallId, Instant};
use unattended::Unattended;

/// All calls.
#[derive(Default)]
pub(crate) struct Calls {
    /// Oldest first.
    list: Vec<Call>,
    operations: Operations,
    ended: EndedScreen,
}

impl Calls {
    /// The calls, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Call> {
        self.list.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The call that a person or a host means who names none: the one that is being talked in, else
    /// one that is held, else the oldest.
    pub(crate) fn focus(&self) -> Option<&Call> {
        let answered = || self.iter().filter(|call| call.active_since().is_some());
        let talking = answered().find(|call| !call.is_held());
        talking.or_else(|| answered().next()).or(self.list.first())
    }

    /// The last call, until its screen is dismissed or another call begins.
    pub(crate) fn last_ended(&self) -> Option<&Ended> {
        self.ended.get()
    }

    pub(crate) fn dismiss_ended(&mut self) {
        self.ended.clear();
    }

    /// Turns the microphone of a call off or on.
    pub(crate) fn set_muted(&mut self, core: &mut Core, id: CallId, muted: bool) {
        let Some(call) = self.get_mut(id).filter(|call| call.muted != muted) else { return };
        call.muted = muted;
        core.tell(HostEvent::CallUpdated(call.updated()));
    }

    /// When [`Calls::timeout`] is wanted: for a peer connection that has not recovered, a transfer
    /// that is undecided or has failed, the next tone, a call that is to be taken or sent on, the
    /// clock of a call, the "call ended" screen.
    pub(crate) fn deadline(&self, now: Instant) -> Option<Instant> {
        let of_calls = |call: &Call| {
            let second = call.active_since().map(|since| next_second(now, since));
            let transfer = call.transfer.as_ref().and_then(Transfer::deadline);
            let others = [
                call.mending_until(),
                call.transfer_undecided_until(),
                transfer,
                call.dtmf.deadline(),
                call.unattended.deadline(),
            ];
            others.into_iter().flatten().chain(second).min()
        };
        self.iter().filter_map(of_calls).chain(self.ended.deadline()).min()
    }

    /// Does what is due.
    pub(crate) fn timeout(&mut self, core: &mut Core, microphone_works: bool) {
        self.timeout_unattended(core, microphone_works);
        self.give_up_mending(core);
        self.give_up_undecided_transfers(core);
        self.put_failed_transfers_away(core.now);
        if let Some(late) = core.late {
            (late.timeout_dtmf)(self, core);
        }
        self.ask_for_samples(core);
        self.ended.timeout(core.now);
    }

    fn get(&self, id: CallId) -> Option<&Call> {
        self.iter().find(|call| call.id == id)
    }

    fn get_mut(&mut self, id: CallId) -> Option<&mut Call> {
        self.list.iter_mut().find(|call| call.id == id)
    }

    fn ids(&self) -> Vec<CallId> {
        self.iter().map(|call| call.id).collect()
    }

    fn add(
        &mut self,
        core: &mut Core,
        id: CallId,
        number: String,
        display_name: Option<String>,
        leg: Leg,
    ) {
        self.ended.clear();
        self.list.push(Call {
            id,
            name: core.random.call_name(),
            number,
            display_name,
            uri: None,
            began: core.now,
            leg,
            muted: false,
            hold: Hold::default(),
            peer: PeerState::Connecting,
            transfer_request: None,
            transfer: None,
            dtmf: Dtmf::default(),
            quality: None,
            sampled_at: None,
            unattended: Unattended::Nothing,
            fate: None,
        });
        core.notice(crate::notice::Notice::CallAdded);
    }

    fn remove(&mut self, id: CallId) -> Option<Call> {
        let index = self.list.iter().position(|call| call.id == id)?;
        self.operations.forget(id);
        Some(self.list.remove(index))
    }
}

/// When a clock that began at `since` shows another number of seconds.
fn next_second(now: Instant, since: Instant) -> Instant {
    let since = since.as_millis();
    Instant::from_millis(since + (now.as_millis().saturating_sub(since) / 1_000 + 1) * 1_000)
}

#[cfg(test)]
mod tests;
