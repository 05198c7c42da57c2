//! The canned view models.

use ringlet_contract::config::{HostMode, Theme};
use ringlet_contract::event::{Direction, EndCause, QualityMetric};
use ringlet_phone::{
    AudioView, CallId, CallPhase, CallView, CallerIdError, CallerIdView, CallerIdsView, Device,
    DeviceKind, DevicesView, DiversionError, DiversionView, Ended, Form, HistoryEntry, HistoryView,
    KeypadView, LineStatus, LineView, Microphone, Page, QualityView, SettingsView, SignInError,
    SignInView, TransferRequest, TransferView, ViewModel,
};
use std::time::Duration;

const NAME: &str = "Grace Hopper";
pub(crate) const NUMBER: &str = "+44 20 7946 0958";
const LONG_NAME: &str = "Maximiliana Wolkenstein-Hohenlohe of the Northern Harbour Dept";
const LONG_NUMBER: &str = "1234567890123456789012345678901234567890";
const ARABIC_NAME: &str = "ليلى عبد الرحمن الحداد";

/// Every state with its name.
pub(crate) fn all() -> Vec<(&'static str, ViewModel)> {
    let mut states = vec![
        ("starting", starting()),
        ("signin-connect", sign_in(complete(HostMode::Confirm))),
        ("signin-connect-busy", sign_in(SignInView { busy: true, ..complete(HostMode::Confirm) })),
        (
            "signin-connect-unreachable",
            sign_in(SignInView {
                error: Some(SignInError::Unreachable),
                ..complete(HostMode::Confirm)
            }),
        ),
        ("signin-empty", sign_in(empty())),
        ("signin-partial", sign_in(partial())),
        ("signin-prefilled", sign_in(complete(HostMode::Prefilled))),
        ("signin-busy", sign_in(SignInView { busy: true, ..empty() })),
        ("signin-incomplete", sign_in(failed(SignInError::Incomplete))),
        ("signin-wrong", sign_in(failed(SignInError::Credentials))),
        ("signin-unreachable", sign_in(failed(SignInError::Unreachable))),
        ("signin-server", sign_in(failed(SignInError::Server { status: 503 }))),
        ("signin-offline", offline(sign_in(empty()))),
        ("keypad", registered()),
        ("keypad-number", typed(NUMBER)),
        ("keypad-long", typed(LONG_NUMBER)),
        ("keypad-connecting", line(LineStatus::Connecting)),
        (
            "keypad-waiting",
            line(LineStatus::Reconnecting { retry_in: Duration::from_millis(4200) }),
        ),
        ("keypad-reconnecting", line(LineStatus::Reconnecting { retry_in: Duration::ZERO })),
        ("keypad-refused", line(LineStatus::Refused { status: 403 })),
        ("keypad-offline", offline(cannot_call(typed("600")))),
        ("keypad-silent", silent(typed("600"))),
        ("keypad-long-brand", long_brand()),
        ("keypad-recall", recall()),
        ("keypad-missed", missed(3)),
        ("keypad-many-missed", missed(120)),
        ("keypad-calling-as", calling_as("+44 20 7946 0958")),
        ("keypad-calling-as-long", calling_as(LONG_NUMBER)),
        ("keypad-calling-as-account", calling_as("")),
        ("caller-ids", caller_ids(None)),
        ("caller-ids-invalid", caller_ids(Some(CallerIdError::Invalid))),
        ("caller-ids-none", on_page(registered(), Page::CallerIds)),
        ("devices", on_page(ViewModel { devices: device_lists(), ..registered() }, Page::Devices)),
        ("devices-none", on_page(registered(), Page::Devices)),
        ("device-lost", lost_device(in_call(call(active(65, true))))),
        ("diversion", diverting(DiversionView::default())),
        ("diversion-on", diverting(diverted())),
        (
            "diversion-invalid",
            diverting(DiversionView { error: Some(DiversionError::NoAnswer), ..diverted() }),
        ),
        ("do-not-disturb", ViewModel { diversion: diverted(), ..registered() }),
        ("recents", recents(calls())),
        ("recents-empty", recents(Vec::new())),
        ("recents-not-kept", not_kept(recents(calls()))),
        ("recents-offline", offline(cannot_call(recents(calls())))),
        ("microphone-denied", microphone(Microphone::Denied)),
        ("microphone-blocked", microphone(Microphone::Blocked)),
        ("microphone-unavailable", microphone(Microphone::Unavailable)),
        ("call-preparing", calling(CallPhase::Preparing)),
        ("call-dialing", calling(CallPhase::Dialing)),
        ("call-ringing", calling(CallPhase::Ringing)),
        ("call-early", calling(CallPhase::EarlyMedia)),
        ("call-active", calling(active(65, true))),
        ("call-hour", calling(active(3725, true))),
        ("call-no-media", calling(active(0, false))),
        ("call-muted", in_call(CallView { muted: true, ..call(active(12, true)) })),
        ("call-beside-held", several([beside(active(65, true), true), call(active(5, true))])),
        (
            "call-beside-two",
            several([
                CallView { id: CallId(8), ..beside(active(3725, true), true) },
                long_beside(active(65, true)),
                call(active(5, true)),
            ]),
        ),
        (
            "call-dialing-beside",
            several([beside(active(65, true), true), call(CallPhase::Dialing)]),
        ),
        ("incoming-in-call", several([call(active(65, true)), beside(CallPhase::Incoming, false)])),
        ("call-held", in_call(CallView { held: true, ..call(active(65, true)) })),
        ("call-remote-held", in_call(CallView { remote_held: true, ..call(active(65, true)) })),
        (
            "call-both-held",
            in_call(CallView { held: true, remote_held: true, ..call(active(65, true)) }),
        ),
        ("call-transfer", in_call(asks_for(Some("Ada Lovelace"), "602"))),
        ("call-transfer-number", in_call(asks_for(None, "602"))),
        (
            "call-transfer-long",
            in_call(CallView {
                name: Some(LONG_NAME.to_owned()),
                ..asks_for(Some(ARABIC_NAME), LONG_NUMBER)
            }),
        ),
        ("call-transferring", in_call(transferred("+44 20 7946 0000", None))),
        ("call-not-transferred", in_call(transferred("602", Some(EndCause::Busy)))),
        ("call-good", in_call(heard(None, call(active(65, true))))),
        ("call-poor", in_call(heard(Some(QualityMetric::Mos), call(active(65, true))))),
        (
            "call-silent-microphone",
            several([
                beside(active(65, true), true),
                heard(Some(QualityMetric::SilentMicrophone), long(active(65, true))),
            ]),
        ),
        ("call-no-sound", in_call(heard(Some(QualityMetric::NoMedia), call(active(65, true))))),
        (
            "call-silent-far-end",
            in_call(heard(Some(QualityMetric::SilentFarEnd), arabic(active(65, true)))),
        ),
        ("call-unattended", in_call(CallView { unattended: true, ..call(active(3, true)) })),
        ("call-number-only", in_call(CallView { name: None, ..call(active(4, true)) })),
        ("call-long", in_call(long(active(65, true)))),
        ("call-arabic", in_call(arabic(active(65, true)))),
        (
            "call-reconnecting",
            ViewModel {
                calls: vec![call(active(65, true))],
                ..with_line(LineStatus::Reconnecting { retry_in: Duration::from_secs(8) })
            },
        ),
        ("incoming", in_call(call(CallPhase::Incoming))),
        ("incoming-number", in_call(CallView { name: None, ..call(CallPhase::Incoming) })),
        (
            "incoming-withheld",
            in_call(CallView { name: None, number: String::new(), ..call(CallPhase::Incoming) }),
        ),
        ("incoming-long", in_call(long(CallPhase::Incoming))),
        ("incoming-silent", silent(in_call(call(CallPhase::Incoming)))),
        (
            "incoming-over-call",
            ViewModel {
                calls: vec![
                    call(active(65, true)),
                    CallView { id: CallId(2), ..arabic(CallPhase::Incoming) },
                ],
                ..registered()
            },
        ),
        (
            "ended-long",
            ViewModel {
                ended: Some(Ended {
                    name: Some(LONG_NAME.to_owned()),
                    number: LONG_NUMBER.to_owned(),
                    ..ended(EndCause::NotFound)
                }),
                ..registered()
            },
        ),
        (
            "ended-withheld",
            ViewModel {
                ended: Some(Ended { name: None, number: String::new(), ..ended(EndCause::Missed) }),
                ..registered()
            },
        ),
    ];
    for (name, cause) in CAUSES {
        states.push((name, ViewModel { ended: Some(ended(cause)), ..registered() }));
    }
    states
}

