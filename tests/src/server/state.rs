//! What the connections of a server share.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::answer::Answer;
use super::asked::Asked;
use super::certificate::Identities;
use super::kept_answers::KeptAnswers;
use super::log::{Counters, Log};
use super::misbehaviour::Plan;
use super::routes;
use super::tenant::Tenant;

pub(super) struct State {
    pub(super) identities: Identities,
    pub(super) counters: Counters,
    tenants: Mutex<HashMap<String, Tenant>>,
    plan: Mutex<Plan>,
    log: Mutex<Log>,
    kept_answers: Option<Mutex<KeptAnswers>>,
}

impl State {
    pub(super) fn new(identities: Identities, tenants: Vec<Tenant>, keeps_answers: bool) -> Self {
        let tenants = tenants
            .into_iter()
            .map(|tenant| (tenant.company_id.clone(), tenant))
            .collect();
        Self {
            identities,
            counters: Counters::default(),
            tenants: Mutex::new(tenants),
            plan: Mutex::default(),
            log: Mutex::default(),
            kept_answers: keeps_answers.then(Mutex::default),
        }
    }

    pub(super) fn tenants(&self) -> MutexGuard<'_, HashMap<String, Tenant>> {
        locked(&self.tenants)
    }

    pub(super) fn plan(&self) -> MutexGuard<'_, Plan> {
        locked(&self.plan)
    }

    pub(super) fn log(&self) -> MutexGuard<'_, Log> {
        locked(&self.log)
    }

    /// Acts on a request: the answer of the tenant whose credentials it carries.
    pub(super) fn act(&self, asked: &Asked, body: &Bytes) -> Answer {
        match &self.kept_answers {
            Some(kept) => locked(kept).answer(asked, || self.act_anew(asked, body)),
            None => self.act_anew(asked, body),
        }
    }

    fn act_anew(&self, asked: &Asked, body: &Bytes) -> Answer {
        let mut tenants = self.tenants();
        let path = asked.decoded_path();
        if let Some(company) = path.strip_prefix("/login/companyinfo/") {
            return routes::company_info(asked, tenants.get(company));
        }
        let Some(path) = asked.api_path() else {
            return Answer::no_such_page();
        };
        let Some(company) = &asked.company else {
            return Answer::not_authenticated();
        };
        match tenants.get_mut(company) {
            Some(tenant) => routes::answer(asked, path, tenant, body),
            None => Answer::cannot_route(),
        }
    }
}

/// A test that panics while it holds a lock has failed already; the others go on.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
