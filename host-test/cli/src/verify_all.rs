//! `psa-host verify --all-tenants`: every tenant of the settings file as one table, for whoever looks after many.

use futures_util::{StreamExt as _, stream};
use psa_host::contract::{ConnectorDescription, PermissionState, Verification};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::failure::Failure;
use crate::layout::{Width, table};
use crate::output::Output;
use crate::permission::{described, place_of};
use crate::sources::Sources;
use crate::tenant::{self, Tenant};
use crate::verify::{Verify, verify};
use crate::{csv, exit};

/// How many tenants are verified at once. Each has a server or a rate limit of its own.
const AT_ONCE: usize = 8;

/// What was found of one tenant.
struct Row {
    tenant: String,
    outcome: Result<Verification, Failure>,
}

/// The names of the columns; the table's heads are made of them.
const COLUMNS: [&str; 6] = [
    "tenant",
    "result",
    "account",
    "companies",
    "boards",
    "reason",
];

pub(crate) async fn run(command: &Verify) -> Result<Output, Failure> {
    let connection = &command.connection;
    let loading = &connection.loading;
    let (connector, description) = tenant::load(&loading.component, loading.no_cache).await?;
    let sources = Sources::read(&connection.settings, &description)?;
    let needed = command.functions(&description);
    // A tenant that fails does not end the others.
    let verify_one = async |tenant: &str| {
        let settings = sources.settings(&description, Some(tenant))?;
        let connector = connector.clone();
        let tenant = Tenant::with(connection, connector, description.clone(), settings, false)?;
        verify(&tenant, &needed).await
    };
    let rows: Vec<Row> = stream::iter(names(&sources)?)
        .map(async |tenant| Row {
            outcome: verify_one(&tenant).await,
            tenant,
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let is_ready = rows.iter().all(Row::is_ready);
    let cells = || rows.iter().map(|row| row.cells(&description));
    Output::new(
        connection.shown.format(),
        &Rows { tenants: &rows },
        |width| table_of(cells(), &rows, width),
        || csv::table(COLUMNS, cells()),
        if is_ready {
            exit::SUCCESS
        } else {
            exit::TENANTS_NOT_READY
        },
    )
}

fn names(sources: &Sources) -> Result<Vec<String>, Failure> {
    let names = sources.tenants()?;
    if names.is_empty() {
        return Err(Failure::usage(
            "the settings file has no tenants",
            "Put the settings of each tenant below a line [tenants.NAME], or leave --all-tenants out.",
        ));
    }
    Ok(names)
}

/// For programs.
#[derive(Serialize)]
struct Rows<'a> {
    tenants: &'a [Row],
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_map(Some(2))?;
        row.serialize_entry("tenant", &self.tenant)?;
        match &self.outcome {
            Ok(verification) => row.serialize_entry("verification", verification)?,
            Err(failure) => row.serialize_entry("error", &failure.value())?,
        }
        row.end()
    }
}

impl Row {
    fn is_ready(&self) -> bool {
        matches!(&self.outcome, Ok(verification) if verification.is_complete)
    }

    fn cells(&self, description: &ConnectorDescription) -> [String; 6] {
        let count = |count: Option<u32>| count.map(|count| count.to_string()).unwrap_or_default();
        match &self.outcome {
            Ok(found) => {
                let missing = missing_places(found, description);
                let result = if found.is_complete {
                    "ready".to_owned()
                } else {
                    format!("{} missing", missing.len())
                };
                [
                    self.tenant.clone(),
                    result,
                    found.account.clone().unwrap_or_default(),
                    count(found.visible_companies),
                    count(found.visible_boards),
                    missing.join("; "),
                ]
            }
            Err(failure) => {
                let error = failure.value();
                let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
                let [account, companies, boards] = [const { String::new() }; 3];
                [
                    self.tenant.clone(),
                    text("code"),
                    account,
                    companies,
                    boards,
                    text("message"),
                ]
            }
        }
    }
}

/// Where an administrator grants what is missing, each place once.
fn missing_places(found: &Verification, description: &ConnectorDescription) -> Vec<String> {
    let mut places = Vec::new();
    for check in &found.checks {
        if check.state == PermissionState::Missing {
            let permission = described(&check.permission_id, description);
            let place = permission.map_or_else(|| check.permission_id.clone(), place_of);
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    places
}

fn table_of(cells: impl Iterator<Item = [String; 6]>, rows: &[Row], width: Width) -> String {
    let heads = COLUMNS.map(str::to_uppercase);
    let table = table(&heads.each_ref().map(String::as_str), cells, width);
    let ready = rows.iter().filter(|row| row.is_ready()).count();
    format!("{table}\n\nReady: {ready} of {}.", rows.len())
}
