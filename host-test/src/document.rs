//! The JSON of recordings and cases, field for field. What the fields mean together is in `recording.rs` and `case.rs`.

use std::fmt;
use std::marker::PhantomData;

use psa_contract::FailureKind;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::case::Function;
use crate::exchange::Role;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Document {
    pub(crate) docs: String,
    pub(crate) provenance: String,
    #[serde(default)]
    pub(crate) operation: Option<Function>,
    #[serde(default)]
    pub(crate) settings: Option<Pairs<String>>,
    #[serde(default)]
    pub(crate) input: Option<Value>,
    #[serde(default)]
    pub(crate) base_url: Option<String>,
    #[serde(default)]
    pub(crate) request_headers: Pairs<Option<String>>,
    pub(crate) exchanges: Vec<ExchangeDocument>,
    #[serde(default)]
    pub(crate) rounds: Option<usize>,
    #[serde(default)]
    pub(crate) expect: Option<ExpectDocument>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ExchangeDocument {
    pub(crate) role: Role,
    pub(crate) request: RequestDocument,
    #[serde(default)]
    pub(crate) response: Option<ResponseDocument>,
    #[serde(default)]
    pub(crate) failure: Option<FailureDocument>,
    #[serde(default)]
    pub(crate) required: Vec<String>,
    #[serde(default)]
    pub(crate) spare: bool,
    #[serde(default)]
    pub(crate) look_up: Option<LookUpDocument>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LookUpDocument {
    pub(crate) if_committed: ResponseDocument,
    pub(crate) if_not_committed: ResponseDocument,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RequestDocument {
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) query: Pairs<String>,
    #[serde(default)]
    pub(crate) headers: Pairs<Option<String>>,
    #[serde(default, deserialize_with = "even_null")]
    pub(crate) json: Option<Value>,
    #[serde(default)]
    pub(crate) text: Option<String>,
    #[serde(default)]
    pub(crate) base64: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ResponseDocument {
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) headers: Pairs<String>,
    #[serde(default, deserialize_with = "even_null")]
    pub(crate) json: Option<Value>,
    #[serde(default)]
    pub(crate) text: Option<String>,
    #[serde(default)]
    pub(crate) base64: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FailureDocument {
    pub(crate) kind: FailureKind,
    pub(crate) message: String,
    pub(crate) may_have_acted: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ExpectDocument {
    #[serde(default, deserialize_with = "even_null")]
    pub(crate) ok: Option<Value>,
    #[serde(default, deserialize_with = "even_null")]
    pub(crate) err: Option<Value>,
}

/// Names and values in the order of the file, repeats kept: an object, or a list of two-element lists.
#[derive(Clone, Debug)]
pub(crate) struct Pairs<T>(pub(crate) Vec<(String, T)>);

impl<T> Default for Pairs<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PairsVisitor(PhantomData))
    }
}

struct PairsVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PairsVisitor<T> {
    type Value = Pairs<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object, or a list of [name, value]")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = list.next_element()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

/// A field that is there with the value null is not a field that is absent.
fn even_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
