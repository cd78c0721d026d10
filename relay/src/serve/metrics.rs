//! Numbers for Prometheus: what this process did, and how the store stands.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::case::State;
use crate::service::Health;
use crate::store::StoreError;
use crate::tenant::Pause;
use crate::time::Time;

/// What this process did. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// By source and outcome.
    requests: Arc<Mutex<BTreeMap<(String, u16), u64>>>,
    alerts: Arc<Mutex<BTreeMap<String, u64>>>,
    /// When an alert could last not be kept, and why. None: one was kept since.
    failure: Arc<Mutex<Option<(Time, String)>>>,
}

impl Metrics {
    /// A request was answered. The source is empty if it is not known.
    pub(super) fn answered(&self, source: &str, status: u16) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry((source.to_owned(), status)).or_default() += 1;
    }

    /// The store failed to keep alerts.
    pub(super) fn failed(&self, now: Time, why: &StoreError) {
        *self.lock_failure() = Some((now, why.to_string()));
    }

    /// Why alerts could not be kept, if that was after this time and none was kept since.
    pub(super) fn failure_after(&self, time: Time) -> Option<String> {
        let failure = self.lock_failure().clone();
        failure.filter(|(at, _)| *at > time).map(|(_, why)| why)
    }

    fn lock_failure(&self) -> MutexGuard<'_, Option<(Time, String)>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Alerts were kept.
    pub(super) fn kept(&self, source: &str, count: usize) {
        *self.lock_failure() = None;
        let mut alerts = self.alerts.lock().unwrap_or_else(PoisonError::into_inner);
        *alerts.entry(source.to_owned()).or_default() += u64::try_from(count).unwrap_or(u64::MAX);
    }

    /// All of it, in Prometheus's text format.
    #[must_use]
    pub fn text(&self, health: &[Health]) -> String {
        let mut text = String::new();
        heading(
            &mut text,
            "psa_relay_requests_total",
            "counter",
            "Requests of senders, by source and status.",
        );
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((source, status), count) in &*requests {
            let source = label(source);
            let _ = writeln!(
                text,
                "psa_relay_requests_total{{source=\"{source}\",status=\"{status}\"}} {count}"
            );
        }
        heading(
            &mut text,
            "psa_relay_alerts_total",
            "counter",
            "Alerts that are on disk, by source.",
        );
        let alerts = self.alerts.lock().unwrap_or_else(PoisonError::into_inner);
        for (source, count) in &*alerts {
            let source = label(source);
            let _ = writeln!(
                text,
                "psa_relay_alerts_total{{source=\"{source}\"}} {count}"
            );
        }
        heading(
            &mut text,
            "psa_relay_cases",
            "gauge",
            "Cases, by tenant and state.",
        );
        for it in health {
            let tenant = label(&it.tenant.id);
            for state in State::NAMES {
                let found = it.cases.iter().find(|(name, _)| name == state);
                let count = found.map_or(0, |(_, count)| *count);
                let _ = writeln!(
                    text,
                    "psa_relay_cases{{tenant=\"{tenant}\",state=\"{state}\"}} {count}"
                );
            }
        }
        heading(
            &mut text,
            "psa_relay_tenant_paused",
            "gauge",
            "1 if the settings of a tenant are not accepted.",
        );
        for it in health {
            let paused = u8::from(matches!(it.pause, Some(Pause::Paused { .. })));
            let _ = writeln!(
                text,
                "psa_relay_tenant_paused{{tenant=\"{}\"}} {paused}",
                label(&it.tenant.id)
            );
        }
        heading(
            &mut text,
            "psa_relay_tenant_enabled",
            "gauge",
            "1 if alerts of a tenant become tickets.",
        );
        for it in health {
            let enabled = u8::from(it.tenant.is_enabled);
            let _ = writeln!(
                text,
                "psa_relay_tenant_enabled{{tenant=\"{}\"}} {enabled}",
                label(&it.tenant.id)
            );
        }
        text
    }
}

fn heading(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn label(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant::Tenant;

    #[test]
    fn a_failure_counts_for_a_while_and_until_an_alert_is_kept() {
        let metrics = Metrics::default();
        assert_eq!(metrics.failure_after(Time(0)), None);
        metrics.failed(Time(5), &StoreError::Closed);
        let why = Some(StoreError::Closed.to_string());
        assert_eq!(metrics.failure_after(Time(4)), why);
        assert_eq!(metrics.failure_after(Time(5)), None, "long ago");
        metrics.kept("s1", 1);
        assert_eq!(metrics.failure_after(Time(4)), None);
    }

    #[test]
    fn numbers_are_written_as_prometheus_reads_them() {
        let metrics = Metrics::default();
        metrics.answered("s1", 202);
        metrics.answered("s1", 202);
        metrics.answered("", 401);
        metrics.kept("s1", 3);
        let health = Health {
            tenant: Tenant {
                id: "t1".to_owned(),
                ..Tenant::default()
            },
            pause: None,
            cases: vec![("open".to_owned(), 7)],
        };
        let text = metrics.text(&[health]);
        for line in [
            "psa_relay_requests_total{source=\"s1\",status=\"202\"} 2",
            "psa_relay_requests_total{source=\"\",status=\"401\"} 1",
            "psa_relay_alerts_total{source=\"s1\"} 3",
            "psa_relay_cases{tenant=\"t1\",state=\"open\"} 7",
            "psa_relay_cases{tenant=\"t1\",state=\"parked\"} 0",
            "psa_relay_tenant_paused{tenant=\"t1\"} 0",
            "# TYPE psa_relay_cases gauge",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}\n{text}");
        }
        assert_eq!(label("a\"b\\\n"), "a\\\"b\\\\\\n");
    }
}
