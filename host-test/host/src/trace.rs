//! What the crate `tracing` is told. Nothing of it holds a header, a body or the value of a secret setting.

use crate::http::Answer;

/// The call of a function, in a span of its own.
pub(crate) fn of_call<Running: Future>(
    function: &'static str,
    running: Running,
) -> impl Future<Output = Running::Output> {
    #[cfg(feature = "tracing")]
    return tracing::Instrument::instrument(
        running,
        tracing::debug_span!("connector_call", function),
    );
    #[cfg(not(feature = "tracing"))]
    {
        let _ = function;
        running
    }
}

/// What became of one request.
#[cfg_attr(
    not(feature = "tracing"),
    expect(unused_variables, reason = "there is nobody to tell")
)]
pub(crate) fn of_answer(method: &str, is_write: bool, answer: &Answer) {
    #[cfg(feature = "tracing")]
    match answer {
        Ok(response) => tracing::debug!(method, is_write, status = response.status, "answered"),
        Err(failure) => tracing::debug!(
            method,
            is_write,
            kind = failure.kind.name(),
            may_have_acted = failure.may_have_acted,
            "failed"
        ),
    }
}

/// What a live backend does with one request; its URL is without secrets.
#[cfg(feature = "live")]
#[cfg_attr(
    not(feature = "tracing"),
    expect(unused_variables, reason = "there is nobody to tell")
)]
pub(crate) fn of_event(event: &crate::live::Event<'_>) {
    #[cfg(feature = "tracing")]
    match event {
        crate::live::Event::Sending { url, attempt, .. } => {
            tracing::debug!(url, attempt, "sending");
        }
        crate::live::Event::Again {
            url,
            attempt,
            duration,
            pause,
            ..
        } => tracing::debug!(url, attempt, ?duration, ?pause, "sending again"),
        crate::live::Event::Finished {
            url,
            attempts,
            duration,
            ..
        } => tracing::debug!(url, attempts, ?duration, "finished"),
    }
}

#[cfg(all(test, feature = "tracing"))]
mod tests {
    use std::fmt;
    use std::sync::{Arc, Mutex};

    use psa_contract::{Failure, FailureKind, Response};
    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    use super::*;

    /// Writes down the names of spans, and all fields.
    #[derive(Clone, Default)]
    struct Listening(Arc<Mutex<String>>);

    impl Visit for Listening {
        fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
            let mut heard = self.0.lock().expect("no panic");
            heard.push_str(&format!("{field}={value:?} "));
        }
    }

    impl Subscriber for Listening {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }
        fn new_span(&self, span: &Attributes<'_>) -> Id {
            let name = format!("{} ", span.metadata().name());
            self.0.lock().expect("no panic").push_str(&name);
            span.record(&mut self.clone());
            Id::from_u64(1)
        }
        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, event: &Event<'_>) {
            event.record(&mut self.clone());
        }
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }

    #[tokio::test]
    async fn a_call_is_a_span_and_each_request_an_event() {
        let listening = Listening::default();
        let _guard = tracing::subscriber::set_default(listening.clone());
        of_call("create-ticket", async {
            let response = Response {
                status: 201,
                body: "a body".into(),
                ..Response::default()
            };
            of_answer("POST", true, &Ok(response));
            of_answer(
                "GET",
                false,
                &Err(Failure {
                    kind: FailureKind::TimedOut,
                    message: "a message".to_owned(),
                    may_have_acted: true,
                }),
            );
        })
        .await;
        let heard = listening.0.lock().expect("no panic").clone();
        assert_eq!(
            heard,
            "connector_call function=\"create-ticket\" \
             message=answered method=\"POST\" is_write=true status=201 \
             message=failed method=\"GET\" is_write=false kind=\"timed-out\" may_have_acted=true "
        );
    }
}
