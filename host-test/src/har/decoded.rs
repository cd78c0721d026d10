//! A text as it reads after decoding, each decoded byte with its place in the text: so that a value is found whichever
//! way it was encoded, and cut out of the text that holds it.

use std::ops::Range;

/// How a value can stand in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Plain,
    /// `%2B`, in any case, of any character.
    Percent,
    /// The same, with `+` for a space.
    Form,
    /// `\"`, `\u0041`, as inside of a JSON string.
    Json,
}

impl Encoding {
    pub(super) const ALL: [Self; 4] = [Self::Plain, Self::Percent, Self::Form, Self::Json];

    /// The placeholder that stands for a value in this encoding, given the one for the value itself.
    pub(super) fn wrap(self, placeholder: &str) -> String {
        match self {
            Self::Plain => placeholder.to_owned(),
            Self::Percent | Self::Form => format!("{{{{percent:{placeholder}}}}}"),
            Self::Json => format!("{{{{json:{placeholder}}}}}"),
        }
    }
}

/// A decoded text.
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    /// Where each byte begins in the text, and the text's end.
    places: Vec<usize>,
}

impl Decoded {
    /// None where decoding changes nothing.
    pub(super) fn new(text: &str, encoding: Encoding) -> Option<Self> {
        let source = text.as_bytes();
        let is_encoded = match encoding {
            Encoding::Plain => true,
            Encoding::Percent => source.contains(&b'%'),
            Encoding::Form => source.contains(&b'+'),
            Encoding::Json => source.contains(&b'\\'),
        };
        if !is_encoded {
            return None;
        }
        let mut decoded = Self {
            bytes: Vec::with_capacity(source.len()),
            places: Vec::with_capacity(source.len() + 1),
        };
        let mut at = 0;
        while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
            let (bytes, length) = first(rest, encoding);
            for byte in bytes {
                decoded.bytes.push(byte);
                decoded.places.push(at);
            }
            at += length;
        }
        decoded.places.push(source.len());
        Some(decoded)
    }

    /// Where these decoded bytes are in the text.
    pub(super) fn place(&self, range: &Range<usize>) -> Range<usize> {
        let place = |at: usize| self.places.get(at).copied().unwrap_or_default();
        place(range.start)..place(range.end)
    }
}

/// The first decoded character, and how many bytes of the text it takes.
fn first(rest: &[u8], encoding: Encoding) -> (Vec<u8>, usize) {
    let plain = || (rest.iter().take(1).copied().collect(), 1);
    match (encoding, rest) {
        (Encoding::Form, [b'+', ..]) => (vec![b' '], 1),
        (Encoding::Percent | Encoding::Form, [b'%', digits @ ..]) => match hexadecimal(digits, 2) {
            Some(byte) => (u8::try_from(byte).into_iter().collect(), 3),
            None => plain(),
        },
        (Encoding::Json, [b'\\', b'u', digits @ ..]) => {
            let Some(unit) = hexadecimal(digits, 4) else {
                return plain();
            };
            let second = match digits.get(4..) {
                Some([b'\\', b'u', digits @ ..]) => hexadecimal(digits, 4),
                _ => None,
            };
            let alone = char::decode_utf16([unit]).next().and_then(Result::ok);
            let pair = second.and_then(|second| {
                char::decode_utf16([unit, second])
                    .next()
                    .and_then(Result::ok)
            });
            match (alone, pair) {
                (Some(character), _) => (character.to_string().into_bytes(), 6),
                (None, Some(character)) => (character.to_string().into_bytes(), 12),
                (None, None) => plain(),
            }
        }
        (Encoding::Json, [b'\\', escaped, ..]) => {
            let byte = match escaped {
                b'b' => 8,
                b'f' => 12,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'"' | b'\\' | b'/' => *escaped,
                _ => return plain(),
            };
            (vec![byte], 2)
        }
        _ => plain(),
    }
}

fn hexadecimal(digits: &[u8], count: usize) -> Option<u16> {
    let digits = digits.get(..count)?;
    digits.iter().try_fold(0_u16, |number, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(number * 16 + u16::try_from(digit).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_keeps_the_places() {
        /// Text, encoding, what it reads as, what is looked for, the text it is in.
        type Case<'a> = (&'a str, Encoding, &'a str, &'a str, &'a str);
        let cases: &[Case<'_>] = &[
            ("a+b", Encoding::Plain, "a+b", "+b", "+b"),
            ("x%2b%2B%zz%", Encoding::Percent, "x++%zz%", "++", "%2b%2B"),
            ("%C3%A9a", Encoding::Percent, "éa", "éa", "%C3%A9a"),
            ("a+b%20c", Encoding::Form, "a b c", "b c", "b%20c"),
            (r#"\"a\/b\\"#, Encoding::Json, r#""a/b\"#, "a/b", r"a\/b"),
            (
                r"\u0041\ud83d\ude00!",
                Encoding::Json,
                "A😀!",
                "😀",
                r"\ud83d\ude00",
            ),
            (
                r"\ud83d \u12 \x",
                Encoding::Json,
                r"\ud83d \u12 \x",
                "x",
                "x",
            ),
        ];
        for (text, encoding, reads, part, place) in cases {
            let decoded = Decoded::new(text, *encoding).expect("it is encoded");
            assert_eq!(String::from_utf8_lossy(&decoded.bytes), *reads, "{text}");
            let start = reads.find(part).expect("the part");
            let range = decoded.place(&(start..start + part.len()));
            assert_eq!(&text[range], *place, "{text}");
        }
        assert!(Decoded::new("plain", Encoding::Json).is_none());
    }
}
