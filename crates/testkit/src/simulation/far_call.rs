//! Far ends beyond the proxy: what they do by themselves.

use super::far::{FAR_SDP, FarCall, State};
use super::proxy::REPEAT;
use super::{MINUTE, SECOND, Simulation};
use crate::dialog::Dialog;
use crate::message::Build as _;
use ringlet_sip::message::{Method, Request};
use std::time::Duration;

impl Simulation {
    /// A far end calls an agent.
    pub(super) fn far_calls(&mut self) {
        let call = self.fars.calls.len();
        let user = self.random.below(self.agents.len());
        let uri = format!("sip:{}@example.com", self.agents[user].name);
        let branch = format!("z9hG4bKfar{}", self.random.number());
        let dialog = Dialog {
            call_id: format!("far{call}"),
            local: format!("\"Far\" <sip:6{call}@example.com>;tag=far{call}"),
            remote: format!("<{uri}>"),
            target: uri.clone(),
        };
        let via = format!("SIP/2.0/UDP 203.0.113.9;branch={branch}");
        let contact = format!("<sip:far{call}@203.0.113.9>");
        let mut invite = dialog.request(Method::INVITE, 1, &via).with("Contact", &contact);
        for (percent, name, value) in [
            (40, "Supported", "100rel, timer"),
            (20, "Require", "100rel"),
            (30, "Session-Expires", "90;refresher=uas"),
            (10, "Expires", "20"),
            (10, "Alert-Info", "<http://x>;info=alert-autoanswer"),
            (10, "P-Asserted-Identity", "\"B\" <sip:b@example.com>"),
            (3, "Require", "unheard-of"),
        ] {
            if self.random.chance(percent) {
                invite = invite.with(name, value);
            }
        }
        if self.random.chance(75) {
            invite = invite.with_sdp(FAR_SDP);
        }
        self.say(|| format!("far {call} calls {uri}"));
        self.fars.calls.push(FarCall {
            state: State::Calling,
            dialog,
            number: 1,
            rseq: 0,
            invite: invite.clone(),
        });
        self.far_sends(call, invite);
        self.far_soon(call, MINUTE);
    }

    /// Some far end does something now.
    pub(super) fn far_acts(&mut self) {
        if !self.fars.calls.is_empty() {
            let call = self.random.below(self.fars.calls.len());
            self.far_step(call);
        }
    }

    pub(super) fn far_step(&mut self, call: usize) {
        match self.fars.calls[call].state.clone() {
            State::Ringing => self.far_rings(call),
            State::Answered { ok, times } if times < 10 => {
                self.far_says((*ok).clone());
                self.fars.calls[call].state = State::Answered { ok, times: times + 1 };
                let pause = (REPEAT * 2u32.pow(times)).min(4 * SECOND);
                self.at(pause, super::Step::Far { call });
            }
            State::Answered { .. } => {
                // Nobody acknowledges: RFC 3261 section 13.3.1.4.
                self.far_hangs_up(call);
            }
            State::Calling if self.disorder && self.random.chance(30) => self.far_cancels(call),
            State::Talking if self.disorder => self.far_talks(call),
            State::Subscribed if self.disorder => {
                let lasts = self.random.chance(80);
                if !lasts {
                    self.fars.calls[call].state = State::Ended;
                }
                self.far_notifies(call, lasts);
            }
            State::Calling | State::Talking | State::Subscribed | State::Ended => {}
        }
    }

    fn far_rings(&mut self, call: usize) {
        let invite = self.fars.calls[call].invite.clone();
        let choice = self.random.below(100);
        match choice {
            0..40 => self.far_progress(call, &invite),
            40..70 => {
                let mut ok = self.far_response(call, &invite, 200, "OK");
                let late_offer = invite.body.is_empty();
                if late_offer || self.random.chance(95) {
                    ok = ok.with_sdp(FAR_SDP);
                }
                if self.random.chance(30) && invite.headers.lists("Supported", "timer") {
                    ok = ok.with("Session-Expires", "90;refresher=uac").with("Require", "timer");
                }
                self.fars.calls[call].state = State::Answered { ok: Box::new(ok), times: 0 };
                return self.far_step(call);
            }
            70..90 => {
                let status = *self.random.pick(&[404, 480, 486, 488, 503, 600, 603, 302, 422, 420]);
                let mut response = self.far_response(call, &invite, status, "No");
                if status == 422 {
                    response = response.with("Min-SE", "1200");
                }
                self.fars.calls[call].state = State::Ended;
                return self.far_says(response);
            }
            _ => {}
        }
        let most = if self.disorder { MINUTE } else { 5 * SECOND };
        self.far_soon(call, most);
    }

