//! A group of alerts meets its cases: what they are about is read at once, each alert is dealt with in order, and what came of
//! it is written at once.

use std::collections::{BTreeMap, HashMap};

use deadpool_postgres::GenericClient;

use super::intake::Delivery;
use super::kept;
use super::row::{
    clean, insert_alerts, insert_cases, numbers, of_json, rows, stored_case, to_keep, update_cases,
};
use crate::alert::Alert;
use crate::case::{Case, Received, due, receive};
use crate::policy::{Rules, Timing};
use crate::store::{CaseId, KeptAlert, Receipt, Result, StoreError, StoredCase};
use crate::tenant::Tenant;
use crate::time::Time;

/// Keeps each delivery, or says why not.
pub(super) async fn keep(
    client: &impl GenericClient,
    deliveries: &[Delivery],
    timing: &Timing,
) -> Result<Vec<Result<Vec<Receipt>>>> {
    let tenants = locked(client, deliveries, timing).await?;
    let mut book = Book::read(client, deliveries, &tenants).await?;
    let mut entered = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        let Some((tenant, rules)) = tenants.get(&*delivery.source) else {
            entered.push(None);
            continue;
        };
        if let Some(sample) = &delivery.sample {
            kept::capture(client, &delivery.source, sample, delivery.now).await?;
        }
        let first = book.alerts.len();
        for alert in &delivery.alerts {
            book.enter(tenant, alert.clone(), delivery.now, rules);
        }
        entered.push(Some(first..book.alerts.len()));
    }
    let receipts = book.write(client).await?;
    let of = |range: Option<std::ops::Range<usize>>| {
        let range = range.ok_or_else(|| StoreError::Missing("source".to_owned()))?;
        Ok(receipts.get(range).unwrap_or_default().to_vec())
    };
    Ok(entered.into_iter().map(of).collect())
}

/// The tenant of each source, locked.
async fn locked<'a>(
    client: &impl GenericClient,
    deliveries: &'a [Delivery],
    timing: &Timing,
) -> Result<HashMap<&'a str, (String, Rules)>> {
    let mut sources: Vec<&str> = deliveries.iter().map(|it| &*it.source).collect();
    sources.sort_unstable();
    sources.dedup();
    let sql = "SELECT sources.id, tenants.data FROM sources JOIN tenants ON tenants.id = sources.tenant \
               WHERE sources.id = ANY ($1) ORDER BY tenants.id FOR NO KEY UPDATE OF tenants";
    let mut tenants = HashMap::new();
    for row in rows(client, sql, &[&sources]).await? {
        let tenant: Tenant = of_json(&row, 1)?;
        let id: &str = row.try_get(0)?;
        if let Ok(index) = sources.binary_search(&id) {
            let rules = tenant.rules(timing);
            tenants.insert(sources[index], (tenant.id, rules));
        }
    }
    Ok(tenants)
}

/// Tenant, source, key.
type Name = (String, String, String);

/// What a group is about.
#[derive(Default)]
struct Book {
    cases: Vec<Entry>,
    latest: HashMap<Name, usize>,
    alerts: Vec<Entered>,
    /// How often each company of a tenant is named.
    companies: BTreeMap<(String, String), i64>,
}

struct Entry {
    is_new: bool,
    is_changed: bool,
    case: StoredCase,
}

struct Entered {
    alert: KeptAlert,
    /// Of [`Book::cases`].
    case: Option<usize>,
    has_work: bool,
}

impl Book {
    /// The latest case of each key.
    async fn read(
        client: &impl GenericClient,
        deliveries: &[Delivery],
        tenants: &HashMap<&str, (String, Rules)>,
    ) -> Result<Self> {
        let mut names: Vec<Name> = Vec::new();
        for delivery in deliveries {
            if let Some((tenant, _)) = tenants.get(&*delivery.source) {
                names.extend(delivery.alerts.iter().map(|it| name(tenant, it)));
            }
        }
        names.sort_unstable();
        names.dedup();
        let of = |part: fn(&Name) -> &str| names.iter().map(part).collect::<Vec<&str>>();
        let (tenants, sources, keys) = (of(|it| &it.0), of(|it| &it.1), of(|it| &it.2));
        let sql = "SELECT found.id, found.due_at, found.data, wanted.place \
                   FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (tenant, source, key, place) \
                   CROSS JOIN LATERAL (SELECT id, due_at, data FROM cases WHERE cases.tenant = wanted.tenant \
                   AND cases.source = wanted.source AND cases.key = wanted.key ORDER BY episode DESC LIMIT 1 FOR UPDATE) AS found";
        let found = rows(client, sql, &[&tenants, &sources, &keys]).await?;
        let mut book = Self::default();
        for row in found {
            let place: i64 = row.try_get(3)?;
            let index = usize::try_from(place - 1).unwrap_or(usize::MAX);
            let Some(name) = names.get(index) else {
                continue;
            };
            book.latest.insert(name.clone(), book.cases.len());
            book.cases.push(Entry {
                is_new: false,
                is_changed: false,
                case: stored_case(&row)?,
            });
        }
        Ok(book)
    }

