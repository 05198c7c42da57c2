//! What is wrong with the line or the loudspeaker, in one strip above the screen.

use crate::dom::{El, Text, button, el};
use crate::ui::Ui;
use crate::{duration, text};
use ringlet_phone::{Intent, LineView, ViewModel};

/// Why calls may not work. There is one at a time: the cause before its consequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Banner {
    Offline,
    Connecting,
    /// The next attempt is under way.
    Reconnecting,
    /// The next attempt comes; the view model says when.
    Waiting,
    /// The SIP status, or 0.
    Refused(u16),
    /// Calls would come in unheard.
    Silent,
}

impl Banner {
    pub(crate) fn of(view: &ViewModel) -> Option<Self> {
        if view.line == LineView::Starting {
            return None;
        }
        if !view.online {
            return Some(Self::Offline);
        }
        let line = match view.line {
            // The sign-in screen tells this itself.
            _ if view.sign_in.is_some() => None,
            LineView::Starting | LineView::SignedOut | LineView::Registered => None,
            LineView::Connecting => Some(Self::Connecting),
            LineView::Reconnecting { retry_in } if retry_in.is_zero() => Some(Self::Reconnecting),
            LineView::Reconnecting { .. } => Some(Self::Waiting),
            LineView::Refused { status } => Some(Self::Refused(status)),
        };
        line.or(view.audio_locked.then_some(Self::Silent))
    }

    /// Without the countdown.
    pub(crate) fn spoken(self) -> Text {
        match self {
            Self::Offline => text::banner_offline().into(),
            Self::Connecting => text::banner_connecting().into(),
            Self::Reconnecting | Self::Waiting => text::banner_reconnecting().into(),
            Self::Refused(0) => text::banner_refused().into(),
            Self::Refused(status) => text::banner_refused_status(&status.to_string()).into(),
            Self::Silent => text::banner_audio().into(),
        }
    }

    fn shown(self, view: &ViewModel) -> Text {
        match (self, view.line) {
            (Self::Waiting, LineView::Reconnecting { retry_in }) => {
                text::banner_retry_in(&duration::seconds_left(retry_in)).into()
            }
            _ => self.spoken(),
        }
    }

    fn remedy(self) -> Option<(&'static str, Intent)> {
        match self {
            Self::Offline | Self::Connecting | Self::Reconnecting => None,
            Self::Waiting => Some((text::banner_retry_now(), Intent::RetryConnection)),
            Self::Refused(_) => Some((text::banner_try_again(), Intent::RetryConnection)),
            Self::Silent => Some((text::banner_enable_sound(), Intent::UnlockAudio)),
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Connecting => "banner banner-busy",
            Self::Reconnecting => "banner banner-busy banner-warning",
            Self::Offline | Self::Waiting | Self::Silent => "banner banner-warning",
            Self::Refused(_) => "banner banner-danger",
        }
    }
}

/// Shows the strip.
pub(crate) fn banner(ui: Ui, banner: Banner) -> El {
    let words = el("p", "banner-text").live_text(ui, move |view| banner.shown(view));
    let strip = el("div", banner.class()).with(words);
    match banner.remedy() {
        Some((label, intent)) => strip
            .with(button("banner-button").say(label).on("click", move |_| ui.want(intent.clone()))),
        None => strip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::tests::registered;
    use std::time::Duration;

    #[test]
    fn a_good_line_says_nothing() {
        assert_eq!(Banner::of(&registered()), None);
    }

    #[test]
    fn no_network_is_told_before_its_consequence() {
        let line = LineView::Reconnecting { retry_in: Duration::from_secs(3) };
        let view = ViewModel { online: false, line, audio_locked: true, ..registered() };
        assert_eq!(Banner::of(&view), Some(Banner::Offline));
    }

    #[test]
    fn the_countdown_is_in_whole_seconds() {
        let line = LineView::Reconnecting { retry_in: Duration::from_millis(2100) };
        let view = ViewModel { line, ..registered() };
        assert!(Banner::Waiting.shown(&view).contains(" 3 "));
        assert_eq!(Banner::of(&view), Some(Banner::Waiting));
    }

    #[test]
    fn a_locked_loudspeaker_is_told_when_the_line_is_good() {
        let view = ViewModel { audio_locked: true, ..registered() };
        assert_eq!(Banner::of(&view), Some(Banner::Silent));
    }

    #[test]
    fn a_refusal_names_the_status_when_there_is_one() {
        assert!(Banner::Refused(403).spoken().contains("403"));
        assert!(!Banner::Refused(0).spoken().contains('0'));
    }
}
