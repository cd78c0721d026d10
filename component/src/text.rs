//! The texts of a ticket: plain text in, what ConnectWise shows as that same text out.
//!
//! Descriptions and notes are rendered as Markdown (recorded behaviour of notes), which makes links of what looks like one.
//! A summary is shown as it is.

/// `summary` is cut off there: a longer one is a 400, not cut (recorded). The server counts as .NET does.
pub(crate) const LONGEST_SUMMARY_UTF16_UNITS: usize = 100;

const ELLIPSIS: char = '…';

/// A summary that fits, and whether it was cut.
pub(crate) fn fitting_summary(summary: &str) -> (String, bool) {
    let line = one_line(summary);
    if line.encode_utf16().count() <= LONGEST_SUMMARY_UTF16_UNITS {
        return (line, false);
    }
    let room = LONGEST_SUMMARY_UTF16_UNITS.saturating_sub(ELLIPSIS.len_utf16());
    let mut units = 0_usize;
    let mut cut: String = line
        .chars()
        .take_while(|letter| {
            units = units.saturating_add(letter.len_utf16());
            units <= room
        })
        .collect();
    cut.truncate(cut.trim_end().len());
    cut.push(ELLIPSIS);
    (cut, true)
}

/// The parts, with a separator between each two of them.
pub(crate) fn joined<T: AsRef<str>>(parts: impl Iterator<Item = T>, separator: &str) -> String {
    let mut joined = String::new();
    for (index, part) in parts.enumerate() {
        if index > 0 {
            joined.push_str(separator);
        }
        joined.push_str(part.as_ref());
    }
    joined
}

/// Whether a text has the form of a pattern, in which `0` stands for a digit, `x` for a hexadecimal one, `?` for any
/// letter, and all else for itself.
pub(crate) fn has_form(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern.bytes())
            .all(|(found, expected)| match expected {
                b'0' => found.is_ascii_digit(),
                b'x' => found.is_ascii_hexdigit(),
                b'?' => true,
                _ => found == expected,
            })
}

/// A whole number, of digits alone.
pub(crate) fn number(text: &str) -> Option<i64> {
    let mut number = 0_i64;
    for byte in text.bytes() {
        let digit = char::from(byte).to_digit(10)?;
        number = number.checked_mul(10)?.checked_add(i64::from(digit))?;
    }
    (!text.is_empty()).then_some(number)
}

/// An id of ConnectWise, which is a 32-bit integer above zero.
pub(crate) fn record_id(text: &str) -> Option<i64> {
    number(text.trim()).filter(|id| (1..=i64::from(i32::MAX)).contains(id))
}

/// Whether a text contains another, whatever the case of ASCII letters. Without the large search of the standard library,
/// which is made for long texts.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    find(text, part).is_some()
}

/// Every occurrence of a part replaced, whatever its case.
pub(crate) fn replace(text: &str, part: &str, by: &str) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some((before, after)) = find(rest, part) {
        replaced.push_str(before);
        replaced.push_str(by);
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// What stands before and after the first occurrence of a part, whatever its case.
pub(crate) fn find<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    let start = text
        .as_bytes()
        .windows(part.len().max(1))
        .position(|window| window.eq_ignore_ascii_case(part.as_bytes()))?;
    let end = start.saturating_add(part.len());
    Some((text.get(..start)?, text.get(end..)?))
}

/// Every run of white space and control characters becomes one space.
pub(crate) fn one_line(text: &str) -> String {
    let words = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty());
    joined(words, " ")
}

/// Text in which Markdown finds no markup but lists, which show as what they are. A line break stays one.
pub(crate) fn escaped(text: &str) -> String {
    let text = replace(&replace(text, "\r\n", "\n"), "\r", "\n");
    joined(text.split('\n').map(escaped_line), "\n")
}

/// `Domain: ` and the value as code, of which Markdown makes no link, and which can be copied as it is.
pub(crate) fn detail_line(label: &str, value: &str) -> String {
    [&escaped(&one_line(label)), ": ", &code(&one_line(value))].concat()
}

fn escaped_line(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    let start = line.trim_start();
    let is_rule = !start.is_empty()
        && start
            .chars()
            .all(|letter| matches!(letter, '-' | '=' | ' '));
    let mut is_first = true;
    let mut previous: Option<char> = None;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let is_between_words = previous.is_some_and(is_of_a_word) && next.is_some_and(is_of_a_word);
        let is_markup = match letter {
            '`' | '*' | '[' | ']' | '<' | '~' | '|' => true,
            '_' => !is_between_words,
            '\\' => next.is_some_and(|next| next.is_ascii_punctuation()),
            '&' => next.is_some_and(|next| next == '#' || next.is_ascii_alphabetic()),
            '#' | '>' => is_first,
            '-' | '=' => is_first && is_rule,
            _ => false,
        };
        if is_markup {
            escaped.push('\\');
        }
        escaped.push(letter);
        is_first = is_first && letter.is_whitespace();
        previous = Some(letter);
    }
    escaped
}

/// Letters outside ASCII count as such; the few signs among them do no harm.
fn is_of_a_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || !letter.is_ascii()
}

/// A code span, fenced by more backticks than the text holds in a row.
fn code(text: &str) -> String {
    let mut longest = 0_usize;
    let mut run = 0_usize;
    for letter in text.chars() {
        run = if letter == '`' {
            run.saturating_add(1)
        } else {
            0
        };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest.saturating_add(1));
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    [&fence, space, text, space, &fence].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_plain_text_is_left_alone() {
        for (text, expected) in [
            (
                "user_name at 10:30, 5 - 3 = 2",
                "user_name at 10:30, 5 - 3 = 2",
            ),
            ("C:\\Windows\\_temp", "C:\\Windows\\\\\\_temp"),
            (
                "*bold* _it_ `code` ~~gone~~",
                "\\*bold\\* \\_it\\_ \\`code\\` \\~\\~gone\\~\\~",
            ),
            ("[a](http://b) <b>", "\\[a\\](http://b) \\<b>"),
            ("# no heading # here", "\\# no heading # here"),
            ("> no quote", "\\> no quote"),
            ("one\r\n---\ntwo", "one\n\\---\ntwo"),
            ("- point", "- point"),
            ("AT&T &amp; a & b", "AT\\&T \\&amp; a & b"),
        ] {
            assert_eq!(escaped(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_detail_is_one_line_and_no_link() {
        for (label, value, expected) in [
            ("Domain", "bad.example.com", "Domain: `bad.example.com`"),
            ("*Rule*", "a\nb", "\\*Rule\\*: `a b`"),
            ("Query", "select `x`", "Query: `` select `x` ``"),
        ] {
            assert_eq!(detail_line(label, value), expected);
        }
    }

    #[test]
    fn a_summary_is_cut_where_the_server_would_refuse_it() {
        let hundred = "a".repeat(100);
        assert_eq!(fitting_summary(&hundred), (hundred.clone(), false));
        assert_eq!(
            fitting_summary(&format!("{hundred}b")),
            (format!("{}…", "a".repeat(99)), true)
        );
        // Each of these is two units for the server.
        let faces = "😀".repeat(51);
        assert_eq!(
            fitting_summary(&faces),
            (format!("{}…", "😀".repeat(49)), true)
        );
        assert_eq!(
            fitting_summary(" two\nlines "),
            ("two lines".to_owned(), false)
        );
    }
}
