//! The calls that are not over.

use crate::call::Call;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::message::CallRef;
use ringlet_sip::CallId;

/// Calls, oldest first.
#[derive(Default)]
pub(crate) struct Calls(Vec<Call>);

impl Calls {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Call> {
        self.0.iter()
    }

    pub(crate) fn ids(&self) -> Vec<CallId> {
        self.0.iter().map(|call| call.id).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn get(&self, id: CallId) -> Option<&Call> {
        self.0.iter().find(|call| call.id == id)
    }

    pub(crate) fn get_mut(&mut self, id: CallId) -> Option<&mut Call> {
        self.0.iter_mut().find(|call| call.id == id)
    }

    pub(crate) fn push(&mut self, call: Call) {
        self.0.push(call);
    }

    pub(crate) fn remove(&mut self, id: CallId) -> Option<Call> {
        let index = self.0.iter().position(|call| call.id == id)?;
        Some(self.0.remove(index))
    }

    /// The answered call, else the oldest.
    pub(crate) fn foremost(&self) -> Option<&Call> {
        self.0.iter().find(|call| call.active_since().is_some()).or(self.0.first())
    }

    /// The call a command means when it names none, or the one it names.
    pub(crate) fn resolve(
        &self,
        reference: &CallRef,
        default: impl FnOnce(&Self) -> Option<&Call>,
    ) -> Result<CallId, ErrorBody> {
        let (call, message) = match &reference.call_id {
            Some(name) => {
                (self.0.iter().find(|call| call.name == *name), "There is no call with this id.")
            }
            None => (default(self), "There is no call this could mean."),
        };
        call.map(|call| call.id).ok_or_else(|| ErrorBody::new(ErrorCode::NoSuchCall, message))
    }
}
