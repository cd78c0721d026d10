//! `list-contacts`: the people of a company.

use psa_contract::{Contact, ContactPage, ContactQuery};
use psa_toolkit::query;
use psa_toolkit::text::{Ids, equals_ignoring_case};
use psa_toolkit::{Error, HttpSend};
use serde_json::json;

use crate::api::{condition, enter};
use crate::lists::list_of_company;
use crate::settings::Settings;
use crate::wire::{self, given, is, is_active};

const DOING: &str = "list contacts";

/// One page of the contacts that match, inactive ones too.
pub(crate) fn list_contacts(
    settings: &Settings,
    query: &ContactQuery,
    send: &mut HttpSend,
) -> Result<ContactPage, Error> {
    let asked = query::contacts(Ids::Any, &settings.tenant(), query)?;
    let email = query.email.as_deref();
    let with_address = email.map(|email| {
        let fields = ["emailAddress", "emailAddress2", "emailAddress3"];
        let items = fields.map(|field| condition("eq", field, email.trim()));
        json!({"op": "or", "items": items.to_vec()})
    });
    let send = &mut enter(settings, send)?;
    let company_of = |row: &wire::Contact| row.company_id;
    let (listed, next_cursor) = list_of_company(
        settings,
        send,
        DOING,
        &asked,
        with_address,
        None,
        company_of,
    )?;
    let contacts = listed.rows.into_iter().map(contact).filter(|contact| {
        let mut emails = contact.emails.iter();
        email.is_none_or(|email| emails.any(|it| equals_ignoring_case(it, email)))
    });
    Ok(ContactPage {
        contacts: contacts.collect(),
        next_cursor,
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
    for email in [row.email, row.email2, row.email3]
        .into_iter()
        .filter_map(given)
    {
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
