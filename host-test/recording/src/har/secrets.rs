//! Which values must not stay in a recording: those of settings, and those learnt from the recording. Where they are in a
//! text is in `replace.rs`; what is cut out of an archive besides is in `credential.rs`.

use std::cmp::Reverse;

use psa_contract::{ConnectorDescription, Setting, SettingKind, SettingSupplier};

/// Replaces the values of settings by placeholders, however they are encoded: as they are, percent-encoded, escaped as
/// in JSON, or inside of base64. The default knows no value, and replaces what looks like credentials.
#[derive(Clone, Default)]
pub struct Scrubber {
    /// Longest value first, so that a value that holds another is found whole.
    pub(super) masks: Vec<Mask>,
}

#[derive(Clone)]
pub(super) struct Mask {
    pub(super) name: String,
    pub(super) value: String,
    /// Found inside of base64 too.
    pub(super) is_secret: bool,
    /// Found as a whole word only, and in no name: it is short or a word.
    pub(super) is_word: bool,
    pub(super) stays_in_urls: bool,
}

/// The name of the placeholder for a value that is, without its number: the same value has the same number.
pub(super) const NUMBERED: &str = "removed-";
/// What braces become that could be taken for a placeholder's.
pub(super) const OPEN_BRACE: &str = "{{open-brace}}";
pub(super) const CLOSE_BRACE: &str = "{{close-brace}}";

/// A shorter value is in any text by chance: no key is that short.
pub(super) const SHORTEST_SECRET_BYTES: usize = 4;
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

    /// The same scrubber, which also knows these values; their placeholders are numbered from `first` on.
    pub(super) fn with_learnt(&self, values: Vec<String>, first: usize) -> Self {
        let mut masks = self.masks.clone();
        masks.extend(values.into_iter().enumerate().map(|(index, value)| Mask {
            name: format!("{NUMBERED}{}", first + index),
            is_secret: true,
            is_word: is_like_a_word(&value),
            stays_in_urls: false,
            value,
        }));
        Self::sorted(masks)
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
                    is_word: !is_secret,
                    stays_in_urls: false,
                });
            }
        }
        Self::sorted(masks)
    }

    fn sorted(mut masks: Vec<Mask>) -> Self {
        masks.sort_by_key(|mask| Reverse(mask.value.len()));
        Self { masks }
    }
}

/// Whether a value is short or letters alone, so that words hold it by chance and names can be the same.
fn is_like_a_word(value: &str) -> bool {
    const SHORTEST: usize = 8;
    const SHORTEST_OF_LETTERS: usize = 16;
    let is_letters = value.bytes().all(|byte| byte.is_ascii_alphabetic());
    value.len()
        < if is_letters {
            SHORTEST_OF_LETTERS
        } else {
            SHORTEST
        }
}

#[cfg(test)]
mod tests;
