//! Rules about the sources and the component that no compiler enforces.

use psa_tests::component;

#[test]
fn the_component_imports_http_and_nothing_else() {
    let connector = component().expect("the component");
    assert_eq!(connector.imports(), ["psa:connector/http@0.1.0"]);
}
