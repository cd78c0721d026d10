//! Every block of Rust in a document is the text of a source of these tests, so it compiles.

use psa_tests::workspace;

use super::markdown::manuals;
use super::sources_below;

#[test]
fn every_block_of_rust_is_part_of_a_test() {
    let mut sources = Vec::new();
    sources_below(&workspace().join("tests/tests/suite"), &mut sources);
    let mut count = 0;
    for document in manuals() {
        for block in document.blocks() {
            if block.info != "rust" {
                continue;
            }
            count += 1;
            assert!(
                sources.iter().any(|(_, text)| text.contains(&block.text)),
                "{}:{}: no source below tests/tests/suite has this block: copy it from embedding.rs or embedding_live.rs",
                document.path.display(),
                block.line
            );
        }
    }
    assert!(count >= 2, "only {count} blocks were found");
}
