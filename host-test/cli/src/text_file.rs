//! Files of text that people write: UTF-8, with or without a byte order mark.

use std::io::Read;
use std::path::Path;

/// Editors on Windows write these marks. They are not part of a value.
const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF_16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// # Errors
/// Why the file cannot be read. The message contains nothing of the file.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    text(std::fs::read(path).map_err(|error| error.to_string())?)
}

/// # Errors
/// As for [`read`].
pub(crate) fn read_all(mut input: impl Read) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = input.read_to_end(&mut bytes);
    read.map_err(|error| error.to_string())?;
    text(bytes)
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
