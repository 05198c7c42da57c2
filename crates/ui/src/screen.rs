//! Which screen a view model asks for.

use ringlet_phone::{CallId, CallPhase, CallView, LineView, Microphone, ViewModel};

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
    /// A call made or taken.
    Call(CallId),
    /// A call that is over.
    Ended,
}

impl Screen {
    /// A live call comes before everything; a microphone that fails explains why a call ended, so
    /// it comes before that.
    pub(crate) fn of(view: &ViewModel) -> Self {
        if let Some(call) = view.calls.iter().rev().find(|call| !rings_here(call)) {
            Self::Call(call.id)
        } else if view.sign_in.is_some() {
            Self::SignIn
        } else if view.microphone != Microphone::Fine {
            Self::Microphone
        } else if view.ended.is_some() {
            Self::Ended
        } else {
            match view.line {
                LineView::Starting | LineView::SignedOut => Self::Starting,
                LineView::Connecting
                | LineView::Registered
                | LineView::Reconnecting { .. }
                | LineView::Refused { .. } => Self::Keypad,
            }
        }
    }
}

/// The call that waits for an answer; the one that has waited longest where there are several.
pub(crate) fn incoming(view: &ViewModel) -> Option<CallId> {
    view.calls.iter().find(|call| rings_here(call)).map(|call| call.id)
}

/// Reads one call, which may have ended since its screen was built.
pub(crate) fn call_of(view: &ViewModel, id: CallId) -> Option<&CallView> {
    view.calls.iter().find(|call| call.id == id)
}

fn rings_here(call: &CallView) -> bool {
    call.phase == CallPhase::Incoming
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use ringlet_contract::config::{HostMode, Theme};
    use ringlet_contract::event::{Direction, EndCause};
    use ringlet_phone::{Ended, Form, SignInView};
    use std::time::Duration;

    #[test]
    fn a_registered_line_without_calls_shows_the_keypad() {
        assert_eq!(Screen::of(&registered()), Screen::Keypad);
    }

    #[test]
    fn a_phone_that_has_not_heard_its_loader_is_starting() {
        let view = ViewModel { line: LineView::Starting, ..registered() };
        assert_eq!(Screen::of(&view), Screen::Starting);
    }

    #[test]
    fn an_incoming_call_leaves_the_screen_below_it_as_it_is() {
        let view = ViewModel { calls: vec![call(4, CallPhase::Incoming)], ..registered() };
        assert_eq!(Screen::of(&view), Screen::Keypad);
        assert_eq!(incoming(&view), Some(CallId(4)));
    }

    #[test]
    fn of_two_incoming_calls_the_older_one_is_shown() {
        let calls = vec![call(4, CallPhase::Incoming), call(5, CallPhase::Incoming)];
        assert_eq!(incoming(&ViewModel { calls, ..registered() }), Some(CallId(4)));
    }

    #[test]
    fn a_call_that_is_up_comes_before_sign_in_notices_and_the_last_call() {
        let view = ViewModel {
            calls: vec![call(7, CallPhase::Answering)],
            sign_in: Some(sign_in()),
            microphone: Microphone::Denied,
            ended: Some(ended()),
            ..registered()
        };
        assert_eq!(Screen::of(&view), Screen::Call(CallId(7)));
    }

    #[test]
    fn a_refused_microphone_is_explained_before_the_call_that_ended_by_it() {
        let view =
            ViewModel { microphone: Microphone::Denied, ended: Some(ended()), ..registered() };
        assert_eq!(Screen::of(&view), Screen::Microphone);
    }

    #[test]
    fn signing_in_comes_before_the_last_call() {
        let view = ViewModel { sign_in: Some(sign_in()), ended: Some(ended()), ..registered() };
        assert_eq!(Screen::of(&view), Screen::SignIn);
    }

    pub(crate) fn registered() -> ViewModel {
        ViewModel {
            brand_name: String::new(),
            accent: String::new(),
            theme: Theme::System,
            theme_locked: false,
            line: LineView::Registered,
            online: true,
            sign_in: None,
            account: None,
            number: String::new(),
            calls: Vec::new(),
            ended: None,
            microphone: Microphone::Fine,
            audio_locked: false,
            can_call: true,
            can_close: true,
        }
    }

    pub(crate) fn call(id: u32, phase: CallPhase) -> CallView {
        CallView {
            id: CallId(id),
            number: "600".to_owned(),
            name: None,
            direction: Direction::Inbound,
            phase,
            muted: false,
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

    fn sign_in() -> SignInView {
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
}
