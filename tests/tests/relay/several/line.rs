//! A line to the database that can be cut, in the middle of whatever goes over it.

use std::io::copy;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

#[derive(Clone)]
pub(super) struct Line {
    pub(super) port: u16,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Line {
    pub(super) fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let line = Self {
            port: listener.local_addr().expect("an address").port(),
            open: Arc::default(),
        };
        let accepting = line.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if let Ok(server) = TcpStream::connect(("127.0.0.1", port)) {
                    accepting.connect(client, server);
                }
            }
        });
        line
    }

    fn connect(&self, client: TcpStream, server: TcpStream) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = [(&client, &server), (&server, &client)];
        for (from, to) in ends {
            let _ = from.set_nodelay(true);
            let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else {
                return;
            };
            thread::spawn(move || {
                let _ = copy(&mut from, &mut to);
                let _ = to.shutdown(Shutdown::Both);
            });
        }
        open.extend([client, server]);
    }

    /// Cuts every connection that goes over it. Returns how many there were.
    pub(super) fn cut(&self) -> usize {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let cut = open
            .drain(..)
            .filter(|end| end.shutdown(Shutdown::Both).is_ok());
        cut.count() / 2
    }
}
