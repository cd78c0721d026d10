//! What Halo answers. Numbers may be written as `18.0`, members that are not set are absent, and lists come bare or in an
//! envelope, by version.

use std::fmt;
use std::marker::PhantomData;

use psa_toolkit::json::{Record, if_any, or_default};
use psa_toolkit::note;
use psa_toolkit::pages::Row;
use psa_toolkit::text::is_utc_time;
use serde::de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A row of a list, and the member that holds the rows where they are in an envelope.
pub(crate) trait Listed: DeserializeOwned {
    const MEMBER: &'static str;
}

/// The rows of a list.
pub(crate) struct Rows<T> {
    pub(crate) rows: Vec<T>,
    /// How many there are on all pages. None: it does not say.
    pub(crate) total: Option<i64>,
}

impl<'de, T: Listed> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);

        impl<'de, T: Listed> Visitor<'de> for List<T> {
            type Value = Rows<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                write!(formatter, "an array, or an object with `{}`", T::MEMBER)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Rows<T>, A::Error> {
                let mut rows = Vec::new();
                while let Some(Record(row)) = elements.next_element()? {
                    rows.push(row);
                }
                Ok(Rows { rows, total: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Rows<T>, A::Error> {
                let mut rows: Option<Vec<Record<T>>> = None;
                let mut total = None;
                while let Some(name) = members.next_key::<String>()? {
                    if name == T::MEMBER {
                        rows = members.next_value()?;
                    } else if name == "record_count" {
                        total = members.next_value::<Whole>()?.0;
                    } else {
                        members.next_value::<IgnoredAny>()?;
                    }
                }
                let rows = rows.ok_or_else(|| A::Error::missing_field(T::MEMBER))?;
                let rows = rows.into_iter().map(|Record(row)| row).collect();
                Ok(Rows { rows, total })
            }
        }

        deserializer.deserialize_any(List(PhantomData))
    }
}

/// A whole number, whichever way it is written. None: anything else.
#[derive(Clone, Copy, Default)]
pub(crate) struct Whole(pub(crate) Option<i64>);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number: Option<f64> = if_any(deserializer)?;
        let is_exact = |number: &f64| number.fract() == 0.0 && number.abs() < 9e15;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole, and small enough"
        )]
        Ok(Self(number.filter(is_exact).map(|number| number as i64)))
    }
}

impl Whole {
    /// The id of a record: zero and less stand for none.
    pub(crate) fn id(self) -> Option<i64> {
        self.0.filter(|id| *id > 0)
    }

    pub(crate) fn id_text(self) -> Option<String> {
        self.id().map(|id| id.to_string())
    }
}

/// The id of a row, without which it is none.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let Whole(id) = Whole::deserialize(deserializer)?;
    id.ok_or_else(|| D::Error::custom("expected an id"))
}

/// A text with something in it.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text: Option<String> = if_any(deserializer)?;
    Ok(text.filter(|text| !text.trim().is_empty()))
}

macro_rules! listed {
    ($($row:ident: $member:literal,)+) => {$(
        impl Listed for $row {
            const MEMBER: &'static str = $member;
        }

        impl Row for $row {
            fn id(&self) -> i64 {
                self.id
            }
        }
    )+};
}

listed! {
    Client: "clients",
    Site: "sites",
    User: "users",
    Asset: "assets",
    Ticket: "tickets",
    Action: "actions",
    Category: "categories",
    Priority: "priorities",
    Entry: "results",
}

#[derive(Deserialize)]
pub(crate) struct Client {
    #[serde(deserialize_with = "id")]
    pub(crate) id: i64,
    #[serde(default, deserialize_with = "text")]
    pub(crate) name: Option<String>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) inactive: Option<bool>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) customer_relationship: Option<Vec<Name>>,
}

/// What else it holds is of no interest here.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Name {
    #[serde(deserialize_with = "text")]
    pub(crate) name: Option<String>,
}

/// A site of a client.
#[derive(Deserialize)]
pub(crate) struct Site {
    #[serde(deserialize_with = "id")]
    pub(crate) id: i64,
    #[serde(default, deserialize_with = "text")]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) client_id: Whole,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) inactive: Option<bool>,
}

/// A person at a client.
#[derive(Deserialize)]
pub(crate) struct User {
    #[serde(deserialize_with = "id")]
    pub(crate) id: i64,
    #[serde(default, deserialize_with = "text")]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) client_id: Whole,
    #[serde(default)]
    pub(crate) site_id: Whole,
    #[serde(default, deserialize_with = "text")]
    pub(crate) emailaddress: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) phonenumber: Option<String>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) inactive: Option<bool>,
}

/// A device, or another thing that is looked after. Each type of asset has key fields of its own.
#[derive(Deserialize)]
pub(crate) struct Asset {
    #[serde(deserialize_with = "id")]
    pub(crate) id: i64,
    #[serde(default, deserialize_with = "text")]
    pub(crate) inventory_number: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) key_field: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) key_field2: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) key_field3: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) assettype_name: Option<String>,
    #[serde(default)]
    pub(crate) client_id: Whole,
    #[serde(default)]
    pub(crate) site_id: Whole,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) inactive: Option<bool>,
}

/// A team, a ticket type, a status, or an entry of a look-up list.
#[derive(Deserialize)]
pub(crate) struct Entry {
    #[serde(deserialize_with = "id")]
    pub(crate) id: i64,
    #[serde(default, deserialize_with = "text")]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) sequence: Whole,
    #[serde(default, deserialize_with = "text")]
    pub(crate) colour: Option<String>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) inactive: Option<bool>,
    /// Of a team: whether it works on tickets. Others are for projects or opportunities alone.
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) forrequests: Option<bool>,
}

