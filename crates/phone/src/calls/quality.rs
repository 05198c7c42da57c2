//! How well the far end is heard: a sample a second of every answered call.

use super::Calls;
use super::call::{Call, PeerState};
use super::next_second;
use crate::core::Core;
use crate::effect::{Effect, PeerEffect};
use crate::quality::{Sample, Talk};
use ringlet_contract::event::{HostEvent, QualityReport, QualityWarning};
use ringlet_sip::CallId;

impl Calls {
    /// Asks for a sample of every call whose second is over.
    pub(super) fn ask_for_samples(&mut self, core: &mut Core) {
        if core.late.is_none() {
            return;
        }
        for call in &mut self.list {
            let Some(since) = call.active_since() else { continue };
            if call.sampled_at.is_none_or(|at| next_second(at, since) <= core.now) {
                call.sampled_at = Some(core.now);
                core.push(Effect::Peer(PeerEffect::Sample(call.id)));
            }
        }
    }

    /// What the browser has counted. What it says of a call that is over is not needed.
    pub(super) fn on_sampled(&mut self, core: &mut Core, id: CallId, sample: &Sample) {
        let Some(call) = self.get_mut(id) else { return };
        let talk = call.talk();
        let Some(late) = core.late else { return };
        for warning in (late.on_sample)(&mut call.quality, core.now, sample, talk) {
            core.tell(HostEvent::QualityWarning(QualityWarning {
                call_id: call.name.clone(),
                metric: warning.metric,
                value: warning.value,
                threshold: warning.threshold,
                cleared: warning.cleared,
            }));
        }
    }
}

impl Call {
    /// How well it was heard, if it was measured.
    pub(super) fn quality_report(&self, core: &Core) -> Option<QualityReport> {
        (core.late?.quality_report)(self.quality()?)
    }

    /// What should be heard now. A connection that broke is still one on which something should be.
    fn talk(&self) -> Option<Talk> {
        let is_up = match self.peer {
            PeerState::Connecting => false,
            PeerState::Connected | PeerState::Mending { .. } => true,
        };
        let flows =
            self.active_since().is_some() && is_up && !self.is_held() && !self.is_remote_held();
        flows.then_some(Talk { speaks: !self.muted })
    }
}
