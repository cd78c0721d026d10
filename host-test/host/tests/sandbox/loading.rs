//! What is refused when a component is loaded.

use psa_host::contract::CONNECTOR_WIT;
use psa_host::{Connector, HTTP_INTERFACE, LoadError, SERVICE_DESK_INTERFACE};

use crate::guest::{component, guest, module};

#[test]
fn a_connector_imports_http_and_nothing_else() {
    let connector =
        Connector::from_bytes(&guest(&[("verify", crate::guest::GET)])).expect("it is one");
    assert_eq!(connector.imports(), [HTTP_INTERFACE]);
    assert_eq!(connector.exports(), [SERVICE_DESK_INTERFACE]);
}

#[test]
fn another_import_is_refused_by_name() {
    let interface = CONNECTOR_WIT.replace("import http;", "import http;\n import clock;")
        + "\ninterface clock { now: func() -> u64; }";
    let imports = r#"(import "psa:connector/clock@0.2.0" "now" (func (result i64)))"#;
    let bytes = component(&module(&[], imports), &interface);
    let Err(LoadError::ForbiddenImports { imports }) = Connector::from_bytes(&bytes) else {
        panic!("a clock was lent");
    };
    assert_eq!(imports, ["psa:connector/clock@0.2.0"]);
}

#[test]
fn another_shape_is_refused_with_the_place() {
    let cases = [
        // A field more, a case more, another version, a function less. Each leaves the module's own signatures alone.
        (
            "http-status: option<u16>,",
            "http-status: option<u32>,",
            "field http-status: expected `u16` found `u32`",
        ),
        (
            "        conflict,\n",
            "        conflict,\n        gone,\n",
            "expected enum of 13",
        ),
        (
            "may-have-acted: bool,",
            "may-have-acted: u8,",
            "may-have-acted",
        ),
        (
            "package psa:connector@0.2.0;",
            "package psa:connector@0.3.0;",
            "0.3.0",
        ),
        (
            "origins: func(settings:",
            "places: func(settings:",
            "no function `origins`",
        ),
    ];
    for (here, there, expected) in cases {
        let interface = CONNECTOR_WIT.replace(here, there);
        assert_ne!(interface, CONNECTOR_WIT, "{here} is not in the interface");
        let mut text = module(&[], "");
        if here.starts_with("package") {
            text = text.replace("@0.2.0", "@0.3.0");
        }
        if here.starts_with("origins") {
            text = text.replace("#origins", "#places");
        }
        let Err(error) = Connector::from_bytes(&component(&text, &interface)) else {
            panic!("{there} was accepted");
        };
        assert!(error.to_string().contains(expected), "{there}: {error}");
    }
}

#[test]
fn what_is_no_component_is_refused() {
    let core_module = wat::parse_str("(module)").expect("valid");
    for bytes in [&b"nothing"[..], &[], &core_module] {
        let error = Connector::from_bytes(bytes).err().expect("refused");
        assert!(matches!(error, LoadError::NotAComponent(_)), "{error}");
    }
}
