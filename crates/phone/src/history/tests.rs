use super::*;
use crate::core::tests::core;
use crate::random::Random;
use ringlet_contract::event::EndCause;
use ringlet_sip::Instant;
use std::collections::BTreeMap;
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const NOON: u64 = 1_764_158_400_000;

fn finished(direction: Direction, number: &str) -> Finished {
    Finished {
        direction,
        cause: EndCause::RemoteHangup,
        began: Instant::default(),
        duration: Some(Duration::from_secs(65)),
        number: number.to_owned(),
        name: None,
        uri: None,
        caller_id: None,
        quality: None,
    }
}

fn missed(number: &str) -> Finished {
    Finished { cause: EndCause::Missed, duration: None, ..finished(Direction::Inbound, number) }
}

/// What the browser keeps, as the adapter does it.
#[derive(Default)]
struct Shelf(BTreeMap<String, String>);

impl Shelf {
    fn perform(&mut self, core: &mut Core) {
        for effect in core.effects() {
            match effect {
                Effect::Record(RecordEffect::Put(Record { key, text })) => {
                    self.0.insert(key, text);
                }
                Effect::Record(RecordEffect::Remove(key)) => {
                    self.0.remove(&key);
                }
                Effect::Record(RecordEffect::Rename { from, to }) => {
                    let text = self.0.remove(&from).unwrap();
                    self.0.insert(to, text);
                }
                Effect::Record(RecordEffect::Load { .. }) | Effect::Log(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    fn records(&self) -> Vec<Record> {
        let record =
            |(key, text): (&String, &String)| Record { key: key.clone(), text: text.clone() };
        self.0.iter().map(record).collect()
    }
}

fn at_noon() -> (History, Core) {
    let mut core = core();
    core.unix_ms = NOON;
    (History::default(), core)
}

fn numbers(history: &History) -> Vec<&str> {
    history.entries().iter().map(|entry| entry.number.as_str()).collect()
}

#[test]
fn an_entry_says_when_the_call_began_and_not_when_it_ended() {
    let (mut history, mut core) = at_noon();
    core.advance(Duration::from_secs(70));
    history.on_call_finished(&mut core, &finished(Direction::Outbound, "600"));
    let [entry] = &history.entries()[..] else { panic!("one entry") };
    assert_eq!((entry.began_ms, entry.duration), (NOON, Some(Duration::from_secs(65))));
}

#[test]
fn what_was_stored_is_read_again_to_the_letter() {
    for (cause, duration, name, uri) in [
        (EndCause::RemoteHangup, Some(Duration::ZERO), Some("Zoë \"Q\" لیلا"), Some("sip:+49@h")),
        (EndCause::AnsweredElsewhere, None, None, None),
    ] {
        let entry = HistoryEntry {
            id: "0-a".into(),
            direction: Direction::Inbound,
            cause,
            began_ms: NOON,
            duration,
            number: "+4930".into(),
            name: name.map(str::to_owned),
            uri: uri.map(str::to_owned),
            caller_id: name.map(|_| "+4930100".to_owned()),
            mos_hundredths: duration.map(|_| 438),
        };
        assert_eq!(record::read("0-a", &record::write(&entry)), Stored::Current(entry));
    }
}

#[test]
fn an_entry_of_an_older_version_is_read_and_written_anew_once() {
    let began = "\tout\tbusy\t1764158400000\t\t600\tGrace\tsip:600@h";
    let caller = format!("{began}\t+4930");
    for (old, new, caller_id) in [
        (format!("1{began}"), format!("3{began}\t\t"), None),
        (format!("2{caller}"), format!("3{caller}\t"), Some("+4930")),
    ] {
        let (mut history, mut core) = at_noon();
        let mut shelf = Shelf::default();
        shelf.0.insert("history.0-a".into(), old);
        history.on_records(&mut core, &shelf.records());
        let [entry] = &history.entries()[..] else { panic!("it is an entry") };
        assert_eq!((entry.number.as_str(), entry.began_ms), ("600", NOON));
        assert_eq!(
            (entry.uri.as_deref(), entry.caller_id.as_deref()),
            (Some("sip:600@h"), caller_id)
        );
        assert_eq!(entry.mos_hundredths, None);
        shelf.perform(&mut core);
        assert_eq!(shelf.0["history.0-a"], new);
        history.on_records(&mut core, &shelf.records());
        assert_eq!((history.entries().len(), core.effects()), (1, vec![]));
    }
}

#[test]
fn what_a_far_end_sends_cannot_break_the_format() {
    let (mut history, mut core) = at_noon();
    let name = Some("a\tb\n".to_owned() + &"x".repeat(1_000));
    history.on_call_finished(&mut core, &Finished { name, ..missed("1\t2\r\n") });
    let mut shelf = Shelf::default();
    shelf.perform(&mut core);
    let mut again = History::default();
    again.on_records(&mut core, &shelf.records());
    assert_eq!(again.entries(), history.entries());
    assert_eq!(again.entries()[0].number, "12");
    assert_eq!(again.entries()[0].name.as_ref().unwrap().chars().count(), 256);
}

/// Whatever becomes of a stored text, what is read of it is written and read again as the same.
#[test]
fn a_text_that_was_tampered_with_is_read_or_set_aside_and_never_half_an_entry() {
    let entry = HistoryEntry {
        id: "0-a".into(),
        direction: Direction::Outbound,
        cause: EndCause::Busy,
        began_ms: NOON,
        duration: Some(Duration::from_secs(5)),
        number: "600".into(),
        name: Some("Zoë".into()),
        uri: None,
        caller_id: Some("+4930".into()),
        mos_hundredths: Some(438),
    };
    let text: Vec<char> = record::write(&entry).chars().collect();
    let mut random = Random::new([5; 32]);
    let (mut read, mut damaged) = (0, 0);
    for _ in 0..4_000 {
        let mut text = text.clone();
        let [steps, rest @ ..] = random.block();
        for &[at, what] in rest.as_chunks::<2>().0.iter().take(usize::from(steps % 3) + 1) {
            let at = usize::from(at) % text.len();
            match what % 4 {
                0 => drop(text.remove(at)),
                1 => text.insert(at, '\t'),
                2 => text[at] = '9',
                _ => text[at] = char::from(what),
            }
        }
        match record::read("0-a", &text.iter().collect::<String>()) {
            Stored::Current(entry) | Stored::Older(entry) => {
                read += 1;
                let again = record::read("0-a", &record::write(&entry));
                assert_eq!(again, Stored::Current(entry));
            }
            Stored::Newer => {}
            Stored::Damaged => damaged += 1,
        }
    }
    assert!(read > 100 && damaged > 100, "{read} were read, {damaged} not");
}

#[test]
fn a_newer_version_is_left_alone_and_a_damaged_entry_is_set_aside() {
    let (mut history, mut core) = at_noon();
    let mut shelf = Shelf::default();
    let damaged = [
        "",
        "1",
        "1\tin",
        "3\tup\tmissed\t1\t\t600\t\t\t\t",
        "3\tin\tmissed\tx\t\t6\t\t\t\t",
        "3\tin\tmissed\t1\t\t6\t\t\t\tgood",
        "{}",
        "0\tin",
    ];
    for (index, text) in damaged.iter().enumerate() {
        shelf.0.insert(format!("history.{index}"), (*text).to_owned());
    }
    shelf.0.insert("history.new".into(), "99\twho\tknows".into());
    shelf.0.insert("another".into(), "thing".into());
    history.on_records(&mut core, &shelf.records());
    assert_eq!(history.entries().len(), 0);
    shelf.perform(&mut core);
    let keys: Vec<_> = shelf.0.keys().map(String::as_str).collect();
    assert_eq!(keys.len(), damaged.len() + 2, "nothing is lost");
    assert_eq!(
        keys.iter().filter(|key| key.starts_with("damaged.history.")).count(),
        damaged.len()
    );
    assert_eq!(shelf.0["history.new"], "99\twho\tknows");

    history.on_records(&mut core, &shelf.records());
    history.delete_all(&mut core);
    shelf.perform(&mut core);
    assert!(shelf.0.contains_key("history.new"), "what cannot be shown is not deleted");
}

#[test]
fn two_tabs_add_and_delete_without_erasing_what_the_other_wrote() {
    let mut shelf = Shelf::default();
    let ((mut one, mut core_one), (mut two, mut core_two)) = (at_noon(), at_noon());
    core_two.random = Random::new([9; 32]);
    one.on_call_finished(&mut core_one, &missed("601"));
    shelf.perform(&mut core_one);
    // The other tab has not read this when it writes.
    two.on_call_finished(&mut core_two, &missed("602"));
    shelf.perform(&mut core_two);
    one.on_records(&mut core_one, &shelf.records());
    two.on_records(&mut core_two, &shelf.records());
    assert_eq!(one.entries(), two.entries());
    assert_eq!(one.entries().len(), 2);

    let id = one.entries().iter().find(|entry| entry.number == "602").unwrap().id.clone();
    one.delete(&mut core_one, &id);
    two.on_call_finished(&mut core_two, &missed("603"));
    shelf.perform(&mut core_two);
    shelf.perform(&mut core_one);
    two.on_records(&mut core_two, &shelf.records());
    let mut left = numbers(&two);
    left.sort_unstable();
    assert_eq!(left, ["601", "603"]);
}

#[test]
fn an_entry_that_the_browser_does_not_keep_lives_as_long_as_the_page() {
    let (mut history, mut core) = at_noon();
    history.on_call_finished(&mut core, &missed("601"));
    let key = [PREFIX, &history.entries()[0].id].concat();
    history.on_record_refused(&key);
    history.on_records(&mut core, &[]);
    assert_eq!(numbers(&history), ["601"], "another tab's change does not sweep it away");
    history.on_user_changed();
    assert_eq!(numbers(&history), [""; 0], "but it is not the next user's");
}

#[test]
fn a_missed_call_counts_until_the_list_was_open_also_after_a_reload() {
    let (mut history, mut core) = at_noon();
    let mut shelf = Shelf::default();
    core.advance(Duration::from_secs(1));
    history.on_call_finished(&mut core, &missed("601"));
    history.on_call_finished(&mut core, &finished(Direction::Inbound, "602"));
    let elsewhere = Finished { cause: EndCause::AnsweredElsewhere, ..missed("603") };
    history.on_call_finished(&mut core, &elsewhere);
    assert_eq!(history.unseen(), 1);
    history.mark_seen(&mut core);
    assert_eq!(history.unseen(), 0);
    shelf.perform(&mut core);
    core.advance(Duration::from_secs(60));
    let mut reloaded = History::default();
    reloaded.on_records(&mut core, &shelf.records());
    assert_eq!((reloaded.unseen(), reloaded.entries().len()), (0, 3));
    let later = Finished { began: core.now, ..missed("604") };
    reloaded.on_call_finished(&mut core, &later);
    assert_eq!(reloaded.unseen(), 1);
}

#[test]
fn the_number_dialled_last_is_that_of_the_newest_outgoing_call() {
    let (mut history, mut core) = at_noon();
    assert_eq!(history.last_dialled(), None);
    history.on_call_finished(&mut core, &finished(Direction::Outbound, "601"));
    core.advance(Duration::from_secs(1));
    let second = Finished { began: core.now, ..finished(Direction::Outbound, "602") };
    history.on_call_finished(&mut core, &second);
    history.on_call_finished(&mut core, &missed("603"));
    assert_eq!(history.last_dialled(), Some("602"));
}

/// Random calls, deletions and reloads, of two tabs with clocks that differ: the newest five
/// hundred are kept, and memory and storage agree.
#[test]
fn whatever_happens_the_history_is_bounded_ordered_and_what_is_stored() {
    for seed in 0..8 {
        let mut random = Random::new([seed; 32]);
        let mut shelf = Shelf::default();
        let ((one, core_one), (two, mut core_two)) = (at_noon(), at_noon());
        core_two.random = Random::new([seed + 100; 32]);
        core_two.unix_ms += 3_600_000;
        let mut tabs = [(one, core_one), (two, core_two)];
        for _ in 0..1_400 {
            let [tab, act, time, pick, ..] = random.block();
            let (history, core) = &mut tabs[usize::from(tab % 2)];
            core.advance(Duration::from_millis(u64::from(time) * 100));
            match act {
                0..=9 => history.on_records(core, &shelf.records()),
                10..=19 => {
                    let index = usize::from(pick) % history.entries().len().max(1);
                    if let Some(id) = history.entries().get(index).map(|entry| entry.id.clone()) {
                        history.delete(core, &id);
                    }
                }
                20 if pick < 4 => history.delete_all(core),
                _ => {
                    let began = core.now;
                    history.on_call_finished(core, &Finished { began, ..missed("601") });
                }
            }
            shelf.perform(core);
            assert!(history.entries().len() <= CAPACITY);
            assert!(history.entries().is_sorted_by(|a, b| a.began_ms >= b.began_ms));
        }
        let newest: Vec<String> = shelf.0.keys().rev().take(CAPACITY).cloned().collect();
        assert!(newest.len() > CAPACITY / 2, "the schedule came near the bound");
        for (history, core) in &mut tabs {
            history.on_records(core, &shelf.records());
            let keys: Vec<_> =
                history.entries().iter().map(|entry| [PREFIX, &entry.id].concat()).collect();
            assert_eq!(keys, newest);
            shelf.perform(core);
        }
        assert_eq!(shelf.0.len(), newest.len(), "storage is bounded as well");
    }
}
