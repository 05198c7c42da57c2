//! An answered call as text, to be taken over by another agent (another page of the same phone).
//!
//! The text is ours alone: its first line names the version, each other line a property and its
//! value. Lines that are not known are skipped.

use super::confirmed::{Confirmed, Hold, Role};
use super::session_interval::SessionTimerTerms;
use super::{Call, State};
use crate::context::Context;
use crate::dialog::Dialog;
use crate::input::CallId;
use crate::message::{NameAddr, Uri};
use crate::output::Party;
use std::time::Duration;

const FIRST_WORD: &str = "ringlet-call";
const VERSION: &str = "1";
/// The longest text that is read, in bytes.
const MAX_LENGTH: usize = 16 * 1024;
/// The longest route that is taken.
const MAX_ROUTES: usize = 32;
/// How old a snapshot may be where no session timer says how long the far end waits.
const MAX_AGE: Duration = Duration::from_secs(300);
/// Left free for the numbers of requests that were sent after the snapshot was taken (RFC 3261
/// section 12.2.1.1 lets numbers be skipped).
const SKIPPED_NUMBERS: u32 = 1000;
const MAX_NUMBER: u32 = 0x7fff_ffff - 2 * SKIPPED_NUMBERS;

/// Why a call cannot be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResumeError {
    /// The text is not, or not quite, what [`crate::UserAgent::export`] writes.
    Malformed,
    /// It was written by another version.
    Version,
    /// The far end will have given the call up: the session timer has run out, or, where there is
    /// none, five minutes have passed.
    Stale,
    /// This agent has the call already.
    Duplicate,
    /// This agent has [`crate::MAX_CALLS`] calls.
    Full,
}

impl Call {
    /// This call as text, if it is answered and not over.
    pub(crate) fn export(&self, ctx: &Context) -> Option<String> {
        match &self.state {
            State::Confirmed(call) => Some(write(ctx, call)),
            State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Cancelling(_)
            | State::Ringing(_)
            | State::Accepting(..)
            | State::Leaving(_)
            | State::Closing(_)
            | State::Terminated => None,
        }
    }

    fn has(&self, dialog: &Dialog) -> bool {
        let ours = match &self.state {
            State::Confirmed(call) => &call.dialog,
            State::Leaving(call) => &call.confirmed.dialog,
            State::Closing(call) => &call.dialog,
            State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Cancelling(_)
            | State::Ringing(_)
            | State::Accepting(..)
            | State::Terminated => return false,
        };
        ours.call_id == dialog.call_id
            && ours.local_tag == dialog.local_tag
            && ours.remote_tag == dialog.remote_tag
    }

    /// The call that a snapshot of this age describes.
    pub(crate) fn resume(
        ctx: &mut Context,
        calls: &[(CallId, Self)],
        id: CallId,
        snapshot: &str,
        age: Duration,
    ) -> Result<Self, ResumeError> {
        let snapshot = Snapshot::read(snapshot)?;
        if calls.iter().any(|(_, call)| call.has(&snapshot.dialog)) {
            return Err(ResumeError::Duplicate);
        }
        let left = snapshot.timer.map_or(MAX_AGE, |(_, left)| left);
        let left = left.checked_sub(age).filter(|left| !left.is_zero());
        let left = left.ok_or(ResumeError::Stale)?;
        let timer = snapshot.timer.map(|(terms, _)| (terms, left));
        let Snapshot { dialog, is_caller, hold, .. } = snapshot;
        // The ACK to the INVITE was repeated by whoever sent it.
        let role = if is_caller { Role::Caller { ack: Vec::new() } } else { Role::Callee };
        let call = Confirmed::resumed(ctx, id, dialog, role, hold, timer);
        Ok(Self { state: State::Confirmed(call) })
    }
}

struct Snapshot {
    dialog: Dialog,
    is_caller: bool,
    hold: Hold,
    timer: Option<(SessionTimerTerms, Duration)>,
}

fn write(ctx: &Context, call: &Confirmed) -> String {
    let (dialog, hold) = (&call.dialog, call.hold());
    let mut text = String::from(FIRST_WORD);
    text.push(' ');
    text.push_str(VERSION);
    text.push('\n');
    let mut line = |name: &str, value: &str| {
        text.push_str(name);
        text.push(' ');
        // What people call themselves may hold anything.
        text.extend(value.chars().map(|c| if c.is_ascii_control() { ' ' } else { c }));
        text.push('\n');
    };
    line("role", if matches!(call.role, Role::Caller { .. }) { "caller" } else { "callee" });
    line("call-id", &dialog.call_id);
    line("local", &dialog.local);
    line("remote", &dialog.remote);
    line("target", &dialog.remote_target);
    dialog.route_set.iter().for_each(|route| line("route", route));
    line("local-cseq", &dialog.local_cseq.to_string());
    if let Some(number) = dialog.remote_cseq {
        line("remote-cseq", &number.to_string());
    }
    if dialog.allows_update {
        line("allows", "UPDATE");
    }
    if let Some((terms, left)) = call.session_left(ctx.now) {
        line("interval", &terms.interval.as_secs().to_string());
        line("left", &left.as_secs().to_string());
        line("refresher", if terms.we_refresh { "local" } else { "remote" });
    }
    if hold.local {
        line("hold", "local");
    }
    if hold.remote {
        line("hold", "remote");
    }
    line("number", &dialog.party.number);
    if let Some(name) = &dialog.party.display_name {
        line("name", name);
    }
    text
}

