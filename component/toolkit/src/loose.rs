//! Members that a PSA writes in several ways or leaves out: each is read as far as it can be, and none is a fault. And lists
//! that come bare or in an envelope, by version.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::error::Error;
use crate::exchange::Answer;
use crate::json::{Record, if_any};
use crate::pages::{NumberedPage, Row};

/// A text with something in it, also one that is written as a number or a flag. None: it is absent, blank, or anything else.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text(pub Option<String>);

/// A text with something in it. None: it is absent, blank, or anything else: a number does not say the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextOnly(pub Option<String>);

/// A whole number, also one that is written `18.0` or as a text. None: it is absent, or anything else.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Whole(pub Option<i64>);

/// A flag, also one that is written 0 or 1, or as a text. None: it is absent, or no flag.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Flag(pub Option<bool>);

/// Anything of a shape. None: it is absent, or of another shape.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Maybe<T>(pub Option<T>);

impl Text {
    /// The text, or an empty one.
    #[must_use]
    pub fn or_empty(self) -> String {
        self.0.unwrap_or_default()
    }
}

impl Whole {
    /// The id of a record: zero and less stand for none.
    #[must_use]
    pub fn id(self) -> Option<i64> {
        self.0.filter(|id| *id > 0)
    }

    /// The same as a text.
    #[must_use]
    pub fn id_text(self) -> Option<String> {
        self.id().map(|id| id.to_string())
    }
}

impl Flag {
    /// Whether it is set, or not there: a flag that says what a record usually is.
    #[must_use]
    pub fn is_set_or_absent(self) -> bool {
        self.0 != Some(false)
    }

    /// Whether it is set.
    #[must_use]
    pub fn is_set(self) -> bool {
        self.0 == Some(true)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(match raw.get().as_bytes().first() {
            Some(b'"' | b'n' | b'[' | b'{') => text_of(&raw),
            _ => Some(raw.get().to_owned()),
        }))
    }
}

impl<'de> Deserialize<'de> for TextOnly {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(text_of(&Box::<RawValue>::deserialize(deserializer)?)))
    }
}

fn text_of(raw: &RawValue) -> Option<String> {
    // Most members are null: to make an error of each would cost more than all else.
    if !raw.get().starts_with('"') {
        return None;
    }
    let text = serde_json::from_str(raw.get()).ok();
    text.filter(|text: &String| !text.trim().is_empty())
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        // By the reader of JSON: that of the standard library would be another one in the component.
        let number: Option<f64> = serde_json::from_str(raw.get().trim_matches('"')).ok();
        let is_exact = |number: &f64| number.fract() == 0.0 && number.abs() < 9e15;
        Ok(Self(number.filter(is_exact).map(|number| number as i64)))
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(match raw.get().trim_matches('"') {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if_any(deserializer).map(Self)
    }
}

/// A row of a list, and the members that hold the rows where they are in an envelope: records of one type may be in several
/// lists.
pub trait Listed: DeserializeOwned + Row {
    /// Their names.
    const MEMBERS: &'static [&'static str];

    /// Whether it has an id. Zero stands for none, unless the record can tell.
    fn has_id(&self) -> bool {
        self.id() != 0
    }
}

/// The rows of a list, each of which has an id.
#[derive(Debug)]
pub struct Rows<T> {
    /// As they came.
    pub rows: Vec<T>,
    /// How many there are on all pages (`record_count`). None: it does not say.
    pub total: Option<usize>,
}

impl<'de, T: Listed> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);

        impl<'de, T: Listed> Visitor<'de> for List<T> {
            type Value = Rows<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                write!(formatter, "an array, or an object with {}", members::<T>())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Rows<T>, A::Error> {
                let mut rows = Vec::new();
                while let Some(Listing(row)) = elements.next_element()? {
                    rows.push(row);
                }
                Ok(Rows { rows, total: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Rows<T>, A::Error> {
                let mut rows: Option<Vec<Listing<T>>> = None;
                let mut total = None;
                while let Some(name) = members.next_key::<String>()? {
                    if T::MEMBERS.contains(&name.as_str()) {
                        rows = rows.or(members.next_value()?);
                    } else if name == "record_count" {
                        let Whole(count) = members.next_value()?;
                        total = count.and_then(|count| usize::try_from(count).ok());
                    } else {
                        members.next_value::<IgnoredAny>()?;
                    }
                }
                let missing =
                    || A::Error::custom(format!("missing field {}", self::members::<T>()));
                let rows = rows.ok_or_else(missing)?;
                let rows = rows.into_iter().map(|Listing(row)| row).collect();
                Ok(Rows { rows, total })
            }
        }

        deserializer.deserialize_any(List(PhantomData))
    }
}

/// One page of a list that comes by page numbers, for [`crate::pages::read_numbered`].
///
/// # Errors
/// What the answer means, or `unexpected-response` without the number of all rows.
pub fn numbered<T: Listed>(answer: &Answer) -> Result<NumberedPage<T>, Error> {
    let Rows { rows, total } = answer.read()?;
    let total = total
        .ok_or_else(|| answer.unexpected("expected the number of all rows in `record_count`"))?;
    Ok(NumberedPage { rows, total })
}

/// `` `sites` or `users` ``.
fn members<T: Listed>() -> String {
    format!("`{}`", T::MEMBERS.join("` or `"))
}

/// A row that has an id.
struct Listing<T>(T);

impl<'de, T: Listed> Deserialize<'de> for Listing<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Record(row) = Record::<T>::deserialize(deserializer)?;
        match row.has_id() {
            false => Err(D::Error::custom("expected a row with an id")),
            true => Ok(Self(row)),
        }
    }
}

#[cfg(test)]
mod tests;
