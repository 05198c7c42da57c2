//! Every fixture is read and written back unchanged, and every message and event has one.

use ringlet_contract::config::{HostInit, PageConfig, RuntimeConfig};
use ringlet_contract::error::{ApiSuccess, Problem};
use ringlet_contract::event::HostEvent;
use ringlet_contract::message::{Announce, Connect, Header, Hello, HelloAck, ToLoader, ToPhone};
use ringlet_contract::{NAMESPACE, PROTOCOL_VERSION};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A whole message as it is posted.
#[derive(Debug, Serialize, Deserialize)]
struct Message<Body> {
    #[serde(flatten)]
    header: Header,
    #[serde(flatten)]
    body: Body,
}

/// A message of the handshake, whose type is not part of its Rust type.
#[derive(Debug, Serialize, Deserialize)]
struct WindowMessage<Data> {
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[test]
fn messages_to_the_phone_survive_a_round_trip() {
    for (name, text) in fixtures("to_phone.") {
        let message: Message<ToPhone> = round_trip(&name, &text);
        assert_header(&name, &message.header);
    }
}

#[test]
fn messages_to_the_loader_survive_a_round_trip() {
    for (name, text) in fixtures("to_loader.") {
        let message: Message<ToLoader> = round_trip(&name, &text);
        assert_header(&name, &message.header);
        let answers = matches!(message.body, ToLoader::Result(_));
        assert_eq!(message.header.reply_to.is_some(), answers, "{name}: replyTo");
    }
}

#[test]
fn messages_of_the_handshake_survive_a_round_trip() {
    fn check<Data: Serialize + DeserializeOwned>(name: &str, kind: &str) {
        let text = fixture(name);
        let message: Message<WindowMessage<Data>> = round_trip(name, &text);
        assert_header(name, &message.header);
        assert_eq!(message.body.kind, kind);
    }
    check::<Announce>("window.announce", "announce");
    check::<Hello>("window.hello", "hello");
    check::<HelloAck>("window.hello_ack", "helloAck");
    check::<Connect>("window.connect", "connect");
}

#[test]
fn configurations_survive_a_round_trip() {
    for (name, text) in fixtures("config.runtime") {
        round_trip::<RuntimeConfig>(&name, &text);
    }
    for (name, text) in fixtures("config.host") {
        round_trip::<HostInit>(&name, &text);
    }
    round_trip::<PageConfig>("config.page", &fixture("config.page"));
}

#[test]
fn answers_of_the_server_survive_a_round_trip() {
    round_trip::<ApiSuccess<RuntimeConfig>>("http.success", &fixture("http.success"));
    round_trip::<Problem>("http.problem", &fixture("http.problem"));
}

#[test]
fn every_message_to_the_phone_has_a_fixture() {
    let seen: BTreeSet<&str> = fixtures("to_phone.")
        .iter()
        .map(|(name, text)| match round_trip::<Message<ToPhone>>(name, text).body {
            ToPhone::Init(_) => "init",
            ToPhone::Call(_) => "call",
            ToPhone::Dial(_) => "dial",
            ToPhone::Hangup(_) => "hangup",
            ToPhone::Answer(_) => "answer",
            ToPhone::Reject(_) => "reject",
            ToPhone::Mute(_) => "mute",
            ToPhone::Unmute(_) => "unmute",
            ToPhone::Hold(_) => "hold",
            ToPhone::Unhold(_) => "unhold",
            ToPhone::SendDtmf(_) => "sendDtmf",
            ToPhone::Transfer(_) => "transfer",
            ToPhone::TransferTo(_) => "transferTo",
            ToPhone::Visibility(_) => "visibility",
            ToPhone::Diagnostics(_) => "diagnostics",
            ToPhone::Ping(_) => "ping",
            ToPhone::Shutdown(_) => "shutdown",
        })
        .collect();
    assert_eq!(seen.len(), 17, "{seen:?}");
}

#[test]
fn every_message_to_the_loader_and_every_event_has_a_fixture() {
    let seen: BTreeSet<&str> = fixtures("to_loader.")
        .iter()
        .map(|(name, text)| match round_trip::<Message<ToLoader>>(name, text).body {
            ToLoader::Result(_) => "result",
            ToLoader::Snapshot(_) => "snapshot",
            ToLoader::Visibility(_) => "visibility",
            ToLoader::Event(message) => match message.event {
                HostEvent::Ready(_) => "ready",
                HostEvent::Registered(_) => "registered",
                HostEvent::Unregistered(_) => "unregistered",
                HostEvent::CallStarted(_) => "callStarted",
                HostEvent::CallIncoming(_) => "callIncoming",
                HostEvent::CallRinging(_) => "callRinging",
                HostEvent::CallUpdated(_) => "callUpdated",
                HostEvent::CallAnswered(_) => "callAnswered",
                HostEvent::CallEnded(_) => "callEnded",
                HostEvent::TransferState(_) => "transferState",
                HostEvent::QualityWarning(_) => "qualityWarning",
                HostEvent::MicPermission(_) => "micPermission",
                HostEvent::Error(_) => "error",
            },
        })
        .collect();
    assert_eq!(seen.len(), 16, "{seen:?}");
}

#[test]
fn a_message_of_an_unknown_type_is_refused() {
    let text = fixture("to_phone.call").replace("\"call\"", "\"selfDestruct\"");
    assert!(serde_json::from_str::<Message<ToPhone>>(&text).is_err());
}

#[test]
fn a_call_without_a_number_is_refused() {
    let text = fixture("to_phone.call").replace("\"number\"", "\"nummer\"");
    assert!(serde_json::from_str::<Message<ToPhone>>(&text).is_err());
}

#[test]
fn credentials_do_not_show_in_debug_output() {
    for (name, text) in fixtures("config.host") {
        let host: HostInit = round_trip(&name, &text);
        let shown = format!("{host:?}");
        assert!(!shown.contains("wonderland") && !shown.contains("939e7578"), "{shown}");
    }
}

fn assert_header(name: &str, header: &Header) {
    assert_eq!(header.ns, NAMESPACE, "{name}: ns");
    assert_eq!(header.v, PROTOCOL_VERSION, "{name}: v");
    assert!(!header.id.is_empty(), "{name}: id");
}

fn round_trip<T: Serialize + DeserializeOwned>(name: &str, text: &str) -> T {
    let before: Value = serde_json::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"));
    let value: T = serde_json::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"));
    let after = serde_json::to_value(&value).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(after, before, "{name}");
    value
}

fn fixture(name: &str) -> String {
    let path = folder().join(format!("{name}.json"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn fixtures(prefix: &str) -> Vec<(String, String)> {
    let mut found: Vec<_> = std::fs::read_dir(folder())
        .expect("the fixtures are beside the crate")
        .map(|entry| entry.expect("a readable folder").path())
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .filter(|name| name.starts_with(prefix))
        .map(|name| (name.clone(), fixture(&name)))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no fixture starts with {prefix}");
    found
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}
