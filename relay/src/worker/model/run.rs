//! One run of the model, and what must hold after it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::psa::Psa;
use super::{Happening, What};
use crate::alert::{Alert, Status};
use crate::case::{Event, State};
use crate::clock::Clock;
use crate::intake::{Dialect, SourceRules};
use crate::office::{Bell, Office};
use crate::policy::Timing;
use crate::secrets::{Key, Vault};
use crate::store::{AlertFilter, CaseFilter, Sqlite, Store};
use crate::tenant::{PsaCompany, Services, Source, Tenant};
use crate::text::TextRules;
use crate::time::Time;

/// What was seen.
pub(super) struct Seen {
    pub(super) tickets: usize,
    pub(super) crashes: usize,
}

pub(super) struct World {
    pub(super) psa: Psa,
    store: Sqlite,
    pub(super) office: Office,
    worker: JoinHandle<()>,
    /// Never told: a worker of the model ends by being ended.
    _stop: watch::Sender<bool>,
    accepted: u64,
    /// Of each key the number of its last event.
    events: HashMap<u8, u32>,
    crashes: usize,
}

pub(super) fn run(happenings: &[Happening]) -> Result<Seen, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let mut world = World::new().await;
        for happening in happenings {
            world.happen(happening).await;
        }
        world.quiet().await;
        world.judge().await
    })
}

impl World {
    pub(super) async fn new() -> Self {
        let clock = Clock::starting_at(Time(1_800_000_000_000));
        let psa = Psa::new(clock);
        let store = Sqlite::in_memory(timing()).expect("a store");
        let tenant = Tenant {
            id: "t1".to_owned(),
            connector: "model".to_owned(),
            is_enabled: true,
            services: Services {
                closing_status_ids: vec!["503".to_owned()],
                reopening_status_ids: vec!["501".to_owned()],
                default_company: Some(PsaCompany {
                    id: "2".to_owned(),
                    name: "Example".to_owned(),
                }),
                ..Services::default()
            },
            ..Tenant::default()
        };
        store.put_tenant(&tenant).await.expect("a tenant");
        let source = Source {
            id: "s1".to_owned(),
            tenant: "t1".to_owned(),
            name: "Monitoring".to_owned(),
            rules: SourceRules::of(Dialect::Generic),
            text: TextRules::default(),
        };
        store.put_source(&source).await.expect("a source");
        let office = office(&psa, &store, clock, 0);
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn(crate::worker::run(office.clone(), stopped));
        Self {
            psa,
            store,
            office,
            worker,
            _stop: stop,
            accepted: 0,
            events: HashMap::new(),
            crashes: 0,
        }
    }

    async fn happen(&mut self, happening: &Happening) {
        match happening {
            Happening::Alert { key, what } => self.alert(*key, *what).await,
            Happening::Seconds(seconds) => {
                tokio::time::sleep(Duration::from_secs((*seconds).into())).await;
            }
            Happening::Crash { turns } => self.crash(*turns).await,
            Happening::Psa(faults) => self.psa.state().faults.extend(faults),
            Happening::Technician { key, closes } => self.technician(*key, *closes).await,
            Happening::Retry => self.retry().await,
            Happening::Enabled(is_enabled) => self.enable(*is_enabled).await,
        }
    }

    async fn alert(&mut self, key: u8, what: What) {
        let event = self.events.entry(key).or_default();
        if !matches!(what, What::FiresAsBefore) {
            *event += 1;
        }
        let alert = Alert {
            source: "s1".to_owned(),
            key: key.to_string(),
            event: format!("{key}:{event}"),
            summary: "x".to_owned(),
            status: match what {
                What::Fires | What::FiresAsBefore => Status::Firing,
                What::Recovers => Status::Recovered,
                What::Acknowledged => Status::Acknowledged,
            },
            ..Alert::default()
        };
        let now = self.office.clock.now();
        let received = self.store.receive("s1", vec![alert], None, now).await;
        for receipt in received.expect("kept") {
            self.accepted += 1;
            if receipt.has_work {
                self.office.bell.ring("t1");
            }
        }
    }

    /// The process ends wherever it is: at the store, in a call, between both.
    async fn crash(&mut self, turns: u8) {
        self.crashes += 1;
        for turn in 0..turns {
            // Half of them in the middle of calls.
            if turn % 2 == 0 {
                tokio::task::yield_now().await;
            } else {
                tokio::time::sleep(Duration::from_millis(7)).await;
            }
        }
        self.worker.abort();
        while !self.worker.is_finished() {
            tokio::task::yield_now().await;
        }
        // Its workers end, then their calls.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        // Another process: it waits for the lease of the one that ended, unless it is the same one started again.
        let owner = if turns.is_multiple_of(3) {
            self.crashes
        } else {
            0
        };
        self.office = office(&self.psa, &self.store, self.office.clock, owner);
        let (stop, stopped) = watch::channel(false);
        self._stop = stop;
        self.worker = tokio::spawn(crate::worker::run(self.office.clone(), stopped));
    }

