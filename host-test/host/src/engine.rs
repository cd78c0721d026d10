//! What compiles connectors and gives their instances memory. What a call may spend is in `limits.rs`; nothing here depends
//! on a connector.
//!
//! There are two kinds. A pool reserves its memory in advance: a fresh instance takes a slot that is ready, and the few pages
//! that the instance before it used are set back to zero. A pool reserves terabytes of addresses, though no memory, and some
//! systems deny that. The other kind asks the system for each instance and needs few addresses.

use std::sync::{Arc, OnceLock};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::meter::TABLE_ENTRIES;

/// Calls that run at once in the pool of the process; further calls wait. A call waits for its server most of the time, and
/// an instance in use takes only the memory that its connector takes.
const SLOTS_OF_THE_PROCESS: u32 = 1_000;
/// A component made from one core module has three instances, two tables and one memory. A component with more does not fit
/// into a slot.
const INSTANCES_OF_A_COMPONENT: u32 = 4;
const TABLES_OF_A_COMPONENT: u32 = 2;
/// How much of an instance's memory stays with its slot. Most calls take less, and clearing what was used costs less than
/// asking the system for it again, page by page: a sixth of the time of a long list. As many slots keep it as were ever in
/// use at once, so a host that makes few calls at once keeps little, and none keeps more than a gibibyte.
const RESIDENT_BYTES: usize = 1 << 20;
/// The same of its tables, of which a connector fills a few kilobytes.
const RESIDENT_TABLE_BYTES: usize = 16 << 10;
/// A used slot is taken before a new one, unless this many are free: so there are as many slots as calls at once.
const UNUSED_SLOTS: u32 = 16;

/// What compiles connectors and gives their instances memory: an engine of this crate or of your program. Cheap to clone.
///
/// [`Connector::from_bytes`](crate::Connector::from_bytes) and its like share one pool of 1,000 slots in the process;
/// [`ConnectorEngine::set_up_shared`] makes it smaller. With an engine of your own ([`Connector::from_bytes_on`](crate::Connector::from_bytes_on)), you choose how many calls run at
/// once, whether there is a pool, and how code is compiled and cached.
#[derive(Clone)]
pub struct ConnectorEngine {
    pub(crate) engine: Engine,
    pub(crate) is_pooled: bool,
    slots: Arc<Semaphore>,
}

/// Held as long as an instance lives.
pub(crate) type Slot = OwnedSemaphorePermit;

/// Why an engine cannot run connectors. The text says what to change.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The system denies what the engine needs, or does not run WebAssembly.
    #[error("cannot set up the WebAssembly engine: {0}")]
    Setup(String),
    /// [`Limits::fuel`](crate::Limits::fuel) needs it.
    #[error(
        "the engine does not count fuel, so it cannot stop a connector that computes for ever. Turn on \
         `wasmtime::Config::consume_fuel`"
    )]
    WithoutFuel,
}

impl ConnectorEngine {
    /// An engine with a pool of this many slots: so many calls run at once, and further calls wait. Each slot reserves some
    /// gigabytes of addresses.
    ///
    /// # Errors
    /// [`EngineError::Setup`]: the system denies the addresses.
    pub fn pooled(concurrent_calls: u32) -> Result<Self, EngineError> {
        let concurrent_calls = concurrent_calls.max(1);
        let engine = set_up(&pooled_config(concurrent_calls))?;
        Ok(Self {
            engine,
            is_pooled: true,
            slots: slots(concurrent_calls as usize),
        })
    }

    /// An engine without a pool, which asks the system for the memory of each call: for systems with few addresses. So many
    /// calls run at once, and further calls wait.
    ///
    /// # Errors
    /// [`EngineError::Setup`]: the machine does not run WebAssembly.
    pub fn on_demand(concurrent_calls: usize) -> Result<Self, EngineError> {
        Ok(Self {
            engine: set_up(&on_demand_config())?,
            is_pooled: false,
            slots: slots(concurrent_calls),
        })
    }

