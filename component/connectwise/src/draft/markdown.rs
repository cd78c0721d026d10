//! The texts of a ticket: plain text in, what ConnectWise shows as that same text out.
//!
//! Descriptions and notes are rendered as Markdown (recorded behaviour of notes), which makes links of what looks like one.
//! A summary is shown as it is.

/// Text in which Markdown finds no markup but lists, which show as what they are. A line break stays one.
pub(crate) fn escaped(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<String> = text.split('\n').map(escaped_line).collect();
    lines.join("\n")
}

/// `Domain: ` and the value as code, of which Markdown makes no link, and which can be copied as it is. Both are one line.
pub(crate) fn detail_line(label: &str, value: &str) -> String {
    format!("{}: {}", escaped(label), code(value))
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
    format!("{fence}{space}{text}{space}{fence}")
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
    fn a_detail_is_no_link() {
        for (label, value, expected) in [
            ("Domain", "bad.example.com", "Domain: `bad.example.com`"),
            ("*Rule*", "a b", "\\*Rule\\*: `a b`"),
            ("Query", "select `x`", "Query: `` select `x` ``"),
        ] {
            assert_eq!(detail_line(label, value), expected);
        }
    }
}
