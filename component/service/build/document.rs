//! The `OpenAPI` document: a path for each function of the contract, a schema for each of its types.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use wit_parser::{Function, InterfaceId, Resolve, Type, TypeDefKind};

use crate::schema;

/// The parameter that the service fills in, and that no caller sends.
pub(crate) const SETTINGS: &str = "settings";

/// The whole document.
pub(crate) fn document(resolve: &Resolve, interface: InterfaceId) -> Value {
    let interface = &resolve.interfaces[interface];
    let mut sent = BTreeSet::new();
    let mut paths = Map::new();
    for function in interface.functions.values() {
        for parameter in parameters(function) {
            schema::reachable(resolve, &parameter.ty, &mut sent);
        }
        let path = format!("/v1/{}", function.name);
        paths.insert(path, json!({"post": operation(resolve, function)}));
    }
    let schemas: Map<String, Value> = interface
        .types
        .iter()
        .map(|(name, id)| {
            let is_sent = sent.contains(name);
            (name.clone(), schema::of_definition(resolve, *id, is_sent))
        })
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "psa-connector",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The functions of the contract psa:connector for one tenant of a PSA: its settings are those that the service is set up with.",
        },
        // The token is asked for only if the service is set up with one.
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {"error": error()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    })
}

fn parameters(function: &Function) -> impl Iterator<Item = &wit_parser::Param> {
    function.params.iter().filter(|it| it.name != SETTINGS)
}

fn operation(resolve: &Resolve, function: &Function) -> Value {
    let text = schema::docs(&function.docs);
    let summary = text.split_inclusive(['.', ':']).next().unwrap_or_default();
    let mut properties = Map::new();
    let mut required = Vec::new();
    for parameter in parameters(function) {
        properties.insert(
            parameter.name.clone(),
            schema::of_type(resolve, &parameter.ty),
        );
        if !schema::may_be_left_out(resolve, &parameter.ty) {
            required.push(parameter.name.as_str());
        }
    }
    let arguments = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    json!({
        "operationId": function.name,
        "summary": summary.trim_end_matches(['.', ':']),
        "description": text,
        "requestBody": {
            "required": true,
            "content": {"application/json": {"schema": arguments}},
        },
        "responses": {
            "200": {
                "description": "What the function returns.",
                "content": {"application/json": {"schema": schema::of_type(resolve, &result(resolve, function))}},
            },
            "default": {"$ref": "#/components/responses/error"},
        },
    })
}

/// What a function returns if it does not fail.
fn result(resolve: &Resolve, function: &Function) -> Type {
    let result = function.result.expect("every function returns something");
    match result {
        Type::Id(id) => match &resolve.types[id].kind {
            TypeDefKind::Result(both) => both.ok.expect("a result with something in it"),
            _ => result,
        },
        other => other,
    }
}

fn error() -> Value {
    json!({
        "description":
            "The error. `code` decides what to do next; the status follows from it: 400 `invalid-input`; 404 `not-found`; 409 \
             `conflict`; 422 `rejected`; 429 `rate-limited`; 500 `outcome-unknown`; 501 `unsupported`; 502 `invalid-settings`, \
             `unauthorized`, `forbidden`, `denied` and `unexpected-response`; 503 `unavailable`. The service itself refuses a \
             call with `denied` and 401 (the token), 404 (the path), 405, 413 or 415. A 500 without this body comes from the \
             host that ended the call: read it as `outcome-unknown`.",
        "headers": {
            "Retry-After": {
                "description": "As `retry-after-seconds`.",
                "schema": {"type": "integer", "minimum": 0},
            },
        },
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/connector-error"}}},
    })
}
