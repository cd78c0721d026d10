//! A host of `wasi:http` that calls a service in a fresh instance for each request, as `wasmtime serve` does. Where its requests
//! go is up to the test.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use anyhow::{Context as _, Result, anyhow, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use psa_host::contract::http::Answer;
use psa_host::contract::{Request, Setting};
use psa_tests::{Vendor, bytes_built_from, source_digest, workspace};
use serde_json::Value;
use wasmtime::component::{Component, InstancePre, Linker, ResourceTable};
use wasmtime::{Config, Engine, OptLevel, Store, format_err};
use wasmtime_wasi::{HostMonotonicClock, WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::p2::add_only_http_to_linker_async;
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::{
    Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

/// What comes of a request of the service.
pub(crate) type Sent =
    Pin<Box<dyn Future<Output = Result<http::Response<WasiBody>, Error>> + Send>>;

/// Where its requests go.
pub(crate) trait Network: Send + Sync {
    fn send(&self, request: http::Request<WasiBody>) -> Sent;
}

/// A service, compiled, with what it is called with.
#[derive(Clone)]
pub(crate) struct Host {
    service: ProxyPre<State>,
    environment: Vec<(String, String)>,
    network: Arc<dyn Network>,
}

struct State {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
    network: Hooks,
}

struct Hooks(Arc<dyn Network>);

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        _options: Option<RequestOptions>,
        _processed: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Response, Error>> + Send> {
        let sent = self.0.send(request);
        Box::new(async move {
            let done: Done = Box::new(std::future::ready(Ok(())));
            Ok((sent.await?, done))
        })
    }
}

type Done = Box<dyn Future<Output = Result<(), Error>> + Send>;
type Response = (http::Response<WasiBody>, Done);

impl State {
    fn new(environment: &[(String, String)], network: Arc<dyn Network>) -> Self {
        let clock = Clock(tokio::time::Instant::now());
        let mut wasi = WasiCtx::builder();
        Self {
            wasi: wasi.envs(environment).monotonic_clock(clock).build(),
            http: WasiHttpCtx::new(),
            table: ResourceTable::new(),
            network: Hooks(network),
        }
    }
}

/// The clock of the runtime, which a test can let jump.
struct Clock(tokio::time::Instant);

impl HostMonotonicClock for Clock {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).expect("a short test")
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            hooks: &mut self.network,
            table: &mut self.table,
            ctx: &mut self.http,
        }
    }
}

/// What came of a call of the service.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Value,
}

impl Answered {
    /// The result or the error of the function.
    pub(crate) fn outcome(self) -> Result<Value, Value> {
        if self.status == 200 {
            Ok(self.body)
        } else {
            Err(self.body)
        }
    }
}

impl Host {
    /// The service around a connector, compiled once in a process.
    pub(crate) fn new(vendor: &Vendor, network: Arc<dyn Network>) -> Result<Self> {
        static COMPILED: Mutex<BTreeMap<&str, ProxyPre<State>>> = Mutex::new(BTreeMap::new());
        let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
        let service = match compiled.get(vendor.name) {
            Some(service) => service.clone(),
            None => of_wasmtime(linked(&service(vendor)?).and_then(ProxyPre::new))?,
        };
        compiled.insert(vendor.name, service.clone());
        Ok(Self {
            service,
            environment: Vec::new(),
            network,
        })
    }

    /// The same with these settings and this network.
    pub(crate) fn with(&self, settings: &[Setting], network: Arc<dyn Network>) -> Self {
        let variable = |setting: &Setting| {
            let name = setting.name.to_uppercase().replace('-', "_");
            (format!("PSA_{name}"), setting.value.clone())
        };
        Self {
            environment: settings.iter().map(variable).collect(),
            network,
            ..self.clone()
        }
    }

    /// Calls a function.
    pub(crate) async fn call(&self, function: &str, arguments: &Value) -> Result<Answered> {
        let request = http::Request::post(format!("http://service.example/v1/{function}"))
            .header("content-type", "application/json")
            .body(Full::from(arguments.to_string()))?;
        self.ask(request).await
    }

