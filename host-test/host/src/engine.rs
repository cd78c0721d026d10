//! The engines that compile guests and give them memory, shared by all connectors of a program. What a call may spend is in
//! `limits.rs`; nothing here depends on a connector.
//!
//! There are two. The first has its memory reserved in advance: a fresh instance takes a place that is ready, with the few
//! pages in it that the guest before has used, set back to zero. It reserves some terabytes of addresses and no memory,
//! which a system may deny. The second asks the system for each instance, and gets along with few addresses.

use std::sync::OnceLock;

use tokio::sync::{Semaphore, SemaphorePermit};
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::meter::TABLE_ENTRIES;

/// Calls that run at once; further ones wait. A call waits for its server most of the time, and an instance in use takes
/// what its guest takes.
const PLACES: u32 = 1_000;
/// A component made from one core module has three instances, two tables and one memory. One with more is run on demand.
const INSTANCES_OF_A_COMPONENT: u32 = 4;
const TABLES_OF_A_COMPONENT: u32 = 2;
/// How much of an instance's memory stays with its place. Most calls take less, and clearing what was used costs less than
/// asking the system for it again, page by page: a sixth of the time of a long list. As many places keep it as were ever in
/// use at once, so a host that makes few calls at once keeps little, and none more than a gibibyte.
const RESIDENT_BYTES: usize = 1 << 20;
/// The same of its tables, of which a connector fills a few kilobytes.
const RESIDENT_TABLE_BYTES: usize = 16 << 10;
/// A place that was used is taken before a new one, unless this many are free: so places are as many as calls at once.
const UNUSED_PLACES: u32 = 16;

/// An engine, and how many of its instances there may be at once.
pub(crate) struct SharedEngine {
    pub(crate) engine: Engine,
    pub(crate) is_pooled: bool,
    places: Semaphore,
}

/// Held as long as an instance lives.
pub(crate) type Place = SemaphorePermit<'static>;

impl SharedEngine {
    /// Waits until there is room for one more instance.
    pub(crate) async fn place(&'static self) -> Option<Place> {
        // An error says that the places were closed, which nobody does.
        self.places.acquire().await.ok()
    }
}

/// The engine with reserved memory. None: the system denies it.
pub(crate) fn pooled() -> Option<&'static SharedEngine> {
    static POOLED: OnceLock<Option<SharedEngine>> = OnceLock::new();
    POOLED
        .get_or_init(|| {
            let engine = Engine::new(&pooled_config()).ok()?;
            let places = Semaphore::new(PLACES as usize);
            Some(SharedEngine {
                engine,
                is_pooled: true,
                places,
            })
        })
        .as_ref()
}

/// The engine that asks for memory as it is needed.
///
/// # Errors
/// The machine does not run WebAssembly; the text says why.
pub(crate) fn on_demand() -> Result<&'static SharedEngine, String> {
    static ON_DEMAND: OnceLock<Result<SharedEngine, String>> = OnceLock::new();
    ON_DEMAND
        .get_or_init(|| {
            let engine = Engine::new(&on_demand_config()).map_err(|error| format!("{error:#}"))?;
            let places = Semaphore::new(Semaphore::MAX_PERMITS);
            Ok(SharedEngine {
                engine,
                is_pooled: false,
                places,
            })
        })
        .as_ref()
        .map_err(Clone::clone)
}

fn pooled_config() -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(PLACES)
        .total_core_instances(PLACES * INSTANCES_OF_A_COMPONENT)
        .max_core_instances_per_component(INSTANCES_OF_A_COMPONENT)
        .total_memories(PLACES)
        .max_memories_per_component(1)
        .total_tables(PLACES * TABLES_OF_A_COMPONENT)
        .max_tables_per_component(TABLES_OF_A_COMPONENT)
        .table_elements(TABLE_ENTRIES)
        .total_stacks(PLACES)
        .linear_memory_keep_resident(RESIDENT_BYTES)
        .table_keep_resident(RESIDENT_TABLE_BYTES)
        // Finds the pages that were used, where the system can tell.
        .pagemap_scan(Enabled::Auto)
        .max_unused_warm_slots(UNUSED_PLACES);
    let mut config = config();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}

/// For a system that is sparing with addresses: a memory is moved when it grows, and its bounds are checked by code.
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
    // Fuel and not epochs: an epoch also passes while a guest waits for a response.
    config.consume_fuel(true);
    config
}

/// An error with its causes, outermost first, without a backtrace.
pub(crate) fn on_one_line(error: &wasmtime::Error) -> String {
    format!("{error:#}").replace('\n', " ")
}
