//! Where secrets are in a text, whichever way they are encoded, and the placeholders in their places.

use std::ops::Range;

use crate::har::base64_run::runs_with;
use crate::har::credential;
use crate::har::decoded::{Decoded, views};
use crate::har::secrets::{CLOSE_BRACE, Mask, OPEN_BRACE, SHORTEST_SECRET_BYTES, Scrubber};
use crate::placeholder::{REMOVED, encoding, split_at_end};

/// What is known of a text.
#[derive(Clone, Copy, Default)]
pub(super) struct Context {
    pub(super) is_url: bool,
    /// The name of a member, which others look for.
    pub(super) is_name: bool,
    /// It stands between the quotes of JSON.
    pub(super) is_quoted: bool,
    /// `{{…}}` in it are placeholders already, and stay.
    pub(super) has_placeholders: bool,
}

impl Scrubber {
    /// A URL that may be shown.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let context = Context {
            is_url: true,
            ..Context::default()
        };
        self.text(url, context)
    }

    /// Whether a value is to be looked for elsewhere: long enough, and more than settings which are looked for anyway.
    pub(super) fn is_news(&self, value: &str) -> bool {
        let (left, _) = credential::outside_placeholders(&self.text(value, Context::default()));
        let left = left.chars().filter(|character| character.is_alphanumeric());
        value.len() >= SHORTEST_SECRET_BYTES && left.count() >= SHORTEST_SECRET_BYTES
    }

    /// The text with placeholders for everything that must not stay.
    pub(super) fn text(&self, text: &str, context: Context) -> String {
        if !context.has_placeholders {
            return self.literal(text, context, false);
        }
        let mut cleaned = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, from_name)) = rest.split_once("{{") {
            let Some((inside, after)) = split_at_end(from_name) else {
                break;
            };
            cleaned.push_str(&self.literal(before, context, false));
            match inside.split_once(':') {
                Some((encoding, plain)) => {
                    let plain = self.text(plain, context);
                    cleaned.push_str(&format!("{{{{{encoding}:{plain}}}}}"));
                }
                // Braces around a value make no placeholder of it.
                None => cleaned.push_str(&format!(
                    "{{{{{}}}}}",
                    self.literal(inside, context, false)
                        .trim_start_matches("{{")
                        .trim_end_matches("}}")
                )),
            }
            rest = after;
        }
        cleaned.push_str(&self.literal(rest, context, false));
        cleaned
    }

    /// The bytes of what is not text, with asterisks in place of secrets.
    pub(super) fn bytes(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        for cut in self.cuts(&bytes, Context::default(), false) {
            bytes.get_mut(cut.range).unwrap_or_default().fill(b'*');
        }
        bytes
    }

    /// A text without placeholders. Nested: it goes into a placeholder, where every brace counts.
    fn literal(&self, text: &str, context: Context, is_nested: bool) -> String {
        let mut cuts = self.cuts(text.as_bytes(), context, is_nested);
        cuts.retain(|cut| text.get(cut.range.clone()).is_some());
        cuts.sort_by_key(|cut| cut.range.start);
        let mut cleaned = String::with_capacity(text.len());
        let mut at = 0;
        for cut in cuts {
            let before = text.get(at..cut.range.start).unwrap_or_default();
            push_literal(&mut cleaned, before, context, is_nested, true);
            cleaned.push_str(&cut.placeholder);
            at = cut.range.end;
        }
        let rest = text.get(at..).unwrap_or_default();
        push_literal(&mut cleaned, rest, context, is_nested, false);
        cleaned
    }

    fn cuts(&self, text: &[u8], context: Context, is_nested: bool) -> Vec<Cut> {
        let mut cuts: Vec<Cut> = Vec::new();
        let views = views(text);
        let mut cut = |view: &Decoded, range: &Range<usize>, placeholder: &str| {
            let source = view.place(range);
            let overlaps =
                |other: &Cut| source.start < other.range.end && other.range.start < source.end;
            if !cuts.iter().any(overlaps) {
                let as_it_is = view.bytes.get(range.clone()) == text.get(source.clone());
                let placeholder = if as_it_is || placeholder == REMOVED {
                    placeholder.to_owned()
                } else {
                    view.wrap(placeholder)
                };
                cuts.push(Cut {
                    range: source,
                    placeholder,
                });
            }
        };
        let is_in_base64 = |mask: &&Mask| mask.is_secret && !is_nested;
        for mask in self.masks.iter().filter(is_in_base64) {
            let spellings = mask.spellings();
            for (view, spelling) in views
                .iter()
                .flat_map(|view| spellings.iter().map(move |spelling| (view, spelling)))
            {
                for run in runs_with(spelling, &view.bytes) {
                    cut(
                        view,
                        &run.range,
                        &self.in_base64(run.plain.as_deref(), context),
                    );
                }
            }
        }
        for mask in &self.masks {
            if context.is_url && mask.stays_in_urls || context.is_name && mask.is_word {
                continue;
            }
            let placeholder = format!("{{{{{}}}}}", mask.name);
            for view in &views {
                for range in mask.places(&view.bytes) {
                    cut(view, &range, &placeholder);
                }
            }
        }
        for view in &views {
            for range in credential::places(&view.bytes) {
                cut(view, &range, REMOVED);
            }
        }
        cuts
    }

    /// The placeholder for base64 that holds a secret and decodes to this.
    fn in_base64(&self, plain: Option<&str>, context: Context) -> String {
        let breaks_quotes =
            |character: char| matches!(character, '"' | '\\') || character.is_control();
        match plain {
            Some(plain) if !(context.is_quoted && plain.contains(breaks_quotes)) => {
                let plain = self.literal(plain, Context::default(), true);
                format!("{{{{base64:{plain}}}}}")
            }
            _ => REMOVED.to_owned(),
        }
    }
}

/// A part of a text, and what replaces it.
struct Cut {
    range: Range<usize>,
    placeholder: String,
}

impl Mask {
    /// The value as it can be encoded before it goes into base64.
    fn spellings(&self) -> Vec<String> {
        let encodings = ["json", "percent"].into_iter().filter_map(encoding);
        let mut spellings: Vec<String> = encodings.map(|encode| encode(&self.value)).collect();
        spellings.push(self.value.clone());
        spellings.sort_unstable();
        spellings.dedup();
        spellings
    }

    fn places(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let is_word = |byte: Option<&u8>| {
            byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
        };
        memchr::memmem::find_iter(bytes, self.value.as_bytes())
            .map(|at| at..at + self.value.len())
            .filter(|range| {
                let before = range.start.checked_sub(1).and_then(|at| bytes.get(at));
                !self.is_word || !(is_word(before) || is_word(bytes.get(range.end)))
            })
            .collect()
    }
}

/// Pushes text so that no brace of it is taken for a placeholder's.
fn push_literal(
    out: &mut String,
    text: &str,
    context: Context,
    is_nested: bool,
    placeholder_follows: bool,
) {
    let mut characters = text.chars().peekable();
    let mut follows_open = false;
    while let Some(character) = characters.next() {
        let next_is_open = match characters.peek() {
            Some(next) => *next == '{' && !context.has_placeholders,
            None => placeholder_follows,
        };
        let is_open = character == '{';
        if is_open && (is_nested || next_is_open || follows_open) {
            out.push_str(OPEN_BRACE);
        } else if character == '}' && is_nested {
            out.push_str(CLOSE_BRACE);
        } else {
            out.push(character);
        }
        follows_open = is_open && !context.has_placeholders;
    }
}
