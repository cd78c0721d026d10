//! What a connector said, for a report: made safe, and cut where it would fill the page. The JSON alone has it in full.

use crate::visible;

/// How much of a text is shown.
#[derive(Clone, Copy)]
pub(super) struct Excerpt {
    pub(super) lines: usize,
    /// Of each line.
    pub(super) characters: usize,
}

impl Excerpt {
    /// The lines, each safe for a terminal, and one more that says what was left out.
    pub(super) fn lines(self, text: &str) -> Vec<String> {
        let mut shown: Vec<_> = text
            .lines()
            .take(self.lines)
            .map(|line| self.line(line))
            .collect();
        let left_out = text.lines().count().saturating_sub(self.lines);
        if left_out > 0 {
            shown.push(format!("… ({left_out} more lines)"));
        }
        if shown.is_empty() {
            shown.push("(nothing)".to_owned());
        }
        shown
    }

    fn line(self, line: &str) -> String {
        match line.char_indices().nth(self.characters) {
            Some((end, _)) => format!("{}…", visible(&line[..end])),
            None => visible(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_and_say_so() {
        let excerpt = Excerpt {
            lines: 2,
            characters: 4,
        };
        for (text, lines) in [
            ("", vec!["(nothing)"]),
            ("one", vec!["one"]),
            ("\u{202e}a", vec!["\\u{202e}a"]),
            ("größer", vec!["größ…"]),
            ("a\nb\nc\nd", vec!["a", "b", "… (2 more lines)"]),
            ("a\u{1b}[2J", vec!["a\\u{1b}[2…"]),
        ] {
            assert_eq!(excerpt.lines(text), lines, "{text:?}");
        }
    }
}
