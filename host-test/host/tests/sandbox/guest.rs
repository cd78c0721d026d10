//! Makes components of a few lines: every function returns zeros, which is an empty success, unless a test says what it
//! does instead.

use psa_host::contract::CONNECTOR_WIT;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Sends one GET, or one POST, to `https://psa.example/`.
pub(crate) const GET: &str = "(call $send (i32.const 1024) (i32.const 1) (i32.const 64))";
pub(crate) const POST: &str = "(call $send (i32.const 1080) (i32.const 1) (i32.const 64))";
/// Asks for an access token: a POST that is no write.
pub(crate) const TOKEN: &str = "(call $send (i32.const 1136) (i32.const 1) (i32.const 64))";
/// Sends a GET and a POST at once.
pub(crate) const BOTH: &str = "(call $send (i32.const 1024) (i32.const 2) (i32.const 64))";
pub(crate) const LOOP: &str = "(loop (br 0))";
pub(crate) const TRAP: &str = "unreachable";

/// A guest whose functions do what their bodies say.
pub(crate) fn guest(bodies: &[(&str, &str)]) -> Vec<u8> {
    component(&module(bodies, ""), CONNECTOR_WIT)
}

/// A component made of a module's text and an interface's text, whose world is `connector`.
pub(crate) fn component(module: &str, interface: &str) -> Vec<u8> {
    let mut bytes = wat::parse_str(module).expect("the module's text is valid");
    let mut resolve = Resolve::default();
    let package = resolve
        .push_str("connector.wit", interface)
        .expect("the interface is valid");
    let world = resolve
        .select_world(&[package], Some("connector"))
        .expect("the interface has the world");
    embed_component_metadata(&mut bytes, &resolve, world, StringEncoding::UTF8)
        .expect("the interface can be embedded");
    ComponentEncoder::default()
        .validate(true)
        .module(&bytes)
        .expect("the module fits the interface")
        .encode()
        .expect("the component is valid")
}

/// The text of the module, with further imports or data if any.
pub(crate) fn module(bodies: &[(&str, &str)], more: &str) -> String {
    // Parameters as the component model flattens them; more than sixteen go through memory.
    let functions = [
        ("describe", ""),
        ("origins", "i32 i32"),
        ("verify", "i32 i32 i32 i32"),
        ("list-companies", "i32"),
        ("list-board-metadata", "i32 i32 i32 i32 i32"),
        ("check-ticket", "i32"),
        ("create-ticket", "i32"),
        ("get-ticket", "i32 i32 i32 i32"),
        ("find-tickets", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32"),
        ("add-note", "i32"),
        ("set-status", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32"),
        ("list-contacts", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32"),
        ("list-assets", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32"),
        ("list-sites", "i32 i32 i32 i32 i32 i32 i32 i32 i32"),
        ("attach-asset", "i32 i32 i32 i32 i32 i32"),
    ]
    .map(|(name, parameters)| {
        let body = bodies.iter().find(|(other, _)| *other == name).map_or("", |(_, body)| *body);
        format!(
            r#"(func (export "psa:connector/service-desk@0.2.0#{name}") (param {parameters}) (result i32)
                {body} (i32.const 8192))"#
        )
    });
    format!(
        r#"(module
            (import "psa:connector/http@0.2.0" "send" (func $send (param i32 i32 i32)))
            {more}
            (memory (export "memory") 4)
            (global $free (mut i32) (i32.const 65536))
            (global $calls (mut i32) (i32.const 0))
            ;; Three requests: method, URL, no headers, no body; the second is a write, the third is secret.
            (data (i32.const 1024) "\00\02\00\00\03\00\00\00\10\02\00\00\14\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
            (data (i32.const 1080) "\08\02\00\00\04\00\00\00\10\02\00\00\14\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
            (data (i32.const 1136) "\08\02\00\00\04\00\00\00\10\02\00\00\14\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00")
            (data (i32.const 512) "GET")
            (data (i32.const 520) "POST")
            (data (i32.const 528) "https://psa.example/")
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                (global.set $free (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
                (global.get $free)
                (global.set $free (i32.add (global.get $free) (local.get 3))))
            {}
        )"#,
        functions.join("\n")
    )
}
