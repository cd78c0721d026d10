//! Many requests at once: none, 16, 100, and failures among them.

use crate::ask::{Arrival, ask, ask_of};
use crate::stand::{Stand, shown};

/// What the description advises.
pub(crate) const MOST_AT_ONCE: u32 = 8;

pub(crate) fn none(stand: &mut Stand) {
    let count = stand.send(Vec::new()).len();
    let fault = (count > 0).then(|| format!("{count} results came for no request"));
    stand.note("empty-batch", "empty", fault);
}

pub(crate) fn many(stand: &mut Stand) {
    for count in [16, 100] {
        let trial = format!("{count}-at-once");
        let requests: Vec<_> = (0..count)
            .map(|number| {
                // The first ones take longest.
                let delay = if number < 4 { "250" } else { "50" };
                let script = [("body", &*number.to_string()), ("delay", delay)];
                ask(stand.settings, Arrival::Any, "in-order", &trial, &script)
            })
            .collect();
        let results = stand.send(requests);
        let failed = results.iter().find(|result| result.is_err());
        let fault = if results.len() == count {
            failed.map(|failed| format!("one of {count} requests failed: {}", shown(failed)))
        } else {
            Some(format!(
                "{} results came for {count} requests",
                results.len()
            ))
        };
        stand.note("one-result-each", &trial, fault);
        let misplaced = (0..count).zip(&results).find_map(|(number, result)| {
            let body = result.as_ref().ok()?.body.to_text().into_owned();
            (body != number.to_string())
                .then(|| format!("the result in place {number} is the answer to request {body}"))
        });
        stand.note("in-order", &trial, misplaced);
    }
}

pub(crate) fn failures_among_successes(stand: &mut Stand) {
    const DUTY: &str = "failures-stay-apart";
    let settings = stand.settings;
    let good = |trial| ask(settings, Arrival::Any, DUTY, trial, &[("delay", "100")]);
    let requests = vec![
        good("first"),
        ask(settings, Arrival::Any, DUTY, "cut", &[("cut", "before")]),
        ask_of(
            &settings.refused,
            settings,
            Arrival::Any,
            DUTY,
            "refused",
            &[],
        ),
        good("last"),
    ];
    let results = stand.send(requests);
    let kinds = results.iter().map(|result| match result {
        Ok(_) => "a response",
        Err(failure) => failure.kind.name(),
    });
    let kinds: Vec<&str> = kinds.collect();
    let are_apart = matches!(*results, [Ok(_), Err(_), Err(_), Ok(_)]);
    let fault = (!are_apart).then(|| {
        format!(
            "expected a response, two failures, a response; came {}",
            kinds.join(", ")
        )
    });
    stand.note(DUTY, "among-successes", fault);
}
