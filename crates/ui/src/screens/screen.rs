//! Which screen the slices ask for.

use ringlet_phone::{CallId, CallPhase, CallView, LineStatus, Microphone, Page};

/// One screen. An incoming call is not one: it lies over whatever screen there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    /// The loader has not been heard yet.
    Starting,
    /// Somebody has to sign in.
    SignIn,
    /// The microphone cannot be used.
    Microphone,
    /// Ready for a number.
    Keypad,
    /// The calls of the past.
    Recents,
    /// The numbers to call as.
    CallerIds,
    /// What becomes of calls that come in.
    Diversion,
    /// Microphone and loudspeakers.
    Devices,
    /// A call made or taken.
    Call(CallId),
    /// A call that is over.
    Ended,
}

impl Screen {
    /// A live call comes before everything. A microphone that fails explains why a call ended, so
    /// it comes before that.
    pub(crate) fn of(
        calls: &[CallView],
        signs_in: bool,
        microphone: Microphone,
        has_ended: bool,
        line: LineStatus,
        page: Page,
    ) -> Self {
        if let Some(call) = call_in_front(calls) {
            Self::Call(call.id)
        } else if signs_in {
            Self::SignIn
        } else if microphone != Microphone::Fine {
            Self::Microphone
        } else if has_ended {
            Self::Ended
        } else {
            match line {
                LineStatus::Starting | LineStatus::SignedOut => Self::Starting,
                LineStatus::Connecting
                | LineStatus::Registered
                | LineStatus::Reconnecting { .. }
                | LineStatus::Refused { .. } => Self::of_page(page),
            }
        }
    }

    /// What a person has gone to.
    pub(crate) fn of_page(page: Page) -> Self {
        match page {
            Page::Keypad => Self::Keypad,
            Page::Recents => Self::Recents,
            Page::CallerIds => Self::CallerIds,
            Page::Diversion => Self::Diversion,
            Page::Devices => Self::Devices,
        }
    }
}

/// The call whose screen is shown: the newest that is not held, else the newest.
pub(crate) fn call_in_front(calls: &[CallView]) -> Option<&CallView> {
    let up = || calls.iter().rev().filter(|call| !is_ringing(call));
    up().find(|call| !call.held).or_else(|| up().next())
}

/// The call that waits for an answer; the one that has waited longest where there are several.
pub(crate) fn ringing(calls: &[CallView]) -> Option<CallId> {
    calls.iter().find(|call| is_ringing(call)).map(|call| call.id)
}

/// Finds one call, which may have ended since its screen was built.
pub(crate) fn call_of(calls: &[CallView], id: CallId) -> Option<&CallView> {
    calls.iter().find(|call| call.id == id)
}

