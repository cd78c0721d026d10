//! The program of the host that is tested: started, waited for, and ended if it does not end by itself.

use std::ffi::OsString;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use psa_host_conformance::Printed;

use super::text_of;
use crate::failure::Failure;

/// How often it is looked whether the program has ended.
const LOOK: Duration = Duration::from_millis(20);
/// How long the output of a program that has ended may still take: another one that it started may hold it open.
const GRACE: Duration = Duration::from_secs(1);

const NAME_A_PROGRAM: &str =
    "Name the program of your host after `--`, such as: psa-host conform-host -- node my-host.js";

/// Runs the program with these variables, and returns what it printed.
pub(super) fn run_program(
    words: &[OsString],
    variables: &[(String, String)],
    timeout: Duration,
) -> Result<Printed, Failure> {
    let (program, arguments) = words
        .split_first()
        .ok_or_else(|| Failure::usage("there is no program to run", NAME_A_PROGRAM))?;
    let mut child = Command::new(program)
        .args(arguments)
        .envs(variables.iter().cloned())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            Failure::usage(
                format!("cannot run {}: {error}", program.display()),
                NAME_A_PROGRAM,
            )
        })?;
    let output = Collected::of(child.stdout.take());
    let errors = Collected::of(child.stderr.take());
    let end = wait(&mut child, timeout);
    let until = Instant::now() + GRACE;
    while !(output.is_whole() && errors.is_whole()) && Instant::now() < until {
        thread::sleep(LOOK);
    }
    Ok(Printed {
        output: output.text(),
        errors: errors.text(),
        end,
    })
}

/// How the program ended.
fn wait(child: &mut Child, timeout: Duration) -> String {
    let until = Instant::now() + timeout;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return format!("the program ended with {status}"),
            Ok(None) if Instant::now() < until => thread::sleep(LOOK),
            // Whether it had just ended makes no difference.
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                return format!(
                    "the program was ended after {} seconds: see --timeout",
                    timeout.as_secs()
                );
            }
        }
    }
}

/// What a pipe brings, while it comes: a program that prints much must not wait.
struct Collected {
    bytes: Arc<Mutex<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
}

impl Collected {
    fn of(pipe: Option<impl Read + Send + 'static>) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let collected = Arc::clone(&bytes);
        let thread = pipe.map(|mut pipe| {
            thread::spawn(move || {
                let mut buffer = [0; 65_536];
                while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                    let mut bytes = collected.lock().unwrap_or_else(PoisonError::into_inner);
                    bytes.extend_from_slice(&buffer[..count]);
                }
            })
        });
        Self { bytes, thread }
    }

    fn is_whole(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    fn text(&self) -> String {
        text_of(&self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
