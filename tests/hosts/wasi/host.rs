//! A host of `wasi:http` that calls a service in a fresh instance for each request, as `wasmtime serve` does. Where its requests
//! go is up to the test.

use std::pin::Pin;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use psa_host::contract::Setting;
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

pub(crate) struct State {
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
    pub(crate) fn new(environment: &[(String, String)], network: Arc<dyn Network>) -> Self {
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
    /// Compiles a service. Without settings.
    pub(crate) fn new(service: &[u8], network: Arc<dyn Network>) -> Result<Self> {
        Ok(Self {
            service: of_wasmtime(linked(service).and_then(ProxyPre::new))?,
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
        // If the service traps, there is no response to wait for.
        let called = handler.call_handle(&mut store, request, out);
        let ((), answered) = tokio::try_join!(called, answered)?;
        Ok(answered)
    }
}

pub(crate) fn of_wasmtime<T>(result: wasmtime::Result<T>) -> Result<T> {
    result.map_err(|error| anyhow!("{error:#}"))
}

pub(crate) fn linked(component: &[u8]) -> wasmtime::Result<InstancePre<State>> {
    let mut config = Config::new();
    // It is compiled in each run of the tests, and called for seconds.
    config.cranelift_opt_level(OptLevel::None);
    let engine = Engine::new(&config)?;
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    add_only_http_to_linker_async(&mut linker)?;
    linker.instantiate_pre(&Component::new(&engine, component)?)
}
