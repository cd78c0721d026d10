//! Builds a connector: from a crate in any Cargo workspace to the component that hosts load.
//!
//! In scope:
//! - finding a standard library of Rust for `wasm32-unknown-unknown`;
//! - compiling the crate as one module, with the profile and the linker's settings that suit a sandbox;
//! - encoding the component, and stamping it with the name, version, licence, description and repository of *that crate's*
//!   manifest, and with a digest of its sources;
//! - checking that it imports HTTP and nothing else, exports the service desk, and keeps its budget of bytes.
//!
//! Out of scope: tests of the connector (`psa-host conform`), and publishing.
//!
//! The crate's manifest may set its budget and flags of the compiler:
//!
//! ```toml
//! [package.metadata.psa]
//! maximum-bytes = 500_000
//! maximum-gzip-bytes = 180_000
//! rustflags = []
//! ```
//!
//! A component that was built before its sources changed is stale: [`source_digest`] is what [`embedded_digest`] has to be.
//! Sources are `Cargo.toml` and `Cargo.lock` of the workspace, and all files of the crate and of each crate that it takes from
//! a folder, without hidden files, `target/`, `tests/`, `benches/`, `examples/` and `*.wasm`.
//!
//! ```no_run
//! let built = psa_build::build(&psa_build::Options {
//!     package: Some("example-psa".to_owned()),
//!     ..psa_build::Options::default()
//! })?;
//! println!("{}: {} bytes", built.path.display(), built.bytes);
//! # Ok::<(), anyhow::Error>(())
//! ```

mod compile;
mod digest;
mod manifest;
mod packaging;
mod toolchain;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

pub use digest::{DIGEST_SECTION, embedded_digest};
pub use packaging::{EXPORT, Edge, ONLY_IMPORT, edge, gzip_bytes};

use manifest::Connector;
use packaging::Stamp;

/// What to build, and how. The default builds the package of the current folder.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The crate's `Cargo.toml`, or its workspace's. None: the nearest one from the current folder upwards.
    pub manifest_path: Option<PathBuf>,
    /// The package. None: the one that the manifest is of.
    pub package: Option<String>,
    /// Features of it, separated by commas.
    pub features: Option<String>,
    /// Cargo's profile. None: `component`, which the workspace may define; otherwise it is optimised for speed.
    pub profile: Option<String>,
    /// What to write. None: `<package>.wasm` in the workspace's target folder.
    pub output: Option<PathBuf>,
    /// Lets the component import more than HTTP: for tests of hosts, which have to refuse it.
    pub may_import_anything: bool,
    /// What it must export. None: the service desk. For what goes around a connector.
    pub export: Option<String>,
}

/// A component that was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// Where it is.
    pub path: PathBuf,
    /// How large it is.
    pub bytes: usize,
    /// How large it is in gzip.
    pub gzip_bytes: usize,
}

/// Compiles, packages, stamps and checks a connector.
///
/// # Errors
/// What went wrong and what to do: no such package, no standard library, a compiler's error (which Cargo has printed), a
/// module that does not export the service desk, an import beside HTTP, too many bytes.
pub fn build(options: &Options) -> Result<Built> {
    let connector = Connector::find(options.manifest_path.as_deref(), options.package.as_deref())?;
    let module = compile::module(&connector, options)?;
    let stamp = Stamp {
        name: &connector.package.name,
        version: &connector.package.version.to_string(),
        description: connector.package.description.as_deref(),
        license: connector.package.license.as_deref(),
        repository: connector.package.repository.as_deref(),
        source_digest: &connector.source_digest()?,
    };
    let core_module =
        fs::read(&module).with_context(|| format!("cannot read `{}`", module.display()))?;
    let component = packaging::package(
        &core_module,
        &stamp,
        options.may_import_anything,
        options.export.as_deref().unwrap_or(EXPORT),
    )?;
    let gzip_bytes = gzip_bytes(&component);
    packaging::check_budget(&connector.settings, component.len(), gzip_bytes)?;
    let path = options.output.clone().unwrap_or_else(|| {
        let name = format!("{}.wasm", connector.package.name);
        connector.target_directory().join(name)
    });
    let cannot_write = || format!("cannot write `{}`", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(cannot_write)?;
    }
    fs::write(&path, &component).with_context(cannot_write)?;
    Ok(Built {
        path,
        bytes: component.len(),
        gzip_bytes,
    })
}

/// The digest of the sources that a package's component is made from, to be compared with [`embedded_digest`].
///
/// # Errors
/// There is no such package, or a source cannot be read.
pub fn source_digest(manifest_path: &std::path::Path, package: &str) -> Result<String> {
    Connector::find(Some(manifest_path), Some(package))?.source_digest()
}
