//! Finds a standard library of Rust for WebAssembly, in this order; `GUEST_TOOLCHAIN` forces one:
//! - `installed`: the target that the Rust on the path already has;
//! - `rustup`: `rustup target add`;
//! - `debian`: Debian's packages, with the standard library compiled from source (needs root, or sudo without a password).

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::manifest::{Connector, TARGET};

const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// A Rust that compiles for WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Toolchain {
    /// The one on the path.
    OnThePath,
    /// Debian's.
    Debian,
}

impl Toolchain {
    /// `forced` is `GUEST_TOOLCHAIN`, or empty.
    pub(crate) fn find(forced: &str) -> Result<Self> {
        if !["", "installed", "rustup", "debian"].contains(&forced) {
            bail!("GUEST_TOOLCHAIN is `{forced}`: it must be `installed`, `rustup` or `debian`");
        }
        let is_tried = |name: &str| forced.is_empty() || forced == name;
        if is_tried("installed") && target_is_installed() {
            return Ok(Self::OnThePath);
        }
        if is_tried("rustup")
            && succeeds("rustup", &["target", "add", TARGET])
            && target_is_installed()
        {
            return Ok(Self::OnThePath);
        }
        if is_tried("debian") && (debian_is_installed() || install_debian()) {
            return Ok(Self::Debian);
        }
        let forced = match forced {
            "" => String::new(),
            name => format!(" with GUEST_TOOLCHAIN={name}"),
        };
        bail!(
            "found no standard library of Rust for {TARGET}{forced}: run `rustup target add {TARGET}`, or on Debian \
             `apt-get install {}`, and repeat",
            DEBIAN_PACKAGES.join(" ")
        )
    }

    /// Cargo of this toolchain, with what it needs. Another compiler's artefacts do not mix with rustup's, so Debian's has a
    /// target folder of its own.
    pub(crate) fn cargo(self, connector: &Connector) -> Result<Command> {
        let target = connector.target_directory();
        Ok(match self {
            Self::OnThePath => {
                let mut command = Command::new("cargo");
                command.env("CARGO_TARGET_DIR", target);
                command
            }
            Self::Debian => {
                let mut command = Command::new("/usr/bin/cargo");
                command
                    .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="])
                    .env("RUSTC", "/usr/bin/rustc")
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
                    .env("CARGO_TARGET_DIR", target.join("guest-debian"));
                command
            }
        })
    }

    pub(crate) fn sysroot(self) -> Result<PathBuf> {
        let rustc = match self {
            Self::OnThePath => "rustc",
            Self::Debian => "/usr/bin/rustc",
        };
        sysroot(rustc).with_context(|| format!("`{rustc}` does not say where it is installed"))
    }
}

fn target_is_installed() -> bool {
    sysroot("rustc").is_some_and(|root| root.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn debian_is_installed() -> bool {
    let programs = ["/usr/bin/cargo", "/usr/bin/rustc", "/usr/bin/wasm-ld-19"];
    programs.iter().all(|it| Path::new(it).is_file())
        && sysroot("/usr/bin/rustc")
            .is_some_and(|root| root.join("lib/rustlib/src/rust/library").is_dir())
}

fn install_debian() -> bool {
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(DEBIAN_PACKAGES);
    eprintln!(
        "psa-build: installing {} with apt-get",
        DEBIAN_PACKAGES.join(" ")
    );
    for as_root in [&[][..], &["sudo", "-n"]] {
        let run = |arguments: &[&str]| {
            let words = [
                as_root,
                &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"],
                arguments,
            ]
            .concat();
            succeeds(words[0], &words[1..])
        };
        if run(&["update"]) && run(&arguments) {
            return debian_is_installed();
        }
    }
    false
}

fn sysroot(rustc: &str) -> Option<PathBuf> {
    let output = Command::new(rustc)
        .args(["--print", "sysroot"])
        .output()
        .ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(path.trim()))
}

/// Whether a program is there and ends well. What it prints goes to standard error.
fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program)
        .args(arguments)
        .stdout(std::io::stderr())
        .status();
    status.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toolchain_that_is_not_known_is_refused_with_those_that_are() {
        let error = Toolchain::find("homebrew").unwrap_err().to_string();
        for part in ["`homebrew`", "`installed`", "`rustup`", "`debian`"] {
            assert!(error.contains(part), "{error}");
        }
    }
}
