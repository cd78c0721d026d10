//! A text as it reads after decoding, each decoded byte with its place in the text: so that a value is found whichever
//! way it was encoded, several times too, and cut out of the text that holds it.

use std::ops::Range;

/// How a value can be written in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// `%2B`, in any case, of any character.
    Percent,
    /// The same, with `+` for a space.
    Form,
    /// `\"`, `\u0041`, as inside of a JSON string.
    Json,
}

impl Encoding {
    const ALL: [Self; 3] = [Self::Percent, Self::Form, Self::Json];

    fn name(self) -> &'static str {
        match self {
            Self::Percent | Self::Form => "percent",
            Self::Json => "json",
        }
    }
}

/// A decoded text.
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    /// Where each byte begins in the text, and the text's end.
    places: Vec<usize>,
    /// The outermost first. None: the text as it is.
    encodings: Vec<Encoding>,
}

/// The text as it is, and everything that it reads as after decoding: JSON in a string of JSON in a form has three
/// encodings around each other.
pub(super) fn views(text: &[u8]) -> Vec<Decoded> {
    const DEEPEST: usize = 4;
    let mut views = vec![Decoded {
        bytes: text.to_vec(),
        places: (0..=text.len()).collect(),
        encodings: Vec::new(),
    }];
    let mut next = 0;
    while let Some(view) = views
        .get(next)
        .filter(|view| view.encodings.len() < DEEPEST)
    {
        for inner in Encoding::ALL
            .map(|encoding| view.decode(encoding))
            .into_iter()
            .flatten()
        {
            if views.iter().all(|known| known.bytes != inner.bytes) {
                views.push(inner);
            }
        }
        next += 1;
    }
    views
}

impl Decoded {
    /// None if decoding changes nothing.
    fn decode(&self, encoding: Encoding) -> Option<Self> {
        let mark = match encoding {
            Encoding::Percent => b'%',
            Encoding::Form => b'+',
            Encoding::Json => b'\\',
        };
        memchr::memchr(mark, &self.bytes)?;
        let mut decoded = Self {
            bytes: Vec::with_capacity(self.bytes.len()),
            places: Vec::with_capacity(self.places.len()),
            encodings: [self.encodings.as_slice(), &[encoding]].concat(),
        };
        let mut at = 0;
        while let Some(rest) = self.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let (bytes, length) = first(rest, encoding);
            let place = self.places.get(at).copied().unwrap_or_default();
            decoded.places.extend(bytes.iter().map(|_| place));
            decoded.bytes.extend(bytes);
            at += length;
        }
        decoded.places.extend(self.places.last());
        (decoded.bytes != self.bytes).then_some(decoded)
    }

    /// Where these decoded bytes are in the text.
    pub(super) fn place(&self, range: &Range<usize>) -> Range<usize> {
        let place = |at: usize| self.places.get(at).copied().unwrap_or_default();
        place(range.start)..place(range.end)
    }

    /// The placeholder that stands for a value encoded like this, given the one for the value itself.
    pub(super) fn wrap(&self, placeholder: &str) -> String {
        let encodings = self.encodings.iter().rev();
        encodings.fold(placeholder.to_owned(), |inner, encoding| {
            format!("{{{{{}:{inner}}}}}", encoding.name())
        })
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
        /// Text, what it reads as, what is looked for, the text it is in, the placeholder.
        type Case<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);
        let cases: &[Case<'_>] = &[
            ("a+b", "a+b", "+b", "+b", "x"),
            ("x%2b%2B%zz%", "x++%zz%", "++", "%2b%2B", "{{percent:x}}"),
            ("%C3%A9a", "éa", "éa", "%C3%A9a", "{{percent:x}}"),
            ("a+b%20c", "a b c", "b c", "b%20c", "{{percent:x}}"),
            (r#"\"a\/b\\"#, r#""a/b\"#, "a/b", r"a\/b", "{{json:x}}"),
            (
                r"\u0041\ud83d\ude00!",
                "A😀!",
                "😀",
                r"\ud83d\ude00",
                "{{json:x}}",
            ),
            (r"\ud83d \u12 \x", r"\ud83d \u12 \x", "x", "x", "x"),
            (
                r#"\"k\":\"a\\\"b\""#,
                r#""k":"a"b""#,
                r#"a"b"#,
                r#"a\\\"b"#,
                "{{json:{{json:x}}}}",
            ),
            ("k=%5C%22", "k=\"", "\"", "%5C%22", "{{percent:{{json:x}}}}"),
        ];
        for (text, reads, part, place, placeholder) in cases {
            let views = views(text.as_bytes());
            let view = views
                .iter()
                .find(|view| view.bytes == reads.as_bytes())
                .unwrap_or_else(|| panic!("{text} never reads as {reads}"));
            let start = reads.find(part).expect("the part");
            let range = view.place(&(start..start + part.len()));
            assert_eq!(&text[range], *place, "{text}");
            assert_eq!(view.wrap("x"), *placeholder, "{text}");
        }
        assert_eq!(views(b"plain").len(), 1);
    }
}
