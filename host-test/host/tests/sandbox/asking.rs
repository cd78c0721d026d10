//! A guest that sends one request, whatever it is, and says what it was told; and what the request would reach.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use psa_host::contract::{CONNECTOR_WIT, Request};

use crate::guest::{component, module};

/// Where the request lies in the guest's memory.
const REQUEST: u32 = 16_384;

/// Sends the request. What it was told is a list whose address is at 64.
pub(crate) const ASK: &str = "(call $send (i32.const 16384) (i32.const 1) (i32.const 64))";

/// Its `origins` is the message of the failure. It traps unless that is of kind `denied` and the server cannot have acted.
const SAY_THE_DENIAL: &str = "
    (if (i32.ne (i32.load8_u offset=0 (i32.load (i32.const 64))) (i32.const 1)) (then unreachable))
    (if (i32.load8_u offset=4 (i32.load (i32.const 64))) (then unreachable))
    (if (i32.load8_u offset=16 (i32.load (i32.const 64))) (then unreachable))
    (i32.store (i32.const 8196) (i32.const 9000))
    (i32.store (i32.const 8200) (i32.const 1))
    (i32.store (i32.const 9000) (i32.load offset=8 (i32.load (i32.const 64))))
    (i32.store (i32.const 9004) (i32.load offset=12 (i32.load (i32.const 64))))";

/// A guest whose `origins` sends the request and says how it was denied, and whose `verify` does what its body says.
pub(crate) fn guest_that_asks(request: &Request, verify: &str) -> Vec<u8> {
    let origins = format!("{ASK} {SAY_THE_DENIAL}");
    let bodies = [("origins", origins.as_str()), ("verify", verify)];
    component(&module(&bodies, &data(request)), CONNECTOR_WIT)
}

/// The request as the component model lays it out, as a data segment. Without a body.
fn data(request: &Request) -> String {
    let texts_start = REQUEST + 56 + 16 * u32::try_from(request.headers.len()).expect("a few");
    let mut words = Vec::new();
    let mut texts = Vec::new();
    let mut place = |text: &str| {
        let start = texts_start + u32::try_from(texts.len()).expect("short");
        texts.extend_from_slice(text.as_bytes());
        [start, u32::try_from(text.len()).expect("short")]
    };
    words.extend(place(&request.method));
    words.extend(place(&request.url));
    words.extend([
        REQUEST + 56,
        u32::try_from(request.headers.len()).expect("a few"),
    ]);
    // No body, no write, not to be reused, not secret.
    words.extend([0; 8]);
    for (name, value) in &request.headers {
        words.extend(place(name));
        words.extend(place(value));
    }
    let words = words.into_iter().flat_map(u32::to_le_bytes);
    let bytes: String = words
        .chain(texts)
        .map(|byte| format!("\\{byte:02x}"))
        .collect();
    format!("(data (i32.const {REQUEST}) \"{bytes}\")")
}

/// A port of this machine that counts who comes and hangs up.
pub(crate) struct Listener {
    /// On 127.0.0.1. Where the machine has IPv6, the same port of `::1` counts too.
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Listener {
    /// Listens until the process ends.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let of_ipv6 = TcpListener::bind(("::1", address.port())).ok();
        let connections = Arc::new(AtomicUsize::new(0));
        for listener in std::iter::once(listener).chain(of_ipv6) {
            let connections = Arc::clone(&connections);
            std::thread::spawn(move || {
                for stream in listener.incoming() {
                    connections.fetch_add(1, Ordering::SeqCst);
                    drop(stream);
                }
            });
        }
        Self {
            address,
            connections,
        }
    }

    /// How many came, once those on their way have arrived.
    pub(crate) fn connections(&self) -> usize {
        // The kernel completes a connection before it is accepted here.
        std::thread::sleep(Duration::from_millis(50));
        self.connections.load(Ordering::SeqCst)
    }
}
