//! What every file of a case has, and what the cases of an operation cover together. Nothing is run here.

use std::collections::{BTreeMap, BTreeSet};

use psa_host::contract::FailureKind;
use psa_recording::{Case, Expectation, Recording};
use psa_tests::{SAMPLE, VENDORS, Vendor, json_files, workspace};

const FEWEST_CASES: usize = 80;

#[test]
fn there_are_as_many_cases_as_were_promised() {
    let count = all().len();
    assert!(count >= FEWEST_CASES, "{count}");
}

#[test]
fn a_case_lies_in_the_folder_of_its_operation() {
    for (name, case) in all() {
        let folder = name.split('/').next().unwrap_or_default();
        // What every operation does has a folder of its own.
        assert!(
            ["settings", "unsupported"].contains(&folder) || folder == case.input.function(),
            "{name} is a case of {}",
            case.input.function()
        );
    }
}

#[test]
fn every_file_says_why_it_exists_and_where_it_is_from() {
    // What cases share is in their folders, too.
    let folders = ["cases", "recordings"];
    let files = folders.map(|folder| json_files(&workspace().join("tests").join(folder)));
    for path in files
        .into_iter()
        .flat_map(|files| files.expect("the files"))
    {
        let recording = Recording::from_file(&path).expect("a recording");
        let name = path.display();
        assert!(recording.docs.trim().ends_with('.'), "{name}: no sentence");
        assert!(recording.provenance.trim().len() > 3, "{name}: from where?");
        assert!(
            !claims_a_recording(&recording.provenance),
            "{name}: recorded by whom, and where? {}",
            recording.provenance
        );
    }
}

#[test]
fn a_claim_of_a_recording_has_to_say_whose() {
    assert!(claims_a_recording("recorded"));
    assert!(claims_a_recording("Captured from a tenant"));
    assert!(!claims_a_recording(
        "recorded at the staging tenant of Example"
    ));
    assert!(!claims_a_recording("page as users of the API recorded it"));
    assert!(!claims_a_recording("composed from the published schema"));
}

/// Each operation that sends something meets each of these in at least one of its cases. What a case is about is read
/// from its exchanges, not from its name.
#[test]
fn the_cases_of_every_operation_cover_what_can_happen() {
    // The sample's are there to be read.
    for vendor in VENDORS.into_iter().filter(|it| it.name != SAMPLE.name) {
        let missing = missing_cases(vendor);
        assert!(missing.is_empty(), "{}: {missing:#?}", vendor.name);
    }
}

fn missing_cases(vendor: &Vendor) -> Vec<String> {
    let mut covered: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let cases = vendor.cases().expect("the cases");
    for (_, case) in &cases {
        covered
            .entry(case.input.function())
            .or_default()
            .extend(happenings(case));
    }
    let mut due: BTreeSet<String> = ["success", "401", "403", "429", "HTML", "truncated", "empty"]
        .map(str::to_owned)
        .into();
    due.extend(FailureKind::ALL.iter().map(|kind| kind.name().to_owned()));
    let mut missing = Vec::new();
    let description = vendor.description();
    for operation in description.operations {
        let found = covered.remove(operation.name()).unwrap_or_default();
        let lacking = due.difference(&found);
        missing.extend(lacking.map(|what| format!("{}: no case with {what}", operation.name())));
    }
    for silent in ["describe", "origins"] {
        let found = covered.remove(silent).unwrap_or_default();
        if !found.contains("success") {
            missing.push(format!("{silent}: no case with success"));
        }
    }
    missing
}

fn all() -> Vec<(String, Case)> {
    let cases = VENDORS.map(|vendor| vendor.cases().expect("the cases"));
    cases.into_iter().flatten().collect()
}

/// Until a tenant's recording exists, nobody may say that there is one.
fn claims_a_recording(provenance: &str) -> bool {
    let text = provenance.to_lowercase();
    let text = ["nobody has recorded", "nobody recorded"]
        .iter()
        .fold(text, |text, denial| text.replace(denial, ""));
    let claims = ["recorded", "recording", "captured"]
        .iter()
        .any(|word| text.contains(word));
    let says_whose = ["recorded at ", "recorded by ", "users of the api recorded"]
        .iter()
        .any(|words| text.contains(words));
    claims && !says_whose
}

fn happenings(case: &Case) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if matches!(case.expect, Expectation::Ok(_)) {
        found.insert("success".to_owned());
    }
    for exchange in &case.exchanges {
        match &exchange.answer {
            Err(failure) => {
                found.insert(failure.kind.name().to_owned());
            }
            Ok(response) => {
                found.insert(response.status.to_string());
                let is_success = (200..300).contains(&response.status);
                match kind_of_body(response.body.as_bytes()) {
                    Some("HTML") => found.insert("HTML".to_owned()),
                    Some(kind) if is_success => found.insert(kind.to_owned()),
                    _ => false,
                };
            }
        }
    }
    found
}

/// None: JSON to its end, or some other text.
fn kind_of_body(body: &[u8]) -> Option<&'static str> {
    if body.is_empty() {
        return Some("empty");
    }
    if body.trim_ascii_start().starts_with(b"<") {
        return Some("HTML");
    }
    let fault = serde_json::from_slice::<serde_json::Value>(body).err()?;
    fault.is_eof().then_some("truncated")
}
