use super::*;
use QualityMetric::*;
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const TALK: Option<Talk> = Some(Talk { speaks: true });

/// A call with its browser: 50 packets a second that are all heard.
struct Call {
    quality: Quality,
    now: Instant,
    sample: Sample,
}

impl Call {
    fn new() -> Self {
        let (heard, spoken) = (Some(0.1), Some(0.1));
        let sample =
            Sample { received: Some(0), lost: Some(0), heard, spoken, ..Sample::default() };
        let mut call = Self { quality: Quality::default(), now: Instant::default(), sample };
        assert_eq!(call.take(TALK), []);
        call
    }

    fn take(&mut self, talk: Option<Talk>) -> Vec<Warning> {
        self.quality.on_sample(self.now, &self.sample, talk)
    }

    /// A second in which so many packets arrive and so many are counted as lost.
    fn second(&mut self, received: u64, lost: i64) -> Vec<Warning> {
        self.count(received, lost);
        self.take(TALK)
    }

    fn count(&mut self, received: u64, lost: i64) {
        self.now = self.now + Duration::from_secs(1);
        self.sample.received = self.sample.received.map(|before| before + received);
        self.sample.lost = self.sample.lost.map(|before| before + lost);
    }

    fn seconds(&mut self, count: usize, received: u64, lost: i64) -> Vec<Warning> {
        (0..count).flat_map(|_| self.second(received, lost)).collect()
    }

    fn score(&self) -> f64 {
        *self.quality.scores.back().unwrap()
    }
}

/// The metrics, and whether their warning ended.
fn told(warnings: &[Warning]) -> Vec<(QualityMetric, bool)> {
    warnings.iter().map(|warning| (warning.metric, warning.cleared)).collect()
}

#[test]
fn a_line_without_fault_scores_what_the_model_allows_at_most() {
    let mut call = Call::new();
    assert_eq!(call.seconds(10, 50, 0), []);
    assert!((4.35..4.45).contains(&call.score()), "{}", call.score());
    assert_eq!(call.quality.warning(), None);
}

/// Worked out by hand from the formula in `estimate.rs`.
#[test]
fn the_score_is_that_of_the_formula() {
    let mut call = Call::new();
    call.sample.jitter = Some(10.0);
    call.sample.round_trip = Some(300.0);
    call.second(45, 5);
    // d = 150 + 20 + 20 = 190; Id = 4.56 + 1.397; P = 10; Ie,eff = 27.066; R = 60.177.
    assert!((call.score() - 3.1084).abs() < 0.001, "{}", call.score());
}

#[test]
fn more_loss_delay_and_jitter_never_score_better() {
    let score = |lost: i64, round_trip: f64, jitter: f64| {
        let mut call = Call::new();
        call.sample.round_trip = Some(round_trip);
        call.sample.jitter = Some(jitter);
        call.second(100, lost);
        call.score()
    };
    for step in 0..40 {
        let at = f64::from(step) * 25.0;
        assert!(score(step.into(), 0.0, 0.0) >= score((step + 1).into(), 0.0, 0.0));
        assert!(score(0, at, 0.0) >= score(0, at + 25.0, 0.0));
        assert!(score(0, 0.0, at) >= score(0, 0.0, at + 25.0));
    }
    assert_eq!(score(100_000, 5_000.0, 1_000.0), 1.0, "and the scale ends at 1");
}

/// The browser counts what was lost only when something arrives again.
#[test]
fn a_dead_network_scores_badly_at_once_and_is_counted_once() {
    let mut call = Call::new();
    call.seconds(10, 50, 0);
    call.second(0, 0);
    assert!(call.score() < 1.5, "{}", call.score());
    call.seconds(3, 0, 0);
    // It returns, and 200 packets turn out to be missing.
    call.second(50, 200);
    assert!(call.score() > 4.3, "{}", call.score());
    let report = call.quality.report().unwrap();
    assert_eq!(report.loss, 26.67, "200 of 750");
    assert!(report.lowest_mos < 1.5 && (3.4..3.8).contains(&report.mos), "{report:?}");
    assert_eq!(report.seconds, 15);
}

#[test]
fn a_far_end_that_sends_less_while_it_is_quiet_is_not_lossy() {
    let mut call = Call::new();
    call.seconds(3, 50, 0);
    // Opus with DTX: a packet every 400 ms.
    assert_eq!(call.seconds(20, 2, 0), []);
    assert!(call.score() > 4.3);
}

#[test]
fn a_warning_begins_with_three_bad_seconds_of_five_and_ends_after_five_good_ones() {
    let mut call = Call::new();
    call.seconds(3, 50, 0);
    assert_eq!(call.seconds(2, 48, 2), [], "two are not enough");
    let begun = call.seconds(1, 48, 2);
    let [Warning { metric: Loss, value: 4.0, threshold: 3.0, cleared: false }] = begun[..] else {
        panic!("{begun:?}");
    };
    assert_eq!(call.quality.warning(), Some(Mos), "something is poor");
    assert_eq!(call.seconds(5, 48, 2), [], "once");
    assert_eq!(call.seconds(4, 50, 0), []);
    assert_eq!(told(&call.seconds(1, 50, 0)), [(Loss, true)]);
    assert_eq!(call.quality.warning(), None);
}

