//! How well the far end is heard: a line of the last minute, and what is wrong.

use super::is_answered;
use crate::ui::Call;
use crate::words::{Text, text};
use leptos::prelude::*;
use ringlet_contract::event::QualityMetric;
use ringlet_phone::{CallView, QualityView};

/// The line's field: a second is one wide, a tenth of a score one high, from 1 to 4.5.
const WIDTH: usize = 59;
const HEIGHT: u32 = 35;

pub(super) fn quality(call: Call) -> AnyView {
    let class = move || match call.with(|call| measured(call).is_some()) {
        true => "quality",
        false => "quality quality-unknown",
    };
    let read = move |words: fn(&QualityView) -> String| {
        move || call.with(|call| measured(call).map(words).unwrap_or_default())
    };
    let warning = move || call.with(|call| measured(call).map_or(Text::from(""), warning));
    view! {
        <p class=class title=read(details)>
            <span class="unseen">{text::quality_title()}</span>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                <polyline points=read(line) />
            </svg>
            <span class="quality-score">{read(score)}</span>
        </p>
        <p class="talk-note talk-held quality-warning" role="status">
            {warning}
        </p>
    }
    .into_any()
}

/// In a call that is held there is nothing to hear.
fn measured(call: &CallView) -> Option<&QualityView> {
    call.quality.as_ref().filter(|_| is_answered(call))
}

fn line(quality: &QualityView) -> String {
    let first = (WIDTH + 1).saturating_sub(quality.scores.len());
    let point = |(second, score): (usize, &f64)| {
        let down = ((4.5 - score) * 10.0 + 0.5) as u32;
        format!("{},{down}", first + second)
    };
    quality.scores.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
}

fn score(quality: &QualityView) -> String {
    tenths(quality.scores.last().copied().unwrap_or_default())
}

fn details(quality: &QualityView) -> String {
    let known = |value: Option<f64>| value.map_or_else(|| "?".to_owned(), whole);
    text::quality_details(
        &score(quality),
        &whole(quality.loss),
        &known(quality.jitter),
        &known(quality.round_trip),
    )
}

fn warning(quality: &QualityView) -> Text {
    match quality.warning {
        None => "",
        Some(QualityMetric::SilentMicrophone) => text::quality_silent_microphone(),
        Some(QualityMetric::NoMedia) => text::quality_no_media(),
        Some(QualityMetric::SilentFarEnd) => text::quality_silent_far_end(),
        Some(
            QualityMetric::Mos
            | QualityMetric::Loss
            | QualityMetric::Jitter
            | QualityMetric::RoundTrip,
        ) => text::quality_poor(),
    }
    .into()
}

/// The library's own way to write a fraction would be kilobytes of wasm.
fn tenths(value: f64) -> String {
    let tenths = (value * 10.0 + 0.5) as u32;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn whole(value: f64) -> String {
    ((value + 0.5) as u32).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quality(scores: &[f64]) -> QualityView {
        QualityView {
            scores: scores.to_vec(),
            loss: 0.4,
            jitter: Some(2.6),
            round_trip: None,
            warning: None,
        }
    }

    #[test]
    fn the_line_grows_from_the_right_and_a_better_score_is_higher() {
        assert_eq!(line(&quality(&[1.0, 4.4])), "58,35 59,1");
        assert_eq!(line(&quality(&[])), "");
        assert!(line(&quality(&[3.0; 60])).starts_with("0,15 1,15"));
    }

    #[test]
    fn what_is_not_known_is_said_to_be_so() {
        let details = details(&quality(&[4.26]));
        assert!(details.contains("4.3") && details.contains('3') && details.contains('?'));
    }

    #[test]
    fn each_kind_of_silence_has_its_own_words() {
        let words = |metric| warning(&QualityView { warning: Some(metric), ..quality(&[]) });
        assert_eq!(words(QualityMetric::SilentMicrophone), text::quality_silent_microphone());
        assert_eq!(words(QualityMetric::NoMedia), text::quality_no_media());
        assert_eq!(words(QualityMetric::SilentFarEnd), text::quality_silent_far_end());
        assert_eq!(words(QualityMetric::Loss), text::quality_poor());
    }
}