    fn far_progress(&mut self, call: usize, invite: &Request) {
        let status = *self.random.pick(&[180, 180, 181, 183, 183, 199]);
        let mut response = self.far_response(call, invite, status, "Progress");
        if self.random.chance(50) {
            response = response.with_sdp(FAR_SDP);
        }
        if self.random.chance(10) {
            // Another branch beyond.
            response = response.tagged(&format!("far{call}-{}", self.random.below(20)));
        } else if self.random.chance(40) && invite.headers.lists("Supported", "100rel") {
            let far = &mut self.fars.calls[call];
            far.rseq += 1;
            response = response.with("Require", "100rel").with("RSeq", &far.rseq.to_string());
        }
        self.far_says(response);
    }

    fn far_talks(&mut self, call: usize) {
        let method = *self.random.pick(&[
            "INVITE", "INVITE", "UPDATE", "INFO", "OPTIONS", "REFER", "NOTIFY", "MESSAGE", "BYE",
            "FOO",
        ]);
        if method == "BYE" {
            return self.far_hangs_up(call);
        }
        let mut request = self.far_request(call, method, None);
        match method {
            "INVITE" | "UPDATE" => {
                if self.random.chance(60) {
                    let direction = *self.random.pick(&["", "a=sendonly\r\n", "a=inactive\r\n"]);
                    request = request.with_sdp(&format!("{FAR_SDP}{direction}"));
                }
                if self.random.chance(30) {
                    request = request.with("Session-Expires", "90;refresher=uac");
                }
                self.fars.calls[call].invite.body.clone_from(&request.body);
            }
            "INFO" => {
                let body = "Signal=5\r\nDuration=160\r\n";
                request = request.with("Content-Type", "application/dtmf-relay").with_body(body);
            }
            "REFER" => request = request.with("Refer-To", "<sip:600@example.com>"),
            "NOTIFY" => {
                request = request.with("Event", "refer").with("Subscription-State", "active");
            }
            _ => {}
        }
        self.far_sends(call, request);
        self.far_soon(call, 2 * MINUTE);
    }

    pub(super) fn far_hangs_up(&mut self, call: usize) {
        let bye = self.far_request(call, "BYE", None);
        self.fars.calls[call].state = State::Ended;
        self.far_sends(call, bye);
    }

    /// NOTIFY to a subscriber.
    pub(super) fn far_notifies(&mut self, call: usize, lasts: bool) {
        let invite = &self.fars.calls[call].invite;
        let event = invite.headers.get("Event").unwrap_or("message-summary").to_owned();
        let (kind, body) = match &*event {
            "dialog" => (
                "application/dialog-info+xml",
                "<dialog-info version=\"1\" state=\"full\" entity=\"sip:a@b\"></dialog-info>",
            ),
            "presence" => (
                "application/pidf+xml",
                "<presence entity=\"sip:a@b\"><tuple><status><basic>open</basic></status></tuple></presence>",
            ),
            _ => ("application/simple-message-summary", "Messages-Waiting: yes\r\n"),
        };
        let reasons =
            ["deactivated", "probation;retry-after=5", "rejected", "timeout", "noresource"];
        let state = match lasts {
            true => "active;expires=600".to_owned(),
            false => format!("terminated;reason={}", self.random.pick(&reasons)),
        };
        let notify = self.far_request(call, "NOTIFY", None);
        let notify = notify.with("Event", &event).with("Subscription-State", &state);
        self.far_sends(call, notify.with("Content-Type", kind).with_body(body));
    }

    /// NOTIFY about a transfer.
    pub(super) fn far_reports(&mut self, call: usize, line: &str, lasts: bool) {
        let state = if lasts { "active;expires=60" } else { "terminated;reason=noresource" };
        let notify = self.far_request(call, "NOTIFY", None);
        let notify = notify.with("Event", "refer").with("Subscription-State", state);
        let notify = notify.with("Content-Type", "message/sipfrag").with_body(line);
        let pause = if lasts { Duration::ZERO } else { self.random.time(20 * SECOND) };
        let request = Box::new(notify);
        self.at(pause, super::Step::FarRequest { call, request });
    }
}
