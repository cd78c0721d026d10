//! What every store has to do. Each test takes a store and knows nothing of how it keeps things.

mod moved; // From one store to the other.
mod processes; // Many at once, and the next process.
mod shared; // What holds for several relays that share a store.
mod tests; // What holds for each kind of store.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use psa_contract::{ConnectorError, ErrorCode};
use psa_tests::postgresql;

use super::{
    AlertFilter, CaseFilter, CaseId, MappingFilter, NewCapture, PostgreSql, PostgreSqlOptions,
    Sqlite, SqliteOptions, Store, StoreError, Token,
};
use crate::alert::{Alert, Status};
use crate::case::{Event, Parked, Ticket};
use crate::intake::{Dialect, SourceRules};
use crate::policy::Timing;
use crate::tenant::{Mapping, Pause, PsaCompany, Services, Source, Tenant};
use crate::text::TextRules;
use crate::time::Time;

/// Every test, on each kind of store, empty.
macro_rules! suite {
    ($($test:ident)*) => {$(
        #[tokio::test]
        async fn $test() {
            let folder = tempfile::tempdir().expect("a folder");
            let mut stores: Vec<Arc<dyn Store>> = vec![Arc::new(in_memory())];
            for place in places(folder.path()) {
                stores.push(place.open().await);
            }
            for store in stores {
                set_up(&*store).await;
                tests::$test(&*store).await;
                store.close().await;
            }
        }
    )*};
}

suite! {
    alerts_make_and_join_cases_and_leave_a_trail
    what_is_due_is_started_by_the_owner_alone
    a_batch_is_kept_whole_or_not_at_all
    choices_that_change_change_what_is_due
    people_set_up_and_delete
    the_latest_samples_are_kept
    what_ended_long_ago_is_forgotten_and_nothing_else
    mappings_are_searched_in_order
    whatever_characters_an_alert_has_it_is_kept_and_found_again
    what_is_due_is_found_for_all_tenants
    the_first_of_a_note_stays
}

/// Where a store keeps things, so that another process finds them again.
pub(super) enum Place {
    File(PathBuf),
    Database(String),
}

/// One of each kind. Without PostgreSQL, it says so.
fn places(folder: &Path) -> Vec<Place> {
    let file = Place::File(folder.to_owned());
    let database = postgresql::PostgreSql::shared().map(|it| Place::Database(it.new_database()));
    [file].into_iter().chain(database).collect()
}

impl Place {
    async fn open(&self) -> Arc<dyn Store> {
        match self {
            Self::File(folder) => Arc::new(in_file(folder)),
            Self::Database(url) => Arc::new(in_database(url).await),
        }
    }
}

async fn in_database(url: &str) -> PostgreSql {
    let options = PostgreSqlOptions {
        url: url.to_owned(),
        ..PostgreSqlOptions::default()
    };
    PostgreSql::open(options).await.expect("a store")
}

fn in_memory() -> Sqlite {
    Sqlite::in_memory(Timing::default()).expect("a store")
}

fn in_file(folder: &Path) -> Sqlite {
    Sqlite::open(&folder.join("relay.db"), SqliteOptions::default()).expect("a store")
}

pub(crate) async fn set_up(store: &dyn Store) {
    let tenant = Tenant {
        id: "t1".to_owned(),
        name: "Example".to_owned(),
        connector: "connectwise".to_owned(),
        is_enabled: true,
        services: Services {
            closing_status_ids: vec!["503".to_owned()],
            ..Services::default()
        },
        ..Tenant::default()
    };
    store.put_tenant(&tenant).await.expect("a tenant");
    let source = Source {
        id: "s1".to_owned(),
        tenant: "t1".to_owned(),
        name: "Monitoring".to_owned(),
        rules: SourceRules::of(Dialect::Alertmanager),
        text: TextRules::default(),
    };
    store.put_source(&source).await.expect("a source");
}

fn alert(key: &str, event: &str, status: Status) -> Alert {
    Alert {
        source: "s1".to_owned(),
        key: key.to_owned(),
        event: event.to_owned(),
        status,
        summary: format!("About {key}"),
        company: Some("Example Dental".to_owned()),
        ..Alert::default()
    }
}

async fn received(store: &dyn Store, alert: Alert, now: Time) -> (Option<CaseId>, bool) {
    let receipts = store.receive("s1", vec![alert], None, now).await;
    let receipt = receipts.expect("kept").remove(0);
    (receipt.case, receipt.has_work)
}

fn ticket(id: &str) -> Ticket {
    Ticket {
        id: id.to_owned(),
        number: id.to_owned(),
        ..Ticket::default()
    }
}

/// A lease of ten minutes from then on.
async fn leased(store: &dyn Store, now: Time) {
    let until = now.plus(Duration::from_secs(600));
    assert!(store.lease("t1", "me", until, now).await.expect("a lease"));
}
