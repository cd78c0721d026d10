//! A value, as it lies among the parts of a document.

use alloc::borrow::Cow;
use alloc::string::String;

/// A value. Cheap to copy: it is a view of its parts.
#[derive(Clone, Copy)]
pub struct Json<'a> {
    /// The value's own part, and those within it. Empty is null.
    pub(crate) parts: &'a [Part<'a>],
}

/// One step of a document, in the order of the text.
pub(crate) enum Part<'a> {
    Null,
    Flag(bool),
    Integer(i64),
    /// A number with a fraction, or one too large. Nothing that is read here is one.
    OtherNumber,
    Text(Cow<'a, str>),
    /// How many parts follow that are within.
    List(usize),
    /// The same: a name, which is a text, then its value, and so on.
    Record(usize),
}

impl<'a> Json<'a> {
    /// No value, which is the same as null.
    pub const NULL: Json<'static> = Json { parts: &[] };

    pub(crate) fn part(self) -> &'a Part<'a> {
        self.parts.first().unwrap_or(&Part::Null)
    }

    /// What it is, for a message.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self.part() {
            Part::Null => "null",
            Part::Flag(_) => "a flag",
            Part::Integer(_) | Part::OtherNumber => "a number",
            Part::Text(_) => "a text",
            Part::List(_) => "an array",
            Part::Record(_) => "an object",
        }
    }

    /// Whether it is null, or not there.
    #[must_use]
    pub fn is_null(self) -> bool {
        matches!(self.part(), Part::Null)
    }

    /// The text that this is, where it is one.
    #[must_use]
    pub fn as_text(self) -> Option<&'a str> {
        match self.part() {
            Part::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer that this is, where it is one of 64 bits.
    #[must_use]
    pub fn as_integer(self) -> Option<i64> {
        match self.part() {
            Part::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The flag that this is, where it is one.
    #[must_use]
    pub fn as_flag(self) -> Option<bool> {
        match self.part() {
            Part::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The values of a list; none where this is no list.
    pub fn values(self) -> impl Iterator<Item = Json<'a>> {
        Sequence(match self.part() {
            Part::List(_) => self.within(),
            _ => &[],
        })
    }

    /// The members of a record, in the order of the text. None: this is no record.
    #[must_use]
    pub fn members(self) -> Option<impl Iterator<Item = (&'a str, Json<'a>)>> {
        let Part::Record(_) = self.part() else {
            return None;
        };
        let mut parts = Sequence(self.within());
        Some(core::iter::from_fn(move || {
            let name = parts.next()?.as_text()?;
            Some((name, parts.next()?))
        }))
    }

    /// A member of a record, the first of this name; null where there is none, or where this is no record.
    #[must_use]
    // One copy of the search and not one for each kind of member.
    #[inline(never)]
    pub fn member(self, name: &str) -> Json<'a> {
        self.members()
            .and_then(|mut members| members.find(|(member, _)| is_same(member, name)))
            .map_or(Self::NULL, |(_, value)| value)
    }

    /// What is wrong where a record is due.
    #[must_use]
    pub fn fault_of_record(self) -> Option<String> {
        match self.part() {
            Part::Record(_) => None,
            _ => Some(["expected an object, found ", self.kind()].concat()),
        }
    }

    fn within(self) -> &'a [Part<'a>] {
        self.parts.get(1..).unwrap_or_default()
    }
}

/// Names are short, so a comparison in place is quicker than calling the one for long texts.
fn is_same(left: &str, right: &str) -> bool {
    left.len() == right.len()
        && left
            .bytes()
            .zip(right.bytes())
            .all(|(left, right)| left == right)
}

/// Values one after the other.
struct Sequence<'a>(&'a [Part<'a>]);

impl<'a> Iterator for Sequence<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Json<'a>> {
        let within = match self.0.first()? {
            Part::List(within) | Part::Record(within) => *within,
            _ => 0,
        };
        let (parts, rest) = self.0.split_at_checked(within.saturating_add(1))?;
        self.0 = rest;
        Some(Json { parts })
    }
}
