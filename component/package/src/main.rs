//! `package-component WORKSPACE CORE_MODULE COMPONENT`: reads the core module, writes the component, prints where it is
//! and how large. Run by `component/build.sh`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use package_component::{package, source_digest};

fn main() -> ExitCode {
    match run() {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String> {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [workspace_root, core_module, component] = arguments.as_slice() else {
        bail!(
            "expected three paths: the workspace, the core module to read, and the component to write"
        );
    };
    let packaged = package(&read(core_module)?, &source_digest(workspace_root)?)?;
    fs::write(component, &packaged)
        .with_context(|| format!("cannot write `{}`", component.display()))?;
    Ok(format!("{}: {} bytes", component.display(), packaged.len()))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))
}