/// A row for each SLA and priority. The id of the row is a GUID that nothing takes.
#[derive(Deserialize)]
pub(crate) struct Priority {
    /// Unique within its SLA.
    #[serde(rename = "priorityid", deserialize_with = "id")]
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) slaid: Whole,
    #[serde(default, deserialize_with = "text")]
    pub(crate) name: Option<String>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) ishidden: Option<bool>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) colour: Option<String>,
}

/// A category of one of the four fields.
#[derive(Deserialize)]
pub(crate) struct Category {
    #[serde(deserialize_with = "id")]
    pub(crate) id: i64,
    /// The whole path: `Hardware>Laptop`.
    #[serde(default, deserialize_with = "text")]
    pub(crate) value: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) category_name: Option<String>,
    /// Which of the four fields.
    #[serde(default)]
    pub(crate) type_id: Whole,
}

impl Category {
    /// What a ticket takes.
    pub(crate) fn path(&self) -> Option<&String> {
        self.value.as_ref().or(self.category_name.as_ref())
    }
}

/// What a ticket type allows.
#[derive(Deserialize)]
pub(crate) struct TicketType {
    #[serde(deserialize_with = "id")]
    pub(crate) id: i64,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) inactive: Option<bool>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) allowall_team: Option<bool>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) allowed_teams: Option<Vec<Allowed>>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) allowall_status: Option<bool>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) allowed_status: Option<Vec<Allowed>>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) allowall_category1: Option<bool>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) allowed_category1: Option<Vec<Allowed>>,
}

/// An entry that a ticket type allows, whatever it is.
#[derive(Deserialize)]
pub(crate) struct Allowed {
    #[serde(
        default,
        alias = "section_id",
        alias = "status_id",
        alias = "category_id"
    )]
    pub(crate) id: Whole,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Ticket {
    #[serde(deserialize_with = "id")]
    pub(crate) id: i64,
    #[serde(default, deserialize_with = "text")]
    pub(crate) summary: Option<String>,
    #[serde(default, deserialize_with = "text")]
    details: Option<String>,
    #[serde(default, deserialize_with = "text")]
    details_html: Option<String>,
    #[serde(default)]
    pub(crate) client_id: Whole,
    #[serde(default, deserialize_with = "text")]
    pub(crate) client_name: Option<String>,
    #[serde(default)]
    pub(crate) site_id: Whole,
    #[serde(default)]
    pub(crate) user_id: Whole,
    #[serde(default, deserialize_with = "text")]
    pub(crate) user_name: Option<String>,
    #[serde(default)]
    pub(crate) team_id: Whole,
    #[serde(default, deserialize_with = "text")]
    pub(crate) team: Option<String>,
    #[serde(default)]
    pub(crate) status_id: Whole,
    #[serde(default)]
    pub(crate) priority_id: Whole,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) priority: Option<Name>,
    #[serde(default)]
    pub(crate) tickettype_id: Whole,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) tickettype: Option<Name>,
    #[serde(default)]
    pub(crate) categoryid_1: Whole,
    #[serde(default)]
    pub(crate) source: Whole,
    #[serde(default, deserialize_with = "text")]
    pub(crate) third_party_id_string: Option<String>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) hasbeenclosed: Option<bool>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) dateoccurred: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) dateclosed: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) last_update: Option<String>,
    #[serde(default)]
    pub(crate) merged_into_id: Whole,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) assets: Vec<RecordId>,
}

impl Ticket {
    /// Its text, with or without tags. None: the answer does not show it.
    pub(crate) fn text(&self) -> Option<&String> {
        self.details.as_ref().or(self.details_html.as_ref())
    }

    /// The reference, from the member that is for it or, where it was not kept, from the end of the text.
    pub(crate) fn reference(&self) -> Option<String> {
        let of_text = || note::reference_of(self.text()?);
        self.third_party_id_string.clone().or_else(of_text)
    }
}

#[derive(Clone, Deserialize)]
pub(crate) struct RecordId {
    #[serde(deserialize_with = "id")]
    pub(crate) id: i64,
}

/// An entry of a ticket's timeline: a note, among others.
#[derive(Deserialize)]
pub(crate) struct Action {
    #[serde(deserialize_with = "id")]
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) ticket_id: Whole,
    #[serde(default, deserialize_with = "text")]
    note: Option<String>,
    #[serde(default, deserialize_with = "text")]
    note_html: Option<String>,
    #[serde(default, deserialize_with = "if_any")]
    pub(crate) hiddenfromuser: Option<bool>,
}

impl Action {
    pub(crate) fn text(&self) -> Option<&String> {
        self.note_html.as_ref().or(self.note.as_ref())
    }
}

/// What a server tells of itself without a token.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ServerInfo {
    #[serde(deserialize_with = "text")]
    pub(crate) app_version: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) auth_url: Option<String>,
    #[serde(deserialize_with = "text")]
    pub(crate) tenant_id: Option<String>,
}

/// A time in UTC, which Halo's lists write without a zone. None: there is none, which Halo writes as a day long ago.
pub(crate) fn time(text: Option<String>) -> Option<String> {
    let text = text?;
    let zoned = if text.ends_with('Z') {
        text
    } else {
        format!("{text}Z")
    };
    let is_never = ["0001-", "1899-", "1900-"]
        .iter()
        .any(|year| zoned.starts_with(year));
    Some(zoned).filter(|text| !is_never && is_utc_time(text))
}
