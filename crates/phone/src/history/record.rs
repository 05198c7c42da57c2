//! An entry as it is stored: one line of fields with tabs between them, the version first.
//!
//! ```text
//! 3 ⇥ out ⇥ remote-hangup ⇥ 1764196128000 ⇥ 65 ⇥ +4930123456 ⇥ Grace Hopper ⇥ sip:… ⇥ +4930100 ⇥ 438
//! ```
//!
//! The fifth field, the duration in seconds, is empty for a call that was never answered; name,
//! address, caller ID and the score (hundredths of a MOS) are empty when unknown. A change of the format raises [`VERSION`], and
//! [`read`] goes on reading what the versions before wrote; version 1 had no caller ID, version 2 no score. A version it
//! does not know was written by a later Ringlet in another tab, or before a downgrade: it is left
//! as it is.

use super::entry::{HistoryEntry, clean, clean_option};
use ringlet_contract::event::{Direction, EndCause};
use std::time::Duration;

/// The version that is written.
const VERSION: u64 = 3;

const CAUSES: [(EndCause, &str); 18] = [
    (EndCause::LocalHangup, "local-hangup"),
    (EndCause::RemoteHangup, "remote-hangup"),
    (EndCause::Transferred, "transferred"),
    (EndCause::Cancelled, "cancelled"),
    (EndCause::Rejected, "rejected"),
    (EndCause::Forwarded, "forwarded"),
    (EndCause::Missed, "missed"),
    (EndCause::AnsweredElsewhere, "answered-elsewhere"),
    (EndCause::Busy, "busy"),
    (EndCause::Declined, "declined"),
    (EndCause::NoAnswer, "no-answer"),
    (EndCause::NotFound, "not-found"),
    (EndCause::Unavailable, "unavailable"),
    (EndCause::Forbidden, "forbidden"),
    (EndCause::Incompatible, "incompatible"),
    (EndCause::MediaFailed, "media-failed"),
    (EndCause::ConnectionLost, "connection-lost"),
    (EndCause::Failed, "failed"),
];

/// What a stored text turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stored {
    /// An entry, in the version that is written now.
    Current(HistoryEntry),
    /// An entry of an older version, to be written anew.
    Older(HistoryEntry),
    /// From a version that is not known here.
    Newer,
    /// No entry of any version.
    Damaged,
}

/// Writes an entry. Its id is not part of the text: it is the key.
pub(super) fn write(entry: &HistoryEntry) -> String {
    let cause = CAUSES.iter().find(|(cause, _)| *cause == entry.cause).map_or("failed", |(_, n)| n);
    let direction = match entry.direction {
        Direction::Inbound => "in",
        Direction::Outbound => "out",
    };
    let duration = entry.duration.map(|duration| duration.as_secs().to_string());
    let mos = entry.mos_hundredths.map(|mos| mos.to_string());
    [
        VERSION.to_string().as_str(),
        direction,
        cause,
        &entry.began_ms.to_string(),
        duration.as_deref().unwrap_or_default(),
        &entry.number,
        entry.name.as_deref().unwrap_or_default(),
        entry.uri.as_deref().unwrap_or_default(),
        entry.caller_id.as_deref().unwrap_or_default(),
        mos.as_deref().unwrap_or_default(),
    ]
    .join("\t")
}

/// Reads what is stored under an id.
pub(super) fn read(id: &str, text: &str) -> Stored {
    let (version, fields) = text.split_once('\t').unwrap_or((text, ""));
    match version.parse::<u64>() {
        Ok(VERSION) => entry(id, fields).map_or(Stored::Damaged, Stored::Current),
        Ok(older @ 1..VERSION) => {
            let missing = if older == 1 { "\t\t" } else { "\t" };
            let fields = [fields, missing].concat();
            entry(id, &fields).map_or(Stored::Damaged, Stored::Older)
        }
        Ok(version) if version > VERSION => Stored::Newer,
        Ok(_) | Err(_) => Stored::Damaged,
    }
}

fn entry(id: &str, fields: &str) -> Option<HistoryEntry> {
    let fields: Vec<&str> = fields.split('\t').collect();
    let [direction, cause, began, duration, number, name, uri, caller_id, mos] = fields[..] else {
        return None;
    };
    Some(HistoryEntry {
        id: id.to_owned(),
        direction: match direction {
            "in" => Direction::Inbound,
            "out" => Direction::Outbound,
            _ => return None,
        },
        cause: CAUSES.iter().find(|(_, name)| *name == cause)?.0,
        began_ms: began.parse().ok()?,
        duration: match duration {
            "" => None,
            seconds => Some(Duration::from_secs(seconds.parse().ok()?)),
        },
        number: clean(number),
        name: clean_option(Some(name)),
        uri: clean_option(Some(uri)),
        caller_id: clean_option(Some(caller_id)),
        mos_hundredths: match mos {
            "" => None,
            hundredths => Some(hundredths.parse().ok()?),
        },
    })
}
