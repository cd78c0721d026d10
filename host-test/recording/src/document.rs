//! The JSON of recordings and cases, field for field. What the fields mean together is in `recording.rs` and `case.rs`.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use psa_contract::FailureKind;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::exchange::Role;
use crate::function::Function;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Document {
    pub(crate) docs: String,
    pub(crate) provenance: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<Function>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) settings: Option<Pairs<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) input: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) base_url: Option<String>,
    #[serde(default, skip_serializing_if = "Pairs::is_empty")]
    pub(crate) request_headers: Pairs<Option<String>>,
    pub(crate) exchanges: Vec<ListedExchange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rounds: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expect: Option<ExpectDocument>,
}

/// What a list of exchanges holds: an exchange, or the name of one that several files share. Not an untagged enum: that
/// could not say where in an exchange a fault is.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(try_from = "ListedFields", untagged)]
pub(crate) enum ListedExchange {
    Whole(Box<ExchangeDocument>),
    Shared(SharedDocument),
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ExchangeDocument {
    pub(crate) role: Role,
    pub(crate) request: RequestDocument,
    #[serde(flatten)]
    pub(crate) answer: AnswerDocument,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) spare: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) look_up: Option<LookUpDocument>,
}

/// A shared exchange by its name, with an answer of its own or none.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SharedDocument {
    #[serde(rename = "shared")]
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) answer: AnswerDocument,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct AnswerDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response: Option<ResponseDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failure: Option<FailureDocument>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) required: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ListedFields {
    #[serde(default)]
    shared: Option<String>,
    #[serde(default)]
    role: Option<Role>,
    #[serde(default)]
    request: Option<RequestDocument>,
    #[serde(default)]
    response: Option<ResponseDocument>,
    #[serde(default)]
    failure: Option<FailureDocument>,
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    spare: bool,
    #[serde(default)]
    look_up: Option<LookUpDocument>,
}

impl TryFrom<ListedFields> for ListedExchange {
    type Error = &'static str;

    fn try_from(fields: ListedFields) -> Result<Self, Self::Error> {
        let has_answer = fields.response.is_some() || fields.failure.is_some();
        let answer = AnswerDocument {
            response: fields.response,
            failure: fields.failure,
            required: fields.required,
        };
        let Some(name) = fields.shared else {
            return Ok(Self::Whole(Box::new(ExchangeDocument {
                role: fields.role.ok_or("missing field `role`")?,
                request: fields.request.ok_or("missing field `request`")?,
                answer,
                spare: fields.spare,
                look_up: fields.look_up,
            })));
        };
        if fields.role.is_some()
            || fields.request.is_some()
            || fields.spare
            || fields.look_up.is_some()
        {
            return Err(
                "beside `shared`, only `response` or `failure`, and `required`, may be there",
            );
        }
        if !has_answer && !answer.required.is_empty() {
            return Err("beside `shared`, `required` needs `response`");
        }
        Ok(Self::Shared(SharedDocument { name, answer }))
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LookUpDocument {
    pub(crate) if_committed: ResponseDocument,
    pub(crate) if_not_committed: ResponseDocument,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RequestDocument {
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default, skip_serializing_if = "Pairs::is_empty")]
    pub(crate) query: Pairs<String>,
    #[serde(default, skip_serializing_if = "Pairs::is_empty")]
    pub(crate) headers: Pairs<Option<String>>,
    #[serde(
        default,
        deserialize_with = "even_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) json: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) form: Option<Pairs<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) base64: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ResponseDocument {
    pub(crate) status: u16,
    #[serde(default, skip_serializing_if = "Pairs::is_empty")]
    pub(crate) headers: Pairs<String>,
    #[serde(
        default,
        deserialize_with = "even_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) json: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) base64: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FailureDocument {
    pub(crate) kind: FailureKind,
    pub(crate) message: String,
    pub(crate) may_have_acted: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ExpectDocument {
    #[serde(
        default,
        deserialize_with = "even_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) ok: Option<Value>,
    #[serde(
        default,
        deserialize_with = "even_null",
        skip_serializing_if = "Option::is_none"
    )]
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

impl<T> Pairs<T> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An object, or a list if a name is repeated.
impl<T: Serialize> Serialize for Pairs<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names: BTreeSet<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        if names.len() == self.0.len() {
            serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
        } else {
            serializer.collect_seq(&self.0)
        }
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
