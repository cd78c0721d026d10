//! From a text to its parts, by `serde_json`.

use alloc::borrow::{Cow, ToOwned};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::fault::Fault;
use crate::value::{Json, Part};

/// A whole text.
#[derive(Default)]
pub struct Document<'a> {
    parts: Vec<Part<'a>>,
}

impl<'a> Document<'a> {
    /// Parses a text.
    ///
    /// # Errors
    /// It is not JSON, or deeper than 128 levels.
    pub fn parse(text: &'a [u8]) -> Result<Self, Fault> {
        let mut parts = Vec::new();
        fill(text, &mut parts, None)?;
        Ok(Self { parts })
    }

    /// What the text is. Null where nothing was parsed.
    #[must_use]
    pub fn value(&self) -> Json<'_> {
        Json { parts: &self.parts }
    }
}

/// Hands over the values of a list one after the other, and keeps none of them: a list may be long. The result is what
/// there was instead of a list: "an object".
///
/// # Errors
/// The text is not JSON, or deeper than 128 levels. The values before that place were handed over.
pub fn for_each_row(text: &[u8], row: &mut dyn FnMut(Json)) -> Result<Option<&'static str>, Fault> {
    let mut parts = Vec::new();
    fill(text, &mut parts, Some(row))?;
    let json = Json { parts: &parts };
    Ok(match json.part() {
        Part::List(_) => None,
        _ => Some(json.kind()),
    })
}

fn fill<'a, 'f>(
    text: &'a [u8],
    parts: &'f mut Vec<Part<'a>>,
    row: Option<&'f mut dyn FnMut(Json)>,
) -> Result<(), Fault> {
    // Once for all texts that are within: one by one costs a tenth of reading a list.
    let text = core::str::from_utf8(text).map_err(|fault| Fault::of_bytes(text, &fault))?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Filler { parts, row }.deserialize(&mut deserializer)?;
    Ok(deserializer.end()?)
}

/// Adds a value to the parts; or, where it is a list whose rows are asked for, each of them in turn.
struct Filler<'f, 'a> {
    parts: &'f mut Vec<Part<'a>>,
    row: Option<&'f mut dyn FnMut(Json)>,
}

impl<'a> DeserializeSeed<'a> for Filler<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Filler<'_, 'a> {
    fn add<E>(self, part: Part<'a>) -> Result<(), E> {
        self.parts.push(part);
        Ok(())
    }

    /// A value within this one.
    fn inner(&mut self) -> Filler<'_, 'a> {
        Filler {
            parts: self.parts,
            row: None,
        }
    }
}

impl<'a> Visitor<'a> for Filler<'_, 'a> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.add(Part::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<(), E> {
        self.add(Part::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.add(Part::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.add(i64::try_from(number).map_or(Part::OtherNumber, Part::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.add(Part::OtherNumber)
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<(), E> {
        self.add(Part::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.add(Part::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut list: A) -> Result<(), A::Error> {
        let place = self.parts.len();
        self.parts.push(Part::List(0));
        while list.next_element_seed(self.inner())?.is_some() {
            if let Some(row) = &mut self.row {
                let start = place.saturating_add(1);
                let parts = self.parts.get(start..).unwrap_or_default();
                row(Json { parts });
                self.parts.truncate(start);
            }
        }
        close(self.parts, place, Part::List);
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut record: A) -> Result<(), A::Error> {
        let place = self.parts.len();
        self.parts.push(Part::Record(0));
        while record.next_key_seed(self.inner())?.is_some() {
            record.next_value_seed(self.inner())?;
        }
        close(self.parts, place, Part::Record);
        Ok(())
    }
}

/// Notes how many parts came after a list or a record was begun.
fn close<'a>(parts: &mut [Part<'a>], place: usize, part: fn(usize) -> Part<'a>) {
    let within = parts.len().saturating_sub(place).saturating_sub(1);
    if let Some(begun) = parts.get_mut(place) {
        *begun = part(within);
    }
}
