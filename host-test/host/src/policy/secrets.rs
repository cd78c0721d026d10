//! The values of secret settings, to keep them out of messages.

use std::cmp::Reverse;

use psa_contract::Setting;

/// A shorter value would be found inside of ordinary words.
const SHORTEST_MASKED_BYTES: usize = 4;

/// Values and what is shown in their places, the longest first.
pub(super) struct Secrets(Vec<(String, String)>);

impl Secrets {
    pub(super) fn new<'a>(settings: impl Iterator<Item = &'a Setting>) -> Self {
        let mut masks: Vec<_> = settings
            .flat_map(forms)
            .filter(|(value, _)| value.len() >= SHORTEST_MASKED_BYTES)
            .collect();
        masks.sort_by_key(|(value, _)| Reverse(value.len()));
        Self(masks)
    }

    /// The text with names of settings in the places of their values.
    pub(super) fn mask(&self, text: &str) -> String {
        self.0
            .iter()
            .fold(text.to_owned(), |masked, (value, shown)| {
                masked.replace(value, shown)
            })
    }
}

/// A secret as it is, and as it stands in a URL or, in lower case, in a host name.
fn forms(setting: &Setting) -> [(String, String); 3] {
    let value = setting.value.trim();
    let encoded = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let name = &setting.name;
    [
        (value.to_owned(), format!("{{{{{name}}}}}")),
        (encoded, format!("{{{{{name}, encoded}}}}")),
        (
            value.to_ascii_lowercase(),
            format!("{{{{{name}, lower case}}}}"),
        ),
    ]
}
