//! Reading a body as a type.
//!
//! The body is parsed as it is, after one look at whether it is UTF-8. Only if that fails is it read again: halves of
//! surrogate pairs and bytes that are not UTF-8 become U+FFFD, so that they cost the one value and not the answer, and a
//! fault is traced to its row and member.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use psa_contract::Body;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::body::{is_web_page, text_of};
use crate::web_page;

/// Why a body is not what was expected.
#[derive(Debug)]
pub enum Unreadable {
    /// It is not JSON.
    NotJson(serde_json::Error),
    /// It is JSON of another shape: ``row 2: `id`: invalid type: null, expected i64``. Quotes the body.
    Unfit(String),
}

/// Reads a body.
///
/// # Errors
/// It is not JSON, or not of the type's shape.
pub fn read<T: DeserializeOwned>(body: &Body) -> Result<T, Unreadable> {
    let text = text_of(body);
    match parse(&text) {
        Ok(value) => Ok(value),
        Err(fault) => match cleaned(&text) {
            Some(clean) => parse(&clean).map_err(|fault| explain(&clean, fault)),
            None => Err(explain(&text, fault)),
        },
    }
}

/// Never inlined, so that the code that reads a type is in a component once and not for each reading.
#[inline(never)]
fn parse<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text)
}

/// A record: a derived type alone would also take an array, by the position of its members.
#[derive(Debug, Default, PartialEq)]
pub struct Record<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Record<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
            type Value = Record<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Record<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Record)
            }
        }

        deserializer.deserialize_map(Object(PhantomData))
    }
}

/// For a member that is null where it is absent: `#[serde(default, deserialize_with = "or_default")]`.
///
/// # Errors
/// It is neither null nor of the type's shape.
pub fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// For a member whose shape differs between versions: a value of any other shape is as good as none.
///
/// # Errors
/// It is not JSON.
pub fn if_any<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).ok())
}

impl Unreadable {
    /// For a message, in which it has to be quoted: it holds values of the body.
    #[must_use]
    pub fn describe(&self, body: &Body) -> String {
        let fault = match self {
            Self::Unfit(fault) => return fault.clone(),
            Self::NotJson(fault) => fault,
        };
        let text = text_of(body);
        let found = if text.trim().is_empty() {
            "an empty body".to_owned()
        } else if is_web_page(body) {
            web_page::describe(body)
        } else if fault.is_eof() {
            format!("JSON that is cut off after {} bytes", text.len())
        } else {
            let (line, column) = (fault.line(), fault.column());
            format!("text that is not JSON (line {line}, column {column})")
        };
        format!("expected JSON, found {found}")
    }
}

/// The text with U+FFFD in place of each half of a surrogate pair. None: there is none.
fn cleaned(text: &str) -> Option<String> {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_changed = false;
    while let Some((before, after)) = rest.split_once('\\') {
        clean.push_str(before);
        let (escape, kept) = match (surrogate(after), after.get(5..)) {
            (Some(Surrogate::High), Some(next)) if is_low(next) => {
                // A pair: twelve characters, one of which has been split off.
                let (pair, next) = after.split_at_checked(11)?;
                clean.push('\\');
                (pair, next)
            }
            (Some(_), Some(next)) => {
                is_changed = true;
                ("\\ufffd", next)
            }
            _ => {
                let length = after.chars().next().map_or(0, char::len_utf8);
                let (escape, next) = after.split_at_checked(length)?;
                clean.push('\\');
                (escape, next)
            }
        };
        clean.push_str(escape);
        rest = kept;
    }
    clean.push_str(rest);
    is_changed.then_some(clean)
}

#[derive(PartialEq)]
enum Surrogate {
    High,
    Low,
}

/// Of `u` and four hexadecimal digits.
fn surrogate(escape: &str) -> Option<Surrogate> {
    let digits = escape.strip_prefix('u')?.get(..4)?;
    match u32::from_str_radix(digits, 16).ok()? {
        0xd800..0xdc00 => Some(Surrogate::High),
        0xdc00..0xe000 => Some(Surrogate::Low),
        _ => None,
    }
}

fn is_low(text: &str) -> bool {
    text.strip_prefix('\\').and_then(surrogate) == Some(Surrogate::Low)
}

/// Names the row and the member that a fault is in.
fn explain(text: &str, fault: serde_json::Error) -> Unreadable {
    if fault.classify() != Category::Data {
        return Unreadable::NotJson(fault);
    }
    // A shape that is wrong is found before the end of a text that is not JSON.
    let whole: &RawValue = match serde_json::from_str(text) {
        Ok(whole) => whole,
        Err(fault) => return Unreadable::NotJson(fault),
    };
    let words = fault.to_string();
    let place = format!(" at line {} column {}", fault.line(), fault.column());
    let words = words.strip_suffix(&place).unwrap_or(&words);
    let before = text
        .split_inclusive('\n')
        .take(fault.line().saturating_sub(1));
    let offset = before
        .map(str::len)
        .fold(fault.column(), usize::saturating_add);
    Unreadable::Unfit(format!("{}{words}", path_to(text, whole, offset)))
}

/// ``row 2: `company.id`: ``, as far down as a value holds the place.
fn path_to(text: &str, whole: &RawValue, offset: usize) -> String {
    let holds = |value: &&RawValue| {
        let start = start_of(text, value);
        (start..=start.saturating_add(value.get().len())).contains(&offset)
    };
    let (mut row, mut members) = (String::new(), String::new());
    let mut value = whole;
    for depth in 0..8 {
        let inner = if let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(value.get()) {
            let Some(index) = list.iter().position(&holds) else {
                break;
            };
            let number = index.saturating_add(1);
            if depth == 0 {
                row = format!("row {number}: ");
            } else {
                members = format!("{members}[{number}]");
            }
            list.get(index).copied()
        } else if let Ok(object) = serde_json::from_str::<BTreeMap<String, &RawValue>>(value.get())
        {
            let Some((name, inner)) = object.into_iter().find(|(_, it)| holds(it)) else {
                break;
            };
            let dot = if members.is_empty() { "" } else { "." };
            members = format!("{members}{dot}{name}");
            Some(inner)
        } else {
            break;
        };
        match inner {
            Some(inner) => value = inner,
            None => break,
        }
    }
    if members.is_empty() {
        row
    } else {
        format!("{row}`{members}`: ")
    }
}

/// Where a value that borrows from the text begins in it.
fn start_of(text: &str, value: &RawValue) -> usize {
    let start = value.get().as_ptr().addr();
    start.saturating_sub(text.as_ptr().addr())
}

#[cfg(test)]
mod tests;
