//! Small things that are done to texts.

/// Every run of white space and control characters becomes one space; none at either end.
#[must_use]
pub fn one_line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// A text of several lines, each of which ends with `\n`. Other control characters but the tab become U+FFFD: servers refuse
/// them or show nothing in their places.
#[must_use]
pub fn plain_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_odd = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    text.replace(is_odd, "\u{fffd}")
}

/// A line of at most so many UTF-16 units (as servers in .NET count), cut with `…`, and whether it was cut.
#[must_use]
pub fn fitting_line(text: &str, most_utf16_units: usize) -> (String, bool) {
    let line = one_line(text);
    if line.encode_utf16().count() <= most_utf16_units {
        return (line, false);
    }
    let room = most_utf16_units.saturating_sub('…'.len_utf16());
    let mut units = 0_usize;
    let cut: String = line
        .chars()
        .take_while(|letter| {
            units = units.saturating_add(letter.len_utf16());
            units <= room
        })
        .collect();
    (format!("{}…", cut.trim_end()), true)
}

/// A whole number, of digits alone.
#[must_use]
pub fn number(text: &str) -> Option<i64> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| text.parse().ok()).flatten()
}

/// The id of a record: a number above zero that fits 31 bits, as every database of a PSA has it.
#[must_use]
pub fn record_id(text: &str) -> Option<i64> {
    number(text.trim()).filter(|id| (1..=i64::from(i32::MAX)).contains(id))
}

/// How the ids of records are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ids {
    /// As [`record_id`] reads them.
    AboveZero,
    /// Also zero and below: any number that fits 32 bits.
    Any,
}

impl Ids {
    /// The id, if it is one.
    #[must_use]
    pub fn read(self, text: &str) -> Option<i64> {
        let text = text.trim();
        match (self, text.strip_prefix('-')) {
            (Self::AboveZero, _) => record_id(text),
            (Self::Any, None) => number(text).filter(|id| *id <= i64::from(i32::MAX)),
            (Self::Any, Some(digits)) => number(digits)?
                .checked_neg()
                .filter(|id| *id >= i64::from(i32::MIN)),
        }
    }

    /// What is wrong with a text that is none.
    #[must_use]
    pub fn fault(self) -> &'static str {
        match self {
            Self::AboveZero => "it is not an id; ids are numbers above zero",
            Self::Any => "it is not an id; ids are whole numbers",
        }
    }
}

/// A text over another one that is kept whole, an empty line between them, in at most so many UTF-16 units. If both do not
/// fit, the first is cut at its end and says by how much. None: the second alone leaves no room for that.
#[must_use]
pub fn fitting_text(text: &str, kept: &str, most_utf16_units: usize) -> Option<String> {
    let units = |text: &str| text.encode_utf16().count();
    let over_kept = |text: &str| {
        let mut parts = vec![text, kept];
        parts.retain(|part| !part.trim().is_empty());
        parts.join("\n\n")
    };
    let whole = over_kept(text);
    if units(&whole) <= most_utf16_units {
        return Some(whole);
    }
    let omission = |letters: usize| format!("… ({letters} characters omitted)");
    let letters = text.chars().count();
    // As many as there are take the most digits.
    let around = units(&over_kept(&omission(letters)));
    let room = most_utf16_units.checked_sub(around)?;
    let mut used = 0_usize;
    let cut: String = text
        .chars()
        .take_while(|letter| {
            used = used.saturating_add(letter.len_utf16());
            used <= room
        })
        .collect();
    let cut = cut.trim_end();
    let omitted = letters.saturating_sub(cut.chars().count());
    Some(over_kept(&format!("{cut}{}", omission(omitted))))
}

/// Whether a text has the form of a pattern, in which `0` stands for a digit, `x` for a hexadecimal one, and all else for
/// itself.
#[must_use]
pub fn has_form(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern.bytes())
            .all(|(found, expected)| match expected {
                b'0' => found.is_ascii_digit(),
                b'x' => found.is_ascii_hexdigit(),
                _ => found == expected,
            })
}

