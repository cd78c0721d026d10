//! Values inside of base64, at whatever offset: each has three spellings there, one for each offset modulo three.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 that holds a value.
pub(super) struct Base64Run {
    /// Where it is, padding included.
    pub(super) range: Range<usize>,
    /// What it decodes to. None: nothing readable.
    pub(super) plain: Option<String>,
}

/// Every run of base64 in the bytes that holds the value.
pub(super) fn runs_with(value: &str, bytes: &[u8]) -> Vec<Base64Run> {
    let mut runs: Vec<Base64Run> = Vec::new();
    for offset in 0..3 {
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let Some((spelling, column)) = spelling(value, offset, &engine) else {
                continue;
            };
            for at in memchr::memmem::find_iter(bytes, spelling.as_bytes()) {
                let run = run_around(bytes, at, spelling.len(), column);
                if runs.iter().all(|known| known.range != run.range) {
                    runs.push(run);
                }
            }
        }
    }
    runs
}

/// The base64 that begins the bytes, with its padding, and what it decodes to.
pub(super) fn run_at_start(bytes: &[u8]) -> Base64Run {
    let length = bytes.iter().take_while(|byte| is_digit(**byte)).count();
    let padding = padding_after(bytes, length);
    Base64Run {
        range: 0..length + padding,
        plain: bytes.get(..length).and_then(decode),
    }
}

/// The digits that depend on the value only, and in which of a group's four columns the first of them is. None: too few
/// to tell from other text.
fn spelling(value: &str, offset: usize, engine: &GeneralPurpose) -> Option<(String, usize)> {
    const FEWEST_DIGITS: usize = 4;
    let mut shifted = vec![0; offset];
    shifted.extend_from_slice(value.as_bytes());
    let digits = engine.encode(&shifted);
    // A digit that also holds bits of the byte before or after is not the value's own.
    let first = (offset * 8).div_ceil(6);
    let last = shifted.len() * 8 / 6;
    let own = digits.get(first..last)?;
    (own.len() >= FEWEST_DIGITS).then(|| (own.to_owned(), first % 4))
}

fn run_around(bytes: &[u8], at: usize, length: usize, column: usize) -> Base64Run {
    let before = bytes.get(..at).unwrap_or_default();
    let digits_before = before
        .iter()
        .rev()
        .take_while(|byte| is_digit(**byte))
        .count();
    let after = bytes.get(at + length..).unwrap_or_default();
    let end = at + length + after.iter().take_while(|byte| is_digit(**byte)).count();
    // The slash is a digit and also stands between the parts of a path: begin as far to the left as it can be read.
    let group = at.saturating_sub(column);
    let groups = digits_before.saturating_sub(column) / 4;
    let readable = (0..=groups).rev().find_map(|count| {
        let start = group.saturating_sub(count * 4);
        let plain = decode(bytes.get(start..end)?)?;
        Some((start, plain))
    });
    let padding = padding_after(bytes, end);
    match readable {
        Some((start, plain)) => Base64Run {
            range: start..end + padding,
            plain: Some(plain),
        },
        None => Base64Run {
            range: at - digits_before..end + padding,
            plain: None,
        },
    }
}

/// Text only: without control characters, which what is not text mostly has.
fn decode(digits: &[u8]) -> Option<String> {
    const CONFIGURATION: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let standard: Vec<u8> = digits
        .iter()
        .map(|digit| match digit {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        })
        .collect();
    let bytes = GeneralPurpose::new(&alphabet::STANDARD, CONFIGURATION)
        .decode(standard)
        .ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let is_text = |character: char| !character.is_control() || character.is_whitespace();
    text.chars().all(is_text).then_some(text)
}

fn padding_after(bytes: &[u8], end: usize) -> usize {
    let after = bytes.get(end..).unwrap_or_default();
    after
        .iter()
        .take(2)
        .take_while(|byte| **byte == b'=')
        .count()
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    #[test]
    fn a_value_is_found_at_every_offset_and_in_both_alphabets() {
        let secret = "s3~cr?t>value";
        for plain in [
            format!("acme+pub:{secret}"),
            format!("a:{secret}"),
            format!("ab:{secret}!"),
            secret.to_owned(),
        ] {
            for engine in [STANDARD, URL_SAFE, STANDARD_NO_PAD] {
                let digits = engine.encode(&plain);
                for text in [
                    digits.clone(),
                    format!("Basic {digits} and"),
                    format!("/path/{digits}?x"),
                ] {
                    let runs = runs_with(secret, text.as_bytes());
                    assert_eq!(runs.len(), 1, "{text}");
                    let found = runs[0].plain.as_deref().unwrap_or_default();
                    assert!(found.ends_with(&plain), "{text}: {found}");
                    assert!(!text[runs[0].range.end..].starts_with('='), "{text}");
                }
            }
        }
        assert!(runs_with(secret, b"c29tZXRoaW5nIGVsc2U=").is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_still_found() {
        let mut bytes = vec![0, 159, 1];
        bytes.extend_from_slice(b"secret-value");
        bytes.push(255);
        let digits = STANDARD.encode(&bytes);
        let runs = runs_with("secret-value", digits.as_bytes());
        assert_eq!(runs.len(), 1);
        assert_eq!(runs[0].range, 0..digits.len());
        assert_eq!(runs[0].plain, None);
    }
}
