//! A page of 1,000 companies: through the sandbox, with lifting, against the same code without one, and both against a
//! reference that does not change: `serde_json` into types that hold what the connector reads.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use connectwise_psa::{ConnectWise, Settings};
use criterion::Criterion;
use psa_host::contract::{CompanyQuery, Request, Response};
use psa_host::{Answers, Http, Limits};
use psa_tests::companies::{Companies, rows};
use psa_tests::{CONNECTWISE, settings};
use psa_toolkit::ServiceDesk as _;
use serde::Deserialize;
use tokio::runtime::Runtime;

use crate::goal::Goal;
use crate::in_turn::in_turn;
use crate::{at_most, noted};

/// The reference.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "read, as the connector does, and not used")]
struct Company {
    id: i64,
    identifier: Option<String>,
    name: String,
    status: Option<Named>,
    deleted_flag: Option<bool>,
    types: Option<Vec<Named>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read, as the connector does, and not used")]
struct Named {
    name: Option<String>,
}

/// One answer to everything, made before.
#[derive(Clone)]
struct Prepared(Arc<Response>);

impl Http for Prepared {
    fn send(&mut self, requests: Vec<Request>, _deadline: Instant) -> Answers<'_> {
        let answers = requests
            .iter()
            .map(|_| Ok(Response::clone(&self.0)))
            .collect();
        Box::pin(std::future::ready(answers))
    }
}

pub(crate) fn goals(criterion: &mut Criterion, runtime: &Runtime) -> Vec<Goal> {
    let connector = CONNECTWISE.connector().expect("the component");
    let body = rows(1..=1_000);
    let response = Companies { count: 1_000 }.first_page();
    assert_eq!(response.body.as_bytes(), body.as_bytes());
    let http = Prepared(Arc::new(response.clone()));
    let query = CompanyQuery::default();
    let mut in_the_sandbox = || {
        let call = connector.call(http.clone(), Limits::default());
        let page = runtime.block_on(call.list_companies(settings(), query.clone()));
        assert_eq!(black_box(page.expect("a page")).companies.len(), 1_000);
    };
    let mut natively = || {
        let settings = Settings::parse(&settings()).expect("settings");
        let send =
            &mut |requests: &mut [Request]| requests.iter().map(|_| Ok(response.clone())).collect();
        let page = ConnectWise::list_companies(&settings, &query, send);
        let page = page.unwrap_or_else(|_| panic!("a page"));
        assert_eq!(black_box(page).companies.len(), 1_000);
    };
    let mut by_the_reference = || {
        let companies: Vec<Company> = serde_json::from_str(&body).expect("companies");
        assert_eq!(black_box(companies).len(), 1_000);
    };
    let times = in_turn(
        criterion,
        "list-companies, 1,000 rows",
        &mut [&mut in_the_sandbox, &mut natively, &mut by_the_reference],
    );
    vec![
        noted(
            "1,000 companies, component against native",
            times.ratio(0, 1),
            "times",
        ),
        at_most(
            "1,000 companies, component against serde_json alone",
            times.ratio(0, 2),
            2.1,
            "times",
        ),
        at_most(
            "1,000 companies, native against serde_json alone",
            times.ratio(1, 2),
            1.25,
            "times",
        ),
        noted("1,000 companies, component", times.seconds(0) * 1e6, "µs"),
    ]
}
