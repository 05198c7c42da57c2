//! What is wrong with the line or the loudspeaker, in one strip above the screen.

use crate::reactive::handler;
use crate::ui::Ui;
use crate::words::{Text, duration, text};
use leptos::prelude::*;
use ringlet_phone::{AudioView, Intent, LineStatus, LineView};

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
    /// A device has gone, and the default stands in for it.
    LostDevice,
}

impl Banner {
    /// Tells nothing of the line while somebody signs in: that screen tells it itself.
    pub(crate) fn of(line: &LineView, signs_in: bool, audio: AudioView) -> Option<Self> {
        if line.status == LineStatus::Starting {
            return None;
        }
        if !line.online {
            return Some(Self::Offline);
        }
        let trouble = match line.status {
            _ if signs_in => None,
            LineStatus::Starting | LineStatus::SignedOut | LineStatus::Registered => None,
            LineStatus::Connecting => Some(Self::Connecting),
            LineStatus::Reconnecting { retry_in } if retry_in.is_zero() => Some(Self::Reconnecting),
            LineStatus::Reconnecting { .. } => Some(Self::Waiting),
            LineStatus::Refused { status } => Some(Self::Refused(status)),
        };
        let silent = audio.locked.then_some(Self::Silent);
        trouble.or(silent).or(audio.lost_device.then_some(Self::LostDevice))
    }

    /// The whole of it, without the countdown.
    pub(crate) fn spoken(self) -> Text {
        match self {
            Self::Offline => text::banner_offline().into(),
            Self::Connecting => text::banner_connecting().into(),
            Self::Reconnecting | Self::Waiting => text::banner_reconnecting().into(),
            Self::Refused(0) => text::banner_refused().into(),
            Self::Refused(status) => text::banner_refused_status(&status.to_string()).into(),
            Self::Silent => text::banner_audio().into(),
            Self::LostDevice => text::banner_lost_device().into(),
        }
    }

    fn shown(self, line: LineStatus) -> Text {
        match (self, line) {
            (Self::Waiting, LineStatus::Reconnecting { retry_in }) => {
                text::banner_retry_in(&duration::seconds_left(retry_in)).into()
            }
            // At 200 % text there is room for no more.
            (Self::LostDevice, _) => text::banner_lost_device_short().into(),
            _ => self.spoken(),
        }
    }

    fn remedy(self) -> Option<(&'static str, Intent)> {
        match self {
            Self::Offline | Self::Connecting | Self::Reconnecting => None,
            Self::Waiting => Some((text::banner_retry_now(), Intent::RetryConnection)),
            Self::Refused(_) => Some((text::banner_try_again(), Intent::RetryConnection)),
            Self::Silent => Some((text::banner_enable_sound(), Intent::UnlockAudio)),
            Self::LostDevice => Some((text::banner_dismiss(), Intent::DismissLostDevice)),
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Connecting => "banner banner-busy",
            Self::Reconnecting => "banner banner-busy banner-warning",
            Self::Offline | Self::Waiting | Self::Silent | Self::LostDevice => {
                "banner banner-warning"
            }
            Self::Refused(_) => "banner banner-danger",
        }
    }
}

/// Shows the strip.
pub(crate) fn banner(ui: Ui, banner: Banner) -> AnyView {
    let remedy = banner.remedy().map(|(label, intent)| {
        let press = move |_| ui.want(intent.clone());
        view! {
            <button type="button" class="banner-button" on:click=handler(press)>
                {label}
            </button>
        }
    });
    view! {
        <div class=banner.class()>
            <p class="banner-text">{move || banner.shown(ui.line.with(|line| line.status))}</p>
            {remedy}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::screen::tests::{registered, sign_in, with_line};
    use crate::ui::tests::read;
    use ringlet_phone::{Microphone, ViewModel};
    use std::time::Duration;

    const LOCKED: AudioView =
        AudioView { microphone: Microphone::Fine, locked: true, lost_device: true };

    #[test]
    fn a_good_line_says_nothing() {
        assert_eq!(shown(registered()), None);
    }

    #[test]
    fn no_network_is_told_before_its_consequence() {
        let retry_in = Duration::from_secs(3);
        let mut view = with_line(LineStatus::Reconnecting { retry_in });
        view.line.online = false;
        view.audio = LOCKED;
        assert_eq!(shown(view), Some(Banner::Offline));
    }

    #[test]
    fn a_sign_in_that_connects_is_not_told_twice() {
        let view = ViewModel { sign_in: Some(sign_in()), ..with_line(LineStatus::Connecting) };
        assert_eq!(shown(view), None);
        assert_eq!(shown(with_line(LineStatus::Connecting)), Some(Banner::Connecting));
    }

    #[test]
    fn the_countdown_is_in_whole_seconds() {
        let line = LineStatus::Reconnecting { retry_in: Duration::from_millis(2100) };
        assert!(Banner::Waiting.shown(line).contains(" 3 "));
        assert_eq!(shown(with_line(line)), Some(Banner::Waiting));
    }

    #[test]
    fn a_locked_loudspeaker_is_told_when_the_line_is_good() {
        assert_eq!(shown(ViewModel { audio: LOCKED, ..registered() }), Some(Banner::Silent));
    }

    #[test]
    fn a_device_that_has_gone_is_told_when_all_is_well_otherwise() {
        let audio = AudioView { locked: false, ..LOCKED };
        assert_eq!(shown(ViewModel { audio, ..registered() }), Some(Banner::LostDevice));
    }

    #[test]
    fn a_refusal_names_the_status_when_there_is_one() {
        assert!(Banner::Refused(403).spoken().contains("403"));
        assert!(!Banner::Refused(0).spoken().contains('0'));
    }

    fn shown(view: ViewModel) -> Option<Banner> {
        read(view, |ui| ui.banner())
    }
}
