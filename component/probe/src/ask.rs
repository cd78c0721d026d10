//! Requests to the stand-in server. The path of each is `/ARRIVAL/DUTY/TRIAL`: whether it may arrive at all, and what it is
//! for. The query says how to answer: the server's `script.rs` reads it.

use psa_contract::Request;
use psa_toolkit::url::with_query;

use crate::settings::Settings;

/// How often the server may see a request.
#[derive(Clone, Copy)]
pub(crate) enum Arrival {
    Any,
    Once,
    Never,
}

/// A body and a header that no message may repeat.
pub(crate) const SECRET_BODY: &str = "secret-body-of-the-probe";

/// A read of the stand-in server, with the key in its header.
pub(crate) fn ask(
    settings: &Settings,
    arrival: Arrival,
    duty: &str,
    trial: &str,
    script: &[(&str, &str)],
) -> Request {
    ask_of(&settings.site, settings, arrival, duty, trial, script)
}

/// A write of the stand-in server, which may arrive once.
pub(crate) fn write(
    settings: &Settings,
    duty: &str,
    trial: &str,
    script: &[(&str, &str)],
) -> Request {
    as_write(ask(settings, Arrival::Once, duty, trial, script))
}

pub(crate) fn as_write(request: Request) -> Request {
    Request {
        method: "POST".to_owned(),
        body: Some(SECRET_BODY.into()),
        is_write: true,
        ..request
    }
}

/// The same of another server.
pub(crate) fn ask_of(
    authority: &str,
    settings: &Settings,
    arrival: Arrival,
    duty: &str,
    trial: &str,
    script: &[(&str, &str)],
) -> Request {
    let arrival = match arrival {
        Arrival::Any => "any",
        Arrival::Once => "once",
        Arrival::Never => "never",
    };
    Request {
        method: "GET".to_owned(),
        url: with_query(
            &format!("https://{authority}/{arrival}/{duty}/{trial}"),
            script,
        ),
        headers: vec![
            (
                "Authorization".to_owned(),
                format!("Bearer {}", settings.key),
            ),
            ("Accept".to_owned(), "application/json".to_owned()),
        ],
        ..Request::default()
    }
}
