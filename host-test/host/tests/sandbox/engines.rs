//! Connectors on an engine of the program's own, with a pool and without, and behind a linker of its own.

use std::time::Duration;

use psa_host::contract::{ConnectorError, Operation, Setting, Verification};
use psa_host::wasmtime::component::{Component, Linker};
use psa_host::wasmtime::{
    Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
};
use psa_host::{
    Connector, ConnectorEngine, EngineError, LimitedHttp, Limits, SERVICE_DESK_INTERFACE,
    add_to_linker,
};
use tokio::task::JoinSet;

use crate::backend::{Backend, response};
use crate::guest::{GET, POST, guest};

fn counting_fuel() -> Config {
    let mut config = Config::new();
    config.consume_fuel(true);
    config
}

/// A pool as a program has one, with room for two connectors.
fn with_a_pool_of_two() -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(2)
        .total_core_instances(8)
        .total_memories(2)
        .total_tables(4)
        .total_stacks(2);
    let mut config = counting_fuel();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}

/// A program that stops other components by epochs, and has long run.
fn counting_epochs() -> Engine {
    let mut config = counting_fuel();
    config.epoch_interruption(true);
    let engine = Engine::new(&config).expect("an engine");
    engine.increment_epoch();
    engine
}

#[tokio::test]
async fn calls_run_on_every_kind_of_engine_and_wait_for_their_turn() {
    let own = |config: Config| ConnectorEngine::of(Engine::new(&config).expect("an engine"), 2);
    let engines = [
        ("own, with a pool", own(with_a_pool_of_two())),
        ("own, without a pool", own(counting_fuel())),
        (
            "own, with epochs",
            ConnectorEngine::of(counting_epochs(), 2),
        ),
        ("pooled", ConnectorEngine::pooled(2)),
        ("on demand", ConnectorEngine::on_demand(2)),
    ];
    for (name, engine) in engines {
        let engine = engine.expect(name);
        let bytes = guest(&[("verify", GET)]);
        let connector = Connector::from_bytes_on(&engine, &bytes).expect(name);
        assert_eq!(connector.is_pooled(), name == "pooled", "{name}");
        let mut calls = JoinSet::new();
        for _ in 0..6 {
            let http = Backend::answering(response(200)).after(Duration::from_millis(1));
            let call = connector.call(http, Limits::default());
            calls.spawn(call.verify(Vec::new(), Vec::new()));
        }
        for outcome in calls.join_all().await {
            outcome.expect(name);
        }
    }
}

#[test]
fn an_engine_that_counts_no_fuel_is_refused_with_what_to_turn_on() {
    let refused = ConnectorEngine::of(Engine::default(), 1).err();
    let refused = refused.expect("it cannot stop a connector");
    assert!(matches!(refused, EngineError::WithoutFuel));
    assert!(refused.to_string().contains("consume_fuel"), "{refused}");
}

/// A program's own data of a store.
struct OwnState {
    http: LimitedHttp,
}

#[tokio::test]
async fn a_linker_of_the_programs_own_gets_http_behind_the_same_rules() {
    let engine = Engine::new(&counting_fuel()).expect("an engine");
    let mut linker: Linker<OwnState> = Linker::new(&engine);
    add_to_linker(&mut linker, |state| &mut state.http).expect("the import");
    for (body, has_written) in [(GET, false), (POST, true)] {
        let component = Component::from_binary(&engine, &guest(&[("verify", body)]));
        let backend = Backend::answering(response(200));
        let limits = Limits {
            requests: 1,
            ..Limits::default()
        };
        let http = LimitedHttp::new(backend.clone(), &limits);
        let mut store = Store::new(&engine, OwnState { http });
        store.set_fuel(1_000_000).expect("it counts fuel");
        let instance = linker
            .instantiate_async(&mut store, &component.expect("a component"))
            .await
            .expect("an instance");
        let desk = instance
            .get_export_index(&mut store, None, SERVICE_DESK_INTERFACE)
            .expect("the interface");
        let verify = instance
            .get_export_index(&mut store, Some(&desk), "verify")
            .expect("the function");
        let verify = instance
            .get_typed_func::<(Vec<Setting>, Vec<Operation>), (Result<Verification, ConnectorError>,)>(
                &mut store, &verify,
            )
            .expect("the contract's type");
        for _ in 0..2 {
            let (outcome,) = verify
                .call_async(&mut store, (Vec::new(), Vec::new()))
                .await
                .expect("no trap");
            outcome.expect("a verification");
        }
        // The second request was one too many.
        assert_eq!(backend.asked().len(), 1);
        assert_eq!(store.data().http.may_have_written(), has_written);
    }
}
