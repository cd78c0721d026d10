//! `psa-build` in a workspace that is not this one: a connector is stamped with what its own manifest says, and what is wrong
//! is said.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use psa_host::{Connector, Limits, NoHttp};
use psa_tests::workspace;

/// A connector of the fewest lines: it says who it is, and refuses everything else.
const SOURCE: &str = r#"
use psa_contract::guest::Guest;
use psa_contract::*;

struct Tiny;

macro_rules! refuse {
    ($($name:ident($($input:ty),*) -> $result:ty;)*) => {
        impl Guest for Tiny {
            fn describe() -> ConnectorDescription {
                ConnectorDescription { vendor: "Tiny".to_owned(), ..ConnectorDescription::default() }
            }
            $(fn $name(_: Vec<Setting>, $(_: $input),*) -> Result<$result, ConnectorError> {
                psa_contract::guest::send(&[]);
                loop {}
            })*
        }
    };
}

refuse! {
    origins() -> OriginList;
    verify(Vec<Operation>) -> Verification;
    list_companies(CompanyQuery) -> CompanyPage;
    list_board_metadata(BoardSelection) -> BoardMetadata;
    check_ticket(TicketDraft) -> TicketCheck;
    create_ticket(TicketDraft) -> CreatedTicket;
    get_ticket(String) -> TicketLookup;
    find_tickets(TicketQuery) -> TicketPage;
    add_note(NoteDraft) -> CreatedNote;
    set_status(StatusChange) -> ChangedTicket;
    list_contacts(ContactQuery) -> ContactPage;
    list_assets(AssetQuery) -> AssetPage;
    list_sites(SiteQuery) -> SitePage;
    attach_asset(String, String) -> AttachedAsset;
}

#[cfg(target_arch = "wasm32")]
psa_contract::guest::export!(Tiny);
"#;

/// It is built without optimisation.
const LARGE: &str =
    "[package.metadata.psa]\nmaximum-bytes = 2_000_000\nmaximum-gzip-bytes = 600_000\n";

#[tokio::test]
async fn a_connector_of_another_workspace_is_built_and_stamped_with_its_own_manifest() {
    let folder = other_workspace("stamped", SOURCE, LARGE);
    let (succeeded, output) = build(&folder);
    assert!(succeeded, "{output}");
    let component = fs::read(others().join("target/tiny-psa.wasm")).expect("the component");
    for text in [
        "tiny-psa",
        "7.8.9",
        "MIT-0",
        "https://example.com/tiny",
        "Of few lines",
    ] {
        assert!(holds(&component, text), "{text} is not in the component");
    }
    let here = env!("CARGO_PKG_REPOSITORY");
    assert!(!holds(&component, here), "{here} is in the component");
    assert!(!holds(&component, &folder.display().to_string()));
    let connector = Connector::from_bytes(&component).expect("a connector");
    let call = connector.call(NoHttp, Limits::default());
    assert_eq!(call.describe().await.expect("who it is").vendor, "Tiny");
}

#[test]
fn what_is_wrong_is_said() {
    let over_budget = "[package.metadata.psa]\nmaximum-bytes = 1000\n";
    let unknown = "[package.metadata.psa]\nmaximum = 1000\n";
    for (name, source, settings, part) in [
        ("over-budget", SOURCE, over_budget, "over its budget by "),
        (
            "unknown-setting",
            SOURCE,
            unknown,
            "unknown field `maximum`",
        ),
        ("no-connector", "", "", "export!"),
        ("does-not-compile", "fn", "", "does not compile: see above"),
    ] {
        let (succeeded, output) = build(&other_workspace(name, source, settings));
        assert!(!succeeded && output.contains(part), "{name}: {output}");
    }
    let (succeeded, output) = run(&workspace(), &["-p", "nobody"]);
    assert!(
        !succeeded && output.contains("has no package `nobody`"),
        "{output}"
    );
}

/// A workspace below the folder for what tests write, with one crate that depends on this workspace's by path. The versions
/// are those of this one, so that nothing is fetched.
fn other_workspace(name: &str, source: &str, settings: &str) -> PathBuf {
    let folder = others().join(name);
    let contract = workspace()
        .join("wit")
        .canonicalize()
        .expect("the contract");
    let manifest = format!(
        r#"[workspace]
[package]
name = "tiny-psa"
version = "7.8.9"
edition = "2024"
license = "MIT-0"
repository = "https://example.com/tiny"
description = "Of few lines"
[dependencies]
psa-contract = {{ path = {:?}, features = ["guest"] }}
{settings}"#,
        contract.display().to_string()
    );
    fs::create_dir_all(folder.join("src")).expect("a folder");
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    fs::write(folder.join("src/lib.rs"), source).expect("a source");
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    // Drops what this crate does not have.
    let locked = Command::new("cargo")
        .args(["update", "--workspace", "--offline", "--quiet"])
        .current_dir(&folder)
        .status();
    assert!(locked.expect("cargo").success());
    folder
}

fn others() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("other-workspaces")
}

fn build(folder: &Path) -> (bool, String) {
    // Without optimisation, which is not what is tested.
    run(folder, &["--profile", "dev"])
}

fn run(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let program = std::env::current_exe().expect("this test's path");
    let program = program
        .ancestors()
        .nth(2)
        .expect("the folder of what is built");
    let output = Command::new(program.join(format!("psa-build{}", std::env::consts::EXE_SUFFIX)))
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_NET_OFFLINE", "true")
        // One for all, so that what they have in common is compiled once.
        .env("CARGO_TARGET_DIR", others().join("target"))
        .output()
        .expect("psa-build runs");
    let texts = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&texts).into_owned(),
    )
}

fn holds(component: &[u8], text: &str) -> bool {
    component
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}
