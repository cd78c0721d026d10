//! Autotask's stand-in and the connector against it: what it refuses, how many rounds a call needs, and many writes whose
//! connections are cut.

mod counted; // Rounds and requests.
mod cut; // Writes whose connections are cut.
mod moved; // A tenant in another zone.
mod refused; // What the stand-in refuses, with a plain client.
mod site; // How the connector is set up against the stand-in.
mod values; // Values that became inactive while the host had kept their names.

use psa_tests::mock::autotask::{Server, Tenant};

const USER: &str = "k7d2m9qx4tb1wzn@riverside-msp.example";

fn server() -> Server {
    Server::start(vec![Tenant::example(USER)]).expect("a server")
}
