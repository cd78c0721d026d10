//! What a person sees while a command works: `--verbose` lines or a progress bar, both on standard error.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use psa_host::contract::Request;
use psa_host::{Answer, Event, Observer};
use psa_recording::Scrubber;

use crate::text::visible;

/// Clones show the same.
#[derive(Clone)]
pub(crate) struct Watch {
    shown: Arc<State>,
}

struct State {
    is_verbose: bool,
    /// None: not a terminal, or lines are written there.
    bar: Option<ProgressBar>,
    requests: AtomicU64,
    bytes: AtomicU64,
    /// What must not be in a URL that is shown.
    scrubber: Scrubber,
}

impl Watch {
    /// A bar only for what may take long, only on a terminal, and never between lines.
    pub(crate) fn new(is_verbose: bool, may_take_long: bool, scrubber: Scrubber) -> Self {
        let has_bar = may_take_long && !is_verbose && std::io::stderr().is_terminal();
        Self {
            shown: Arc::new(State {
                is_verbose,
                bar: has_bar.then(bar),
                requests: AtomicU64::new(0),
                bytes: AtomicU64::new(0),
                scrubber,
            }),
        }
    }

    /// What tells this about a live backend.
    pub(crate) fn observer(&self) -> Observer {
        let watch = self.clone();
        Observer::new(move |event| watch.happened(event))
    }

    /// A request that a recording answered.
    pub(crate) fn replayed(&self, request: &Request, answer: &Answer) {
        let url = self.shown.scrubber.url(&request.url);
        self.line(&format!("> {} {url}", request.method));
        self.finished(request, &url, answer, "from the recording");
    }

    /// How far a listing is.
    pub(crate) fn count(&self, what: &str, count: usize) {
        if let Some(bar) = &self.shown.bar {
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            bar.set_prefix(format!("{} {what}, ", HumanCount(count)));
        }
    }

    /// Takes the bar away, so that the result stands alone.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.shown.bar {
            bar.finish_and_clear();
        }
    }

    fn happened(&self, event: &Event<'_>) {
        match event {
            Event::Sending {
                request,
                url,
                attempt,
            } => {
                let again = if *attempt > 1 {
                    format!(" (attempt {attempt})")
                } else {
                    String::new()
                };
                self.line(&format!("> {} {url}{again}", request.method));
            }
            Event::Again {
                request,
                url,
                answer,
                duration,
                pause,
                ..
            } => {
                let how = format!("{}, again in {}", time(*duration), time(*pause));
                self.line(&outcome(request, url, answer, &how));
            }
            Event::Finished {
                request,
                url,
                answer,
                duration,
                ..
            } => self.finished(request, url, answer, &time(*duration)),
            _ => {}
        }
    }

    fn finished(&self, request: &Request, url: &str, answer: &Answer, how: &str) {
        self.line(&outcome(request, url, answer, how));
        let Some(bar) = &self.shown.bar else {
            return;
        };
        let size = answer.as_ref().map_or(0, |response| response.body.len());
        let size = u64::try_from(size).unwrap_or(u64::MAX);
        let bytes = self.shown.bytes.fetch_add(size, Ordering::Relaxed) + size;
        let requests = self.shown.requests.fetch_add(1, Ordering::Relaxed) + 1;
        bar.set_message(format!(
            "{} requests, {}",
            HumanCount(requests),
            HumanBytes(bytes)
        ));
    }

    fn line(&self, text: &str) {
        if self.shown.is_verbose {
            // If standard error is closed, there is nowhere to say so.
            let _ = writeln!(std::io::stderr(), "{}", visible(text));
        }
    }
}

fn outcome(request: &Request, url: &str, answer: &Answer, how: &str) -> String {
    let outcome = match answer {
        // An observer is not told the body of a secret request's answer.
        Ok(response) if request.is_secret => response.status.to_string(),
        Ok(response) => format!("{} {} bytes", response.status, response.body.len()),
        Err(failure) => format!("{}: {}", failure.kind.name(), failure.message),
    };
    format!("< {} {url} {outcome}, {how}", request.method)
}

fn time(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}

/// Without colour, so that `NO_COLOR` has nothing to turn off.
fn bar() -> ProgressBar {
    const REDRAWN_EVERY: Duration = Duration::from_millis(120);
    let style = ProgressStyle::with_template("{spinner} {elapsed} {prefix}{msg}");
    let bar = ProgressBar::new_spinner();
    let bar = match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    };
    bar.enable_steady_tick(REDRAWN_EVERY);
    bar
}
