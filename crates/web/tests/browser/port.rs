use crate::support::run;
use ringlet_contract::error::ErrorCode;
use ringlet_contract::message::{CallCommand, CallRef, ToPhone};
use ringlet_phone::HostInput;
use ringlet_web::bridge::read_command;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test as test;

fn read(script: &str) -> HostInput {
    read_command(&run(&format!("({script})")))
}

fn refusal(script: &str) -> (Option<String>, ErrorCode) {
    match read(script) {
        HostInput::Malformed { id, error } => (id, error.code),
        HostInput::Command { command, .. } => panic!("{script} was taken for {command:?}"),
    }
}

fn command(script: &str) -> ToPhone {
    match read(script) {
        HostInput::Command { id, command } => {
            assert_eq!(id, "l1");
            command
        }
        HostInput::Malformed { error, .. } => panic!("{script} was refused: {error:?}"),
    }
}

/// A new command does not compile until it is added here, and then fails until it can be read.
fn sample_of_next(command: Option<&ToPhone>) -> Option<(&'static str, &'static str)> {
    const INIT: &str = "{runtime:{tenantId:'t',uiUrl:'https://u',wssUrl:'wss://w',iceServers:[],\
        branding:{displayName:'D',themeColor:'#123456'},behavior:{},storageNamespace:'n',\
        maxSessions:1},host:{sip:{username:'agent1',HA1Password:'0'}}}";
    match command {
        None => Some(("init", INIT)),
        Some(ToPhone::Init(_)) => Some(("call", "{number:'600'}")),
        Some(ToPhone::Call(_)) => Some(("dial", "{number:'600'}")),
        Some(ToPhone::Dial(_)) => Some(("hangup", "{}")),
        Some(ToPhone::Hangup(_)) => Some(("answer", "{}")),
        Some(ToPhone::Answer(_)) => Some(("reject", "{}")),
        Some(ToPhone::Reject(_)) => Some(("mute", "{}")),
        Some(ToPhone::Mute(_)) => Some(("unmute", "{}")),
        Some(ToPhone::Unmute(_)) => Some(("hold", "{}")),
        Some(ToPhone::Hold(_)) => Some(("unhold", "{}")),
        Some(ToPhone::Unhold(_)) => Some(("sendDtmf", "{tones:'1'}")),
        Some(ToPhone::SendDtmf(_)) => Some(("transfer", "{target:'600'}")),
        Some(ToPhone::Transfer(_)) => Some(("transferTo", "{callId:'1',otherCallId:'2'}")),
        Some(ToPhone::TransferTo(_)) => Some(("diagnostics", "{}")),
        Some(ToPhone::Diagnostics(_)) => Some(("visibility", "{open:true}")),
        Some(ToPhone::Visibility(_)) => Some(("ping", "{}")),
        Some(ToPhone::Ping(_)) => Some(("shutdown", "{}")),
        Some(ToPhone::Shutdown(_)) => None,
    }
}

#[test]
fn every_command_there_is_can_be_read() {
    let mut last = None;
    while let Some((kind, data)) = sample_of_next(last.as_ref()) {
        last = Some(command(&format!("{{ns:'ringlet',v:1,id:'l1',type:'{kind}',data:{data}}}")));
    }
    assert!(matches!(last, Some(ToPhone::Shutdown(_))));
}

#[test]
fn a_call_is_read_with_all_it_carries() {
    let read = command(
        "{ns:'ringlet',v:1,id:'l1',type:'call',data:{number:'+49 30 1',callerId:'100',\
         correlationId:'deal 7',later:true}}",
    );
    let expected = CallCommand {
        number: "+49 30 1".into(),
        caller_id: Some("100".into()),
        correlation_id: Some("deal 7".into()),
    };
    assert_eq!(read, ToPhone::Call(expected));
}

#[test]
fn a_field_left_out_and_a_field_undefined_are_the_same() {
    for data in ["{}", "{callId:undefined}", "{callId:null}"] {
        let read = command(&format!("{{ns:'ringlet',v:1,id:'l1',type:'hangup',data:{data}}}"));
        assert_eq!(read, ToPhone::Hangup(CallRef { call_id: None }), "{data}");
    }
}

#[test]
fn garbage_is_answered_as_malformed() {
    for garbage in [
        "undefined",
        "null",
        "0",
        "true",
        "'{}'",
        "[]",
        "{}",
        "new Date()",
        "new Uint8Array(8)",
        "new Map([['ns','ringlet']])",
        "{ns:'other',v:1,id:'l1',type:'hangup',data:{}}",
        "{ns:'ringlet',v:'1',id:'l1',type:'hangup',data:{}}",
        "{ns:'ringlet',v:1,type:'hangup',data:{}}",
        "{ns:'ringlet',v:1,id:'',type:'hangup',data:{}}",
        "{ns:'ringlet',v:1,id:7,type:'hangup',data:{}}",
        "{ns:'ringlet',v:1,id:'l1',type:'call'}",
        "{ns:'ringlet',v:1,id:'l1',type:'call',data:{number:600}}",
        "{ns:'ringlet',v:1,id:'l1',type:'call',data:{}}",
        "{ns:'ringlet',v:1,id:'l1',type:'init',data:{runtime:{},host:{}}}",
        "{ns:'ringlet',v:1,id:'l1',type:'visibility',data:{open:'yes'}}",
        "{ns:'ringlet',v:1,id:'l1',type:'hangup',data:{callId:1n}}",
        "(() => { const m = {ns:'ringlet',v:1,id:'l1',type:'mute'}; m.data = m; return m })()",
    ] {
        assert_eq!(refusal(garbage).1, ErrorCode::MalformedMessage, "{garbage}");
    }
}

#[test]
fn a_refusal_answers_the_message_that_caused_it() {
    let (id, _) = refusal("{ns:'ringlet',v:1,id:'l1',type:'call',data:{}}");
    assert_eq!(id.as_deref(), Some("l1"));
    let (id, _) = refusal("{ns:'ringlet',v:1,id:'x'.repeat(65),type:'call',data:{}}");
    assert_eq!(id, None, "nobody gets an endless id back");
}

#[test]
fn an_unknown_type_is_named_so() {
    for kind in ["'teleport'", "'Call'", "'constructor'", "''", "7", "undefined", "{}"] {
        let (id, code) = refusal(&format!("{{ns:'ringlet',v:1,id:'l1',type:{kind},data:{{}}}}"));
        assert_eq!((id.as_deref(), code), (Some("l1"), ErrorCode::UnknownType), "{kind}");
    }
}

#[test]
fn another_version_is_named_so() {
    for version in ["0", "2", "4294967295"] {
        let (_, code) =
            refusal(&format!("{{ns:'ringlet',v:{version},id:'l1',type:'hangup',data:{{}}}}"));
        assert_eq!(code, ErrorCode::UnsupportedVersion, "{version}");
    }
}

#[test]
fn a_message_is_read_up_to_64_ki_characters() {
    let message = |length: usize| {
        format!("{{ns:'ringlet',v:1,id:'l1',type:'dial',data:{{number:'1'.repeat({length})}}}}")
    };
    let frame = js_sys::JSON::stringify(&run(&format!("({})", message(0))))
        .expect("plain data can be written")
        .length() as usize;
    command(&message(65_536 - frame));
    let (id, code) = refusal(&message(65_537 - frame));
    assert_eq!((id.as_deref(), code), (Some("l1"), ErrorCode::MalformedMessage));
}

#[test]
fn nothing_at_all_is_malformed_too() {
    assert!(matches!(read_command(&JsValue::UNDEFINED), HostInput::Malformed { id: None, .. }));
}
