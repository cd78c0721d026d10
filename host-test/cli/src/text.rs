//! Text that came from a PSA, made safe for a terminal. No other file prints such text without passing it through here.

use psa_host::is_obeyed;
pub(crate) use psa_host::visible;
use serde::Serialize;

/// [`visible`], with line ends kept and every line but the first indented. For text of this program and the engine only: a
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
        // Outside of strings, the line end is the only such character, and it is kept.
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn lines_are_kept_and_what_a_terminal_obeys_is_made_visible() {
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
