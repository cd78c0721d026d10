//! `psa-build` in a workspace that is not this one: a connector is stamped with what its own manifest says, and what is wrong
//! is said.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use psa_host::{Connector, Limits, NoHttp};
use psa_tests::workspace;

/// A connector of the fewest lines: it says who it is, and does nothing else.
const SOURCE: &str = r#"
use psa_contract::guest::Guest;
use psa_contract::*;

struct Tiny;

macro_rules! refuse {
    ($($name:ident($($input:ty),*) -> $result:ty;)*) => {
        impl Guest for Tiny {
            fn describe() -> ConnectorDescription {
                // May panic, which names the file of the crate that it is in.
                let vendor = helper::present(std::hint::black_box(Some("Tiny")));
                ConnectorDescription { vendor: vendor.to_owned(), ..ConnectorDescription::default() }
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

/// Asks its surroundings for the time.
const CLOCK: &str = r#"
#[link(wasm_import_module = "clock")]
unsafe extern "C" {
    fn now() -> u32;
}
#[unsafe(no_mangle)]
extern "C" fn time() -> u32 {
    unsafe { now() }
}
"#;

const HELPER_MANIFEST: &str = r#"[workspace]
[package]
name = "helper"
version = "0.1.0"
edition = "2024"
"#;

const HELPER: &str = "pub fn present(text: Option<&str>) -> &str { text.unwrap() }";

#[tokio::test]
async fn a_connector_of_another_workspace_is_built_and_stamped_with_its_own_manifest() {
    let component = &tiny().component;
    for text in [
        "tiny-psa",
        "7.8.9",
        "MIT-0",
        "https://example.com/tiny",
        "Of few lines",
    ] {
        assert!(holds(component, text), "{text} is not in the component");
    }
    let here = env!("CARGO_PKG_REPOSITORY");
    assert!(!holds(component, here), "{here} is in the component");
    let connector = Connector::from_bytes(component).expect("a connector");
    let call = connector.call(NoHttp, Limits::default());
    assert_eq!(call.describe().await.expect("who it is").vendor, "Tiny");
}

#[test]
fn no_path_of_the_machine_is_in_a_component() {
    let component = &tiny().component;
    // Of a crate outside the workspace of the connector.
    assert!(holds(component, "helper/src/lib.rs"));
    let folder = tiny().folder.display().to_string();
    assert!(!holds(component, &folder), "{folder} is in the component");
}

#[test]
fn a_component_in_the_folder_of_its_crate_is_not_a_source_of_itself() {
    let built_from = psa_build::embedded_digest(&tiny().component).expect("a digest");
    assert_eq!(built_from, tiny().sources_afterwards);
}

#[test]
fn what_is_wrong_is_said() {
    let others = tempfile::tempdir().expect("a folder");
    let importing = format!("{SOURCE}{CLOCK}");
    let over_budget = "[package.metadata.psa]\nmaximum-bytes = 1000\n";
    let unknown = "[package.metadata.psa]\nmaximum = 1000\n";
    for (source, settings, part) in [
        (SOURCE, over_budget, "over its budget by "),
        (SOURCE, unknown, "unknown field `maximum`"),
        (&importing, "", "`clock::now`"),
        (&importing, "", "needs more than HTTP"),
        ("", "", "export!"),
        ("fn", "", "does not compile: see above"),
    ] {
        let (succeeded, output) = build(&other_workspace(others.path(), "wrong", source, settings));
        assert!(!succeeded && output.contains(part), "{part}: {output}");
    }
    for (arguments, part) in [
        (&["-p", "nobody"][..], "has no package `nobody`"),
        (&[], "name a package with `-p`"),
        (
            &["-p", "nobody", "-p", "else", "--output", "one.wasm"],
            "--output names one file",
        ),
        (
            &["--manifest-path", "none/Cargo.toml"],
            "`none/Cargo.toml` does not exist",
        ),
    ] {
        let (succeeded, output) = run(&workspace(), arguments);
        assert!(
            !succeeded && output.contains(part),
            "{arguments:?}: {output}"
        );
    }
}

/// A workspace in the folder `others`, with one crate of this name. It depends by path on the contract of this workspace and on
/// a crate beside its own. The versions are those of this workspace, so that nothing is fetched.
fn other_workspace(others: &Path, name: &str, source: &str, settings: &str) -> PathBuf {
    let folder = others.join(name);
    let contract = workspace()
        .join("wit")
        .canonicalize()
        .expect("the contract");
    let manifest = format!(
        r#"[workspace]
[package]
name = "{name}"
version = "7.8.9"
edition = "2024"
license = "MIT-0"
repository = "https://example.com/tiny"
description = "Of few lines"
[dependencies]
helper = {{ path = "../{name}-helper" }}
psa-contract = {{ path = {:?}, features = ["guest"] }}
{settings}"#,
        contract.display().to_string()
    );
    fs::create_dir_all(folder.join("src")).expect("a folder");
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    fs::write(folder.join("src/lib.rs"), source).expect("a source");
    let helper = others.join(format!("{name}-helper"));
    fs::create_dir_all(helper.join("src")).expect("a folder");
    fs::write(helper.join("Cargo.toml"), HELPER_MANIFEST).expect("a manifest");
    fs::write(helper.join("src/lib.rs"), HELPER).expect("a source");
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    // Drops what this crate does not have.
    let locked = Command::new("cargo")
        .args(["update", "--workspace", "--offline", "--quiet"])
        .current_dir(&folder)
        .status();
    assert!(locked.expect("cargo").success());
    folder
}

struct Tiny {
    /// Where it was built; deleted since.
    folder: PathBuf,
    component: Vec<u8>,
    sources_afterwards: String,
}

/// Built once. Its manifest names kinds of a library as most crates of components do, and there is a program beside it,
/// which is not what the component is made of.
fn tiny() -> &'static Tiny {
    static BUILT: LazyLock<Tiny> = LazyLock::new(|| {
        let crate_type = "[lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n";
        let temporary = tempfile::tempdir().expect("a folder");
        let others = temporary.path().canonicalize().expect("a folder");
        let folder = other_workspace(&others, "tiny-psa", SOURCE, crate_type);
        fs::write(folder.join("src/main.rs"), "fn main() {}").expect("a program");
        let (succeeded, output) = build(&folder);
        assert!(succeeded, "{output}");
        let manifest = folder.join("Cargo.toml");
        let sources = psa_build::source_digest(&manifest, "tiny-psa");
        Tiny {
            component: fs::read(folder.join("built.wasm")).expect("the component"),
            sources_afterwards: sources.expect("the sources"),
            folder: others,
        }
    });
    &BUILT
}

fn build(folder: &Path) -> (bool, String) {
    run(folder, &["--output", "built.wasm"])
}

fn run(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let program = std::env::current_exe().expect("this test's path");
    let programs = program
        .ancestors()
        .nth(2)
        .expect("the folder of what is built");
    let output = Command::new(programs.join(format!("psa-build{}", std::env::consts::EXE_SUFFIX)))
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_NET_OFFLINE", "true")
        // That of this workspace, where most of what they have in common is compiled already.
        .env(
            "CARGO_TARGET_DIR",
            programs.parent().expect("the target folder"),
        )
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