    /// Sends a request to the service.
    pub(crate) async fn ask(&self, request: http::Request<Full<Bytes>>) -> Result<Answered> {
        let (head, body) = of_wasmtime(self.answer(request).await)?;
        let text = || body.escape_ascii().to_string();
        Ok(Answered {
            status: head.status.as_u16(),
            headers: head.headers,
            body: serde_json::from_slice(&body).with_context(text)?,
        })
    }

    async fn answer(
        &self,
        request: http::Request<Full<Bytes>>,
    ) -> wasmtime::Result<(http::response::Parts, Bytes)> {
        let state = State::new(&self.environment, Arc::clone(&self.network));
        let mut store = Store::new(self.service.engine(), state);
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let request = store
            .data_mut()
            .http()
            .new_incoming_request(Scheme::Http, request)?;
        let out = store.data_mut().http().new_response_outparam(sender)?;
        let service = self.service.instantiate_async(&mut store).await?;
        let handler = service.wasi_http_incoming_handler();
        let answered = async {
            let response = receiver.await?;
            let response = response.map_err(|code| format_err!("{code:?}"))?;
            let (head, body) = response.into_parts();
            wasmtime::Result::Ok((head, body.collect().await?.to_bytes()))
        };
        let (called, answered) =
            tokio::join!(handler.call_handle(&mut store, request, out), answered);
        called?;
        answered
    }
}

fn of_wasmtime<T>(result: wasmtime::Result<T>) -> Result<T> {
    result.map_err(|error| anyhow!("{error:#}"))
}

/// Calls the adapter alone.
pub(crate) async fn send(network: Arc<dyn Network>, requests: Vec<Request>) -> Result<Vec<Answer>> {
    static ADAPTER: LazyLock<Result<InstancePre<State>>> =
        LazyLock::new(|| of_wasmtime(linked(&adapter()?)));
    let adapter = ADAPTER.as_ref().map_err(|error| anyhow!("{error:#}"))?;
    let mut store = Store::new(adapter.engine(), State::new(&[], network));
    let answers = async {
        let instance = adapter.instantiate_async(&mut store).await?;
        let http = instance.get_export_index(&mut store, None, "psa:connector/http@0.2.0");
        let send = instance.get_export_index(&mut store, http.as_ref(), "send");
        let send = send.ok_or_else(|| format_err!("the adapter has no `send`"))?;
        let send = instance.get_typed_func::<(Vec<Request>,), (Vec<Answer>,)>(&mut store, &send)?;
        send.call_async(&mut store, (requests,)).await
    };
    Ok(of_wasmtime(answers.await)?.0)
}

fn linked(component: &[u8]) -> wasmtime::Result<InstancePre<State>> {
    let mut config = Config::new();
    // It is compiled in each run of the tests, and called for seconds.
    config.cranelift_opt_level(OptLevel::None);
    let engine = Engine::new(&config)?;
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    add_only_http_to_linker_async(&mut linker)?;
    linker.instantiate_pre(&Component::new(&engine, component)?)
}

fn adapter() -> Result<Vec<u8>> {
    part("psa-wasi-http", "wasi/parts/adapter.wasm")
}

/// The service around a connector, as `make wasi` builds it, from the sources as they are.
pub(crate) fn service(vendor: &Vendor) -> Result<Vec<u8>> {
    let parts = [
        part("psa-service", "wasi/parts/service.wasm")?,
        part("psa-json", "json/parts/front.wasm")?,
        part(vendor.package, vendor.component)?,
        adapter()?,
    ];
    let path = format!("target/wasi/{}-service.wasm", vendor.name);
    let built = std::fs::read(workspace().join(&path)).context(ADVICE)?;
    ensure!(
        built == psa_compose::compose(&parts)?,
        "{path} was not built from what is beside it; {ADVICE}"
    );
    Ok(built)
}

const ADVICE: &str = "run `make wasi`, then repeat";

fn part(package: &'static str, path: &str) -> Result<Vec<u8>> {
    let sources = source_digest(package)?;
    bytes_built_from(&workspace(), path, &sources).context(ADVICE)
}
