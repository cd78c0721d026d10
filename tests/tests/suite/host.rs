//! What a host keeps of the real component, and between its tenants. That a misbehaving guest is confined is proved beside
//! the host, in `host-test/host/tests/sandbox`.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use psa_host::contract::{
    CompanyPage, CompanyQuery, ConnectorError, CreatedTicket, ErrorCode, Request, Response,
    Setting, TicketDraft, TicketLookup,
};
use psa_host::{Answers, CallError, HTTP_INTERFACE, Http, Limits, SERVICE_DESK_INTERFACE};
use psa_recording::{Case, Input, Replay};
use psa_tests::{CONNECTWISE, settings};
use wasmtime::component::{Component, ComponentNamedList, Instance, Lift, Linker, Lower};
use wasmtime::{Engine, ResourceLimiter, Store};

/// A server that keeps what it is asked, finds nothing, and never answers a write.
#[derive(Clone, Default)]
struct Silent {
    asked: Arc<Mutex<Vec<Request>>>,
    /// What a look-up finds after the write.
    found_later: String,
}

impl Silent {
    fn asked(&self) -> Vec<Request> {
        self.asked
            .lock()
            .expect("no test panics with the lock")
            .clone()
    }
}

impl Http for Silent {
    fn send(&mut self, requests: Vec<Request>, _deadline: Instant) -> Answers<'_> {
        let had_written = self.asked().iter().any(|request| request.method == "POST");
        let is_write = requests.iter().any(|request| request.method == "POST");
        self.asked
            .lock()
            .expect("no test panics with the lock")
            .extend(requests.clone());
        let body = if had_written {
            self.found_later.clone()
        } else {
            "[]".to_owned()
        };
        Box::pin(async move {
            if is_write {
                std::future::pending::<()>().await;
            }
            let response = Response {
                status: 200,
                body: body.into(),
                ..Response::default()
            };
            requests.iter().map(|_| Ok(response.clone())).collect()
        })
    }
}

