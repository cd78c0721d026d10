//! Mock servers of PSAs: real TLS on a port of the loopback, state in memory, any number of tenants.
//!
//! What every server does is here; what one vendor's answers is a [`Service`] in a folder of its own. A mock knows what the
//! vendor's API is known to do (endpoints, rights, pages, refusals) and misbehaves on command. It knows nothing of the
//! connector, and is nobody's model of anything that is not written in the API's published schemas and guides or seen in
//! recorded responses.
//!
//! ```no_run
//! use psa_tests::mock::connectwise::{Server, Tenant};
//! use psa_tests::mock::{Misbehaviour, Server, When};
//!
//! let server = Server::start(vec![Tenant::example("examplemsp")]).expect("a server");
//! server.misbehave(When::post("/service/tickets").times(1), Misbehaviour::DropAfterCommitting);
//! let settings = server.settings("examplemsp"); // for the connector
//! let authority = &server.ca_pem; // for whoever connects
//! // … a call, then:
//! assert_eq!(server.counts().posts, 1);
//! assert_eq!(server.tenant("examplemsp", |tenant| tenant.tickets().count()), 1);
//! ```

mod answer; // A response before it is sent.
mod asked; // A request as it arrived.
pub mod autotask;
mod body; // Bodies that end, break off, or do not end.
mod certificate; // Certificates.
mod connection; // Connections and what is done to them.
pub mod connectwise;
pub mod halopsa;
mod log; // Counts and the latest requests.
mod misbehaviour; // What goes wrong, and when.
mod rate_limit; // Too many requests.
pub mod sample;
mod service; // What a vendor's mock has to say.
mod silent; // A port that only listens.
mod state; // What connections share.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use psa_host_conformance::Authority;
use tokio::runtime::{Builder, Runtime};

pub use answer::Answer;
pub use asked::Asked;
pub use log::{Counts, Logged};
pub use misbehaviour::{ConnectionFault, Endless, Misbehaviour, When};
pub use rate_limit::RateLimit;
pub use service::Service;
pub use silent::SilentListener;

use certificate::identities;
use state::State;

/// A name that the server's certificate has and no name server knows: for address overrides.
pub const OTHER_NAME: &str = "psa.example.com";

/// A server that runs, on threads of its own, until it is dropped.
pub struct Server<S: Service> {
    /// `https://localhost:PORT`.
    pub origin: String,
    /// `localhost:PORT`: the site in a connector's settings.
    pub site: String,
    /// Where it listens: 127.0.0.1 and the port.
    pub address: SocketAddr,
    /// The certificate of the authority to be trusted, as PEM.
    pub ca_pem: String,
    pub(crate) state: Arc<State<S>>,
    runtime: Option<Runtime>,
}

/// How a server is started.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// The names and addresses of its certificate. Default: localhost, 127.0.0.1, `::1` and [`OTHER_NAME`].
    pub names: Vec<String>,
    /// Whether HTTP/2 is offered beside HTTP/1.1. Default: it is.
    pub http2: bool,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            names: ["localhost", "127.0.0.1", "::1", OTHER_NAME]
                .map(str::to_owned)
                .to_vec(),
            http2: true,
        }
    }
}

impl<S: Service> Server<S> {
    /// Starts a server on a port that is free. When this returns, it listens.
    ///
    /// # Errors
    /// No port, no threads, or no certificate could be had.
    pub fn serve(service: S, options: &ServerOptions) -> Result<Self> {
        let authority = Authority::new("Authority of a stand-in for tests")?;
        let identities = identities(&authority, &options.names, options.http2)?;
        let state = Arc::new(State::new(identities, service));
        let listener = TcpListener::bind("127.0.0.1:0").context("no port of the loopback")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("mock-server")
            .enable_all()
            .build()?;
        let accepting = Arc::clone(&state);
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        runtime.spawn(connection::accept(listener, accepting));
        let site = format!("localhost:{}", address.port());
        Ok(Self {
            origin: format!("https://{site}"),
            site,
            address,
            ca_pem: authority.certificate_pem,
            state,
            runtime: Some(runtime),
        })
    }

    /// Ends it: when this returns, nothing listens and no connection is open. Not to be called inside a runtime.
    pub fn stop(mut self) {
        // Waits for its threads.
        drop(self.runtime.take());
    }

    /// From now on, this happens to such requests. What was asked for first is decided first.
    pub fn misbehave(&self, when: When, misbehaviour: Misbehaviour) {
        self.state.plan().add(when, misbehaviour);
    }

    /// From now on, this decides about each request, in the order of arrival. It must not call the server.
    pub fn misbehave_as(
        &self,
        decide: impl FnMut(&Asked) -> Option<Misbehaviour> + Send + 'static,
    ) {
        self.state.plan().add_decision(Box::new(decide));
    }

    /// The next so many connections go wrong in this way.
    pub fn misbehave_connections(&self, fault: ConnectionFault, times: usize) {
        self.state.plan().add_connections(fault, times);
    }

    /// From now on, nothing goes wrong.
    pub fn behave(&self) {
        self.state.plan().clear();
    }

    /// What happened since the start.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.state.counters.counts()
    }

    /// The latest requests, oldest first.
    #[must_use]
    pub fn log(&self) -> Vec<Logged> {
        self.state.log().all()
    }

    /// Forgets the requests. The counts go on.
    pub fn clear_log(&self) {
        self.state.log().clear();
    }
}

impl<S: Service> Drop for Server<S> {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Not waited for: it may be dropped by a thread that must not block.
            runtime.shutdown_background();
        }
    }
}
