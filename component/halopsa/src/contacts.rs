//! `list-contacts`: the users of a client.

use psa_contract::{Contact, ContactPage, ContactQuery};
use psa_toolkit::query::{self, rows_of_company};
use psa_toolkit::text::equals_ignoring_case;
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, List, numbers};
use crate::companies::ACTIVE_OR_NOT;
use crate::permissions::CUSTOMERS_READ;
use crate::settings::Settings;
use crate::wire::User;

const DOING: &str = "list contacts";

/// One page of the users that match, inactive ones too. Which members Halo's own search looks at is not known, so that
/// addresses are compared here alone.
pub(crate) fn list_contacts(
    settings: &Settings,
    query: &ContactQuery,
    send: &mut HttpSend,
) -> Result<ContactPage, Error> {
    let email = query.email.as_deref();
    let asked = query::of_company::<2>(
        DOING,
        "list-contacts",
        &settings.identity(),
        &query.company_id,
        &[("email", email)],
        query.limit,
        query.cursor.as_deref(),
    )?;
    let send = &mut api::sign_in(settings, send)?;
    let company = asked.what.to_string();
    let [active, inactive] = ACTIVE_OR_NOT;
    let list = List {
        settings,
        doing: DOING,
        permission: &CUSTOMERS_READ,
        path: "Users",
        filters: &[("client_id", &company), active, inactive],
    };
    let found = list.read::<User>(send, asked.after, asked.limit)?;
    let rows = rows_of_company(DOING, found.rows, asked.what, |row| row.client_id.id())?;
    let is_it = |row: &User, email: &str| {
        let found = row.emailaddress.as_deref();
        found.is_some_and(|found| equals_ignoring_case(found, email))
    };
    let rows = rows.into_iter();
    let rows = rows.filter(|row| email.is_none_or(|email| is_it(row, email)));
    Ok(ContactPage {
        contacts: rows.map(contact).collect(),
        next_cursor: found
            .continue_after
            .map(|place| asked.fingerprint.cursor(&numbers(place))),
    })
}

fn contact(row: User) -> Contact {
    Contact {
        id: row.id.to_string(),
        name: row.name.unwrap_or_default(),
        emails: row.emailaddress.into_iter().collect(),
        phone: row.phonenumber,
        company_id: row.client_id.id_text().unwrap_or_default(),
        site_id: row.site_id.id_text(),
        is_active: row.inactive != Some(true),
        ..Contact::default()
    }
}