const CAUSES: [(&str, EndCause); 18] = [
    ("ended-forwarded", EndCause::Forwarded),
    ("ended-local", EndCause::LocalHangup),
    ("ended-remote", EndCause::RemoteHangup),
    ("ended-transferred", EndCause::Transferred),
    ("ended-cancelled", EndCause::Cancelled),
    ("ended-rejected", EndCause::Rejected),
    ("ended-missed", EndCause::Missed),
    ("ended-elsewhere", EndCause::AnsweredElsewhere),
    ("ended-busy", EndCause::Busy),
    ("ended-declined", EndCause::Declined),
    ("ended-no-answer", EndCause::NoAnswer),
    ("ended-not-found", EndCause::NotFound),
    ("ended-unavailable", EndCause::Unavailable),
    ("ended-forbidden", EndCause::Forbidden),
    ("ended-incompatible", EndCause::Incompatible),
    ("ended-media", EndCause::MediaFailed),
    ("ended-lost", EndCause::ConnectionLost),
    ("ended-failed", EndCause::Failed),
];

pub(crate) fn registered() -> ViewModel {
    ViewModel {
        settings: SettingsView {
            brand_name: "Northern Harbour".to_owned(),
            accent: "#2f6f8f".to_owned(),
            theme: Theme::System,
            theme_locked: false,
            can_close: true,
        },
        line: LineView {
            status: LineStatus::Registered,
            online: true,
            account: Some("agent1@voice.example".to_owned()),
        },
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

pub(crate) fn starting() -> ViewModel {
    let mut view = cannot_call(with_line(LineStatus::Starting));
    view.settings.brand_name.clear();
    view.settings.can_close = false;
    view.line.account = None;
    view
}

fn typed(number: &str) -> ViewModel {
    let mut view = registered();
    view.keypad.number = number.to_owned();
    view
}

fn line(status: LineStatus) -> ViewModel {
    let mut view = cannot_call(typed("600"));
    view.line.status = status;
    view
}

fn with_line(status: LineStatus) -> ViewModel {
    let mut view = registered();
    view.line.status = status;
    view
}

fn cannot_call(mut view: ViewModel) -> ViewModel {
    view.keypad.can_call = false;
    view
}

fn offline(mut view: ViewModel) -> ViewModel {
    view.line.online = false;
    view
}

fn silent(mut view: ViewModel) -> ViewModel {
    view.audio.locked = true;
    view
}

/// With numbers to choose from; none is chosen where `chosen` is empty.
fn calling_as(chosen: &str) -> ViewModel {
    let mut view = registered();
    let id = |number: &str, is_own| CallerIdView { number: number.to_owned(), is_own };
    view.caller_ids.list =
        vec![id(NUMBER, false), id("sales", false), id(LONG_NUMBER, true), id("مبيعات", true)];
    view.caller_ids.chosen = Some(chosen.to_owned()).filter(|chosen| !chosen.is_empty());
    view
}

fn caller_ids(error: Option<CallerIdError>) -> ViewModel {
    let mut view = calling_as(NUMBER);
    view.caller_ids.error = error;
    on_page(view, Page::CallerIds)
}

fn on_page(mut view: ViewModel, page: Page) -> ViewModel {
    view.page = page;
    view
}

fn recall() -> ViewModel {
    let mut view = registered();
    view.keypad.can_recall = true;
    view
}

fn missed(unseen: usize) -> ViewModel {
    let mut view = recall();
    view.history = HistoryView { unseen, ..recents(calls()).history };
    view
}

fn recents(entries: Vec<HistoryEntry>) -> ViewModel {
    let mut view = recall();
    view.page = Page::Recents;
    view.history.entries = entries.into();
    view
}

fn not_kept(mut view: ViewModel) -> ViewModel {
    view.history.not_kept = true;
    view
}

/// Of every kind one, over four days.
fn calls() -> Vec<HistoryEntry> {
    let inbound =
        |cause| HistoryEntry { direction: Direction::Inbound, duration: None, ..past(0, cause) };
    let calls = [
        past(65, EndCause::LocalHangup),
        HistoryEntry { name: None, ..inbound(EndCause::Missed) },
        HistoryEntry { name: None, number: String::new(), ..inbound(EndCause::Missed) },
        HistoryEntry {
            name: Some(LONG_NAME.to_owned()),
            number: LONG_NUMBER.to_owned(),
            direction: Direction::Inbound,
            ..past(3725, EndCause::RemoteHangup)
        },
        HistoryEntry { name: Some(ARABIC_NAME.to_owned()), ..inbound(EndCause::Busy) },
        HistoryEntry { name: None, duration: None, ..past(0, EndCause::Busy) },
        HistoryEntry {
            name: None,
            number: LONG_NUMBER.to_owned(),
            duration: None,
            ..past(0, EndCause::NotFound)
        },
        inbound(EndCause::AnsweredElsewhere),
    ];
    let mut calls: Vec<_> = calls.into();
    for (index, call) in calls.iter_mut().enumerate() {
        call.id = index.to_string();
        call.began_ms -= index as u64 * 11 * 3_600_000;
    }
    calls
}

fn past(seconds: u64, cause: EndCause) -> HistoryEntry {
    HistoryEntry {
        id: String::new(),
        direction: Direction::Outbound,
        cause,
        began_ms: js_sys::Date::now() as u64,
        duration: Some(Duration::from_secs(seconds)),
        number: NUMBER.to_owned(),
        name: Some(NAME.to_owned()),
        uri: None,
        caller_id: None,
        mos_hundredths: None,
    }
}

fn long_brand() -> ViewModel {
    let mut view = registered();
    view.settings.brand_name =
        "The Northern Harbour Telephone and Telegraph Company Limited".to_owned();
    view.line.account = Some("a.rather.long.user.name@voice.northern-harbour.example".to_owned());
    view
}

fn microphone(microphone: Microphone) -> ViewModel {
    let mut view = cannot_call(registered());
    view.audio.microphone = microphone;
    view
}

fn sign_in(sign_in: SignInView) -> ViewModel {
    let status = if sign_in.busy { LineStatus::Connecting } else { LineStatus::SignedOut };
    let mut view = cannot_call(with_line(status));
    view.line.account = None;
    view.sign_in = Some(sign_in);
    view
}

fn empty() -> SignInView {
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

fn partial() -> SignInView {
    SignInView { form: form(), domain_fixed: true, ..empty() }
}

fn complete(mode: HostMode) -> SignInView {
    SignInView { mode, complete: true, form: form(), has_secret: true, ..empty() }
}

fn failed(error: SignInError) -> SignInView {
    let form = if error == SignInError::Incomplete { Form::default() } else { form() };
    SignInView { form, error: Some(error), ..empty() }
}

fn form() -> Form {
    Form {
        username: "agent1".to_owned(),
        domain: "voice.example".to_owned(),
        password: String::new(),
    }
}

fn active(seconds: u64, media: bool) -> CallPhase {
    CallPhase::Active { elapsed: Duration::from_secs(seconds), media }
}

fn call(phase: CallPhase) -> CallView {
    CallView {
        id: CallId(1),
        number: NUMBER.to_owned(),
        name: Some(NAME.to_owned()),
        direction: Direction::Outbound,
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

/// A call that has been measured: well at first, then badly if there is a warning.
fn heard(warning: Option<QualityMetric>, call: CallView) -> CallView {
    let well = [4.4, 4.3, 4.4, 4.4, 4.2, 4.4].repeat(6);
    let badly = [3.4, 2.9, 3.1, 2.2, 1.6, 2.4].repeat(4);
    let last = if warning.is_some() { badly } else { vec![4.4, 4.1, 4.3, 4.4] };
    let quality = QualityView {
        scores: [well, last].concat(),
        loss: 0.4,
        jitter: Some(3.2),
        round_trip: Some(48.0),
        warning,
    };
    CallView { quality: Some(quality), ..call }
}

fn device_lists() -> DevicesView {
    let device = |kind, id: &str, label: &str| Device { kind, id: id.into(), label: label.into() };
    let headset = "Headset of the Northern Harbour Dept (046d:0a44)";
    DevicesView {
        present: vec![
            device(DeviceKind::Input, "m1", "Built-in microphone"),
            device(DeviceKind::Input, "m2", headset),
            device(DeviceKind::Output, "s1", "Built-in speakers"),
            device(DeviceKind::Output, "s2", headset),
        ],
        in_use: [Some("m2".into()), Some("s2".into()), None],
    }
}

fn lost_device(view: ViewModel) -> ViewModel {
    let audio = AudioView { lost_device: true, ..view.audio };
    ViewModel { audio, ..view }
}

fn diverted() -> DiversionView {
    DiversionView {
        do_not_disturb: true,
        busy: LONG_NUMBER.to_owned(),
        no_answer: "602".to_owned(),
        error: None,
    }
}

fn diverting(diversion: DiversionView) -> ViewModel {
    on_page(ViewModel { diversion, ..registered() }, Page::Diversion)
}

/// Calls at once.
fn several<const N: usize>(calls: [CallView; N]) -> ViewModel {
    ViewModel { calls: calls.into(), ..calling(CallPhase::Dialing) }
}

/// Another call than [`call`].
fn beside(phase: CallPhase, held: bool) -> CallView {
    CallView { id: CallId(9), name: Some("Grace Hopper".to_owned()), held, ..call(phase) }
}

fn long_beside(phase: CallPhase) -> CallView {
    CallView { id: CallId(10), name: Some(LONG_NAME.to_owned()), ..beside(phase, true) }
}

/// In a call whose far end wants to put the person through.
fn asks_for(name: Option<&str>, number: &str) -> CallView {
    let request = TransferRequest { number: number.to_owned(), name: name.map(str::to_owned) };
    CallView { transfer_request: Some(request), ..call(active(65, true)) }
}

fn long(phase: CallPhase) -> CallView {
    CallView { name: Some(LONG_NAME.to_owned()), number: LONG_NUMBER.to_owned(), ..call(phase) }
}

fn arabic(phase: CallPhase) -> CallView {
    CallView { name: Some(ARABIC_NAME.to_owned()), ..call(phase) }
}

fn transferred(target: &str, failed: Option<EndCause>) -> CallView {
    let transfer = TransferView { target: target.to_owned(), failed };
    CallView { transfer: Some(transfer), ..call(active(65, true)) }
}

fn calling(phase: CallPhase) -> ViewModel {
    in_call(call(phase))
}

fn in_call(call: CallView) -> ViewModel {
    ViewModel { calls: vec![call], ..registered() }
}

fn ended(cause: EndCause) -> Ended {
    let duration = match cause {
        EndCause::LocalHangup
        | EndCause::RemoteHangup
        | EndCause::Transferred
        | EndCause::ConnectionLost => 65,
        _ => 0,
    };
    Ended {
        number: NUMBER.to_owned(),
        name: Some(NAME.to_owned()),
        direction: match cause {
            EndCause::Rejected | EndCause::Missed | EndCause::AnsweredElsewhere => {
                Direction::Inbound
            }
            _ => Direction::Outbound,
        },
        cause,
        duration: Duration::from_secs(duration),
    }
}
