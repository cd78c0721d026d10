//! The `conditions` language: `field op value`, strings in double quotes, `*` for any text in `like`.
//!
//! How a quote or a `*` inside a string is escaped is not documented, and clients disagree. So a text that would need it is
//! never sent: a search uses the wildcard in its place and is filtered here, and a comparison is made here altogether.

/// A comparison of a text member with several values.
pub(crate) enum TextFilter {
    /// The server compares.
    Condition(String),
    /// One of the values cannot be quoted: the rows are compared here.
    Local,
    /// Nothing to compare.
    None,
}

/// Rows whose `field` equals one of the values.
pub(crate) fn any_of(field: &str, values: &[String]) -> TextFilter {
    if values.is_empty() {
        return TextFilter::None;
    }
    if !values.iter().all(|value| can_be_quoted(value)) {
        return TextFilter::Local;
    }
    let parts: Vec<String> = values
        .iter()
        .map(|value| format!("{field}=\"{}\"", value.trim()))
        .collect();
    TextFilter::Condition(in_parentheses(&parts))
}

/// Rows of which one of the fields contains the text. True: the condition lets more rows pass, which have to be filtered.
pub(crate) fn containing(fields: &[&str], text: &str) -> (String, bool) {
    let pattern: String = text
        .chars()
        .map(|letter| if is_plain(letter) { letter } else { '*' })
        .collect();
    let parts: Vec<String> = fields
        .iter()
        .map(|field| format!("{field} like \"*{pattern}*\""))
        .collect();
    (in_parentheses(&parts), !text.chars().all(is_plain))
}

/// Whether a text contains another, as the PSA's database compares: without case. Letters outside ASCII all count as equal,
/// which lets a row too many pass and never loses one: how the database folds them depends on its collation.
pub(crate) fn contains_without_case(text: &str, part: &str) -> bool {
    folded(text).contains(&folded(part))
}

/// The same for equality.
pub(crate) fn equals_without_case(text: &str, other: &str) -> bool {
    folded(text.trim()) == folded(other.trim())
}

fn folded(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_ascii() {
                letter.to_ascii_lowercase()
            } else {
                '\u{80}'
            }
        })
        .collect()
}

/// `%`, `_`, `[` and `]` mean something in `like` only; in a comparison they are themselves.
fn can_be_quoted(text: &str) -> bool {
    text.chars()
        .all(|letter| is_plain(letter) || matches!(letter, '%' | '_' | '[' | ']'))
}

fn is_plain(letter: char) -> bool {
    !letter.is_control() && !matches!(letter, '"' | '\'' | '\\' | '*' | '%' | '_' | '[' | ']')
}

fn in_parentheses(parts: &[String]) -> String {
    match parts {
        [one] => one.clone(),
        several => format!("({})", several.join(" or ")),
    }
}
