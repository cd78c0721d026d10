//! Companies of sources and of the PSA: by hand, by proposal, from a file.

use std::collections::HashMap;

use psa_contract::{Company, CompanyPage, CompanyQuery};

use super::names::{CompanyNames, Proposal, plain};
use super::tenants::tenant_of;
use super::{Result, invalid};
use crate::case::Event;
use crate::office::Office;
use crate::store::{CaseFilter, MappingFilter};
use crate::tenant::{Mapping, PsaCompany};

/// How many companies are asked for at once.
const PAGE: u32 = 1_000;

/// A page of the PSA's companies that a search finds.
///
/// # Errors
/// The PSA, or the store.
pub async fn psa_companies(
    office: &Office,
    id: &str,
    search: Option<String>,
    limit: u32,
    cursor: Option<String>,
) -> Result<CompanyPage> {
    let tenant = tenant_of(office, id).await?;
    let desk = office.desk(&tenant).await?;
    let query = CompanyQuery {
        search,
        limit: Some(limit),
        cursor,
        ..CompanyQuery::default()
    };
    Ok(desk.list_companies(query).await?)
}

async fn all_companies(office: &Office, id: &str, ids: Vec<String>) -> Result<Vec<Company>> {
    let tenant = tenant_of(office, id).await?;
    let desk = office.desk(&tenant).await?;
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let query = CompanyQuery {
            ids: ids.clone(),
            limit: Some(PAGE),
            cursor,
            ..CompanyQuery::default()
        };
        let page = desk.list_companies(query).await?;
        all.extend(page.companies);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

/// Maps a company of the sources, or takes its target away. What waited for it is tried again.
///
/// # Errors
/// The store.
pub async fn map_company(
    office: &Office,
    id: &str,
    company: &str,
    target: Option<PsaCompany>,
) -> Result<()> {
    tenant_of(office, id).await?;
    if company.trim().is_empty() {
        return Err(invalid("company", "a company has a name"));
    }
    let mapping = Mapping {
        tenant: id.to_owned(),
        company: company.to_owned(),
        target,
        ..Mapping::default()
    };
    let is_mapped = mapping.target.is_some();
    office.store.put_mappings(&[mapping]).await?;
    if is_mapped {
        retry_waiting(office, id, Some(company)).await?;
    }
    Ok(())
}

/// Chooses the company of alerts whose own is not mapped. What waited for it is tried again.
///
/// # Errors
/// The store.
pub async fn set_default_company(
    office: &Office,
    id: &str,
    company: Option<PsaCompany>,
) -> Result<()> {
    let mut tenant = tenant_of(office, id).await?;
    let is_chosen = company.is_some();
    tenant.services.default_company = company;
    office.store.put_tenant(&tenant).await?;
    if is_chosen {
        retry_waiting(office, id, None).await?;
    }
    Ok(())
}

/// Cases that wait for a mapping, of one company or of any.
async fn retry_waiting(office: &Office, id: &str, company: Option<&str>) -> Result<()> {
    let mut before = None;
    loop {
        let filter = CaseFilter {
            tenant: Some(id.to_owned()),
            states: vec!["parked".to_owned()],
            before,
            limit: Some(500),
        };
        let page = office.store.cases(&filter).await?;
        let Some(last) = page.last() else {
            break;
        };
        before = Some(last.id);
        for stored in &page {
            let crate::case::State::Parked(parked) = &stored.case.state else {
                continue;
            };
            let waits = parked.fields.iter().any(|field| field == "company-id");
            let is_of = company.is_none() || stored.case.alert.company.as_deref() == company;
            if waits && is_of {
                let now = office.clock.now();
                office.store.apply(stored.id, Event::Retry, now).await?;
            }
        }
    }
    office.bell.ring(id);
    Ok(())
}

/// What the unmapped companies of the sources might be, by name.
///
/// # Errors
/// The PSA, or the store.
pub async fn propose_mappings(office: &Office, id: &str) -> Result<Vec<Proposal>> {
    let filter = MappingFilter {
        only_unmapped: true,
        ..MappingFilter::default()
    };
    let unmapped = office.store.mappings(id, &filter).await?;
    if unmapped.is_empty() {
        return Ok(Vec::new());
    }
    let names = company_names(office, id).await?;
    let unmapped = unmapped.iter();
    Ok(unmapped.map(|it| names.proposal(&it.company)).collect())
}

/// The names of all companies of the PSA.
///
/// # Errors
/// The PSA, or the store.
pub async fn company_names(office: &Office, id: &str) -> Result<CompanyNames> {
    let companies = all_companies(office, id, Vec::new()).await?;
    Ok(CompanyNames::of(&companies))
}

fn target_of(company: &Company) -> PsaCompany {
    PsaCompany {
        id: company.id.clone(),
        name: company.name.clone(),
    }
}

/// Companies from a file: a line each, the name in the source, and after a comma, if it is known, the id in the PSA. The first
/// line may be a heading. Returns how many there were.
///
/// # Errors
/// A line cannot be read: nothing is kept.
pub async fn import_companies(office: &Office, id: &str, csv: &str) -> Result<usize> {
    tenant_of(office, id).await?;
    let mut targets: Vec<(String, Option<String>)> = Vec::new();
    for (index, line) in csv.lines().enumerate() {
        let cells = cells(line).ok_or_else(|| {
            let message = format!("line {}: a quotation mark has no partner", index + 1);
            invalid("file", message)
        })?;
        let name = cells.first().map(|it| it.trim()).unwrap_or_default();
        let is_heading = index == 0 && ["company", "name", "companies"].contains(&&*plain(name));
        if name.is_empty() || is_heading {
            continue;
        }
        let target = cells.get(1).map(|it| it.trim()).filter(|it| !it.is_empty());
        targets.push((name.to_owned(), target.map(str::to_owned)));
    }
    let ids: Vec<String> = targets.iter().filter_map(|(_, id)| id.clone()).collect();
    let mut known: HashMap<String, PsaCompany> = HashMap::new();
    for ids in ids.chunks(200) {
        for company in all_companies(office, id, ids.to_vec()).await? {
            known.insert(company.id.clone(), target_of(&company));
        }
    }
    let mut mappings = Vec::new();
    for (company, target) in targets {
        let before = office.store.mapping(id, &company).await?;
        let target = match target {
            Some(target) => Some(known.get(&target).cloned().ok_or_else(|| {
                let message = format!("{company}: the PSA has no company {target}");
                invalid("file", message)
            })?),
            None => before.and_then(|it| it.target),
        };
        mappings.push(Mapping {
            tenant: id.to_owned(),
            company,
            target,
            ..Mapping::default()
        });
    }
    office.store.put_mappings(&mappings).await?;
    for mapping in mappings.iter().filter(|it| it.target.is_some()) {
        retry_waiting(office, id, Some(&mapping.company)).await?;
    }
    Ok(mappings.len())
}

/// The cells of a line of CSV. None: a quotation mark has no partner.
fn cells(line: &str) -> Option<Vec<String>> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cells.last_mut()?.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' | ';' if !is_quoted => cells.push(String::new()),
            other => cells.last_mut()?.push(other),
        }
    }
    (!is_quoted).then_some(cells)
}

