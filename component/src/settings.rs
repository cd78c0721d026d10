//! The settings, parsed once: whoever holds a [`Settings`] holds good ones. All faults are reported at once, before any
//! request. The texts that a form shows are in `describe.rs`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use psa_contract::{ErrorCode, FieldError, OriginList, Setting};

use crate::error::{Error, error, field_error, summary_of};
use crate::site::Site;
use crate::text::{contains, has_form, joined, replace};

pub(crate) const SITE: &str = "site";
pub(crate) const COMPANY_ID: &str = "company-id";
pub(crate) const PUBLIC_KEY: &str = "public-key";
pub(crate) const PRIVATE_KEY: &str = "private-key";
pub(crate) const CLIENT_ID: &str = "client-id";
pub(crate) const API_VERSION: &str = "api-version";

const NAMES: [&str; 6] = [
    SITE,
    COMPANY_ID,
    PUBLIC_KEY,
    PRIVATE_KEY,
    CLIENT_ID,
    API_VERSION,
];

/// Shorter secrets are not searched for in messages: every other word would be blanked, which tells more than it hides.
const SHORTEST_SECRET_BYTES: usize = 4;

/// Where a tenant is and how to be let in.
#[derive(Clone)]
pub struct Settings {
    pub(crate) site: Site,
    pub(crate) company_id: String,
    pub(crate) client_id: String,
    /// The pinned version of the API's model, `2025.16`. None: the newest.
    pub(crate) api_version: Option<String>,
    public_key: String,
    private_key: String,
}

impl Settings {
    /// Parses what was entered.
    ///
    /// # Errors
    /// `invalid-settings`, with every fault: a required one that is missing or empty, a malformed, unknown or repeated one.
    pub fn parse(settings: &[Setting]) -> Result<Self, Error> {
        let mut entered = Entered {
            settings,
            faults: Vec::new(),
        };
        entered.refuse_unknown_and_repeated();
        let parsed = Self {
            site: Site {
                authority: entered.required(SITE, |text| Ok(Site::parse(text)?.authority)),
            },
            company_id: entered.required(COMPANY_ID, part_before_a_separator),
            public_key: entered.required(PUBLIC_KEY, part_before_a_separator),
            private_key: entered.required(PRIVATE_KEY, credential_part),
            client_id: entered.required(CLIENT_ID, guid),
            api_version: entered.optional(API_VERSION, version),
        };
        if entered.faults.is_empty() {
            Ok(parsed)
        } else {
            Err(invalid_settings(entered.faults))
        }
    }

    /// `https://api-na.myconnectwise.net`.
    pub(crate) fn origin(&self) -> String {
        ["https://", &self.site.authority].concat()
    }

    /// The value of the header `Authorization`: Basic, of `company+public:private` (Developer Guide, "Authentication").
    pub(crate) fn authorization(&self) -> String {
        ["Basic ", &self.credential()].concat()
    }

    /// Text with every secret, and the credential made of them, blanked.
    pub(crate) fn without_secrets(&self, text: &str) -> String {
        let credential = self.credential();
        let unencoded = [&self.public_key, ":", &self.private_key].concat();
        let mut clean = text.to_owned();
        for secret in [
            &credential,
            &unencoded,
            &self.private_key,
            &self.public_key,
            &self.client_id,
        ] {
            if secret.len() >= SHORTEST_SECRET_BYTES && contains(&clean, secret) {
                clean = replace(&clean, secret, "[secret]");
            }
        }
        clean
    }

    fn credential(&self) -> String {
        let parts = [
            &self.company_id,
            "+",
            &self.public_key,
            ":",
            &self.private_key,
        ];
        let mut encoded = String::new();
        // Three bytes at a time: for whole texts the crate brings a faster loop, which is two kilobytes of code.
        for bytes in parts.concat().as_bytes().chunks(3) {
            encoded.push_str(&BASE64.encode(bytes));
        }
        encoded
    }
}

/// The only origin that these settings lead to.
///
/// # Errors
/// `invalid-settings`.
pub fn origins(settings: &[Setting]) -> Result<OriginList, Error> {
    let origins = vec![Settings::parse(settings)?.origin()];
    Ok(OriginList { origins })
}

/// Never shows a key.
impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("site", &self.site.authority)
            .field("company_id", &self.company_id)
            .field("api_version", &self.api_version)
            .finish_non_exhaustive()
    }
}

/// What was entered, and the faults found so far.
struct Entered<'a> {
    settings: &'a [Setting],
    faults: Vec<FieldError>,
}

