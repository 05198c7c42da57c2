//! Days and times in the person's own language and zone, by the browser's `Intl`.

use js_sys::Intl::{DateTimeFormat, RelativeTimeFormat};
use js_sys::{Array, Date, Function, Object, Reflect};
use wasm_bindgen::JsValue;

const DAY_MS: i64 = 86_400_000;

/// The formats, made once: making one takes longer than using it.
pub(super) struct Dates {
    time: Function,
    day: Function,
    relative: RelativeTimeFormat,
}

impl Dates {
    pub(super) fn new() -> Self {
        // Without a locale `Intl` takes the browser's.
        let locales = Array::new();
        let format =
            |options: &[(&str, &str)]| DateTimeFormat::new(&locales, &object(options)).format();
        Self {
            time: format(&[("hour", "numeric"), ("minute", "2-digit")]),
            day: format(&[
                ("weekday", "long"),
                ("day", "numeric"),
                ("month", "long"),
                ("year", "numeric"),
            ]),
            relative: RelativeTimeFormat::new(&locales, &object(&[("numeric", "auto")])),
        }
    }

    /// The time of day.
    pub(super) fn time(&self, unix_ms: u64) -> String {
        call(&self.time, unix_ms)
    }

    /// The day, counted in the person's zone.
    pub(super) fn day(&self, unix_ms: u64) -> i64 {
        let offset = date(unix_ms).get_timezone_offset() as i64;
        (unix_ms as i64 - offset * 60_000).div_euclid(DAY_MS)
    }

    /// “today”, “yesterday”, or the date.
    pub(super) fn name_of_day(&self, unix_ms: u64) -> String {
        let ago = self.day(Date::now() as u64) - self.day(unix_ms);
        if matches!(ago, 0 | 1) {
            self.relative.format(-ago as f64, "day").into()
        } else {
            call(&self.day, unix_ms)
        }
    }

    /// ISO 8601 in UTC.
    pub(super) fn iso(&self, unix_ms: u64) -> String {
        date(unix_ms).to_iso_string().into()
    }

    /// `calls-2026-11-26.csv`.
    pub(super) fn file_name(&self) -> String {
        let today = self.iso(Date::now() as u64);
        ["calls-", today.split('T').next().unwrap_or_default(), ".csv"].concat()
    }
}

fn date(unix_ms: u64) -> Date {
    Date::new(&JsValue::from_f64(unix_ms as f64))
}

fn call(format: &Function, unix_ms: u64) -> String {
    // Throws only for a time that no `Date` can hold.
    let text = format.call1(&JsValue::UNDEFINED, &date(unix_ms)).ok();
    text.and_then(|text| text.as_string()).unwrap_or_default()
}

fn object(options: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in options {
        // A plain object takes every property.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object
}
