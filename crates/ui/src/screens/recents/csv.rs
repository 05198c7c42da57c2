//! The calls as a file for a spreadsheet (RFC 4180).

use super::dates::Dates;
use crate::words::{cause, text};
use ringlet_contract::event::Direction;
use ringlet_phone::HistoryEntry;

/// Tells Excel that the file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// All calls, newest first, under a line of titles.
pub(super) fn csv(entries: &[HistoryEntry], dates: &Dates) -> String {
    table(entries, |unix_ms| dates.iso(unix_ms))
}

fn table(entries: &[HistoryEntry], iso: impl Fn(u64) -> String) -> String {
    let mut csv = String::from(BYTE_ORDER_MARK);
    line(
        &mut csv,
        &[
            text::csv_began(),
            text::csv_direction(),
            text::csv_name(),
            text::csv_number(),
            text::csv_address(),
            text::csv_outcome(),
            text::csv_seconds(),
            text::csv_caller_id(),
            text::csv_quality(),
        ],
    );
    for entry in entries {
        let direction = match entry.direction {
            Direction::Inbound => text::recents_incoming(),
            Direction::Outbound => text::recents_outgoing(),
        };
        let outcome = match entry.is_missed() {
            true => text::cause_missed(),
            false => cause::words(entry.cause).0,
        };
        let score = entry.mos_hundredths.map(|mos| format!("{}.{:02}", mos / 100, mos % 100));
        let seconds = entry.duration.map(|duration| duration.as_secs().to_string());
        line(
            &mut csv,
            &[
                &iso(entry.began_ms),
                direction,
                entry.name.as_deref().unwrap_or_default(),
                &entry.number,
                entry.uri.as_deref().unwrap_or_default(),
                outcome,
                seconds.as_deref().unwrap_or_default(),
                entry.caller_id.as_deref().unwrap_or_default(),
                score.as_deref().unwrap_or_default(),
            ],
        );
    }
    csv
}

fn line(csv: &mut String, fields: &[&str]) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            csv.push(',');
        }
        csv.push('"');
        // Far ends choose their names. A spreadsheet would calculate one that looks like a formula,
        // and an apostrophe keeps it text; it is before `+49…` too, which would lose its plus.
        if field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            csv.push('\'');
        }
        csv.push_str(&field.replace('"', "\"\""));
        csv.push('"');
    }
    csv.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::recents::tests::entry;
    use std::time::Duration;

    /// The lines below the titles.
    fn lines(entry: HistoryEntry) -> String {
        let csv = table(&[entry], |unix_ms| unix_ms.to_string());
        let (titles, lines) = csv.split_once("\r\n").expect("a line of titles");
        assert!(titles.starts_with("\u{FEFF}\"") && titles.matches(',').count() == 8);
        lines.to_owned()
    }

    #[test]
    fn a_call_is_a_line_of_quoted_fields() {
        let answered = HistoryEntry {
            name: Some("Ada \"Countess\", Lovelace".to_owned()),
            duration: Some(Duration::from_secs(65)),
            mos_hundredths: Some(405),
            ..entry("600")
        };
        let expected = "\"7\",\"Outgoing\",\"Ada \"\"Countess\"\", Lovelace\",\"600\",\"\",\"Call ended\",\"65\",\"\",\"4.05\"\r\n";
        assert_eq!(lines(answered), expected);
    }

    #[test]
    fn nothing_a_far_end_sends_is_a_formula() {
        for text in ["=1+2", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0"] {
            let evil = HistoryEntry { name: Some(text.to_owned()), ..entry("+4930") };
            let line = lines(evil);
            let fields: Vec<_> = line.trim_end().split(',').collect();
            assert_eq!(fields[2], format!("\"'{text}\""));
            assert_eq!(fields[3], "\"'+4930\"");
        }
    }

    #[test]
    fn without_calls_there_are_only_titles() {
        assert_eq!(table(&[], |_| String::new()).matches("\r\n").count(), 1);
    }
}