/// Whether a text is a time in UTC as the contract has it: `2022-09-12T09:22:58Z`, with or without a fraction.
#[must_use]
pub fn is_utc_time(text: &str) -> bool {
    let pattern = "0000-00-00T00:00:00";
    let Some((start, end)) = text.split_at_checked(pattern.len()) else {
        return false;
    };
    let is_end = match end.as_bytes() {
        [b'Z'] => true,
        [b'.', fraction @ .., b'Z'] => {
            !fraction.is_empty() && fraction.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    has_form(start, pattern) && is_end
}

/// Whether a text contains another, whatever the case of ASCII letters.
#[must_use]
pub fn contains_ignoring_case(text: &str, part: &str) -> bool {
    text.to_ascii_lowercase()
        .contains(&part.to_ascii_lowercase())
}

/// Whether two texts are equal but for case and the white space around them.
#[must_use]
pub fn equals_ignoring_case(text: &str, other: &str) -> bool {
    text.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Every occurrence of a part replaced, whatever the case of ASCII letters. An empty part occurs nowhere.
#[must_use]
pub fn replace_ignoring_case(text: &str, part: &str, by: &str) -> String {
    // Lower case in ASCII moves no byte.
    let (lower_text, lower_part) = (text.to_ascii_lowercase(), part.to_ascii_lowercase());
    let mut replaced = String::new();
    let mut rest = 0;
    for (start, _) in lower_text
        .match_indices(&lower_part)
        .filter(|_| !part.is_empty())
    {
        replaced.push_str(text.get(rest..start).unwrap_or_default());
        replaced.push_str(by);
        rest = start.saturating_add(part.len());
    }
    replaced.push_str(text.get(rest..).unwrap_or_default());
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_where_the_server_would_refuse_it() {
        let hundred = "a".repeat(100);
        // Each of these is two units for the server.
        let faces = "😀".repeat(51);
        for (text, expected, was_cut) in [
            (hundred.clone(), hundred.clone(), false),
            (format!("{hundred}b"), format!("{}…", "a".repeat(99)), true),
            (faces, format!("{}…", "😀".repeat(49)), true),
            (" two\nlines ".to_owned(), "two lines".to_owned(), false),
        ] {
            assert_eq!(fitting_line(&text, 100), (expected, was_cut), "{text}");
        }
    }

    #[test]
    fn a_text_keeps_its_lines_and_shows_where_control_characters_were() {
        for (text, expected) in [
            ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
            (
                "\u{1b}[31mred\u{0}\u{7f}\u{9b}",
                "\u{fffd}[31mred\u{fffd}\u{fffd}\u{fffd}",
            ),
        ] {
            assert_eq!(plain_lines(text), expected, "{text:?}");
        }
    }

    #[test]
    fn an_id_is_a_number_above_zero() {
        for (text, expected) in [
            ("5", Some(5)),
            (" 5 ", Some(5)),
            ("2147483647", Some(2_147_483_647)),
            ("2147483648", None),
            ("0", None),
            ("+5", None),
            ("-5", None),
            ("5a", None),
            ("", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(record_id(text), expected, "{text:?}");
        }
    }

    #[test]
    fn where_ids_may_be_any_zero_and_below_are_ids() {
        for (text, expected) in [
            ("5", Some(5)),
            (" 0 ", Some(0)),
            ("-1", Some(-1)),
            ("2147483647", Some(2_147_483_647)),
            ("2147483648", None),
            ("-2147483648", Some(-2_147_483_648)),
            ("-2147483649", None),
            ("--1", None),
            ("-", None),
            ("+1", None),
            ("", None),
        ] {
            assert_eq!(Ids::Any.read(text), expected, "{text:?}");
        }
        assert_eq!(Ids::AboveZero.read("0"), None);
        assert_eq!(Ids::AboveZero.read("7"), Some(7));
        assert_ne!(Ids::Any.fault(), Ids::AboveZero.fault());
    }

    #[test]
    fn a_text_that_does_not_fit_is_cut_above_what_is_kept() {
        let long = "a".repeat(100);
        let faces = "😀".repeat(50);
        for (text, kept, most, expected) in [
            ("text", "kept", 10, Some("text\n\nkept".to_owned())),
            ("text", "", 4, Some("text".to_owned())),
            (" ", "kept", 4, Some("kept".to_owned())),
            ("", "kept", 3, None),
            (
                &long,
                "kept",
                60,
                Some(format!(
                    "{}… (72 characters omitted)\n\nkept",
                    "a".repeat(28)
                )),
            ),
            // The number of what is omitted may have fewer digits than room was left for.
            (
                &long,
                "",
                99,
                Some(format!("{}… (27 characters omitted)", "a".repeat(73))),
            ),
            (
                &faces,
                "",
                40,
                Some(format!("{}… (43 characters omitted)", "😀".repeat(7))),
            ),
            (
                &long,
                "kept",
                32,
                Some("… (100 characters omitted)\n\nkept".to_owned()),
            ),
            (&long, "kept", 31, None),
        ] {
            let fitted = fitting_text(text, kept, most);
            assert_eq!(fitted, expected, "{text} {most}");
            assert!(fitted.is_none_or(|it| it.encode_utf16().count() <= most));
        }
    }

    #[test]
    fn a_time_is_in_utc_with_or_without_a_fraction() {
        for (text, expected) in [
            ("2022-09-12T09:22:58Z", true),
            ("2022-09-12T09:22:58.1Z", true),
            ("2022-09-12T09:22:58.1234567Z", true),
            ("2022-09-12T09:22:58.Z", false),
            ("2022-09-12T09:22:58.1", false),
            ("2022-09-12T09:22:58.1x2Z", false),
            ("2022-09-12T09:22:58,1Z", false),
            ("2022-09-12T09:22:58", false),
            ("2022-09-12T09:22:58+02:00", false),
            ("2022-09-12 09:22:58Z", false),
            ("2022-09-12", false),
            ("", false),
        ] {
            assert_eq!(is_utc_time(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_part_is_found_and_replaced_whatever_its_case() {
        for (text, part, expected) in [
            ("the Key and the KEY", "key", "the * and the *"),
            ("äKEYä", "kEy", "ä*ä"),
            ("nothing", "key", "nothing"),
            ("nothing", "", "nothing"),
        ] {
            assert_eq!(replace_ignoring_case(text, part, "*"), expected);
        }
        assert!(contains_ignoring_case("Invalid ClientID", "clientid"));
        assert!(!contains_ignoring_case("Invalid", "clientid"));
    }

    #[test]
    fn texts_are_equal_whatever_their_case() {
        assert!(equals_ignoring_case(" ÄRZTE@b.example", "ärzte@B.example "));
        assert!(!equals_ignoring_case("a@b.example", "a@b.example.com"));
    }
}
