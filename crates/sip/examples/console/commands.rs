//! The commands, as they are typed.
//!
//! ```text
//! register | unregister | leave              the registration; `leave` ends every call too
//! call TARGET [CALLER-ID]                    a new call
//! answer N | hangup N                        call number N
//! reject N busy|decline|unavailable
//! hold N | resume N | restart N
//! dtmf N SIGNAL [MILLISECONDS]
//! transfer N TARGET | join N OTHER           blind; attended: join the far ends of two calls
//! accept N | refuse N                        a transfer that the far end asks for
//! subscribe messages|dialog|presence TARGET
//! unsubscribe N
//! message TARGET TEXT…
//! export N FILE | abandon N | import FILE     hand an answered call over to another console
//! drop | connect                             the socket
//! media wait|go|fail                         hold media work back, let it go, fail the next
//! trace                                      print what the agent has traced
//! quit
//! ```

use ringlet_sip::{CallId, Command, Package, Refusal, SubscriptionId, UserAgent};
use std::time::Duration;

pub(crate) enum Line {
    Nothing,
    Command(Command),
    Connect,
    Drop,
    HoldMedia,
    ReleaseMedia,
    FailMedia,
    Export(CallId, String),
    Import(String),
    Abandon(CallId),
    Trace,
    Quit,
}

/// Reads one line. New numbers are drawn from `agent`, and printed.
pub(crate) fn read(line: &str, agent: &mut UserAgent) -> Result<Line, &'static str> {
    let mut words = Words(line.trim());
    let command = match words.next() {
        "" => return Ok(Line::Nothing),
        "quit" => return Ok(Line::Quit),
        "connect" => return Ok(Line::Connect),
        "drop" => return Ok(Line::Drop),
        "media" => return media(words.next()),
        "export" => return Ok(Line::Export(words.call()?, words.required()?.to_owned())),
        "import" => return Ok(Line::Import(words.required()?.to_owned())),
        "abandon" => return Ok(Line::Abandon(words.call()?)),
        "trace" => return Ok(Line::Trace),
        "register" => Command::Register,
        "unregister" => Command::Unregister,
        "leave" => Command::Leave,
        "call" => Command::Invite {
            call: new_call(agent),
            target: words.required()?.to_owned(),
            caller_id: Some(words.next().to_owned()).filter(|id| !id.is_empty()),
        },
        "answer" => Command::Answer(words.call()?),
        "hangup" => Command::Hangup(words.call()?),
        "reject" => Command::Reject(words.call()?, refusal(words.next())?),
        "hold" => Command::Hold(words.call()?),
        "resume" => Command::Resume(words.call()?),
        "restart" => Command::Restart(words.call()?),
        "dtmf" => Command::Dtmf {
            call: words.call()?,
            signal: words.required()?.chars().next().unwrap_or_default(),
            duration: Duration::from_millis(words.next().parse().unwrap_or(100)),
        },
        "transfer" => {
            Command::Transfer { call: words.call()?, target: words.required()?.to_owned() }
        }
        "join" => Command::TransferTo { call: words.call()?, other: words.call()? },
        "accept" => Command::AcceptTransfer { call: words.call()?, new: new_call(agent) },
        "refuse" => Command::RefuseTransfer(words.call()?),
        "subscribe" => {
            let package = package(words.next())?;
            let target = words.required()?.to_owned();
            let subscription = agent.new_subscription();
            println!("subscription {}", subscription.0);
            Command::Subscribe { subscription, target, package }
        }
        "unsubscribe" => Command::Unsubscribe(SubscriptionId(words.number()?)),
        "message" => {
            let target = words.required()?.to_owned();
            let message = agent.new_message();
            println!("message {}", message.0);
            let body = words.rest().as_bytes().to_vec();
            Command::SendMessage { message, target, content_type: "text/plain".into(), body }
        }
        _ => return Err("no such command"),
    };
    Ok(Line::Command(command))
}

fn new_call(agent: &mut UserAgent) -> CallId {
    let call = agent.new_call();
    println!("call {}", call.0);
    call
}

fn media(what: &str) -> Result<Line, &'static str> {
    match what {
        "wait" => Ok(Line::HoldMedia),
        "go" => Ok(Line::ReleaseMedia),
        "fail" => Ok(Line::FailMedia),
        _ => Err("media can wait, go or fail"),
    }
}

fn refusal(how: &str) -> Result<Refusal, &'static str> {
    match how {
        "busy" => Ok(Refusal::Busy),
        "decline" => Ok(Refusal::Decline),
        "unavailable" => Ok(Refusal::Unavailable),
        _ => Err("a refusal is busy, decline or unavailable"),
    }
}

fn package(name: &str) -> Result<Package, &'static str> {
    match name {
        "messages" => Ok(Package::MessageSummary),
        "dialog" => Ok(Package::Dialog),
        "presence" => Ok(Package::Presence),
        _ => Err("a package is messages, dialog or presence"),
    }
}

/// What is left of a line.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn next(&mut self) -> &'a str {
        let (word, rest) = self.0.split_once(' ').unwrap_or((self.0, ""));
        self.0 = rest.trim_start();
        word
    }

    fn required(&mut self) -> Result<&'a str, &'static str> {
        Some(self.next()).filter(|word| !word.is_empty()).ok_or("a word is missing")
    }

    fn number(&mut self) -> Result<u32, &'static str> {
        self.next().parse().map_err(|_| "a number is missing")
    }

    fn call(&mut self) -> Result<CallId, &'static str> {
        self.number().map(CallId)
    }

    fn rest(self) -> &'a str {
        self.0
    }
}