    /// Your program's own engine, with its pool, cache and compiler settings. So many calls of connectors run at once, and
    /// further calls wait: at most what its pool has left for them. It must count fuel. If it counts epochs too, a connector
    /// lets other tasks run at each.
    ///
    /// # Errors
    /// [`EngineError::WithoutFuel`].
    pub fn of(engine: Engine, concurrent_calls: usize) -> Result<Self, EngineError> {
        wasmtime::Store::new(&engine, ())
            .set_fuel(0)
            .map_err(|_| EngineError::WithoutFuel)?;
        Ok(Self {
            engine,
            is_pooled: false,
            slots: slots(concurrent_calls),
        })
    }

    /// Sets up the pool that [`Connector::from_bytes`](crate::Connector::from_bytes) and its like share, with this many slots in
    /// place of 1,000: each slot takes time, which a program that makes few calls and ends need not spend. A pool that was set
    /// up before stays as it is.
    pub fn set_up_shared(concurrent_calls: u32) {
        // That the system denies it is seen when a connector is loaded, which then needs no pool.
        let _ = shared(concurrent_calls);
    }

    /// Waits until there is room for one more instance.
    pub(crate) async fn slot(&self) -> Option<Slot> {
        // An error says that the slots were closed, which nobody does.
        Arc::clone(&self.slots).acquire_owned().await.ok()
    }
}

/// The pool of the process. None: the system denies it.
pub(crate) fn pooled() -> Option<&'static ConnectorEngine> {
    shared(SLOTS_OF_THE_PROCESS)
}

/// The pool of the process, with this many slots if there was none yet.
fn shared(slots: u32) -> Option<&'static ConnectorEngine> {
    static SHARED: OnceLock<Option<ConnectorEngine>> = OnceLock::new();
    SHARED
        .get_or_init(|| ConnectorEngine::pooled(slots).ok())
        .as_ref()
}

/// The engine of the process that has no pool.
pub(crate) fn on_demand() -> Result<&'static ConnectorEngine, EngineError> {
    static ON_DEMAND: OnceLock<Result<ConnectorEngine, EngineError>> = OnceLock::new();
    ON_DEMAND
        .get_or_init(|| ConnectorEngine::on_demand(Semaphore::MAX_PERMITS))
        .as_ref()
        .map_err(Clone::clone)
}

fn set_up(config: &Config) -> Result<Engine, EngineError> {
    Engine::new(config).map_err(|error| EngineError::Setup(on_one_line(&error)))
}

fn slots(concurrent_calls: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(
        concurrent_calls.clamp(1, Semaphore::MAX_PERMITS),
    ))
}

fn pooled_config(slots: u32) -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(slots)
        .total_core_instances(slots.saturating_mul(INSTANCES_OF_A_COMPONENT))
        .max_core_instances_per_component(INSTANCES_OF_A_COMPONENT)
        .total_memories(slots)
        .max_memories_per_component(1)
        .total_tables(slots.saturating_mul(TABLES_OF_A_COMPONENT))
        .max_tables_per_component(TABLES_OF_A_COMPONENT)
        .table_elements(TABLE_ENTRIES)
        .total_stacks(slots)
        .linear_memory_keep_resident(RESIDENT_BYTES)
        .table_keep_resident(RESIDENT_TABLE_BYTES)
        // Finds the pages that were used, if the system can tell.
        .pagemap_scan(Enabled::Auto)
        .max_unused_warm_slots(UNUSED_SLOTS);
    let mut config = config();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}

/// For a system with few addresses: a memory is moved when it grows, and its bounds are checked by code.
fn on_demand_config() -> Config {
    let mut config = config();
    config
        .memory_reservation(0)
        .memory_reservation_for_growth(1 << 20)
        .memory_guard_size(1 << 16);
    config
}

fn config() -> Config {
    let mut config = Config::new();
    // Fuel and not epochs: an epoch also passes while a connector waits for a response.
    config.consume_fuel(true);
    config
}

/// An error with its causes, outermost first, without a backtrace.
pub(crate) fn on_one_line(error: &wasmtime::Error) -> String {
    format!("{error:#}").replace('\n', " ")
}
