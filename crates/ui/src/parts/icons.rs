//! The drawings, on a grid of 24.

use leptos::prelude::*;

/// One drawing. They are decoration: the control around one carries the name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Add,
    Alert,
    Back,
    Backspace,
    Call,
    Close,
    Delete,
    Hangup,
    Hidden,
    Hold,
    Incoming,
    Keypad,
    Menu,
    Microphone,
    MicrophoneOff,
    Outgoing,
    Person,
    Recent,
    Save,
    Seen,
    SignOut,
    Swap,
    Transfer,
}

/// Draws it in the colour of the text around it.
pub(crate) fn icon(icon: Icon) -> AnyView {
    let (class, path) = drawing(icon);
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
    .into_any()
}

/// Ringlet's mark, a handset whose cord curls; `www/icons/ringlet.svg` is the same on a ground.
pub(crate) fn mark() -> AnyView {
    view! {
        <svg class=LINE viewBox="2 1.5 20.5 20.5" aria-hidden="true">
            <g transform="translate(.7 1.1) rotate(-45 12 12) translate(0 -.6)">
                <path stroke-width="3" d="M4.6 10.4C5 6.8 8.2 4.8 12 4.8s7 2 7.4 5.6"></path>
                <path stroke-width="4.6" d="M5.2 10.4v.8M18.8 10.4v.8"></path>
                <path stroke-width="2" d=CORD></path>
            </g>
        </svg>
    }
    .into_any()
}

/// The classes, of which `icon-line` is drawn as a line and the others as an area; and the path.
fn drawing(icon: Icon) -> (&'static str, &'static str) {
    match icon {
        Icon::Add => (LINE, "M12 5v14M5 12h14"),
        Icon::Alert => (LINE, "M12 4 2.8 19.5h18.4L12 4ZM12 10v4.2M12 16.9v.1"),
        Icon::Back => (LINE, "M20 12H4.5M10.5 5.500L4 12l6.500 6.500"),
        Icon::Backspace => (
            LINE,
            "M9 5.5h10.5a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H9L2.8 12 9 5.5ZM12.2 9.7l4.6 4.6M16.8 9.7l-4.6 4.6",
        ),
        Icon::Call => ("icon icon-area icon-turned", HANDSET),
        Icon::Close => (LINE, "M6.5 6.5l11 11M17.5 6.5l-11 11"),
        Icon::Delete => (
            LINE,
            "M4.500 6.500h15M9 6.500V4h6v2.500M6.500 6.500l.8 13.500h9.400l.8-13.500M10 10.500v5.500M14 10.500v5.500",
        ),
        Icon::Hangup => (AREA, HANDSET),
        Icon::Hidden => (
            LINE,
            "M2.8 12C5.2 7.8 8.3 5.8 12 5.8s6.8 2 9.2 6.2c-2.4 4.2-5.5 6.2-9.2 6.2S5.2 16.2 2.8 12ZM4.5 4.5l15 15",
        ),
        Icon::Hold => (LINE, "M9 6v12M15 6v12"),
        Icon::Incoming => (LINE, "M18.500 5.500L6.500 17.500M6.500 8.500v9h9"),
        Icon::Keypad => (
            "icon icon-line icon-dots",
            "M6 5v.01M12 5v.01M18 5v.01M6 11.500v.01M12 11.500v.01M18 11.500v.01M6 18v.01M12 18v.01M18 18v.01",
        ),
        Icon::Menu => ("icon icon-line icon-dots", "M12 5.5v.01M12 12v.01M12 18.5v.01"),
        Icon::Microphone => (LINE, MICROPHONE),
        Icon::MicrophoneOff => (
            LINE,
            "M9 5.7a3 3 0 0 1 6 .3v5c0 .5-.1.9-.3 1.3M12.6 13.9A3 3 0 0 1 9 11V9M5.5 11a6.5 6.5 0 0 0 10.7 5M18.2 13a6.5 6.5 0 0 0 .3-2M12 17.5V21M8.5 21h7M4 4l16 16",
        ),
        Icon::Outgoing => (LINE, "M5.500 18.500L17.500 6.500M8.500 6.500h9v9"),
        Icon::Person => (
            LINE,
            "M12 12a3.9 3.9 0 1 0 0-7.8 3.9 3.9 0 0 0 0 7.8ZM4.6 20c.8-3.6 3.6-5.2 7.4-5.2s6.6 1.6 7.4 5.2",
        ),
        Icon::Recent => {
            (LINE, "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17ZM12 7v5.300l3.500 2")
        }
        Icon::Save => (LINE, "M12 4v11M7.500 10.800L12 15.300l4.500-4.500M4.500 19.500h15"),
        Icon::Seen => (
            LINE,
            "M2.8 12C5.2 7.8 8.3 5.8 12 5.8s6.8 2 9.2 6.2c-2.4 4.2-5.5 6.2-9.2 6.2S5.2 16.2 2.8 12ZM12 9.400a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.200Z",
        ),
        Icon::SignOut => (
            LINE,
            "M13.5 4.500H6.500A1.5 1.5 0 0 0 5 6v12a1.5 1.5 0 0 0 1.5 1.500h7M10 12h10.500M16.8 8.200l3.7 3.8-3.7 3.8",
        ),
        Icon::Swap => (
            LINE,
            "M7.5 4v15M4 15.500l3.5 3.500 3.500-3.500M16.500 20V5M13 8.500 16.500 5 20 8.500",
        ),
        Icon::Transfer => (LINE, "M4 12h11M10.500 7.500 15 12l-4.500 4.500M19.500 5v14"),
    }
}

const LINE: &str = "icon icon-line";
const AREA: &str = "icon icon-area";
const CORD: &str =
    "M18.8 12c0 5-3.2 7.8-6.6 7.8-2.5 0-4.2-1.6-4.2-3.7s1.5-3.4 3.3-3.4c1.6 0 2.6 1 2.6 2.3";
const MICROPHONE: &str = "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5.5 11a6.5 6.5 0 0 0 13 0M12 17.500V21M8.5 21h7";
/// A handset lying on its cradle; turned, it is held to an ear.
const HANDSET: &str = "M1.8 14.600C1.8 10.4 6.4 8 12 8s10.2 2.4 10.2 6.600v1c0 .8-.7 1.4-1.5 1.200l-3.4-.7c-.7-.1-1.2-.7-1.2-1.400v-2c-1.3-.5-2.7-.7-4.1-.7s-2.8.2-4.1.7v2c0 .7-.5 1.3-1.2 1.400l-3.4.7c-.8.2-1.5-.4-1.5-1.200v-1Z";
