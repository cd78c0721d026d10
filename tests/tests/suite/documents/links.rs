//! Every relative link of a document leads to a file that exists, and to a heading of it.

use std::path::Path;

use psa_tests::workspace;

use super::markdown::{Document, manuals};

const OTHERS: [&str; 4] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
];

#[test]
fn every_relative_link_leads_to_a_file_and_a_heading() {
    let mut documents = manuals();
    documents.extend(OTHERS.map(Document::read));
    let mut count = 0;
    let mut broken = Vec::new();
    for document in &documents {
        for destination in document.destinations() {
            if destination.starts_with("https://") {
                continue;
            }
            count += 1;
            if let Some(problem) = problem(document, &destination) {
                broken.push(format!(
                    "{}: {destination}: {problem}",
                    document.path.display()
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(count > 30, "only {count} links were found");
}

fn problem(document: &Document, destination: &str) -> Option<&'static str> {
    let (file, heading) = destination.split_once('#').unwrap_or((destination, ""));
    let folder = document.path.parent().unwrap_or(Path::new(""));
    let path = if file.is_empty() {
        document.path.clone()
    } else {
        folder.join(file)
    };
    if !workspace().join(&path).exists() {
        return Some("there is no such file");
    }
    let has_heading = || {
        Document::read(&path)
            .anchors()
            .iter()
            .any(|anchor| anchor == heading)
    };
    (!heading.is_empty() && !has_heading()).then_some("there is no such heading")
}
