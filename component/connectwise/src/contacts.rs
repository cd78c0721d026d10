//! `list-contacts`: the people of a company.

use psa_contract::{Contact, ContactPage, ContactQuery};
use psa_toolkit::pages::read_range;
use psa_toolkit::query::{self, keeps_contact};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use crate::api::{Listing, rows};
use crate::condition::{TextFilter, any_of};
use crate::permissions::CONTACTS;
use crate::settings::Settings;
use crate::wire::{self, CommunicationItem, Reference, is};

const DOING: &str = "list contacts";

/// One page of the contacts that match, inactive ones too.
pub(crate) fn list_contacts(
    settings: &Settings,
    query: &ContactQuery,
    send: &mut HttpSend,
) -> Result<ContactPage, Error> {
    let asked = query::contacts::<1>(Ids::AboveZero, &settings.tenant(), query)?;
    let listing = Listing {
        settings,
        doing: DOING.to_owned(),
        permission: Some(&CONTACTS),
        path: "/company/contacts".to_owned(),
        fields: "id,firstName,lastName,company/id,site/id,inactiveFlag,defaultFlag,communicationItems",
        conditions: vec![format!("company/id={}", asked.what)],
        child_conditions: query.email.as_deref().and_then(with_address),
    };
    let (after, limit) = (asked.start(), asked.limit);
    let found = read_range(settings, send, &listing, rows, after, limit)?;
    let next_cursor = asked.next_cursor(found.continue_after);
    let company_of = |row: &wire::Contact| row.company.as_ref().and_then(|it| it.id);
    let rows = query::rows_of_company(DOING, found.rows, asked.what, company_of)?;
    let contacts = rows.into_iter().filter_map(contact);
    Ok(ContactPage {
        contacts: contacts.filter(|it| keeps_contact(query, it)).collect(),
        next_cursor,
    })
}

/// Addresses are a child array: in `conditions` they are a 400. None: the address cannot be quoted, and is compared here alone.
fn with_address(email: &str) -> Option<String> {
    match any_of("communicationItems/value", &[email.to_owned()]) {
        TextFilter::Condition(condition) => Some(format!(
            "{condition} and communicationItems/communicationType=\"Email\""
        )),
        TextFilter::Local | TextFilter::None => None,
    }
}

/// None: it is of no company.
fn contact(contact: wire::Contact) -> Option<Contact> {
    let names = [contact.first_name, contact.last_name];
    let names: Vec<String> = names.into_iter().flatten().collect();
    let items = contact.communication_items;
    Some(Contact {
        id: contact.id.to_string(),
        name: names.join(" ").trim().to_owned(),
        emails: values_of(&items, "Email"),
        phone: values_of(&items, "Phone").into_iter().next(),
        company_id: contact.company?.id_text()?,
        site_id: contact.site.as_ref().and_then(Reference::id_text),
        is_default: Some(is(contact.default_flag)),
        is_active: !is(contact.inactive_flag),
        properties: Vec::new(),
    })
}

/// The addresses or numbers of a kind: the default one first, the others in their order.
fn values_of(items: &[CommunicationItem], kind: &str) -> Vec<String> {
    let mut defaults = Vec::new();
    let mut others = Vec::new();
    for item in items {
        let found = item.communication_type.as_deref().unwrap_or_default();
        let value = item.value.as_deref().unwrap_or_default();
        if value.trim().is_empty() || !found.eq_ignore_ascii_case(kind) {
            continue;
        }
        let values = if is(item.default_flag) {
            &mut defaults
        } else {
            &mut others
        };
        values.push(value.to_owned());
    }
    defaults.append(&mut others);
    defaults
}
