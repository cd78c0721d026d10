//! A host on wasmtime itself, without the rules that the library puts in front of any HTTP. It is right, or wrong in one way.

use std::collections::BTreeMap;

use psa_host::contract::{
    CompanyPage, CompanyQuery, ConnectorDescription, ConnectorError, CreatedTicket, HTTP_INTERFACE,
    Request, SERVICE_DESK_INTERFACE, Setting, TicketDraft, TicketLookup,
};
use psa_host::{Answer, Connector, NoHttp, Pools};
use psa_host_conformance::{Printed, Report, Server, judge};
use serde::Serialize;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use wasmtime::component::{Component, ComponentNamedList, Instance, Lift, Linker, Lower};
use wasmtime::{Engine, Store};

use super::wrong::Sending;

/// The duties that the first call does not show.
const OF_LATER_CALLS: [&str; 4] = [
    "fresh-instance",
    "stopped-after-a-write",
    "stopped-before-a-write",
    "tenants-stay-apart",
];

/// What all runs share.
pub(super) struct Twin<'a> {
    server: &'a Server,
    engine: Engine,
    component: Component,
    connector: Connector,
    description: ConnectorDescription,
    runtime: Runtime,
}

/// One run.
struct Run<'a> {
    twin: &'a Twin<'a>,
    fault: Option<&'static str>,
    /// Of the call before, for a host that keeps it.
    instance: Option<(Store<Sending>, Instance)>,
    lines: Vec<String>,
}

impl<'a> Twin<'a> {
    pub(super) fn new(server: &'a Server, probe: &[u8]) -> Self {
        let engine = Engine::default();
        // Its worker drives what the host waits for: a handle alone does not.
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let connector = Connector::from_bytes(probe).expect("a connector");
        let describing = connector
            .call(NoHttp, psa_host::Limits::default())
            .describe();
        Self {
            server,
            component: Component::new(&engine, probe).expect("a component"),
            engine,
            description: runtime.block_on(describing).expect("a description"),
            connector,
            runtime,
        }
    }

    /// Makes the calls of a host's program, and judges them.
    pub(super) fn run(&self, fault: Option<&'static str>, only: Option<&str>) -> Report {
        // What an earlier run may have left.
        let _ = self.server.seen();
        let settings = |of: BTreeMap<&'static str, String>| -> Vec<Setting> {
            let only = only.map(|only| ("only", only.to_owned()));
            let all = of.into_iter().chain(only);
            all.map(|(name, value)| Setting {
                name: name.to_owned(),
                value,
            })
            .collect()
        };
        let first = settings(self.server.settings());
        let other = settings(self.server.other_settings());
        let pools = Pools::default();
        let tenants = [
            &first,
            if fault == Some("tenants-stay-apart") {
                &first
            } else {
                &other
            },
        ]
        .map(|settings| {
            Sending::of(
                self.server,
                &self.connector,
                &self.description,
                settings,
                &pools,
                fault,
            )
        });
        let [one, two] = tenants;
        let mut run = Run {
            twin: self,
            fault,
            instance: None,
            lines: Vec::new(),
        };
        let draft = TicketDraft {
            company_id: "1".to_owned(),
            summary: "Probe".to_owned(),
            ..TicketDraft::default()
        };
        run.call::<_, CompanyPage>(
            "list-companies",
            one.clone(),
            (first.clone(), CompanyQuery::default()),
        );
        if only.is_none_or(|only| OF_LATER_CALLS.contains(&only)) {
            run.call::<_, CreatedTicket>("create-ticket", one, (first, draft));
            run.call::<_, TicketLookup>("get-ticket", two, (other, "1".to_owned()));
        }
        let mut printed = Printed {
            output: run.lines.join("\n"),
            ..Printed::default()
        };
        if fault == Some("no-secret-in-output") {
            printed.errors = format!("signed in with {}", self.server.secrets()[0]);
        }
        judge(self.server, &self.server.seen(), &printed, only)
    }
}

impl Run<'_> {
    fn call<P, T>(&mut self, function: &str, sending: Sending, parameters: P)
    where
        P: ComponentNamedList + Lower,
        T: Lift + Serialize + Send + Sync + 'static,
    {
        let kept = self
            .instance
            .take()
            .filter(|_| self.fault == Some("fresh-instance"));
        let (mut store, instance) = kept.unwrap_or_else(|| self.instantiate(sending));
        let desk = instance
            .get_export_index(&mut store, None, SERVICE_DESK_INTERFACE)
            .expect("the interface");
        let index = instance
            .get_export_index(&mut store, Some(&desk), function)
            .expect("the function");
        let function = instance
            .get_typed_func::<P, (Result<T, ConnectorError>,)>(&mut store, index)
            .expect("its type");
        let line = match function.call(&mut store, parameters) {
            Ok((Ok(result),)) => json!(result),
            Ok((Err(error),)) => json!({"error": error}),
            Err(_) => {
                let has_written = match self.fault {
                    Some("stopped-after-a-write") => false,
                    Some("stopped-before-a-write") => true,
                    _ => store.data().has_written,
                };
                let code = if has_written {
                    "outcome-unknown"
                } else {
                    "unavailable"
                };
                json!({"error": {"code": code}})
            }
        };
        self.lines.push(line.to_string());
        self.instance = Some((store, instance));
    }

    fn instantiate(&self, sending: Sending) -> (Store<Sending>, Instance) {
        let mut linker = Linker::<Sending>::new(&self.twin.engine);
        let handle = self.twin.runtime.handle().clone();
        linker
            .instance(HTTP_INTERFACE)
            .expect("an interface")
            .func_wrap("send", move |mut store, (requests,): (Vec<Request>,)| {
                let answers: Vec<Answer> = handle.block_on(store.data_mut().send(requests))?;
                Ok((answers,))
            })
            .expect("the import");
        let mut store = Store::new(&self.twin.engine, sending);
        let instance = linker
            .instantiate(&mut store, &self.twin.component)
            .expect("an instance");
        (store, instance)
    }
}
