//! The texts of a ticket: plain text in, what ConnectWise shows as that same text out.
//!
//! Descriptions and notes are rendered as Markdown (recorded behaviour of notes), which makes links of what looks like one.
//! A summary is shown as it is.

use psa_toolkit::text::plain_lines;

/// Text in which Markdown finds no markup, so that it shows as it was written.
pub(crate) fn escaped(text: &str) -> String {
    let text = plain_lines(text);
    let lines: Vec<String> = text.split('\n').map(escaped_line).collect();
    lines.join("\n")
}

/// `Domain: ` and the value as code, of which Markdown makes no link, and which can be copied as it is. Both are one line.
pub(crate) fn detail_line(label: &str, value: &str) -> String {
    if value.is_empty() {
        return format!("{}:", escaped(label));
    }
    format!("{}: {}", escaped(label), code(value))
}

/// With two blanks at the end of each line that another one follows: without them, strict Markdown joins the two.
pub(crate) fn with_hard_breaks(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        broken.push_str(line);
        let Some(next) = lines.peek() else { break };
        let is_inside = !line.is_empty() && !next.is_empty();
        broken.push_str(if is_inside { "  \n" } else { "\n" });
    }
    broken
}

fn escaped_line(line: &str) -> String {
    let text = line.trim();
    let mut escaped = String::with_capacity(line.len());
    escaped.push_str(&indent(line));
    let mut start_of_line = marker_length(text);
    let is_rule = text.chars().all(|it| matches!(it, '-' | '=' | ' '));
    if is_rule && !text.is_empty() {
        start_of_line = 1;
    }
    let mut previous: Option<char> = None;
    let mut is_in_url = false;
    for (index, letter) in text.char_indices() {
        let rest = text.get(index..).unwrap_or_default();
        let next = rest.chars().nth(1);
        is_in_url = (is_in_url && !letter.is_whitespace()) || starts_url(rest);
        // To Markdown, some signs outside ASCII are letters and some are punctuation: what holds for either is escaped.
        let follows_letter = previous.is_some_and(|it| it.is_ascii_alphanumeric());
        let may_follow_letter = follows_letter || previous.is_some_and(|it| !it.is_ascii());
        let follows_itself = previous == Some(letter);
        let precedes_letter = next.is_some_and(|it| it.is_ascii_alphanumeric());
        let is_markup = match letter {
            '`' | '*' | '[' | ']' | '<' | '|' => true,
            // In an address, an escape would become part of the link. One that cannot end a run does no harm: `/~user`.
            '~' => !is_in_url || may_follow_letter || follows_itself || !precedes_letter,
            '_' if is_in_url => !precedes_letter,
            '_' => !(follows_letter && precedes_letter),
            '\\' => next.is_none_or(|next| next.is_ascii_punctuation()),
            '&' => is_entity(rest),
            _ => index.checked_add(1) == Some(start_of_line),
        };
        if is_markup {
            escaped.push('\\');
        }
        escaped.push(letter);
        previous = Some(letter);
    }
    escaped
}

/// The blanks before a line, of which the first one does not break: indented text after an empty line would be code, in which
/// escapes show, and any other would lose its indent.
fn indent(line: &str) -> String {
    let length = line.len().saturating_sub(line.trim_start().len());
    let blanks = line.get(..length).unwrap_or_default();
    match blanks.chars().next() {
        _ if length == line.len() => String::new(),
        None => String::new(),
        Some('\t') => format!("\u{a0}   {}", blanks.get(1..).unwrap_or_default()),
        Some(first) => format!(
            "\u{a0}{}",
            blanks.get(first.len_utf8()..).unwrap_or_default()
        ),
    }
}

/// Where the sign ends that would make a heading, a quotation or an entry of a list of the line: `#`, `>`, `- `, `12. `.
/// Zero: nowhere.
fn marker_length(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..).unwrap_or_default();
    let is_alone = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
    let mut letters = rest.chars();
    let is_marker = match (letters.next(), digits) {
        (Some('#' | '>'), 0) => true,
        (Some('-' | '+'), 0) => is_alone(letters.as_str()),
        (Some('.' | ')'), 1..) => is_alone(letters.as_str()),
        _ => false,
    };
    if is_marker {
        digits.saturating_add(1)
    } else {
        0
    }
}

fn starts_url(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

/// `&amp;` or `&#39;`. Any other `&` is itself.
fn is_entity(text: &str) -> bool {
    let name = text.split(';').next().unwrap_or_default();
    let name = name.strip_prefix('&').unwrap_or_default();
    let letters = name.strip_prefix('#').unwrap_or(name);
    name.len() < text.len().saturating_sub(1)
        && !letters.is_empty()
        && letters.bytes().all(|byte| byte.is_ascii_alphanumeric())
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
            ("C:\\Temp\\", "C:\\Temp\\\\"),
            (
                "*bold* _it_ `code` ~~gone~~",
                "\\*bold\\* \\_it\\_ \\`code\\` \\~\\~gone\\~\\~",
            ),
            ("[a](http://b) <b>", "\\[a\\](http://b) \\<b>"),
            ("# no heading # here", "\\# no heading # here"),
            ("> no quote", "\\> no quote"),
            ("one\n---\ntwo", "one\n\\---\ntwo"),
            ("- point\n+ plus\n-5", "\\- point\n\\+ plus\n-5"),
            ("12. May\n1) a\n1.5", "12\\. May\n1\\) a\n1.5"),
            ("AT&T &amp; a & b &#39;", "AT&T \\&amp; a & b \\&#39;"),
            (
                "https://a.example/~b/_c_d?e=1&f=2 ~b",
                "https://a.example/~b/_c_d?e=1&f=2 \\~b",
            ),
            ("https://a.example/a~b~", "https://a.example/a\\~b\\~"),
            ("https://a.example/_é é~b", "https://a.example/\\_é é\\~b"),
            ("https://a.example/é~b", "https://a.example/é\\~b"),
            ("https://a.example/~a~~b", "https://a.example/~a\\~\\~b"),
            ("a_😀_b", "a\\_😀\\_b"),
            ("&T", "&T"),
            ("a:\n\n    b\n\tc\n ", "a:\n\n\u{a0}   b\n\u{a0}   c\n"),
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
            ("Empty", "", "Empty:"),
        ] {
            assert_eq!(detail_line(label, value), expected);
        }
    }

    #[test]
    fn lines_that_follow_each_other_stay_apart() {
        for (text, expected) in [("a\nb\n\nc\n", "a  \nb\n\nc\n"), ("a", "a"), ("", "")] {
            assert_eq!(with_hard_breaks(text), expected, "{text:?}");
        }
    }
}