#[test]
fn a_low_score_is_bad_and_a_high_one_is_not() {
    let mut call = Call::new();
    let warnings = call.seconds(3, 40, 10);
    assert_eq!(told(&warnings), [(Mos, false), (Loss, false)]);
    assert!(warnings[0].value < 3.5);
}

#[test]
fn jitter_and_round_trip_have_thresholds_of_their_own() {
    let mut call = Call::new();
    call.sample.jitter = Some(31.0);
    call.sample.round_trip = Some(401.0);
    assert_eq!(told(&call.seconds(3, 50, 0)), [(Jitter, false), (RoundTrip, false)]);
    call.sample.jitter = Some(30.0);
    call.sample.round_trip = None;
    assert_eq!(told(&call.seconds(5, 50, 0)), [(Jitter, true), (RoundTrip, true)]);
}

#[test]
fn six_seconds_without_packets_are_the_network_and_come_before_a_poor_score() {
    let mut call = Call::new();
    call.seconds(5, 50, 0);
    let warnings = told(&call.seconds(6, 0, 0));
    assert_eq!(warnings, [(Mos, false), (Loss, false)]);
    assert_eq!(told(&call.seconds(1, 0, 0)), [(NoMedia, false)]);
    assert_eq!(call.quality.warning(), Some(NoMedia));
    assert_eq!(told(&call.seconds(1, 50, 0)), [(NoMedia, true)]);
}

#[test]
fn six_seconds_of_silence_are_the_microphone_or_the_far_end() {
    let mut call = Call::new();
    call.sample.spoken = Some(0.0);
    assert_eq!(call.seconds(6, 50, 0), []);
    assert_eq!(told(&call.seconds(1, 50, 0)), [(SilentMicrophone, false)]);
    call.sample.heard = Some(0.0001);
    assert_eq!(told(&call.seconds(7, 50, 0)), [(SilentFarEnd, false)]);
    assert_eq!(call.quality.warning(), Some(SilentMicrophone), "what the person can mend");
    call.sample.spoken = Some(0.000_03);
    assert_eq!(told(&call.seconds(1, 50, 0)), [(SilentMicrophone, true)], "noise is enough");
    call.sample.heard = None;
    assert_eq!(told(&call.seconds(1, 50, 0)), [(SilentFarEnd, true)], "not known is not silent");
}

#[test]
fn a_microphone_that_is_off_may_be_silent() {
    let mut call = Call::new();
    call.sample.spoken = Some(0.0);
    for _ in 0..20 {
        call.count(50, 0);
        assert_eq!(call.take(Some(Talk { speaks: false })), []);
    }
}

#[test]
fn a_call_on_hold_is_not_measured_and_what_was_wrong_is_over() {
    let mut call = Call::new();
    call.sample.heard = Some(0.0);
    call.seconds(10, 40, 10);
    let measured = call.quality.report();
    call.count(0, 0);
    let cleared = told(&call.take(None));
    assert_eq!(cleared, [(Mos, true), (Loss, true), (SilentFarEnd, true)]);
    for _ in 0..30 {
        call.count(0, 0);
        assert_eq!(call.take(None), []);
    }
    assert_eq!(call.quality.report(), measured);
    assert!(call.quality.view().is_none());
    // The pause itself is no loss.
    assert_eq!(call.second(50, 0), []);
    call.sample.heard = Some(0.1);
    call.second(50, 0);
    assert!(call.score() > 4.3);
}

#[test]
fn a_browser_that_tells_nothing_is_not_guessed_at() {
    let mut quality = Quality::default();
    for second in 0..20 {
        let now = Instant::from_millis(second * 1_000);
        assert_eq!(quality.on_sample(now, &Sample::default(), TALK), []);
    }
    assert_eq!((quality.report(), quality.warning()), (None, None));
}

#[test]
fn counters_that_begin_anew_are_not_compared_with_the_old_ones() {
    let mut call = Call::new();
    call.seconds(10, 50, 1);
    (call.sample.received, call.sample.lost) = (Some(0), Some(0));
    assert_eq!(call.second(20, 0), []);
    assert_eq!(call.second(50, 0), []);
    assert!(call.score() > 4.3);
    // Duplicates are subtracted from what was lost.
    assert_eq!(call.second(50, -3), []);
    assert!(call.score() > 4.3);
}

#[test]
fn the_last_minute_is_shown_and_the_whole_call_reported() {
    let mut call = Call::new();
    call.seconds(90, 50, 0);
    assert_eq!(call.quality.scores.len(), SHOWN);
    assert_eq!(call.quality.report().unwrap().seconds, 90);
}
