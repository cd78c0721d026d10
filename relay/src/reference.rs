//! The names under which a case's ticket and its notes are found again in the PSA.

use sha2::{Digest, Sha256};

/// The reference of a case's ticket: the first 48 hexadecimal digits of the SHA-256 of source, key and episode.
#[must_use]
pub fn ticket_reference(source: &str, key: &str, episode: u32) -> String {
    let mut hash = Sha256::new();
    // Each with its length: no two cases may be one row of bytes.
    for part in [source.as_bytes(), key.as_bytes(), &episode.to_be_bytes()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())[..48].to_owned()
}

/// The reference of a note of a ticket: the case's, cut, and the number of the note.
#[must_use]
pub fn note_reference(ticket_reference: &str, number: u32) -> String {
    let short = ticket_reference.get(..32).unwrap_or(ticket_reference);
    format!("{short}.n{number}")
}

/// The SHA-256 of bytes, in hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digit = |of: u8| DIGITS[usize::from(of & 0xf)];
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(*byte));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_with_all_its_digits() {
        assert_eq!(hex(&[0x00, 0x0f, 0xa9, 0xff]), "000fa9ff");
    }

    #[test]
    fn a_reference_is_of_its_case_alone_and_has_the_contracts_form() {
        let reference = ticket_reference("monitoring", "disk:srv-01", 1);
        assert_eq!(reference.len(), 48);
        assert_eq!(
            reference,
            ticket_reference("monitoring", "disk:srv-01", 1),
            "the same case"
        );
        for (source, key, episode) in [
            ("monitoring", "disk:srv-01", 2),
            ("monitoringd", "isk:srv-01", 1),
            ("monitoring", "disk:srv-02", 1),
        ] {
            assert_ne!(reference, ticket_reference(source, key, episode));
        }
        let note = note_reference(&reference, u32::MAX);
        assert!(note.len() <= 50, "{note}");
        assert_ne!(
            note_reference(&reference, 1),
            note_reference(&reference, 11)
        );
    }
}
