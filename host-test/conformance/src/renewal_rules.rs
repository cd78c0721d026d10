//! What is right of the requests and of the outcome where an access token is refused.

use crate::renewal_script::{Script, Server};
use crate::report::{Problem, Rule, problem};
use crate::stage::Sent;
use crate::stand::{Observed, Outcome};

/// A kept token that is refused is asked for once more, past what is kept; a fresh one is not.
pub(crate) fn of_token_requests(
    script: &Script<'_>,
    observed: &Observed,
    server: Server,
) -> Option<Problem> {
    let asked: Vec<&Sent> = observed
        .sent()
        .filter(|sent| script.is_token_request(&sent.request))
        .collect();
    let expected = if server == Server::Fresh { 1 } else { 2 };
    if asked.len() != expected {
        let expected = match server {
            Server::Fresh => "no new token if a fresh one is refused",
            _ => "one new token if a kept one is refused",
        };
        let found = format!("{} requests for a token", asked.len());
        return Some(problem(Rule::TokenRenewedOnce, expected, found));
    }
    let renewal = asked.get(1)?;
    let reuse = renewal.request.reuse_seconds;
    (reuse != Some(0)).then(|| {
        problem(
            Rule::TokenRenewedOnce,
            "`reuse-seconds: some(0)` on the request that renews the token",
            match reuse {
                Some(seconds) => format!("some({seconds})"),
                None => "none".to_owned(),
            },
        )
    })
}

/// What was not refused is not sent again, and nothing is sent a third time.
pub(crate) fn of_repeats(observed: &Observed) -> Option<Problem> {
    let repeated: Vec<String> = observed
        .sent()
        // Of another address: the connector went on to ask something else.
        .filter(|sent| sent.exchange.is_none() && sent.role.is_some())
        .map(Sent::shown)
        .collect();
    (!repeated.is_empty()).then(|| {
        problem(
            Rule::TokenRenewedOnce,
            "only the refused requests sent again, each once, with another token",
            repeated.join("; "),
        )
    })
}

/// The outcome is that of the same call with a token that is accepted.
pub(crate) fn of_outcome(accepted: &Outcome, found: &Outcome) -> Option<Problem> {
    // Named by the rules of every call.
    let has_ended = matches!(found, Outcome::Ok(_) | Outcome::Err(..));
    (has_ended && accepted != found).then(|| {
        problem(
            Rule::TokenRenewedOnce,
            format!(
                "the same as with a token that is accepted: {}",
                accepted.shown()
            ),
            found.shown(),
        )
    })
}

#[cfg(test)]
mod tests {
    use psa_contract::{ErrorCode, Request};
    use serde_json::json;

    use super::*;
    use psa_host::Usage;
    use psa_recording::Case;

    const CASE: &str = r#"{
      "docs": "d", "provenance": "composed", "operation": "get-ticket", "settings": {}, "input": {"id": "1"},
      "base-url": "https://a.example",
      "exchanges": [
        {"role": "credential", "request": {"method": "POST", "path": "/token"},
          "response": {"status": 200, "json": {"access_token": "abcdefgh01"}}}
      ],
      "rounds": 1, "expect": {"ok": {}}
    }"#;

    /// Requests for a token with these values of `reuse-seconds`.
    fn asked(reuse_seconds: &[Option<u32>]) -> Observed {
        let sent = |reuse_seconds: &Option<u32>| Sent {
            request: Request {
                method: "POST".to_owned(),
                url: "https://a.example/token".to_owned(),
                reuse_seconds: *reuse_seconds,
                ..Request::default()
            },
            exchange: Some(0),
            status: Some(200),
            is_kept: false,
            role: None,
        };
        Observed {
            outcome: Outcome::Ok(json!({})),
            rounds: vec![reuse_seconds.iter().map(sent).collect()],
            usage: Usage::default(),
        }
    }

    #[test]
    fn a_token_is_renewed_once_past_what_is_kept_and_only_if_it_was_kept() {
        let case = Case::parse("f", CASE).expect("a case");
        let script = Script::new(&case, 0);
        let (kept, past) = (Some(3_000), Some(0));
        let cases: [(&[Option<u32>], Server, bool); 9] = [
            (&[kept, past], Server::Accepts, true),
            (&[kept, past], Server::RefusesAgain, true),
            (&[kept], Server::Fresh, true),
            (&[kept, past], Server::Fresh, false),
            (&[kept], Server::Accepts, false),
            (&[kept, past, past], Server::Accepts, false),
            (&[kept, kept], Server::Accepts, false),
            (&[kept, None], Server::GivesTheSame, false),
            (&[], Server::Fresh, false),
        ];
        for (reuse_seconds, server, is_right) in cases {
            let found = of_token_requests(&script, &asked(reuse_seconds), server);
            assert_eq!(found.is_none(), is_right, "{reuse_seconds:?} {server:?}");
        }
    }

    #[test]
    fn the_outcome_with_a_renewed_token_is_that_with_one_that_is_accepted() {
        let result = Outcome::Ok(json!({"id": "1"}));
        let refused = Outcome::Err(ErrorCode::Unauthorized, json!({"code": "unauthorized"}));
        assert_eq!(of_outcome(&result, &result), None);
        assert_eq!(of_outcome(&refused, &refused), None);
        assert!(of_outcome(&result, &refused).is_some());
        assert!(of_outcome(&result, &Outcome::Ok(json!({}))).is_some());
    }
}
