//! Help, and errors in the arguments, in the form that was asked for.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::ValueEnum as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::connection::Format;
use crate::failure::Failure;
use crate::output::{Output, print_failure};
use crate::{exit, terminal};

/// Prints what the parser has to say: help as it is, an error in the form that was asked for.
pub(crate) fn end(error: &clap::Error, words: &[OsString]) -> ExitCode {
    if let Some(Ok(color)) =
        value_of("--color", words).map(|it| clap::ColorChoice::from_str(it, true))
    {
        terminal::choose_color(color);
    }
    if !error.use_stderr() {
        return Output::of_text(error.render().ansi().to_string()).print();
    }
    let format = match is_json(words) {
        true => Format::Json,
        false => Format::Table,
    };
    if is_stray(error) {
        return print_failure(&stray(), format);
    }
    if format == Format::Json {
        return print_failure(&failure(&error.render().to_string()), format);
    }
    // If this cannot be written, there is nowhere left to say so.
    let _ = error.print();
    ExitCode::from(exit::USAGE)
}

/// Whether there is a word that belongs to no argument. The parser's text would show it, and it may be a key.
fn is_stray(error: &clap::Error) -> bool {
    let word = error.get(ContextKind::InvalidArg);
    error.kind() == ErrorKind::UnknownArgument
        && matches!(word, Some(ContextValue::String(word)) if !word.starts_with('-'))
}

fn stray() -> Failure {
    Failure::usage(
        "there is a word that belongs to no argument; it is not shown here, because it may be a key",
        "Put a text with spaces into quotes. Keys belong in the settings file, or in files that --secret names. Run the command with --help: it lists the arguments.",
    )
}

/// The parser's text is paragraphs: the error, tips, how the command is used.
fn failure(text: &str) -> Failure {
    let paragraphs = text.split("\n\n");
    let paragraphs: Vec<String> = paragraphs
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let error = paragraphs.first().map_or("", String::as_str);
    let tips: Vec<&str> = paragraphs
        .iter()
        .filter_map(|paragraph| paragraph.strip_prefix("tip: "))
        .collect();
    let hint = if tips.is_empty() {
        "Run the command with --help: it lists the arguments.".to_owned()
    } else {
        tips.join("; ")
    };
    Failure::usage(error.strip_prefix("error: ").unwrap_or(error), hint)
}

fn is_json(words: &[OsString]) -> bool {
    words.iter().any(|word| word == "--json") || value_of("--output", words) == Some("json")
}

/// The value of an argument, although the parser refused the arguments.
fn value_of<'a>(option: &str, words: &'a [OsString]) -> Option<&'a str> {
    let mut words = words.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        if word == option {
            return words.next();
        }
        if let Some(value) = word
            .strip_prefix(option)
            .and_then(|rest| rest.strip_prefix('='))
        {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_parser_says_is_an_error_with_a_hint() {
        let cases = [
            (
                "error: invalid value 'abc' for '--limit <NUMBER>': invalid digit found in string\n\nFor more information, try '--help'.\n",
                (
                    "invalid value 'abc' for '--limit <NUMBER>': invalid digit found in string",
                    "--help",
                ),
            ),
            (
                "error: the following required arguments were not provided:\n  <ID>\n\nUsage: psa-host ticket <CONNECTOR> <ID>\n",
                (
                    "the following required arguments were not provided: <ID>",
                    "--help",
                ),
            ),
            (
                "error: unexpected argument '--jsn' found\n\n  tip: a similar argument exists: '--json'\n\nUsage: psa-host\n",
                (
                    "unexpected argument '--jsn' found",
                    "a similar argument exists: '--json'",
                ),
            ),
        ];
        for (text, (expected, part_of_hint)) in cases {
            let Failure::Usage { message, hint, .. } = failure(text) else {
                panic!("{text}");
            };
            assert_eq!(message, expected);
            assert!(hint.contains(part_of_hint), "{hint}");
        }
    }

    #[test]
    fn json_is_asked_for_in_three_ways() {
        let cases = [
            (&["--json"][..], true),
            (&["--output", "json"], true),
            (&["--output=json"], true),
            (&["--output", "csv"], false),
            (&["--outputs", "json"], false),
            (&[], false),
        ];
        for (words, expected) in cases {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            assert_eq!(is_json(&words), expected, "{words:?}");
        }
    }
}