impl Snapshot {
    fn read(text: &str) -> Result<Self, ResumeError> {
        let mut lines = text.split('\n').map(|line| line.split_once(' ').unwrap_or((line, "")));
        let (word, version) = lines.next().unwrap_or_default();
        if word != FIRST_WORD || text.len() > MAX_LENGTH {
            return Err(ResumeError::Malformed);
        }
        if version != VERSION {
            return Err(ResumeError::Version);
        }
        let mut fields = Fields::default();
        let sound = lines.all(|(name, value)| fields.take(name, value).is_some());
        fields.finish().filter(|_| sound).ok_or(ResumeError::Malformed)
    }
}

/// What has been read so far.
#[derive(Default)]
struct Fields<'a> {
    role: &'a str,
    call_id: &'a str,
    local: &'a str,
    remote: &'a str,
    target: &'a str,
    routes: Vec<&'a str>,
    local_cseq: Option<u32>,
    remote_cseq: Option<u32>,
    allows_update: bool,
    interval: Option<u32>,
    left: Option<u32>,
    refresher: &'a str,
    hold: Hold,
    party: Party,
}

impl<'a> Fields<'a> {
    /// Takes a line; `None` if it is malformed.
    fn take(&mut self, name: &str, value: &'a str) -> Option<()> {
        // A line break in a value would be one in a message.
        if value.bytes().any(|b| b.is_ascii_control()) {
            return None;
        }
        match name {
            "role" => self.role = value,
            "call-id" => self.call_id = value,
            "local" => self.local = value,
            "remote" => self.remote = value,
            "target" => self.target = value,
            "route" => self.routes.push(value),
            "local-cseq" => self.local_cseq = Some(number(value)?),
            "remote-cseq" => self.remote_cseq = Some(number(value)?),
            "allows" => self.allows_update = value == "UPDATE",
            "interval" => self.interval = Some(number(value)?),
            "left" => self.left = Some(number(value)?),
            "refresher" => self.refresher = value,
            "hold" => {
                self.hold.local |= value == "local";
                self.hold.remote |= value == "remote";
            }
            "number" => value.clone_into(&mut self.party.number),
            "name" => self.party.display_name = Some(value.to_owned()),
            _ => {}
        }
        Some(())
    }

    /// `None` if something is missing or cannot stand in a message.
    fn finish(self) -> Option<Snapshot> {
        let is_caller = match self.role {
            "caller" => true,
            "callee" => false,
            _ => return None,
        };
        let is_word = |text: &str| !text.is_empty() && !text.contains(' ');
        let sound = is_word(self.call_id)
            && is_word(self.target)
            && Uri::parse(self.target).is_some()
            && self.routes.len() <= MAX_ROUTES
            && self.routes.iter().all(|route| NameAddr::parse(route).is_some());
        let address = |text| NameAddr::parse(text).filter(|address| address.params.is_closed());
        let local_tag = address(self.local)?.tag()?.to_owned();
        let remote_tag = address(self.remote)?.tag().unwrap_or_default().to_owned();
        let timer = match (self.interval, self.left) {
            (Some(interval), Some(left)) => {
                let interval = Duration::from_secs(interval.into());
                let we_refresh = self.refresher == "local";
                let left = Duration::from_secs(left.into()).min(interval);
                Some((SessionTimerTerms { interval, we_refresh }, left))
            }
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return None,
        };
        let dialog = Dialog {
            call_id: self.call_id.to_owned(),
            local_tag,
            remote_tag,
            local: self.local.to_owned(),
            remote: self.remote.to_owned(),
            remote_target: self.target.to_owned(),
            route_set: self.routes.into_iter().map(str::to_owned).collect(),
            local_cseq: self.local_cseq? + SKIPPED_NUMBERS,
            remote_cseq: self.remote_cseq,
            allows_update: self.allows_update,
            party: self.party,
        };
        sound.then_some(Snapshot { dialog, is_caller, hold: self.hold, timer })
    }
}

fn number(text: &str) -> Option<u32> {
    let number = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?;
    number.filter(|number| *number <= MAX_NUMBER)
}
