//! The relay, started with nothing set up.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use psa_tests::mock::connectwise::{Server, Tenant};
use psa_tests::{CONNECTWISE, workspace};

pub(crate) const COMPANY: &str = "examplemsp";

pub(crate) struct Program {
    folder: tempfile::TempDir,
    process: Child,
    pub(crate) server: Server,
    pub(crate) page: String,
    pub(crate) intake: String,
}

impl Program {
    pub(crate) fn start() -> Self {
        let server = Server::start(vec![Tenant::example(COMPANY)]).expect("a server");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("ca.pem"), &server.ca_pem).expect("written");
        CONNECTWISE.bytes().expect("a component of these sources");
        let component = workspace().join("target/connectwise-psa.wasm");
        let [page, intake, operation] = [(); 3].map(|()| free_port());
        let configuration = format!(
            "data = 'data'\ntrial = true\n[connectors]\nconnectwise = '{}'\n\
             [intake]\nlisten = '127.0.0.1:{intake}'\n[operation]\nlisten = '127.0.0.1:{operation}'\n\
             [page]\nlisten = '127.0.0.1:{page}'\n\
             [psa]\nallow-private-networks = true\ncertificate-authority = 'ca.pem'\nrequests-per-minute = 0\n\
             [timing]\nsettling = 2\ncall-limit = 20\nlease = 60\nshortest-pause = 0.2\nlongest-pause = 2\n",
            component.display()
        );
        fs::write(folder.path().join("relay.toml"), configuration).expect("written");
        let log = fs::File::create(folder.path().join("log")).expect("a log");
        let mut command = command(&folder);
        let process = command.arg("serve").stderr(log).spawn().expect("it starts");
        Self {
            folder,
            process,
            server,
            page: format!("http://127.0.0.1:{page}"),
            intake: format!("http://127.0.0.1:{intake}"),
        }
    }

    /// A link that opens the page.
    pub(crate) fn link(&self) -> String {
        let output = command(&self.folder).arg("link").output().expect("it runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        let link = String::from_utf8(output.stdout).expect("UTF-8");
        link.trim().to_owned()
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command(folder: &tempfile::TempDir) -> Command {
    let mut command = Command::new(path());
    command
        .arg("--config")
        .arg(folder.path().join("relay.toml"));
    let cache = concat!(env!("CARGO_TARGET_TMPDIR"), "/cache");
    command.env_clear().env("XDG_CACHE_HOME", cache);
    command.stdin(Stdio::null());
    command
}

/// Built beside this test.
fn path() -> PathBuf {
    let test = std::env::current_exe().expect("this test's path");
    let folder = test
        .ancestors()
        .nth(2)
        .expect("the folder of what is built");
    let path = folder.join("psa-relay");
    assert!(
        path.exists(),
        "run `cargo build --workspace --locked`, then repeat"
    );
    path
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
