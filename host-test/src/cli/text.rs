//! Text that came from a PSA, made safe for a terminal. No other file prints such text without passing it through here.

use serde::Serialize;

/// The text with everything visible that a terminal would obey: control characters, and those that reorder or hide what
/// is around them. A hostile PSA must not move the cursor or forge a line.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            _ if is_obeyed(character) => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
    }
    shown
}

/// The same, with line ends kept and every line but the first indented. For text of this program and the engine only: a
/// PSA could forge a line with it.
pub(crate) fn visible_lines(text: &str, indent: &str) -> String {
    let lines: Vec<_> = text.lines().map(visible).collect();
    lines.join(&format!("\n{indent}"))
}

/// JSON for programs, one value, indented. What a terminal would obey is escaped, which is the same JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let text = serde_json::to_string_pretty(value)?;
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        // Outside of strings there is no such character but the line end, which is kept.
        if character != '\n' && is_obeyed(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(character);
        }
    }
    Ok(shown)
}

fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            // Bidirectional marks and overrides, line and paragraph separators, zero-width and tag characters.
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn what_a_terminal_obeys_is_made_visible() {
        let cases = [
            ("Größe ✓ 日本", "Größe ✓ 日本"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("\u{7f}\0\u{7}", "\\u{7f}\\u{0}\\u{7}"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("a\u{200b}b", "a\\u{200b}b"),
        ];
        for (text, expected) in cases {
            assert_eq!(visible(text), expected);
        }
        assert_eq!(visible_lines("a\u{1b}\nb", "  "), "a\\u{1b}\n  b");
    }

    #[test]
    fn json_stays_the_same_value_and_holds_nothing_a_terminal_obeys() {
        let value = json!({"name": "a\u{1b}\u{9b}\u{202e}\u{e0001}\u{7f}é\n"});
        let text = super::json(&value).expect("JSON of JSON");
        assert!(
            text.chars()
                .all(|character| character == '\n' || !is_obeyed(character)),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
    }
}
