//! The words of a condition. What they mean together is in `condition.rs`.

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    Name(String),
    Number(i64),
    Text(String),
    Sign(&'static str),
}

const SIGNS: [&str; 8] = ["<=", ">=", "<", ">", "=", "(", ")", ","];

/// The words of a condition. The error is the message of the PSA.
pub(super) fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, length) = word(rest)?;
        words.push(word);
        rest = rest[length..].trim_start();
    }
    Ok(words)
}

fn word(rest: &str) -> Result<(Word, usize), String> {
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        return Ok((Word::Sign(sign), sign.len()));
    }
    if let Some(quoted) = rest.strip_prefix('"') {
        let text = quoted.split('"').next().unwrap_or_default();
        // How a quote is escaped is not documented, so nothing may depend on it here.
        if text.len() == quoted.len() || text.contains('\\') {
            return Err(format!("String {rest} is not terminated"));
        }
        return Ok((Word::Text(text.to_owned()), text.len() + 2));
    }
    let end = rest
        .find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '/' | '_' | '-')))
        .unwrap_or(rest.len());
    let name = &rest[..end];
    match name.parse::<i64>() {
        _ if name.is_empty() => Err(format!("{rest} is not understood")),
        Ok(number) => Ok((Word::Number(number), end)),
        Err(_) => Ok((Word::Name(name.to_owned()), end)),
    }
}

pub(super) fn not_understood(word: &Word) -> String {
    match word {
        Word::Name(text) | Word::Text(text) => format!("{text} is not understood"),
        Word::Number(number) => format!("{number} is not understood"),
        Word::Sign(sign) => format!("{sign} is not understood"),
    }
}
