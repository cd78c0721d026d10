//! `asks-for-wasi`: an import beside HTTP, as a crate would bring it that reads environment variables.
#![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated code")]

wit_bindgen::generate!({
    inline: r#"
        package wasi:cli@0.2.0;
        interface environment {
            get-environment: func() -> list<tuple<string, string>>;
        }
        world imports {
            import environment;
        }
    "#,
});
