//! `list-contacts`: the users of a client.

use psa_contract::{Contact, ContactPage, ContactQuery};
use psa_toolkit::pages::Row as _;
use psa_toolkit::query;
use psa_toolkit::text::{Ids, equals_ignoring_case};
use psa_toolkit::{Error, HttpSend};

use crate::api::List;
use crate::companies;
use crate::settings::Settings;
use crate::wire::User;

/// One page of the users that match, inactive ones too. Which members Halo's own search looks at is not known, so that
/// addresses are compared here alone.
pub(crate) fn list_contacts(
    settings: &Settings,
    query: &ContactQuery,
    send: &mut HttpSend,
) -> Result<ContactPage, Error> {
    let asked = query::contacts(Ids::AboveZero, &settings.identity(), query)?;
    let email = query.email.as_deref();
    let list = List {
        doing: "list contacts",
        path: "Users",
        ..companies::list(settings, &[])
    };
    let (rows, next_cursor) = list.of_company::<User>(&asked, |row| row.client_id.id(), send)?;
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
    let is_it = |it: &Contact| {
        email.is_none_or(|email| {
            it.emails
                .iter()
                .any(|found| equals_ignoring_case(found, email))
        })
    };
    Ok(ContactPage {
        contacts: contacts.filter(is_it).collect(),
        next_cursor,
    })
}
