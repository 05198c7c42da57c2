//! Fair timing on a machine that does other things as well.

use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

/// How often each contender has its turn.
pub(crate) const ROUNDS: usize = 25;
/// How long a turn lasts.
const TURN: Duration = Duration::from_millis(50);

/// Somebody who does the work.
pub(crate) struct Contender<'a> {
    pub(crate) name: &'static str,
    /// Does some of it, and says how many units that were.
    pub(crate) pass: Box<dyn FnMut() -> usize + 'a>,
}

/// Units a second of each: the median of turns that alternate, so that whatever else the machine
/// does in the meantime hits everybody alike.
pub(crate) fn medians(mut contenders: Vec<Contender<'_>>) -> Value {
    let mut rates = vec![Vec::new(); contenders.len()];
    for round in 0..=ROUNDS {
        for (contender, rates) in contenders.iter_mut().zip(&mut rates) {
            let rate = turn(contender);
            // The first round warms caches and predictors up.
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    let median = |mut rates: Vec<f64>| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2].round()
    };
    let names = contenders.iter().map(|contender| contender.name.to_owned());
    let medians = names.zip(rates).map(|(name, rates)| (name, json!(median(rates))));
    Value::Object(medians.collect::<Map<_, _>>())
}

fn turn(contender: &mut Contender<'_>) -> f64 {
    let started = Instant::now();
    let mut units = 0_u32;
    loop {
        for _ in 0..20 {
            let done = std::hint::black_box((contender.pass)());
            units += u32::try_from(done).unwrap_or(0);
        }
        let took = started.elapsed();
        if took >= TURN {
            return f64::from(units) / took.as_secs_f64();
        }
    }
}
