//! What the fuzz targets share: how bytes become the answers of a server (`answers`), the `send` that gives them and keeps
//! what was asked (`desk`), the functions of a connector (`functions`) with a few arguments (`arguments`), the connectors (`vendor`: the
//! first byte of an input chooses one), and what has to hold whatever was answered (`rules` for all functions, `results` and
//! `lists` for each, `create_once` and `changes` for the writes).
//!
//! A rule that is broken is a panic, which libFuzzer reports with the input. The rules are those of `connector.wit`, not
//! what the code does today.

mod answers;
mod arguments;
mod changes;
mod create_once;
mod desk;
mod functions;
mod lists;
mod results;
mod rules;
mod vendor;

pub use answers::{Answer, encode};
pub use arguments::REFERENCE;
pub use functions::{
    function_with_answers, function_with_headers, settings_of_text, write_with_answers,
};
pub use vendor::door;