fn draft() -> TicketDraft {
    TicketDraft {
        company_id: "250".to_owned(),
        summary: "Blocked".to_owned(),
        reference: Some("alert-4711".to_owned()),
        ..TicketDraft::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_never_answered_is_looked_up_while_there_is_time() {
    let bears_it = r#"[{"id": 7001, "summary": "Blocked", "company": {"id": 250}, "externalXRef": "alert-4711"}]"#;
    for (found_later, expected) in [("[]", None), (bears_it, Some("7001"))] {
        let silent = Silent {
            found_later: found_later.to_owned(),
            ..Silent::default()
        };
        let call = CONNECTWISE
            .connector()
            .expect("the component")
            .call(silent.clone(), Limits::default());
        let outcome = call.create_ticket(settings(), draft()).await;
        let methods: Vec<String> = silent
            .asked()
            .into_iter()
            .map(|request| request.method)
            .collect();
        assert_eq!(methods, ["GET", "POST", "GET"]);
        match (outcome, expected) {
            (Ok(created), Some(id)) => assert_eq!(created.ticket.id, id),
            (Err(CallError::Connector(error)), None) => {
                assert_eq!(error.code, ErrorCode::OutcomeUnknown);
                assert!(
                    error.message.contains("within the time of this call"),
                    "{}",
                    error.message
                );
            }
            (other, _) => panic!("{other:?}"),
        }
    }
}

/// Where it fits into none, each call takes longer, and nothing else would show it.
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
#[test]
fn the_component_takes_a_place_that_is_reserved() {
    assert!(CONNECTWISE.connector().expect("the component").is_pooled());
}

#[tokio::test]
async fn tenants_do_not_see_each_other() {
    let connector = CONNECTWISE.connector().expect("the component");
    let first = settings();
    let second: Vec<Setting> = first
        .iter()
        .map(|setting| Setting {
            name: setting.name.clone(),
            value: match setting.name.as_str() {
                "site" => "psa.example.com:8443",
                "company-id" => "anothermsp",
                "public-key" => "PubKeyOfAnother1",
                "private-key" => "PrivKeyOfAnother",
                _ => "0d9f3f6a-4d43-4c1c-8a4e-5f1d6e7c8b90",
            }
            .to_owned(),
        })
        .collect();
    // In turn, and at once.
    let mut backends = vec![];
    for tenant in [&first, &second, &first] {
        let backend = Silent::default();
        let call = connector.call(backend.clone(), Limits::default());
        call.list_companies(tenant.clone(), CompanyQuery::default())
            .await
            .expect("a page");
        backends.push((tenant, backend));
    }
    let (one, other) = (Silent::default(), Silent::default());
    let calls = [(&one, &first), (&other, &second)].map(|(backend, tenant)| {
        let call = connector.call(backend.clone(), Limits::default());
        call.list_companies(tenant.clone(), CompanyQuery::default())
    });
    let [left, right] = calls;
    let (left, right) = tokio::join!(left, right);
    left.and(right).expect("two pages");
    backends.extend([(&first, one), (&second, other)]);

    let origins = [
        "https://api-na.myconnectwise.net/",
        "https://psa.example.com:8443/",
    ];
    let mut credentials = [None, None];
    for (tenant, backend) in backends {
        let which = usize::from(*tenant == second);
        let asked = backend.asked();
        assert_eq!(asked.len(), 1);
        assert!(asked[0].url.starts_with(origins[which]), "{}", asked[0].url);
        let credential = credentials[which].get_or_insert_with(|| asked[0].headers.clone());
        assert!(
            asked[0].headers == *credential,
            "the headers of a tenant changed"
        );
    }
    let [Some(first), Some(second)] = credentials else {
        panic!("a tenant was not served")
    };
    for name in ["authorization", "clientid"] {
        let value = |headers: &[(String, String)]| {
            let found = headers
                .iter()
                .find(|(header, _)| header.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone()).expect("the header")
        };
        assert!(
            value(&first) != value(&second),
            "two tenants with one {name}"
        );
    }
}

/// One instance for many calls, as another host may keep it: the answers stay the same. The memory of a call is kept until
/// the instance ends, so it grows, and by little.
#[test]
fn an_instance_can_be_called_again_and_again() {
    const CALLS: usize = 1_000;
    /// Of the four calls together.
    const MOST_BYTES_EACH_TIME: usize = 100_000;
    let mut kept = Kept::new();
    let read = CONNECTWISE.case("get-ticket/ok").expect("the case");
    let list = CONNECTWISE.case("list-companies/ok").expect("the case");
    let open = CONNECTWISE
        .case("create-ticket/ok-all-fields")
        .expect("the case");
    let (Input::GetTicket(id), Input::CreateTicket(draft)) = (&read.input, &open.input) else {
        panic!("other operations than expected");
    };
    let mut first = None;
    for _ in 0..CALLS {
        let ticket: (Result<TicketLookup, ConnectorError>,) =
            kept.call("get-ticket", &read, (read.settings.clone(), id.clone()));
        let query = CompanyQuery::default();
        let page: (Result<CompanyPage, ConnectorError>,) =
            kept.call("list-companies", &list, (list.settings.clone(), query));
        let created: (Result<CreatedTicket, ConnectorError>,) = kept.call(
            "create-ticket",
            &open,
            (open.settings.clone(), draft.clone()),
        );
        // Arguments that are refused before anything is sent.
        let refused: (Result<TicketLookup, ConnectorError>,) =
            kept.call("get-ticket", &read, (Vec::<Setting>::new(), id.clone()));
        assert!(refused.0.is_err());
        let answers = (
            ticket.0.expect("a ticket"),
            page.0.expect("a page"),
            created.0.expect("a ticket"),
            refused.0,
        );
        assert_eq!(first.get_or_insert_with(|| answers.clone()), &answers);
    }
    let memory_bytes = kept.store.data().memory_bytes;
    assert!(
        memory_bytes < CALLS * MOST_BYTES_EACH_TIME,
        "{memory_bytes}"
    );
}

/// The component in one store, without the host of this project, which makes an instance for each call.
struct Kept {
    store: Store<Meter>,
    instance: Instance,
}

#[derive(Default)]
struct Meter {
    replay: Replay,
    memory_bytes: usize,
}

impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        _: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.memory_bytes = desired;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

impl Kept {
    fn new() -> Self {
        let engine = Engine::default();
        let bytes = CONNECTWISE.bytes().expect("the component");
        let component = Component::from_binary(&engine, &bytes).expect("a component");
        let mut linker = Linker::<Meter>::new(&engine);
        linker
            .instance(HTTP_INTERFACE)
            .and_then(|mut http| {
                http.func_wrap("send", |store, (requests,): (Vec<Request>,)| {
                    Ok((store.data().replay.answer(requests),))
                })
            })
            .expect("the import");
        let mut store = Store::new(&engine, Meter::default());
        store.limiter(|meter| meter);
        let instance = linker
            .instantiate(&mut store, &component)
            .expect("an instance");
        Self { store, instance }
    }

    fn call<Parameters, Results>(
        &mut self,
        name: &str,
        case: &Case,
        parameters: Parameters,
    ) -> Results
    where
        Parameters: ComponentNamedList + Lower + Send + Sync + 'static,
        Results: ComponentNamedList + Lift + Send + Sync + 'static,
    {
        self.store.data_mut().replay = Replay::of_exchanges(case.exchanges.clone(), &case.settings);
        let desk = self
            .instance
            .get_export_index(&mut self.store, None, SERVICE_DESK_INTERFACE)
            .expect("the interface");
        let index = self
            .instance
            .get_export_index(&mut self.store, Some(&desk), name)
            .expect("the function");
        let function = self
            .instance
            .get_typed_func::<Parameters, Results>(&mut self.store, &index)
            .expect("its type");
        function.call(&mut self.store, parameters).expect("no trap")
    }
}