    async fn technician(&mut self, key: u8, closes: bool) {
        let filter = CaseFilter {
            limit: Some(1_000),
            ..CaseFilter::default()
        };
        let cases = self.store.cases(&filter).await.expect("cases");
        let of_key = cases.iter().find(|it| it.case.key == key.to_string());
        let Some(reference) = of_key.map(|it| it.case.reference.clone()) else {
            return;
        };
        let mut state = self.psa.state();
        if let Some(ticket) = state
            .tickets
            .iter_mut()
            .find(|it| it.reference == reference)
        {
            ticket.is_closed = closes;
        }
    }

    async fn retry(&mut self) {
        for stored in self.parked().await {
            let now = self.office.clock.now();
            let retried = self.store.apply(stored, Event::Retry, now).await;
            retried.expect("kept");
        }
        self.office.bell.ring("t1");
    }

    async fn parked(&self) -> Vec<crate::store::CaseId> {
        let filter = CaseFilter {
            states: vec!["parked".to_owned()],
            limit: Some(1_000),
            ..CaseFilter::default()
        };
        let parked = self.store.cases(&filter).await.expect("cases");
        parked.into_iter().map(|it| it.id).collect()
    }

    async fn enable(&mut self, is_enabled: bool) {
        let tenant = self.store.tenant("t1").await.expect("read");
        let tenant = Tenant {
            is_enabled,
            ..tenant.expect("the tenant")
        };
        self.store.put_tenant(&tenant).await.expect("kept");
        self.psa.state().is_unauthorized = false;
    }

    /// Nothing goes wrong any more, and everything has time.
    async fn quiet(&mut self) {
        self.psa.state().faults.clear();
        self.psa.state().is_unauthorized = false;
        tokio::time::sleep(Duration::from_secs(2 * 3_600)).await;
        self.retry().await;
        tokio::time::sleep(Duration::from_secs(2 * 3_600)).await;
    }

    async fn judge(self) -> Result<Seen, String> {
        self.worker.abort();
        let everything = AlertFilter {
            limit: Some(100_000),
            ..AlertFilter::default()
        };
        let alerts = self.store.alerts(&everything).await;
        let alerts = alerts.map_err(|error| error.to_string())?;
        if alerts.len() as u64 != self.accepted {
            return Err(format!("{} of {} alerts", alerts.len(), self.accepted));
        }
        let filter = CaseFilter {
            limit: Some(1_000),
            ..CaseFilter::default()
        };
        let cases = self.store.cases(&filter).await;
        let cases = cases.map_err(|error| error.to_string())?;
        let joined = alerts.iter().filter(|alert| alert.case.is_some()).count() as u64;
        let counted: u64 = cases.iter().map(|it| it.case.count).sum();
        if joined != counted {
            return Err(format!(
                "{joined} alerts joined cases, which count {counted}"
            ));
        }
        let opened = {
            let state = self.psa.state();
            if !state.wrongs.is_empty() {
                return Err(state.wrongs.join("; "));
            }
            state.tickets.clone()
        };
        for stored in &cases {
            let case = &stored.case;
            let tickets = opened.iter();
            let tickets: Vec<_> = tickets
                .filter(|it| it.reference == case.reference)
                .collect();
            let [ticket] = tickets.as_slice() else {
                let trail = self.store.trail(stored.id).await.unwrap_or_default();
                return Err(format!(
                    "{} tickets of {case:#?}\n{trail:#?}",
                    tickets.len()
                ));
            };
            let is_known = case.ticket.as_ref().map(|it| it.is_closed);
            if !matches!(case.state, State::Open | State::Closed) {
                return Err(format!("not at rest: {case:#?}"));
            }
            // A closed ticket that a technician opened again is not read.
            if is_known == Some(false) && ticket.is_closed {
                return Err(format!(
                    "the ticket is closed, which nobody noticed: {case:#?}"
                ));
            }
            if case.status == Status::Recovered && case.ended_at.is_none() && !ticket.is_closed {
                return Err(format!("recovered, and its ticket is open: {case:#?}"));
            }
        }
        if opened.len() != cases.len() {
            return Err("a ticket of no case".to_owned());
        }
        Ok(Seen {
            tickets: cases.len(),
            crashes: self.crashes,
        })
    }
}

/// As in production, but for what only costs time here.
fn timing() -> Timing {
    Timing {
        lease: Duration::from_secs(1_200),
        watch_every: Duration::from_secs(900),
        look_every: Duration::from_secs(3_600),
        ..Timing::default()
    }
}

fn office(psa: &Psa, store: &Sqlite, clock: Clock, owner: usize) -> Office {
    Office {
        store: Arc::new(store.clone()),
        desks: Arc::new(psa.clone()),
        vault: Vault::of(&Key::random()),
        clock,
        timing: Arc::new(timing()),
        bell: Bell::default(),
        owner: format!("relay {owner}").into(),
    }
}
