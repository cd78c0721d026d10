//! Accessibility, by axe-core: of npm, in the version that is named here.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use psa_tests::{tool, workspace};
use serde_json::{Value, json};

use super::browser::Browser;

const VERSION: &str = "4.14.1";

/// Its text. None: npm is not installed. One test installs it, and the others wait for it.
pub(crate) fn axe() -> Option<&'static str> {
    static AXE: OnceLock<Option<String>> = OnceLock::new();
    AXE.get_or_init(installed).as_deref()
}

fn installed() -> Option<String> {
    let npm = tool("npm", "npm")?;
    let folder = workspace().join("target/axe");
    let path: PathBuf = folder.join(format!("{VERSION}/node_modules/axe-core/axe.min.js"));
    if !path.exists() {
        let installed = Command::new(npm)
            .args([
                "install",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--no-save",
            ])
            .arg("--prefix")
            .arg(folder.join(VERSION))
            .arg(format!("axe-core@{VERSION}"))
            .stdin(Stdio::null())
            .output()
            .expect("npm runs");
        let errors = String::from_utf8_lossy(&installed.stderr);
        assert!(
            installed.status.success(),
            "axe-core cannot be had: {errors}"
        );
    }
    Some(fs::read_to_string(path).expect("axe-core"))
}

/// That it finds nothing on the page, in light and in dark, and that the page is not wider than the window.
pub(crate) async fn check(browser: &Browser, axe: &str, name: &str, width: u32) {
    for is_dark in [false, true] {
        browser.looks(width, is_dark).await;
        browser.script(&format!("{axe}; return 0"), json!([])).await;
        let script = "const done = arguments[arguments.length - 1]; \
                      axe.run({resultTypes: ['violations']}).then(it => done(it.violations), it => done(String(it)))";
        let found = browser.script_that_waits(script, json!([])).await;
        let found = found
            .as_array()
            .unwrap_or_else(|| panic!("{name}: {found}"));
        let told: Vec<String> = found.iter().map(told).collect();
        assert!(
            told.is_empty(),
            "{name}, {width} wide, dark: {is_dark}:\n{}",
            told.join("\n")
        );
        let script = "return document.documentElement.scrollWidth";
        let wide = browser.script(script, json!([])).await;
        assert!(
            wide.as_u64() <= Some(width.into()),
            "{name} is {wide} wide in {width}"
        );
    }
    browser.looks(width, false).await;
}

fn told(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().cloned().unwrap_or_default();
    let nodes: Vec<String> = nodes
        .iter()
        .map(|it| format!("{}: {}", it["html"], it["failureSummary"]))
        .collect();
    format!(
        "{} ({}): {}",
        violation["id"],
        violation["impact"],
        nodes.join("; ")
    )
}
