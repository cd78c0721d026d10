//! What was measured beside what is to be reached, as a table and as JSON.

use serde_json::json;

/// One measure.
pub(crate) struct Goal {
    pub(crate) what: String,
    pub(crate) measured: f64,
    /// What it may be at most. None: it is shown for comparison only.
    pub(crate) most: Option<f64>,
    pub(crate) unit: &'static str,
}

/// A measure, and what it may be at most.
pub(crate) fn at_most(what: &str, measured: f64, most: f64, unit: &'static str) -> Goal {
    Goal {
        what: what.to_owned(),
        measured,
        most: Some(most),
        unit,
    }
}

/// A measure of which nothing is to be reached.
pub(crate) fn noted(what: &str, measured: f64, unit: &'static str) -> Goal {
    Goal {
        what: what.to_owned(),
        measured,
        most: None,
        unit,
    }
}

impl Goal {
    pub(crate) fn is_reached(&self) -> Option<bool> {
        self.most.map(|most| self.measured <= most)
    }

    pub(crate) fn shown(&self, number: f64) -> String {
        format!("{} {}", rounded(number), self.unit)
    }
}

/// Three digits that count.
fn rounded(number: f64) -> String {
    let digits = match number.abs() {
        0.0..0.1 => 4,
        0.1..10.0 => 2,
        10.0..100.0 => 1,
        _ => 0,
    };
    format!("{number:.digits$}")
}

/// As Markdown, so that it can be pasted into a document.
pub(crate) fn table(goals: &[Goal]) -> String {
    let mut rows = vec![["What", "Measured", "Target", "Met"].map(str::to_owned)];
    rows.push(["---"; 4].map(str::to_owned));
    for goal in goals {
        rows.push([
            goal.what.clone(),
            goal.shown(goal.measured),
            goal.most
                .map_or(String::new(), |most| format!("≤ {}", goal.shown(most))),
            match goal.is_reached() {
                None => "",
                Some(true) => "yes",
                Some(false) => "no",
            }
            .to_owned(),
        ]);
    }
    let lines = rows
        .iter()
        .map(|cells| format!("| {} |\n", cells.join(" | ")));
    lines.collect()
}

pub(crate) fn json(goals: &[Goal]) -> String {
    let goals: Vec<_> = goals
        .iter()
        .map(|goal| {
            json!({
                "what": goal.what,
                "measured": goal.measured,
                "at-most": goal.most,
                "unit": goal.unit,
                "reached": goal.is_reached(),
            })
        })
        .collect();
    format!("{:#}\n", json!({ "goals": goals }))
}
