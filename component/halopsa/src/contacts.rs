//! `list-contacts`: the users of a client.

use psa_contract::{Contact, ContactPage, ContactQuery};
use psa_toolkit::pages::Row as _;
use psa_toolkit::query::{self, keeps_contact};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use crate::api::of_client;
use crate::settings::Settings;

/// One page of the users that match, inactive ones too. Which members Halo's own search looks at is not known, so that
/// addresses are compared here alone.
pub(crate) fn list_contacts(
    settings: &Settings,
    query: &ContactQuery,
    send: &mut HttpSend,
) -> Result<ContactPage, Error> {
    let asked = query::contacts(Ids::AboveZero, &settings.identity(), query)?;
    let (rows, next_cursor) = of_client(settings, "list contacts", "Users", &asked, send)?;
    let contacts = rows.into_iter().map(|row| Contact {
        id: row.id().to_string(),
        name: row.name.or_empty(),
        emails: row.emailaddress.0.into_iter().collect(),
        phone: row.phonenumber.0,
        company_id: row.client_id.id_text().unwrap_or_default(),
        site_id: row.site_id.id_text(),
        is_active: !row.inactive.is_set(),
        ..Contact::default()
    });
    Ok(ContactPage {
        contacts: contacts.filter(|it| keeps_contact(query, it)).collect(),
        next_cursor,
    })
}
