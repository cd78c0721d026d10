//! What Halo answers. Members that are not set are absent, and numbers may be written as `18.0`: nothing here fails for that.

use psa_toolkit::loose::{Flag, Listed, Maybe, Text, TextOnly, Whole};
use psa_toolkit::note::{self, ShownNote};
use psa_toolkit::pages::Row;
use psa_toolkit::text::is_utc_time;
use serde::Deserialize;

/// Records with an id, and the members that hold them in lists that come in envelopes. Records that are alike are one type,
/// since each type costs a reader of its own in the component.
macro_rules! records {
    ($($(#[doc = $doc:literal])+ $name:ident in $lists:expr $(, or $id:ident)? => { $($member:ident: $type:ty,)* })+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Default, Deserialize)]
        #[serde(default)]
        pub(crate) struct $name {
            id: Whole,
            $(pub(crate) $member: $type,)*
        }

        impl $name {
            fn own_id(&self) -> Option<i64> {
                self.id.0$(.or(self.$id.0))?
            }
        }

        impl Row for $name {
            fn id(&self) -> i64 {
                self.own_id().unwrap_or_default()
            }
        }

        impl Listed for $name {
            const MEMBERS: &'static [&'static str] = &$lists;

            fn has_id(&self) -> bool {
                self.own_id().is_some()
            }
        }
    )+};
}

records! {
    /// A client, which is a company. A call may hold ten thousand of them.
    Client in ["clients"] => { name: Text, inactive: Flag, customer_relationship: Maybe<Vec<Entry>>, }
    /// What is of a client: a site, a user, an asset. Each has some of these members, and each type of asset has key fields of
    /// its own. Or a ticket type, and what it allows. Or a client of which only the name is of interest.
    OfClient in ["clients", "sites", "users", "assets"] => {
        name: Text, inactive: Flag, client_id: Whole, site_id: Whole, emailaddress: Text, phonenumber: Text,
        inventory_number: Text, key_field: Text, key_field2: Text, key_field3: Text, assettype_name: Text,
        allowall_team: Flag, allowed_teams: Maybe<Vec<Allowed>>, allowall_status: Flag, allowed_status: Maybe<Vec<Allowed>>,
        allowall_category1: Flag, allowed_category1: Maybe<Vec<Allowed>>, }
    /// A team, a ticket type, a status, a priority, a category, or an entry of a look-up list. A team for projects alone is not
    /// `forrequests`. A priority has a row for each SLA, and its `id`, a GUID, is taken by nothing: a ticket takes `priorityid`.
    /// A category is of one of four fields, and a ticket takes its whole path: `Hardware>Laptop`.
    /// Of a row of any other list it is only of interest that it is there.
    Entry in ["results", "priorities", "categories", "tickets", "clients", "sites", "users", "assets"], or priorityid => {
        name: Text, sequence: Whole, colour: Text, inactive: Flag, forrequests: Flag, priorityid: Whole, slaid: Whole,
        ishidden: Flag, value: Text, category_name: Text, type_id: Whole,
    }
    /// A ticket. In lists, some of it is absent.
    Ticket in ["tickets"] => {
        summary: Text, details: Text, details_html: Text, client_id: Whole, client_name: Text, site_id: Whole, user_id: Whole,
        user_name: Text, team_id: Whole, team: Text, status_id: Whole, priority_id: Whole, priority: Maybe<Entry>,
        tickettype_id: Whole, tickettype: Maybe<Entry>, categoryid_1: Whole, source: Whole, third_party_id_string: TextOnly,
        hasbeenclosed: Flag, dateoccurred: Text, dateclosed: Text, last_update: Text, merged_into_id: Whole,
        assets: Maybe<Vec<Entry>>,
    }
    /// An entry of a ticket's timeline: a note, among others. They are numbered as they come.
    Action in ["actions"] => { ticket_id: Whole, note: Text, note_html: Text, hiddenfromuser: Flag, }
}

/// A team, status or category that a ticket type allows.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Allowed {
    #[serde(alias = "section_id", alias = "status_id", alias = "category_id")]
    pub(crate) id: Whole,
}

/// What a server tells of itself without a token.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ServerInfo {
    pub(crate) app_version: Text,
    pub(crate) auth_url: Text,
    pub(crate) tenant_id: Text,
}

impl Entry {
    /// Its name. That of a category is the whole path, which a ticket takes.
    pub(crate) fn title(self) -> Option<String> {
        self.value.0.or(self.category_name.0).or(self.name.0)
    }
}

impl Ticket {
    /// Its text, with or without tags. None: the answer does not show it.
    pub(crate) fn text(&self) -> Option<&String> {
        self.details_html.0.as_ref().or(self.details.0.as_ref())
    }

    /// The reference, from the member that is for it or, where it was not kept, from the end of the text.
    pub(crate) fn reference(&self) -> Option<String> {
        let of_text = || note::reference_of(self.text()?);
        self.third_party_id_string.0.clone().or_else(of_text)
    }
}

impl Action {
    /// As the contract's note, which is for the staff.
    pub(crate) fn shown(self) -> ShownNote {
        ShownNote {
            id: Some(self.id()),
            ticket_id: self.ticket_id.0,
            text: self.note_html.0.or(self.note.0),
            has_other_audience: self.hiddenfromuser.0 == Some(false),
        }
    }
}

/// A time in UTC, which lists write without a zone. None: there is none, which Halo writes as a day long ago.
pub(crate) fn time(Text(text): Text) -> Option<String> {
    let zoned = format!("{}Z", text?.trim_end_matches('Z'));
    let mut long_ago = ["0001-", "1899-", "1900-"].iter();
    let is_never = long_ago.any(|year| zoned.starts_with(year));
    Some(zoned).filter(|text| !is_never && is_utc_time(text))
}
