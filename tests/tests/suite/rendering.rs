//! Texts of a ticket, rendered as ConnectWise renders them: as Markdown, here by a strict renderer of `CommonMark` and by one
//! with GitHub's extensions. Whatever is written arrives as it was written.

use proptest::prelude::*;
use psa_host::contract::{Body, Detail, Request, TicketDraft};
use psa_recording::Input;
use psa_tests::{CONNECTWISE, few, settings};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;

/// What is sent as the description and as the internal note.
fn sent(draft: TicketDraft) -> (String, String) {
    let mut body = None;
    let mut send = |requests: &[Request]| {
        body = requests[0].body.clone().map(Body::into_bytes);
        Vec::new()
    };
    CONNECTWISE
        .call_natively(&settings(), &Input::CreateTicket(draft), &mut send)
        .expect_err("no response, no ticket");
    let body: Value = serde_json::from_slice(&body.expect("a request")).expect("JSON");
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (text("initialDescription"), text("initialInternalAnalysis"))
}

fn draft() -> TicketDraft {
    TicketDraft {
        company_id: "250".to_owned(),
        summary: "Blocked".to_owned(),
        ..TicketDraft::default()
    }
}

/// What a person sees. Markup shows as its name, so that it cannot be overlooked.
fn rendered(markdown: &str, options: Options) -> String {
    let mut shown = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(text) | Event::Code(text) => shown.push_str(&text),
            Event::HardBreak => shown.push('\n'),
            Event::SoftBreak => shown.push(' '),
            Event::Start(Tag::Paragraph) => {}
            Event::End(TagEnd::Paragraph) => shown.push_str("\n\n"),
            other => shown.push_str(&format!("{other:?}")),
        }
    }
    shown.trim_end().replace('\u{a0}', " ")
}

/// What may be lost: blanks at the end of a line, and empty lines beyond the first.
fn as_written(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.replace("\r\n", "\n").replace('\r', "\n").split('\n') {
        let line = line.trim_end();
        let start = line.trim_start();
        let indent = &line[..line.len() - start.len()];
        let indent = match indent.strip_prefix('\t') {
            Some(rest) => format!("    {rest}"),
            None => indent.to_owned(),
        };
        let is_second_empty = line.is_empty() && lines.last().is_none_or(String::is_empty);
        if !is_second_empty {
            lines.push(format!("{indent}{start}"));
        }
    }
    lines.join("\n").trim_end().to_owned()
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let (description, note) = sent(TicketDraft {
        description: Some(text.to_owned()),
        internal_note: Some(text.to_owned()),
        ..draft()
    });
    for markdown in [description, note] {
        for options in [
            Options::empty(),
            Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS,
        ] {
            prop_assert_eq!(
                rendered(&markdown, options),
                as_written(text),
                "{:?}",
                markdown
            );
        }
    }
    Ok(())
}

#[test]
fn what_people_write_arrives_as_they_wrote_it() {
    for text in [
        "Path: C:\\Temp\\\nNext: \\\\server\\share\\",
        "- removed\n+ added\n* starred\n-5 degrees\n- ",
        "1. first\n3. third\n2) other\n2026. was a year",
        "Trace:\n\n    at foo(*args)\n\tat bar[0]\n  at baz",
        "https://portal.example.com/alert?id=1&view=full&copy=2&amp;x=3",
        "https://x.example/~me/_layouts/a_b?c=~d and https://x.example/_e/f_/~g~",
        "https://a.example/+~~+~~ and -https://a.example//~e~~ and https://a.example/__+__",
        "😀_f_😀 and é_f_é and Ⓐ_f_Ⓐ and «_f_»",
        "https://a.example//_f_😀 and https://a.example//_f_é and https://a.example//😀_f_Ⓐ",
        "https://a.example/~fé~g and https://a.example//~f😀~g and https://a.example/é~f~é and https://a.example//~e~~a",
        "# heading\n## heading\n> quote\n>> quote",
        "Title\n=====\nTitle\n---\n- - -\n***\n___",
        "one\ntwo\r\nthree\rfour\n\n\nfive",
        "| a | b |\n|---|---|\n| c | d |",
        "<b>bold</b> <!-- c --> <http://a.example/> &lt;b&gt; &#60;",
        "**bold** _it_ __init__ `code` ``` ~~gone~~ ~x~ a*b*c snake_case_name",
        "[a](http://b.example) ![i](j) [r]: http://c.example\n[r]: http://c.example \"t\"",
        "- [ ] task\n- [x] done",
        "```\ncode\n```\n~~~\ncode\n~~~",
        "AT&T & R&D &nosuch; &; &# \\& \\\\ \\",
        "a  b   c \nd",
    ] {
        check(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    }
}

#[test]
fn each_detail_is_a_line_of_its_own() {
    let detail = |label: &str, value: &str| Detail {
        label: label.to_owned(),
        value: value.to_owned(),
    };
    let (description, _) = sent(TicketDraft {
        description: Some("Text".to_owned()),
        details: vec![
            detail("Domain", "bad.example.com"),
            detail("Path", "C:\\Temp\\"),
            detail("Quote", "`a``b`"),
            detail("Empty", ""),
            detail("- Sign", "*c*"),
        ],
        ..draft()
    });
    assert_eq!(
        rendered(&description, Options::empty()),
        "Text\n\nDomain: bad.example.com\nPath: C:\\Temp\\\nQuote: `a``b`\nEmpty:\n- Sign: *c*"
    );
}

proptest! {
    #![proptest_config(few(300))]

    #[test]
    fn any_text_arrives_as_it_was_written(parts in prop::collection::vec(prop::sample::select(PARTS), 1..14)) {
        let text = parts.concat();
        // A text of blanks is left out.
        if !text.trim().is_empty() && !text.starts_with(['\n', ' ', '\t']) {
            check(&text)?;
        }
    }
}

const PARTS: &[&str] = &[
    "a",
    "b c",
    " ",
    "\n",
    "\n\n",
    "\n    ",
    "\n\t",
    "-",
    "- ",
    "+ ",
    "+",
    "=",
    "===",
    "---",
    "1.",
    "2) ",
    "#",
    "# ",
    ">",
    "*",
    "**",
    "_",
    "__",
    "~",
    "~~",
    "`",
    "```",
    "\\",
    "\\\\",
    "&",
    "&amp;",
    "&#38;",
    "&a",
    ";",
    "<",
    ">",
    "<b>",
    "<a@b.example>",
    "[",
    "]",
    "(",
    ")",
    "](",
    "!",
    "|",
    "\n|---|",
    ":",
    "\"",
    "'",
    "https://a.example/",
    "http://b.example/?c=1&d=2",
    "/~e",
    "/_f",
    ".",
    "é",
    "😀",
    "Ⓐ",
    "«",
    "^",
    "$",
];