/// Marks mappings whose target the PSA no longer has, and those that it has again. Returns those that are gone.
///
/// # Errors
/// The PSA, or the store.
pub async fn vanished_mappings(office: &Office, id: &str) -> Result<Vec<Mapping>> {
    let mappings = office.store.mappings(id, &MappingFilter::default()).await?;
    let mapped: Vec<Mapping> = mappings
        .into_iter()
        .filter(|mapping| mapping.target.is_some())
        .collect();
    let mut changed = Vec::new();
    let mut gone = Vec::new();
    for some in mapped.chunks(200) {
        let ids = some
            .iter()
            .filter_map(|it| Some(it.target.as_ref()?.id.clone()));
        let found = all_companies(office, id, ids.collect()).await?;
        for mapping in some {
            let is_there = found
                .iter()
                .any(|it| it.is_active && Some(&it.id) == mapping.target.as_ref().map(|it| &it.id));
            let now = Mapping {
                is_gone: !is_there,
                ..mapping.clone()
            };
            if now.is_gone {
                gone.push(now.clone());
            }
            if now.is_gone != mapping.is_gone {
                changed.push(now);
            }
        }
    }
    office.store.put_mappings(&changed).await?;
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_into_cells() {
        let cut = |line| cells(line).map(|it| it.join("|"));
        assert_eq!(cut("Acme,2").as_deref(), Some("Acme|2"));
        assert_eq!(
            cut(r#""Bright, Smiles ""B""",3"#).as_deref(),
            Some(r#"Bright, Smiles "B"|3"#)
        );
        assert_eq!(cut("Acme").as_deref(), Some("Acme"));
        assert_eq!(cut("\"Acme"), None);
    }
}
