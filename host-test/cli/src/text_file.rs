//! Files of text that people write: UTF-8, with or without a byte order mark.

use std::io::Read;
use std::path::Path;

/// Editors on Windows write these marks. They are not part of a value.
const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF_16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// A connector holds a text several times while it works. No PSA takes a longer one.
const MOST_BYTES: u64 = 1 << 20;

/// # Errors
/// Why the file cannot be read. The message contains nothing of the file.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    text(std::fs::read(path).map_err(|error| error.to_string())?)
}

/// What is longer than a ticket can be is not read to its end.
///
/// # Errors
/// As for [`read`], or the text is too long.
pub(crate) fn read_short(input: impl Read) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = input.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| error.to_string())?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= MOST_BYTES) {
        return text(bytes);
    }
    Err(format!(
        "it has more than {} MiB, which is more than a ticket can hold",
        MOST_BYTES >> 20
    ))
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    let bytes = match bytes.strip_prefix(UTF_8_MARK) {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    let is_utf_16 = UTF_16_MARKS.iter().any(|mark| bytes.starts_with(mark));
    String::from_utf8(bytes).map_err(|_| {
        let what = if is_utf_16 {
            "it is UTF-16"
        } else {
            "it is not UTF-8"
        };
        format!("{what}: save the file as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_no_ticket_can_hold_is_refused() {
        let most = usize::try_from(MOST_BYTES).expect("a length");
        let whole = read_short(&vec![b'a'; most][..]);
        assert_eq!(whole.map(|text| text.len()), Ok(most));
        // The second is cut within a letter.
        for longer in ["a".repeat(most + 1), "a".repeat(most) + "é"] {
            let refused = read_short(longer.as_bytes()).expect_err("it is too long");
            assert!(refused.contains("more than 1 MiB"), "{refused}");
        }
        assert!(read_short(std::io::repeat(b'a')).is_err());
    }

    #[test]
    fn a_mark_is_skipped_and_other_encodings_are_named() {
        let cases = [
            (&b"key"[..], Ok("key")),
            (b"\xef\xbb\xbfkey", Ok("key")),
            (b"\xff\xfek\0", Err("it is UTF-16: save the file as UTF-8")),
            (b"\xfe\xff\0k", Err("it is UTF-16: save the file as UTF-8")),
            (b"k\xe4y", Err("it is not UTF-8: save the file as UTF-8")),
            (b"", Ok("")),
        ];
        for (bytes, expected) in cases {
            let found = text(bytes.to_vec());
            let found = found.as_deref().map_err(String::as_str);
            assert_eq!(found, expected, "{bytes:?}");
        }
    }
}
