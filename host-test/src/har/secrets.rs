//! Which values must not stay in a recording, and where they are in a text. What is cut out of an archive besides is in
//! `credential.rs`; which parts of an archive are text is in `scrub.rs`.

use std::cmp::Reverse;
use std::ops::Range;

use psa_contract::{ConnectorDescription, Setting, SettingKind, SettingSupplier};

use crate::har::base64_run::runs_with;
use crate::har::credential;
use crate::har::decoded::{Decoded, Encoding};
use crate::placeholder::split_at_end;

/// Replaces the values of settings by placeholders, however they are encoded: as they are, percent-encoded, escaped as
/// in JSON, or inside of base64. The default knows no value, and replaces what looks like credentials.
#[derive(Clone, Default)]
pub struct Scrubber {
    /// Longest value first, so that a value that holds another is found whole.
    masks: Vec<Mask>,
}

#[derive(Clone)]
struct Mask {
    name: String,
    value: String,
    /// Found in the middle of words and inside of base64 too.
    is_secret: bool,
    stays_in_urls: bool,
}

/// What is known of a text.
#[derive(Clone, Copy, Default)]
pub(super) struct Context {
    pub(super) is_url: bool,
    /// `{{…}}` in it are placeholders already, and stay.
    pub(super) has_placeholders: bool,
}

/// What a value becomes that is no setting's.
pub(super) const REMOVED: &str = "{{removed}}";
/// What braces become that could be taken for a placeholder's.
pub(super) const OPEN_BRACE: &str = "{{open-brace}}";
pub(super) const CLOSE_BRACE: &str = "{{close-brace}}";

/// A shorter value is in any text by chance: no key is that short.
const SHORTEST_SECRET_BYTES: usize = 4;
/// The same for values that are looked for as whole words only.
const SHORTEST_WORD_BYTES: usize = 2;

impl Scrubber {
    /// Replaces the values of secret settings, and as whole words those that name the customer's account: settings of
    /// kind text that the customer enters, such as a company id.
    #[must_use]
    pub fn new(description: &ConnectorDescription, settings: &[Setting]) -> Self {
        let described = |setting: &Setting| {
            let mut known = description.settings.iter();
            let found = known.find(|known| known.name == setting.name)?;
            match (found.kind, found.supplied_by) {
                (SettingKind::Secret, _) => Some(true),
                (SettingKind::Text, SettingSupplier::Customer) => Some(false),
                _ => None,
            }
        };
        Self::of_masks(settings.iter().filter_map(|setting| {
            let is_secret = described(setting)?;
            Some((setting, is_secret))
        }))
    }

    /// For settings of which nothing else is known: every value counts as a secret.
    #[must_use]
    pub fn of_secrets(settings: &[Setting]) -> Self {
        Self::of_masks(settings.iter().map(|setting| (setting, true)))
    }

    /// Lets the value of a setting stay visible in URLs.
    ///
    /// # Errors
    /// The setting is secret, or is not among those whose values are replaced.
    pub fn keep_in_urls(mut self, name: &str) -> Result<Self, String> {
        let found = self.masks.iter_mut().find(|mask| mask.name == name);
        match found {
            Some(mask) if mask.is_secret => {
                Err(format!("the setting `{name}` is secret and cannot be kept"))
            }
            Some(mask) => {
                mask.stays_in_urls = true;
                Ok(self)
            }
            None => Err(format!(
                "the setting `{name}` has no value that would be replaced"
            )),
        }
    }

    /// A URL that may be shown.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let context = Context {
            is_url: true,
            has_placeholders: false,
        };
        self.text(url, context)
    }

    fn of_masks<'a>(settings: impl Iterator<Item = (&'a Setting, bool)>) -> Self {
        let mut masks: Vec<Mask> = Vec::new();
        for (setting, is_secret) in settings {
            let value = setting.value.trim();
            let shortest = if is_secret {
                SHORTEST_SECRET_BYTES
            } else {
                SHORTEST_WORD_BYTES
            };
            if value.len() >= shortest && masks.iter().all(|mask| mask.name != setting.name) {
                masks.push(Mask {
                    name: setting.name.clone(),
                    value: value.to_owned(),
                    is_secret,
                    stays_in_urls: false,
                });
            }
        }
        masks.sort_by_key(|mask| Reverse(mask.value.len()));
        Self { masks }
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
        for mask in self.masks.iter().filter(|mask| mask.is_secret) {
            let found: Vec<usize> =
                memchr::memmem::find_iter(&bytes, mask.value.as_bytes()).collect();
            for at in found {
                let secret = bytes.get_mut(at..at + mask.value.len());
                secret.unwrap_or_default().fill(b'*');
            }
        }
        bytes
    }

    /// A text without placeholders. Nested: it goes into a placeholder, where every brace counts.
    fn literal(&self, text: &str, context: Context, is_nested: bool) -> String {
        let mut cuts = self.cuts(text, context, is_nested);
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

    fn cuts(&self, text: &str, context: Context, is_nested: bool) -> Vec<Cut> {
        let mut cuts: Vec<Cut> = Vec::new();
        let views: Vec<(Encoding, Decoded)> = Encoding::ALL
            .into_iter()
            .filter_map(|encoding| Some((encoding, Decoded::new(text, encoding)?)))
            .collect();
        let mut cut = |encoding: Encoding, view: &Decoded, range: &Range<usize>, with: &str| {
            let source = view.place(range);
            let overlaps =
                |other: &Cut| source.start < other.range.end && other.range.start < source.end;
            if !cuts.iter().any(overlaps) && text.get(source.clone()).is_some() {
                let as_it_is = view.bytes.get(range.clone()) == text.as_bytes().get(source.clone());
                let encoding = if as_it_is { Encoding::Plain } else { encoding };
                let placeholder = encoding.wrap(with);
                cuts.push(Cut {
                    range: source,
                    placeholder,
                });
            }
        };
        for mask in self
            .masks
            .iter()
            .filter(|mask| mask.is_secret && !is_nested)
        {
            for (encoding, view) in &views {
                for run in runs_with(&mask.value, &view.bytes) {
                    let placeholder = match run.plain {
                        Some(plain) => {
                            let plain = self.literal(&plain, Context::default(), true);
                            format!("{{{{base64:{plain}}}}}")
                        }
                        None => REMOVED.to_owned(),
                    };
                    cut(*encoding, view, &run.range, &placeholder);
                }
            }
        }
        for mask in &self.masks {
            if context.is_url && mask.stays_in_urls {
                continue;
            }
            let placeholder = format!("{{{{{}}}}}", mask.name);
            for (encoding, view) in &views {
                for range in mask.places(&view.bytes) {
                    cut(*encoding, view, &range, &placeholder);
                }
            }
        }
        for (_, view) in &views {
            for range in credential::places(&view.bytes) {
                cut(Encoding::Plain, view, &range, REMOVED);
            }
        }
        cuts
    }
}

/// A part of a text, and what replaces it.
struct Cut {
    range: Range<usize>,
    placeholder: String,
}

impl Mask {
    fn places(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let is_word = |byte: Option<&u8>| {
            byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
        };
        memchr::memmem::find_iter(bytes, self.value.as_bytes())
            .map(|at| at..at + self.value.len())
            .filter(|range| {
                let before = range.start.checked_sub(1).and_then(|at| bytes.get(at));
                self.is_secret || !(is_word(before) || is_word(bytes.get(range.end)))
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

#[cfg(test)]
mod tests;
