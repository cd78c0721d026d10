//! Runs a guest once: a fresh store and instance, the limits around it, and the reason if it does not come to its
//! end. Nothing survives a run, so nothing of one tenant can reach another; the one exception is made to find out whether
//! a connector would make use of it, and what it saves.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::{Instant, timeout_at};
use wasmtime::component::{ComponentNamedList, Instance, Lift, Lower};
use wasmtime::{Store, Trap, WasmBacktrace};

use crate::call_error::CallError;
use crate::connector::Connector;
use crate::engine::{Slot, on_one_line};
use crate::functions::{Function, Functions};
use crate::http::Http;
use crate::limited_http::{LimitedHttp, RequestRules};
use crate::limits::{LimitReached, Limits};
use crate::meter::MemoryMeter;
use crate::state::CallState;
use crate::trace;

/// Fuel after which a computing guest lets other calls run: about a millisecond.
const FUEL_BETWEEN_YIELDS: u64 = 4_000_000;

/// One call, whatever its function.
pub(crate) struct Run {
    pub(crate) connector: Connector,
    pub(crate) http: Box<dyn Http>,
    pub(crate) rules: RequestRules,
    pub(crate) limits: Limits,
    pub(crate) usage: Option<Arc<Mutex<Usage>>>,
    pub(crate) kept: Option<KeptGuest>,
}

/// A guest that did not come to its end.
pub(crate) struct Interrupted {
    pub(crate) error: CallError,
    /// A request that can change something was sent and not shown to be without effect.
    pub(crate) may_have_written: bool,
}

/// What a call used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Units of computing, as [`Limits::fuel`] counts them. The same call uses the same.
    pub fuel: u64,
    /// Linear memory at its largest.
    pub memory_bytes: usize,
}

/// An instance that serves several calls, one after the other: for the check that a connector keeps no state, and
/// for measuring what a fresh one costs. Empty until the first call.
#[derive(Clone, Default)]
pub struct KeptGuest(Arc<Mutex<Option<Guest>>>);

/// A store with its one instance.
struct Guest {
    store: Store<CallState>,
    instance: Instance,
    /// Given back after the store.
    slot: Option<Slot>,
}

pub(crate) async fn run<Parameters, Results>(
    run: Run,
    function: impl FnOnce(&Functions) -> &Function<Parameters, Results>,
    parameters: Parameters,
) -> Result<Results, Interrupted>
where
    Parameters: ComponentNamedList + Lower + Send + Sync + 'static,
    Results: ComponentNamedList + Lift + Send + Sync + 'static,
{
    let Run {
        connector,
        http,
        rules,
        limits,
        usage,
        kept,
    } = run;
    let function = function(&connector.loaded.functions);
    // Before the store, so that the slot is free only after it.
    let (slot, there) = match kept.as_ref().and_then(KeptGuest::take) {
        Some(guest) => (guest.slot, Some((guest.store, guest.instance))),
        None => (connector.loaded.engine.slot().await, None),
    };
    // The time of a call begins with its slot: a full host is not the connector's fault.
    let started = Instant::now();
    let http = LimitedHttp::with_rules(http, rules, &limits, started);
    let (mut store, instance) = match there {
        Some((mut store, instance)) => {
            store.data_mut().http = http;
            (store, Some(instance))
        }
        None => (new_store(&connector, http, &limits), None),
    };

    let running = async {
        store.set_fuel(limits.fuel).map_err(Stage::Start)?;
        let instance = match instance {
            Some(instance) => instance,
            None => connector
                .loaded
                .prepared
                .instantiate_async(&mut store)
                .await
                .map_err(Stage::Start)?,
        };
        let typed = instance
            .get_typed_func::<Parameters, Results>(&mut store, &function.index)
            .map_err(Stage::Start)?;
        let results = typed.call_async(&mut store, parameters).await;
        Ok((instance, results.map_err(Stage::Work)?))
    };
    let ends = started + limits.effective_wall_clock();
    let outcome = timeout_at(ends, trace::of_call(function.name, running)).await;
    if let Some(usage) = usage {
        let used = Usage {
            // It can always be read: without fuel, no connector is loaded.
            fuel: limits
                .fuel
                .saturating_sub(store.get_fuel().unwrap_or_default()),
            memory_bytes: store.data().memory.used_bytes(),
        };
        *usage.lock().unwrap_or_else(PoisonError::into_inner) = used;
    }
    let error = match outcome {
        Ok(Ok((instance, results))) => {
            if let Some(kept) = kept {
                kept.put(Guest {
                    store,
                    instance,
                    slot,
                });
            }
            return Ok(results);
        }
        Ok(Err(stage)) => explain(function.name, &stage, &store.data().memory, &limits),
        Err(_) => CallError::Stopped {
            function: function.name,
            limit: LimitReached::WallClock {
                limit: limits.effective_wall_clock(),
            },
        },
    };
    Err(Interrupted {
        error,
        may_have_written: store.data().http.may_have_written(),
    })
}

fn new_store(connector: &Connector, http: LimitedHttp, limits: &Limits) -> Store<CallState> {
    let state = CallState {
        http,
        memory: MemoryMeter::new(limits.memory_bytes),
    };
    let mut store = Store::new(connector.loaded.prepared.engine(), state);
    store.limiter(|state| &mut state.memory);
    // For an engine that counts epochs: without this, its first one would stop the guest.
    store.epoch_deadline_async_yield_and_update(1);
    // Refused only by an engine that counts no fuel, on which no connector is loaded.
    let _ = store.fuel_async_yield_interval(Some(FUEL_BETWEEN_YIELDS));
    store
}

impl KeptGuest {
    fn take(&self) -> Option<Guest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, guest: Guest) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(guest);
    }
}

/// Where the engine reported an error.
enum Stage {
    /// While the instance was made: a trap is the guest's doing, anything else the host's.
    Start(wasmtime::Error),
    /// In the function itself: a trap, or an answer that breaks the rules of the interface.
    Work(wasmtime::Error),
}

fn explain(
    function: &'static str,
    stage: &Stage,
    memory: &MemoryMeter,
    limits: &Limits,
) -> CallError {
    let (Stage::Start(error) | Stage::Work(error)) = stage;
    let trap = error.downcast_ref::<Trap>();
    if memory.limit_was_reached() {
        let bytes = limits.memory_bytes;
        let limit = LimitReached::Memory { bytes };
        return CallError::Stopped { function, limit };
    }
    if matches!(trap, Some(Trap::OutOfFuel)) {
        let limit = LimitReached::Computing { fuel: limits.fuel };
        return CallError::Stopped { function, limit };
    }
    if matches!(stage, Stage::Start(_)) && trap.is_none() {
        return CallError::Host(on_one_line(error));
    }
    CallError::Trapped {
        function,
        message: error.root_cause().to_string().replace('\n', " "),
        backtrace: error
            .downcast_ref::<WasmBacktrace>()
            .map(ToString::to_string)
            .unwrap_or_default(),
    }
}
