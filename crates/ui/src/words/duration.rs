//! How long something lasts, in digits.

use std::time::Duration;

/// `0:07`, `1:05`, `1:02:05`. Digits and colons are read the same in every language we have, so
/// this spares the wasm a call into `Intl`.
pub(crate) fn digits(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let mut text = String::new();
    if hours > 0 {
        text.push_str(&hours.to_string());
        text.push(':');
        pad(&mut text, minutes);
    } else {
        text.push_str(&minutes.to_string());
    }
    text.push(':');
    pad(&mut text, seconds % 60);
    text
}

/// Whole seconds until something happens, never 0 while it has not.
pub(crate) fn seconds_left(duration: Duration) -> String {
    (duration.as_secs() + u64::from(duration.subsec_millis() > 0)).to_string()
}

fn pad(text: &mut String, two_digits: u64) {
    text.push(char::from(b'0' + (two_digits / 10) as u8));
    text.push(char::from(b'0' + (two_digits % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_stand_alone_and_seconds_have_two_digits() {
        assert_eq!(digits(Duration::ZERO), "0:00");
        assert_eq!(digits(Duration::from_secs(65)), "1:05");
        assert_eq!(digits(Duration::from_secs(59 * 60 + 59)), "59:59");
    }

    #[test]
    fn an_hour_gives_the_minutes_two_digits() {
        assert_eq!(digits(Duration::from_secs(3725)), "1:02:05");
        assert_eq!(digits(Duration::from_secs(36_000)), "10:00:00");
    }

    #[test]
    fn a_part_of_a_second_still_counts_as_one() {
        assert_eq!(seconds_left(Duration::from_millis(1)), "1");
        assert_eq!(seconds_left(Duration::from_millis(4001)), "5");
    }
}