fn is_ringing(call: &CallView) -> bool {
    call.phase == CallPhase::Incoming
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::ui::tests::read;
    use ringlet_contract::config::{HostMode, Theme};
    use ringlet_contract::event::{Direction, EndCause};
    use ringlet_phone::{
        AudioView, CallerIdsView, Ended, Form, HistoryView, KeypadView, LineView, SettingsView,
        SignInView, ViewModel,
    };
    use std::time::Duration;

    #[test]
    fn a_registered_line_without_calls_shows_the_keypad() {
        assert_eq!(shown(registered()), Screen::Keypad);
    }

    #[test]
    fn a_phone_that_has_not_heard_its_loader_is_starting() {
        assert_eq!(shown(with_line(LineStatus::Starting)), Screen::Starting);
    }

    #[test]
    fn an_incoming_call_leaves_the_screen_below_it_as_it_is() {
        let view = ViewModel { calls: vec![call(4, CallPhase::Incoming)], ..registered() };
        let (screen, ringing) = read(view, |ui| (ui.screen(), ui.ringing()));
        assert_eq!((screen, ringing), (Screen::Keypad, Some(CallId(4))));
    }

    #[test]
    fn of_two_incoming_calls_the_older_one_is_shown() {
        let calls = vec![call(4, CallPhase::Incoming), call(5, CallPhase::Incoming)];
        let view = ViewModel { calls, ..registered() };
        assert_eq!(read(view, |ui| ui.ringing()), Some(CallId(4)));
    }

    #[test]
    fn the_call_that_is_talked_in_comes_before_those_that_are_held() {
        let up = |id, held| CallView { held, ..call(id, CallPhase::Answering) };
        let shown_of = |calls| shown(ViewModel { calls, ..registered() });
        assert_eq!(shown_of(vec![up(1, false), up(2, true)]), Screen::Call(CallId(1)));
        assert_eq!(shown_of(vec![up(1, true), up(2, false)]), Screen::Call(CallId(2)));
        assert_eq!(shown_of(vec![up(1, true), up(2, true)]), Screen::Call(CallId(2)));
    }

    #[test]
    fn a_call_that_is_up_comes_before_sign_in_notices_and_the_last_call() {
        let view = ViewModel {
            calls: vec![call(7, CallPhase::Answering)],
            sign_in: Some(sign_in()),
            audio: denied(),
            ended: Some(ended()),
            ..registered()
        };
        assert_eq!(shown(view), Screen::Call(CallId(7)));
    }

    #[test]
    fn a_refused_microphone_is_explained_before_the_call_that_ended_by_it() {
        let view = ViewModel { audio: denied(), ended: Some(ended()), ..registered() };
        assert_eq!(shown(view), Screen::Microphone);
    }

    #[test]
    fn the_page_that_was_chosen_is_what_a_call_goes_back_to() {
        let page = Page::Recents;
        assert_eq!(shown(ViewModel { page, ..registered() }), Screen::Recents);
        let after_a_call = ViewModel { page, ended: Some(ended()), ..registered() };
        assert_eq!(shown(after_a_call), Screen::Ended);
        let starting = ViewModel { page, ..with_line(LineStatus::Starting) };
        assert_eq!(shown(starting), Screen::Starting);
    }

    #[test]
    fn signing_in_comes_before_the_last_call() {
        let view = ViewModel { sign_in: Some(sign_in()), ended: Some(ended()), ..registered() };
        assert_eq!(shown(view), Screen::SignIn);
    }

    fn shown(view: ViewModel) -> Screen {
        read(view, |ui| ui.screen())
    }

    pub(crate) fn registered() -> ViewModel {
        ViewModel {
            settings: SettingsView {
                brand_name: String::new(),
                accent: String::new(),
                theme: Theme::System,
                theme_locked: false,
                can_close: true,
            },
            line: LineView { status: LineStatus::Registered, online: true, account: None },
            sign_in: None,
            keypad: KeypadView { number: String::new(), can_call: true, can_recall: false },
            calls: Vec::new(),
            ended: None,
            audio: AudioView { microphone: Microphone::Fine, locked: false, lost_device: false },
            page: Page::Keypad,
            history: HistoryView::default(),
            caller_ids: CallerIdsView::default(),
            diversion: Default::default(),
            devices: Default::default(),
        }
    }

    pub(crate) fn with_line(status: LineStatus) -> ViewModel {
        ViewModel { line: LineView { status, ..registered().line }, ..registered() }
    }

    pub(crate) fn call(id: u32, phase: CallPhase) -> CallView {
        CallView {
            id: CallId(id),
            number: "600".to_owned(),
            name: None,
            direction: Direction::Inbound,
            phase,
            muted: false,
            held: false,
            remote_held: false,
            transfer_request: None,
            transfer: None,
            takes_dtmf: true,
            tones_sent: String::new(),
            unattended: false,
            quality: None,
        }
    }

    pub(crate) fn ended() -> Ended {
        Ended {
            number: "600".to_owned(),
            name: None,
            direction: Direction::Outbound,
            cause: EndCause::MediaFailed,
            duration: Duration::ZERO,
        }
    }

    pub(crate) fn sign_in() -> SignInView {
        SignInView {
            mode: HostMode::Confirm,
            complete: false,
            form: Form::default(),
            domain_fixed: false,
            has_secret: false,
            busy: false,
            error: None,
        }
    }

    fn denied() -> AudioView {
        AudioView { microphone: Microphone::Denied, ..registered().audio }
    }
}
