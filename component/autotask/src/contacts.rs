//! `list-contacts`: the people of a company.

use psa_contract::{Contact, ContactPage, ContactQuery};
use psa_toolkit::query::{self, keeps_contact};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use crate::api::any_of;
use crate::lists::of_company;
use crate::settings::Settings;
use crate::wire::{self, given, is, is_active};

/// One page of the contacts that match, inactive ones too.
pub(crate) fn list_contacts(
    settings: &Settings,
    query: &ContactQuery,
    send: &mut HttpSend,
) -> Result<ContactPage, Error> {
    let asked = query::contacts(Ids::Any, &settings.tenant(), query)?;
    let fields = ["emailAddress", "emailAddress2", "emailAddress3"];
    let email = query.email.as_deref();
    let filter = email.map(|email| any_of("eq", &fields, email.trim()));
    let filter = filter.into_iter().collect();
    let listed = of_company(settings, "list contacts", &asked, filter, None, send)?;
    let contacts = listed.rows.into_iter().map(contact);
    Ok(ContactPage {
        contacts: contacts.filter(|it| keeps_contact(query, it)).collect(),
        next_cursor: asked.next_cursor(listed.continue_after),
    })
}

pub(crate) fn name(contact: &wire::Contact) -> String {
    let names = [&contact.first_name, &contact.last_name];
    let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    names.join(" ").trim().to_owned()
}

fn contact(row: wire::Contact) -> Contact {
    let name = name(&row);
    let mut emails: Vec<String> = Vec::new();
    let given_ones = [row.email, row.email2, row.email3].into_iter();
    for email in given_ones.filter_map(given) {
        if !emails.contains(&email) {
            emails.push(email);
        }
    }
    Contact {
        id: row.id.to_string(),
        name,
        emails,
        phone: given(row.phone.map(|it| it.0)),
        company_id: row.company_id.unwrap_or_default().to_string(),
        site_id: row.location_id.map(|id| id.to_string()),
        is_default: is(&row.is_primary),
        is_active: is_active(&row.is_active),
        properties: Vec::new(),
    }
}
