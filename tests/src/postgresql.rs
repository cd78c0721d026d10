//! A real PostgreSQL for tests: in a folder of its own, gone with the process that started it, however that ends.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::tools::tool_in;

/// Who runs it, if the tests are root's: PostgreSQL refuses to be.
const NOBODY: u32 = 65_534;

/// Runs it, and when the process that started it ends, ends it and deletes its folder.
const KEEPER: &str = r#"folder=$0
"$@" >"$folder/log" 2>&1 &
server=$!
read -r _
kill -QUIT $server
wait
rm -rf "$folder""#;

/// A server, with TLS for who wants it. The user `relay` may do everything; the user `encrypted` is let in with TLS only.
pub struct PostgreSql {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    keeper: Option<Child>,
    databases: AtomicUsize,
    /// Whom to trust.
    pub ca_pem: String,
}

impl PostgreSql {
    /// The one of this process. None: PostgreSQL is not installed.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<PostgreSql>> = OnceLock::new();
        // Each test that is left out says so.
        programs()?;
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// One more. None: PostgreSQL is not installed.
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let ca_pem = certificate(folder.path());
        give(folder.path());
        let data = folder.path().join("data").display().to_string();
        let made = as_nobody(&programs.join("initdb"))
            .args([
                "-D",
                &data,
                "-U",
                "relay",
                "--auth=trust",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ])
            .current_dir(folder.path())
            .output()
            .expect("initdb runs");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let rules = folder.path().join("data/pg_hba.conf");
        let usual = fs::read_to_string(&rules).expect("the rules");
        fs::write(
            &rules,
            format!("hostnossl all encrypted all reject\n{usual}"),
        )
        .expect("written");
        let mut server = Self {
            folder: folder.keep(),
            programs,
            port,
            keeper: None,
            databases: AtomicUsize::new(0),
            ca_pem,
        };
        server.run();
        server.command("psql", &["-c", "CREATE USER encrypted", "postgres"]);
        Some(server)
    }

    fn run(&mut self) {
        let file = |name: &str| self.folder.join(name).display().to_string();
        let mut words = words_as_nobody(&self.programs.join("postgres"));
        words.extend([
            "-D".to_owned(),
            file("data"),
            "-p".to_owned(),
            self.port.to_string(),
        ]);
        for (name, value) in [
            ("listen_addresses", "127.0.0.1".to_owned()),
            ("unix_socket_directories", String::new()),
            ("ssl", "on".to_owned()),
            ("ssl_cert_file", file("server.pem")),
            ("ssl_key_file", file("server.key")),
        ] {
            words.extend(["-c".to_owned(), format!("{name}={value}")]);
        }
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER]).arg(&self.folder).args(words);
        keeper
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.keeper = Some(keeper.spawn().expect("a shell"));
        let until = Instant::now() + Duration::from_secs(60);
        let ready = || {
            let mut asked = self.tool("pg_isready");
            asked.arg("-q").status().expect("it runs").success()
        };
        while !ready() {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < until, "PostgreSQL does not start: {log}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The address of a new database, with nothing in it.
    pub fn new_database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test{number}");
        self.command("createdb", &[&name]);
        self.url("relay", &name)
    }

    /// The address of a database for a user.
    #[must_use]
    pub fn url(&self, user: &str, database: &str) -> String {
        format!("postgresql://{user}@localhost:{}/{database}", self.port)
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Runs SQL in a database. Returns what it says, a row in each line.
    pub fn sql(&self, url: &str, sql: &str) -> String {
        let said = self.command("psql", &["--no-psqlrc", "-At", "-c", sql, url]);
        said.trim().to_owned()
    }

    /// Cuts every connection to a database.
    pub fn cut(&self, url: &str) -> String {
        let name = url.rsplit('/').next().unwrap_or_default();
        let sql = format!(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'"
        );
        self.sql(&self.url("relay", "postgres"), &sql)
    }

    fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command
            .env_clear()
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", self.port.to_string());
        command.env("PGUSER", "relay");
        command
    }

    fn command(&self, name: &str, arguments: &[&str]) -> String {
        let output = self.tool(name).args(arguments).output().expect("it runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name} {arguments:?}: {errors}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

impl Drop for PostgreSql {
    fn drop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            let _ = keeper.wait();
        }
    }
}

/// The folder of its programs, which Debian keeps out of the path.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let folders: Vec<PathBuf> = versions.flatten().map(|it| it.path().join("bin")).collect();
    let found = tool_in(&folders, "initdb", "postgresql")?;
    found.parent().map(Path::to_owned)
}

/// A certificate for this machine, which is its own authority.
fn certificate(folder: &Path) -> String {
    let names = ["localhost".to_owned()];
    let parameters = rcgen::CertificateParams::new(names).expect("a name");
    let key = rcgen::KeyPair::generate().expect("a key");
    let pem = parameters.self_signed(&key).expect("a certificate").pem();
    fs::write(folder.join("server.pem"), &pem).expect("written");
    let path = folder.join("server.key");
    fs::write(&path, key.serialize_pem()).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("private");
    pem
}

fn give(folder: &Path) {
    if !is_root() {
        return;
    }
    let entries = fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|it| it.path());
    for path in entries.chain([folder.to_owned()]) {
        chown(&path, Some(NOBODY), Some(NOBODY)).expect("given away");
    }
}

fn words_as_nobody(program: &Path) -> Vec<String> {
    let program = program.display().to_string();
    if is_root() {
        let user = NOBODY.to_string();
        let words = [
            "setpriv",
            "--reuid",
            &user,
            "--regid",
            &user,
            "--clear-groups",
            "--",
            &program,
        ];
        words.map(str::to_owned).to_vec()
    } else {
        vec![program]
    }
}

fn as_nobody(program: &Path) -> Command {
    let words = words_as_nobody(program);
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    command
}

/// The owner of this process's own folder says it.
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}