impl Entered<'_> {
    fn refuse_unknown_and_repeated(&mut self) {
        let mut seen: Vec<&str> = Vec::new();
        for setting in self.settings {
            let name = setting.name.as_str();
            if !NAMES.contains(&name) {
                // An unknown name may be anything, a key pasted into the wrong place too, so it is not repeated here.
                self.faults.push(FieldError {
                    field: None,
                    vendor_field: None,
                    message: [
                        "a setting is unknown; the settings are ",
                        &joined(NAMES.iter(), ", "),
                    ]
                    .concat(),
                });
            } else if seen.contains(&name) {
                self.faults
                    .push(field_error(name, "it is given twice; give it once"));
            } else {
                seen.push(name);
            }
        }
    }

    /// Empty where it is missing or faulty, which is among the faults then.
    fn required(&mut self, name: &str, parse: fn(&str) -> Result<String, String>) -> String {
        if self.value(name).is_none() {
            self.faults
                .push(field_error(name, "it is missing; enter it"));
        }
        self.optional(name, parse).unwrap_or_default()
    }

    fn optional(
        &mut self,
        name: &str,
        parse: fn(&str) -> Result<String, String>,
    ) -> Option<String> {
        match parse(self.value(name)?) {
            Ok(value) => Some(value),
            Err(message) => {
                self.faults.push(field_error(name, message));
                None
            }
        }
    }

    /// Absent and empty are the same.
    fn value(&self, name: &str) -> Option<&str> {
        self.settings
            .iter()
            .find(|setting| setting.name == name)
            .map(|setting| setting.value.trim())
            .filter(|value| !value.is_empty())
    }
}

fn invalid_settings(field_errors: Vec<FieldError>) -> Error {
    let message = ["the settings are not usable: ", &summary_of(&field_errors)].concat();
    error(ErrorCode::InvalidSettings, message)
        .hint("correct the settings named; nothing was sent")
        .field_errors(field_errors)
}

/// Part of the Basic credential, which is split again at its first `+` and the first `:` after it.
fn part_before_a_separator(text: &str) -> Result<String, String> {
    for separator in ["+", ":"] {
        if contains(text, separator) {
            let what = "`, which separates it from the next; enter this value alone";
            return Err(["it holds `", separator, what].concat());
        }
    }
    credential_part(text)
}

/// What goes into the header as it is.
fn credential_part(text: &str) -> Result<String, String> {
    if text.chars().all(|letter| letter.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err(
            "it holds a space, a control character or a letter outside ASCII; paste it again"
                .to_owned(),
        )
    }
}

/// `clientId` is a GUID (developer.connectwise.com, "ClientID").
fn guid(text: &str) -> Result<String, String> {
    if has_form(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") {
        Ok(text.to_owned())
    } else {
        Err(
            "it is not a client id, which has the form 00000000-0000-0000-0000-000000000000; \
             copy it from developer.connectwise.com"
                .to_owned(),
        )
    }
}

/// `2025.16`: numbers separated by dots.
fn version(text: &str) -> Result<String, String> {
    let is_version = text.len() <= 16
        && text.bytes().any(|letter| letter == b'.')
        && text
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(|digit| digit.is_ascii_digit()));
    if is_version {
        Ok(text.to_owned())
    } else {
        Err(
            "it is not a version of the API; enter one like 2025.16, or leave it empty for the newest"
                .to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(changes: &[(&str, &str)]) -> Vec<Setting> {
        let mut pairs = vec![
            (SITE, "na.myconnectwise.net"),
            (COMPANY_ID, "acme"),
            (PUBLIC_KEY, "PublicKey1234567"),
            (PRIVATE_KEY, "PrivateKey123456"),
            (CLIENT_ID, "01234567-89ab-cdef-0123-456789abcdef"),
        ];
        for change in changes {
            pairs.retain(|pair| pair.0 != change.0);
            pairs.push(*change);
        }
        pairs
            .into_iter()
            .map(|(name, value)| Setting {
                name: name.to_owned(),
                value: value.to_owned(),
            })
            .collect()
    }

    #[test]
    fn debug_shows_no_key() {
        let settings = Settings::parse(&entered(&[])).expect("good settings");
        let shown = format!("{settings:?}");
        assert!(shown.contains("api-na.myconnectwise.net"), "{shown}");
        for secret in ["PublicKey1234567", "PrivateKey123456", "01234567-89ab"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn secrets_are_blanked_in_every_form() {
        let settings = Settings::parse(&entered(&[])).expect("good settings");
        let text = format!(
            "PublicKey1234567 PrivateKey123456 {} 01234567-89ab-cdef-0123-456789abcdef",
            settings.authorization()
        );
        assert_eq!(
            settings.without_secrets(&text),
            "[secret] [secret] Basic [secret] [secret]"
        );
    }

    #[test]
    fn a_secret_of_three_letters_is_not_searched_for() {
        for (key, expected) in [("psa", "the psa says no"), ("says", "the psa [secret] no")] {
            let settings = Settings::parse(&entered(&[(PRIVATE_KEY, key)])).expect("good settings");
            assert_eq!(settings.without_secrets("the psa says no"), expected);
        }
    }

    #[test]
    fn the_credential_is_company_plus_public_colon_private() {
        let settings = Settings::parse(&entered(&[])).expect("good settings");
        let encoded = settings.authorization();
        let decoded = BASE64
            .decode(encoded.strip_prefix("Basic ").expect("Basic"))
            .expect("base64");
        assert_eq!(decoded, b"acme+PublicKey1234567:PrivateKey123456");
    }
}