    fn enter(&mut self, tenant: &str, alert: Alert, now: Time, rules: &Rules) {
        if let Some(company) = &alert.company {
            let company = (tenant.to_owned(), clean(company).into_owned());
            *self.companies.entry(company).or_default() += 1;
        }
        let name = name(tenant, &alert);
        let found = self.latest.get(&name).copied();
        let latest = found.and_then(|index| self.cases.get(index));
        let latest = latest.map(|entry| entry.case.case.clone());
        let was_due = latest.as_ref().and_then(|case| due(case, rules));
        let mut kept = KeptAlert::of(tenant, &alert, now);
        let received = receive(tenant, latest, alert, now, rules);
        kept.outcome = received.to_string();
        let (case, has_work) = match received {
            Received::New(case) => {
                let case = to_keep(CaseId::default(), *case, rules);
                let has_work = case.due_at.is_some();
                (Some(self.add(name, case)), has_work)
            }
            Received::Joined(case, _) => {
                let (index, due_at) = self.change(found, *case, rules);
                let is_earlier = |at| was_due.is_none_or(|was| at < was.at);
                (index, due_at.is_some_and(is_earlier))
            }
            Received::Nothing(_) => (None, false),
        };
        self.alerts.push(Entered {
            alert: kept,
            case,
            has_work,
        });
    }

    fn add(&mut self, name: Name, case: StoredCase) -> usize {
        let index = self.cases.len();
        self.cases.push(Entry {
            is_new: true,
            is_changed: false,
            case,
        });
        self.latest.insert(name, index);
        index
    }

    fn change(
        &mut self,
        found: Option<usize>,
        case: Case,
        rules: &Rules,
    ) -> (Option<usize>, Option<Time>) {
        let Some(entry) = found.and_then(|index| self.cases.get_mut(index)) else {
            return (None, None);
        };
        entry.case = to_keep(entry.case.id, case, rules);
        entry.is_changed = true;
        (found, entry.case.due_at)
    }

    async fn write(mut self, client: &impl GenericClient) -> Result<Vec<Receipt>> {
        let new = self.cases.iter().filter(|it| it.is_new).count();
        let ids = numbers(client, "case_ids", new).await?;
        let unnumbered = self.cases.iter_mut().filter(|it| it.is_new);
        for (entry, id) in unnumbered.zip(ids) {
            entry.case.id = CaseId(id);
        }
        let those = |is_new: bool| -> Vec<&StoredCase> {
            let entries = self.cases.iter().filter(|it| it.is_new == is_new);
            let entries = entries.filter(|it| it.is_new || it.is_changed);
            entries.map(|it| &it.case).collect()
        };
        insert_cases(client, &those(true)).await?;
        update_cases(client, &those(false)).await?;
        kept::count_companies(client, &self.companies).await?;
        let ids = numbers(client, "alert_ids", self.alerts.len()).await?;
        for (entered, id) in self.alerts.iter_mut().zip(ids) {
            let case = entered.case.and_then(|index| self.cases.get(index));
            entered.alert.id = id;
            entered.alert.case = case.map(|entry| entry.case.id);
        }
        let has_work: Vec<bool> = self.alerts.iter().map(|it| it.has_work).collect();
        let alerts: Vec<KeptAlert> = self.alerts.into_iter().map(|it| it.alert).collect();
        insert_alerts(client, &alerts).await?;
        let receipt = |(alert, has_work): (KeptAlert, bool)| Receipt {
            alert: alert.id,
            case: alert.case,
            outcome: alert.outcome,
            has_work,
            tenant: alert.tenant,
        };
        Ok(alerts.into_iter().zip(has_work).map(receipt).collect())
    }
}

fn name(tenant: &str, alert: &Alert) -> Name {
    let key = clean(&alert.key).into_owned();
    (tenant.to_owned(), alert.source.clone(), key)
}
