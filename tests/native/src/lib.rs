//! The connectors of this workspace as ordinary Rust, and their recorded cases run through them: without wasmtime, so that
//! a change of a connector is tested within seconds. The same cases run through the components in `psa-tests`.

mod call;
mod check;
mod vendor;

pub use call::call;
pub use check::{Outcome, check, complaints};
pub use vendor::{AUTOTASK, CONNECTWISE, Core, HALOPSA, Native, SAMPLE, Send, VENDORS};

use std::path::{Path, PathBuf};

/// The folder that the workspace is in.
#[must_use]
pub fn workspace() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let workspace = tests.and_then(Path::parent);
    workspace.expect("this package is two folders deep").into()
}
