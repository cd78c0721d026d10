//! A port that listens and never answers: proof that nothing was sent to it.

use std::io::Read as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Result;

/// Accepts connections and counts them and what they bring.
pub struct SilentListener {
    /// Where it listens: 127.0.0.1 and a port that was free.
    pub address: SocketAddr,
    connections: Arc<AtomicU64>,
    bytes: Arc<AtomicU64>,
}

impl SilentListener {
    /// Starts to listen, on a thread that ends with the process.
    ///
    /// # Errors
    /// There is no port.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let silent = Self {
            address: listener.local_addr()?,
            connections: Arc::default(),
            bytes: Arc::default(),
        };
        let (connections, bytes) = (Arc::clone(&silent.connections), Arc::clone(&silent.bytes));
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::SeqCst);
                let bytes = Arc::clone(&bytes);
                thread::spawn(move || {
                    let mut buffer = [0; 4096];
                    while let Ok(count @ 1..) = stream.read(&mut buffer) {
                        bytes.fetch_add(count as u64, Ordering::SeqCst);
                    }
                });
            }
        });
        Ok(silent)
    }

    /// How many connections there were, once those on their way have arrived.
    #[must_use]
    pub fn connections(&self) -> u64 {
        // The kernel completes a connection before it is accepted here.
        thread::sleep(Duration::from_millis(50));
        self.connections.load(Ordering::SeqCst)
    }

    /// How many bytes they brought.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::SeqCst)
    }
}
