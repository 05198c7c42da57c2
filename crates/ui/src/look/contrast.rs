//! Makes any accent colour legible (WCAG 2.2, success criteria 1.4.3 and 1.4.11).

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb(pub(crate) [u8; 3]);

/// The accent for one colour scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accent {
    /// Fills a button; 3:1 against the ground.
    pub(crate) fill: Rgb,
    /// Text on the fill; 4.5:1.
    pub(crate) on_fill: Rgb,
    /// Text and marks on the ground; 4.5:1.
    pub(crate) ink: Rgb,
}

/// `--raised` of the light scheme in www/styles/tokens.css: the darkest ground there is in it.
pub(crate) const LIGHT_GROUND: Rgb = Rgb([0xf1, 0xf3, 0xf6]);
/// `--raised` of the dark scheme: the lightest ground there is in it.
pub(crate) const DARK_GROUND: Rgb = Rgb([0x24, 0x29, 0x31]);

const WHITE: Rgb = Rgb([255; 3]);
const BLACK: Rgb = Rgb([0; 3]);
const TEXT_RATIO: f64 = 4.5;
const MARK_RATIO: f64 = 3.0;

impl Rgb {
    /// Reads `#rrggbb`; nothing else is a colour here.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// Writes `#rrggbb`.
    pub(crate) fn css(self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::from("#");
        for part in self.0 {
            text.push(char::from(DIGITS[usize::from(part >> 4)]));
            text.push(char::from(DIGITS[usize::from(part & 15)]));
        }
        text
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn mix(self, other: Self, sixteenths: u16) -> Self {
        let mut mixed = self.0;
        for (part, towards) in mixed.iter_mut().zip(other.0) {
            let sum = u16::from(*part) * (16 - sixteenths) + u16::from(towards) * sixteenths;
            *part = (sum / 16) as u8;
        }
        Self(mixed)
    }
}

/// Derives what a scheme with this ground needs from a tenant's colour, changing the colour as
/// little as legibility allows.
pub(crate) fn accent(colour: Rgb, ground: Rgb) -> Accent {
    let fill = legible(colour, ground, MARK_RATIO);
    let on_fill = if ratio(fill, WHITE) >= TEXT_RATIO || ratio(fill, WHITE) > ratio(fill, BLACK) {
        WHITE
    } else {
        BLACK
    };
    Accent { fill, on_fill, ink: legible(colour, ground, TEXT_RATIO) }
}

/// Moves `colour` away from `ground` in sixteenths until the ratio holds.
fn legible(colour: Rgb, ground: Rgb, wanted: f64) -> Rgb {
    let away = if ground.luminance() > 0.5 { BLACK } else { WHITE };
    (0..=16)
        .map(|step| colour.mix(away, step))
        .find(|candidate| ratio(*candidate, ground) >= wanted)
        .unwrap_or(away)
}

/// The contrast ratio of WCAG 2.2, 1 to 21.
fn ratio(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (a.luminance() + 0.05, b.luminance() + 0.05);
    if a > b { a / b } else { b / a }
}

/// One part of a colour without its gamma.
fn linear(part: u8) -> f64 {
    let value = f64::from(part) / 255.0;
    if value <= 0.04045 { value / 12.92 } else { to_the_2_4((value + 0.055) / 1.055) }
}

/// `x^2.4` by square roots, which are one instruction, where `powf` would bring a library along:
/// 0.4 is 0.0110011001100110… in binary.
fn to_the_2_4(x: f64) -> f64 {
    let mut result = x * x;
    let mut root = x;
    for bit in 0..20 {
        root = root.sqrt();
        if bit % 4 == 1 || bit % 4 == 2 {
            result *= root;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_power_agrees_with_the_library() {
        for part in 0..=255_u8 {
            let x = f64::from(part) / 255.0;
            assert!((to_the_2_4(x) - x.powf(2.4)).abs() < 1e-5, "{part}");
        }
    }

    #[test]
    fn black_on_white_is_twenty_one_to_one() {
        assert!((ratio(BLACK, WHITE) - 21.0).abs() < 0.01);
    }

    #[test]
    fn every_accent_is_legible_on_both_grounds() {
        for red in (0..=255).step_by(51) {
            for green in (0..=255).step_by(51) {
                for blue in (0..=255).step_by(51) {
                    for ground in [LIGHT_GROUND, DARK_GROUND] {
                        let accent = accent(Rgb([red, green, blue]), ground);
                        assert!(ratio(accent.ink, ground) >= 4.5, "{accent:?}");
                        assert!(ratio(accent.fill, ground) >= 3.0, "{accent:?}");
                        assert!(ratio(accent.fill, accent.on_fill) >= 4.5, "{accent:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_colour_that_is_legible_already_stays_as_it_is() {
        let blue = Rgb([0x1d, 0x4e, 0xb8]);
        assert_eq!(accent(blue, LIGHT_GROUND), Accent { fill: blue, on_fill: WHITE, ink: blue });
    }

    #[test]
    fn only_six_hexadecimal_digits_are_a_colour() {
        assert_eq!(Rgb::parse("#1A2b3c"), Some(Rgb([0x1a, 0x2b, 0x3c])));
        assert_eq!(Rgb::parse("#1A2b3c").map(Rgb::css).as_deref(), Some("#1a2b3c"));
        for wrong in ["", "#", "1a2b3c", "#1a2b3", "#1a2b3g", "#+1a2b3", "red", "#ääää"] {
            assert_eq!(Rgb::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let tokens = include_str!("../../../../www/styles/tokens.css");
        let line = tokens.lines().find(|line| line.trim().starts_with("--raised:"));
        let line = line.expect("tokens.css names --raised");
        assert!(line.contains(&LIGHT_GROUND.css()) && line.contains(&DARK_GROUND.css()), "{line}");
    }
}
