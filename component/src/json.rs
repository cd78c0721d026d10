//! Reading JSON: a tree that borrows from the body, and what a member has to be.
//!
//! One tree and not a type for each record: every record that is derived adds its own parser to everyone's sandbox, and a
//! tree can say which member of which row was wrong. Absent and null are the same here, and unknown members are nobody's
//! business.

use alloc::borrow::Cow;
use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::prelude::*;

/// A value.
#[derive(Debug, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Flag(bool),
    Integer(i64),
    /// A number with a fraction, or one too large. Nothing that is read here is one.
    OtherNumber,
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Record(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// A record of ConnectWise, read from its members.
pub(crate) trait FromJson: Sized {
    fn from_members(members: &mut Members) -> Self;
}

impl<'a> Json<'a> {
    /// Parses a whole text.
    pub(crate) fn parse(text: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(text)
    }

    /// What it is, for a message.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Flag(_) => "a flag",
            Self::Integer(_) | Self::OtherNumber => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "an array",
            Self::Record(_) => "an object",
        }
    }

    /// A member of a record; null where there is none, or where this is no record.
    pub(crate) fn member(&self, name: &str) -> &Self {
        let Self::Record(members) = self else {
            return &Self::Null;
        };
        members
            .iter()
            .find(|(member, _)| member == name)
            .map_or(&Self::Null, |(_, value)| value)
    }

    /// What is wrong where a record is due.
    pub(crate) fn fault_of_record(&self) -> Option<String> {
        match self {
            Self::Record(_) => None,
            other => Some(["expected an object, found ", other.kind()].concat()),
        }
    }

    /// The text that this is, where it is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The values of a list; none where this is no list.
    pub(crate) fn as_list(&self) -> &[Self] {
        match self {
            Self::List(values) => values,
            _ => &[],
        }
    }
}

/// Reads a record member by member and keeps the first fault: "expected a text in `name`, found a number".
pub(crate) struct Members<'a> {
    json: &'a Json<'a>,
    fault: Option<String>,
}

impl<'a> Members<'a> {
    /// Reads a record whose value is one: [`Json::fault_of_record`].
    pub(crate) fn read<T: FromJson>(json: &'a Json<'a>) -> Result<T, String> {
        let mut members = Self { json, fault: None };
        let record = T::from_members(&mut members);
        match members.fault {
            None => Ok(record),
            Some(fault) => Err(fault),
        }
    }

    /// Reads a record within this one; one that is absent or no record has no members.
    pub(crate) fn within<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.json;
        self.json = outer.member(name);
        let value = read(self);
        self.json = outer;
        value
    }

    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        match self.json.member(name) {
            Json::Null => None,
            Json::Text(text) => Some(text.as_ref().to_owned()),
            other => {
                self.wrong("a text", name, other);
                None
            }
        }
    }

    /// The same where a member of another kind is as good as none.
    pub(crate) fn text_if_any(&self, name: &str) -> Option<String> {
        self.json.member(name).as_text().map(str::to_owned)
    }

    pub(crate) fn required_text(&mut self, name: &str) -> String {
        let text = self.text(name);
        if text.is_none() {
            self.wrong("a text", name, &Json::Null);
        }
        text.unwrap_or_default()
    }

    pub(crate) fn integer(&mut self, name: &str) -> Option<i64> {
        match self.json.member(name) {
            Json::Null => None,
            Json::Integer(number) => Some(*number),
            other => {
                self.wrong("an integer", name, other);
                None
            }
        }
    }

    pub(crate) fn required_integer(&mut self, name: &str) -> i64 {
        let number = self.integer(name);
        if number.is_none() {
            self.wrong("an integer", name, &Json::Null);
        }
        number.unwrap_or_default()
    }

    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        match self.json.member(name) {
            Json::Null => None,
            Json::Flag(flag) => Some(*flag),
            other => {
                self.wrong("a flag", name, other);
                None
            }
        }
    }

    /// A flag that is not set is false.
    pub(crate) fn is(&mut self, name: &str) -> bool {
        self.flag(name).unwrap_or(false)
    }

    /// The values of a list that may be absent.
    pub(crate) fn list(&mut self, name: &str) -> &'a [Json<'a>] {
        match self.json.member(name) {
            Json::Null => &[],
            Json::List(values) => values,
            other => {
                self.wrong("an array", name, other);
                &[]
            }
        }
    }

    /// Keeps the first fault, of a member that is nothing of what was expected.
    pub(crate) fn wrong(&mut self, expected: &str, name: &str, found: &Json) {
        if self.fault.is_none() {
            let found = found.kind();
            self.fault = Some(["expected ", expected, " in `", name, "`, found ", found].concat());
        }
    }
}

/// Where parsing stopped: `line 3 column 7`.
pub(crate) fn place_of(fault: &serde_json::Error) -> String {
    let (line, column) = (fault.line().to_string(), fault.column().to_string());
    ["line ", &line, " column ", &column].concat()
}

/// Whether a body is a web page, as a login page or a proxy's error page is.
pub(crate) fn is_html(body: &[u8]) -> bool {
    first_byte(body) == Some(b'<')
}

pub(crate) fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

pub(crate) fn first_byte(body: &[u8]) -> Option<u8> {
    without_byte_order_mark(body)
        .trim_ascii_start()
        .first()
        .copied()
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json<'de>, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(i64::try_from(number).map_or(Json::OtherNumber, Json::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json<'de>, E> {
        Ok(Json::OtherNumber)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut record: A) -> Result<Json<'de>, A::Error> {
        let mut members = Vec::new();
        // A key is read as a value, which it always is: a text.
        while let Some((name, value)) = record.next_entry()? {
            if let Json::Text(name) = name {
                members.push((name, value));
            }
        }
        Ok(Json::Record(members))
    }
}
