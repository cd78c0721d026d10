//! The JSON of an archive, as much of it as a recording needs. Reading takes what is there and ignores what is unknown;
//! what it means is in `read.rs` and `write.rs`.

use psa_contract::FailureKind;
use serde::{Deserialize, Deserializer, Serialize};

/// The member of an entry that marks it as secret.
pub(super) const IS_SECRET: &str = "_isSecret";

/// The whole file.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Archive {
    pub(super) log: Log,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Log {
    #[serde(deserialize_with = "or_default")]
    pub(super) version: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) creator: Creator,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<String>,
    /// Where this is, `{{…}}` are placeholders; in the archive of another program they are text.
    #[serde(rename = "_scrubbedBy", skip_serializing_if = "Option::is_none")]
    pub(super) scrubbed_by: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Creator {
    #[serde(deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) version: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entry {
    #[serde(deserialize_with = "or_default")]
    pub(super) started_date_time: String,
    /// Milliseconds.
    #[serde(deserialize_with = "or_default")]
    pub(super) time: f64,
    #[serde(deserialize_with = "or_default")]
    pub(super) request: RequestDocument,
    #[serde(deserialize_with = "or_default")]
    pub(super) response: ResponseDocument,
    /// Empty objects: the format asks for them.
    #[serde(skip_deserializing)]
    pub(super) cache: Empty,
    #[serde(skip_deserializing)]
    pub(super) timings: Timings,
    /// The bodies and the response's headers hold credentials: the contract's `is-secret`.
    #[serde(
        rename = "_isSecret",
        skip_serializing_if = "std::ops::Not::not",
        deserialize_with = "or_default"
    )]
    pub(super) is_secret: bool,
    /// The failure of the contract, in place of a response.
    #[serde(rename = "_failure", skip_serializing_if = "Option::is_none")]
    pub(super) failure: Option<FailureDocument>,
    /// What a browser says of a request without a response.
    #[serde(
        rename = "_error",
        skip_serializing_if = "Option::is_none",
        deserialize_with = "or_default"
    )]
    pub(super) error: Option<String>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Empty {}

/// Milliseconds. Only the whole is known here, so it is all waiting.
#[derive(Debug, Default, Serialize)]
pub(super) struct Timings {
    pub(super) send: f64,
    pub(super) wait: f64,
    pub(super) receive: f64,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RequestDocument {
    #[serde(deserialize_with = "or_default")]
    pub(super) method: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) url: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) http_version: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) cookies: Vec<NameValue>,
    #[serde(deserialize_with = "or_default")]
    pub(super) headers: Vec<NameValue>,
    #[serde(deserialize_with = "or_default")]
    pub(super) query_string: Vec<NameValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) post_data: Option<PostData>,
    #[serde(skip_deserializing)]
    pub(super) headers_size: i64,
    #[serde(skip_deserializing)]
    pub(super) body_size: i64,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ResponseDocument {
    #[serde(deserialize_with = "or_default")]
    pub(super) status: i64,
    #[serde(deserialize_with = "or_default")]
    pub(super) status_text: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) http_version: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) cookies: Vec<NameValue>,
    #[serde(deserialize_with = "or_default")]
    pub(super) headers: Vec<NameValue>,
    #[serde(deserialize_with = "or_default")]
    pub(super) content: Content,
    #[serde(rename = "redirectURL", deserialize_with = "or_default")]
    pub(super) redirect_url: String,
    #[serde(skip_deserializing)]
    pub(super) headers_size: i64,
    #[serde(skip_deserializing)]
    pub(super) body_size: i64,
}

/// The body of a response.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Content {
    #[serde(skip_deserializing)]
    pub(super) size: usize,
    #[serde(deserialize_with = "or_default")]
    pub(super) mime_type: String,
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "or_default"
    )]
    pub(super) text: Option<String>,
    /// `base64`, or none.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "or_default"
    )]
    pub(super) encoding: Option<String>,
}

/// The body of a request: text, or the fields of a form.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PostData {
    #[serde(deserialize_with = "or_default")]
    pub(super) mime_type: String,
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "or_default"
    )]
    pub(super) text: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "or_default")]
    pub(super) params: Vec<NameValue>,
    /// `base64`, or none. The format has it for responses only; requests need it as much.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "or_default"
    )]
    pub(super) encoding: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct NameValue {
    #[serde(deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) value: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct FailureDocument {
    pub(super) kind: FailureKind,
    pub(super) message: String,
    pub(super) may_have_acted: bool,
}

/// Some programs write null for what they do not know.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
