//! From the crate to one module of WebAssembly, with Cargo.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use cargo_metadata::Message;

use crate::Options;
use crate::manifest::{Connector, TARGET};
use crate::toolchain::Toolchain;

/// The profile for connectors. A workspace that defines it decides.
const PROFILE: &str = "component";

/// What the profile is where a workspace does not define it: for speed, as one unit, and small in what nobody reads.
const DEFAULT_PROFILE: [&str; 6] = [
    "inherits=\"release\"",
    "opt-level=3",
    "lto=\"fat\"",
    "codegen-units=1",
    "panic=\"abort\"",
    "strip=true",
];

/// 64 KiB of stack instead of 1 MiB halves what a fresh instance costs. With 2 MiB of memory from the start, of which nothing
/// is touched that is not used, a page of a thousand rows is read without asking the host for more. Compressed relocations,
/// a tenth of a module, need the linker to strip.
const LINKER_ARGUMENTS: [&str; 4] = [
    "-Clink-arg=-zstack-size=65536",
    "-Clink-arg=--initial-memory=2097152",
    "-Clink-arg=--compress-relocations",
    "-Clink-arg=--strip-all",
];

/// Compiles the crate; where the module is.
pub(crate) fn module(connector: &Connector, options: &Options) -> Result<PathBuf> {
    let forced = std::env::var("GUEST_TOOLCHAIN").unwrap_or_default();
    let toolchain = Toolchain::find(&forced)?;
    let profile = options.profile.as_deref().unwrap_or(PROFILE);
    let mut command = toolchain.cargo(connector)?;
    command
        .arg("rustc")
        .arg("--manifest-path")
        .arg(&connector.package.manifest_path)
        .args(["--target", TARGET, "--profile", profile])
        .args(["--message-format", "json-render-diagnostics"])
        .stdout(Stdio::piped());
    if connector.workspace_root().join("Cargo.lock").is_file() {
        command.arg("--locked");
    }
    if profile == PROFILE && !defines_profile(connector)? {
        for setting in DEFAULT_PROFILE {
            command.args(["--config", &format!("profile.{PROFILE}.{setting}")]);
        }
    }
    if let Some(features) = &options.features {
        command.args(["--features", features]);
    }
    if connector.has_library() {
        // Alone, whatever the manifest names: beside an `rlib` it would not be optimised as a whole.
        command.args(["--lib", "--crate-type", "cdylib"]);
    }
    // Those of one connector go to its own crate alone, which is where everything is inlined into one module: Cargo compiles
    // what connectors have in common again for each change of the flags that all crates get.
    command.arg("--").args(&connector.settings.rustflags);
    command.env("CARGO_ENCODED_RUSTFLAGS", flags(connector, &toolchain)?);
    let mut child = command.spawn().context("cannot run cargo")?;
    let output = child.stdout.take().context("cargo has no output")?;
    let mut module = None;
    for message in Message::parse_stream(std::io::BufReader::new(output)) {
        if let Message::CompilerArtifact(artifact) = message.context("cargo's output broke off")?
            && artifact.package_id == connector.package.id
        {
            let mut files = artifact.filenames.into_iter();
            module = files.find(|it| it.extension() == Some("wasm")).or(module);
        }
    }
    if !child.wait().context("cannot wait for cargo")?.success() {
        bail!("`{}` does not compile: see above", connector.package.name);
    }
    module.map(Into::into).with_context(|| {
        format!(
            "cargo built no WebAssembly module from `{}`: the package needs a library or a program",
            connector.package.name
        )
    })
}

fn defines_profile(connector: &Connector) -> Result<bool> {
    let path = connector.workspace_root().join("Cargo.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let manifest: toml::Table = toml::from_str(&text)
        .with_context(|| format!("`{}` is not a valid manifest", path.display()))?;
    let profiles = manifest.get("profile").and_then(toml::Value::as_table);
    Ok(profiles.is_some_and(|it| it.contains_key(PROFILE)))
}

/// They go in encoded, which wins over flags that the caller has set, and lets paths hold spaces. No path of this machine
/// lands in the module.
fn flags(connector: &Connector, toolchain: &Toolchain) -> Result<String> {
    let cargo_home = std::env::var_os("CARGO_HOME").map_or_else(
        || {
            let home = std::env::home_dir().unwrap_or_default();
            home.join(".cargo")
        },
        PathBuf::from,
    );
    let remap = |from: PathBuf, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let mut flags: Vec<String> = LINKER_ARGUMENTS.map(str::to_owned).into();
    // The last one that fits counts: a crate's folder within the workspace goes before the workspace.
    flags.extend([
        remap(cargo_home.join("registry/src"), "registry"),
        remap(cargo_home.join("git/checkouts"), "git"),
        remap(toolchain.sysroot()?.join("lib/rustlib/src/rust"), "rust"),
        remap(connector.target_directory().to_owned(), "target"),
        remap(connector.workspace_root().to_owned(), "."),
    ]);
    // Of all crates, so that the flags of another connector are the same and what both need is compiled once. A folder comes
    // after the one that it is in.
    for (folder, name) in connector.all_local_crates() {
        flags.push(remap(folder.to_owned(), name));
    }
    Ok(flags.join("\u{1f}"))
}
