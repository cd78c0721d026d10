//! Runs a guest once: a fresh store and instance, the limits around it, and the reason where it does not come to its
//! end. Nothing survives a run, so nothing of one tenant can reach another.

use tokio::time::{Instant, timeout_at};
use wasmtime::component::{ComponentNamedList, Lift, Lower};
use wasmtime::{Store, Trap, WasmBacktrace};

use crate::call::CallError;
use crate::connector::{Connector, on_one_line};
use crate::functions::{Function, Functions};
use crate::http::Http;
use crate::lent_http::LentHttp;
use crate::limits::{LimitReached, Limits};
use crate::meter::MemoryMeter;

/// Fuel after which a computing guest lets other calls run: about a millisecond.
const FUEL_BETWEEN_YIELDS: u64 = 1_000_000;

/// What a store holds during a call.
pub(crate) struct CallState {
    pub(crate) http: LentHttp,
    memory: MemoryMeter,
}

/// A guest that did not come to its end.
pub(crate) struct Interrupted {
    pub(crate) error: CallError,
    /// A request that can change something was sent and not shown to be without effect.
    pub(crate) may_have_written: bool,
}

pub(crate) async fn run<Parameters, Results>(
    connector: &Connector,
    http: Box<dyn Http>,
    limits: &Limits,
    function: impl FnOnce(&Functions) -> &Function<Parameters, Results>,
    parameters: Parameters,
) -> Result<Results, Interrupted>
where
    Parameters: ComponentNamedList + Lower + Send + Sync + 'static,
    Results: ComponentNamedList + Lift + Send + Sync + 'static,
{
    let started = Instant::now();
    let prepared = &connector.loaded.prepared;
    let function = function(&connector.loaded.functions);
    let state = CallState {
        http: LentHttp::new(http, limits, started),
        memory: MemoryMeter::new(limits.memory_bytes),
    };
    let mut store = Store::new(prepared.engine(), state);
    store.limiter(|state| &mut state.memory);

    let running = async {
        let instantiation = async {
            store.fuel_async_yield_interval(Some(FUEL_BETWEEN_YIELDS))?;
            store.set_fuel(limits.fuel)?;
            prepared.instantiate_async(&mut store).await
        };
        let instance = instantiation.await.map_err(Stage::Start)?;
        let typed = instance
            .get_typed_func::<Parameters, Results>(&mut store, &function.index)
            .map_err(Stage::Start)?;
        typed
            .call_async(&mut store, parameters)
            .await
            .map_err(Stage::Work)
    };
    let ends = started + limits.effective_wall_clock();
    let error = match timeout_at(ends, running).await {
        Ok(Ok(results)) => return Ok(results),
        Ok(Err(stage)) => explain(function.name, &stage, &store.data().memory, limits),
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
