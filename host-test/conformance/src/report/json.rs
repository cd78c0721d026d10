//! The report for programs. This shape is kept: members may be added, none changes its meaning.

use std::collections::BTreeMap;

use serde::Serialize;

use super::count::{Count, by_area, matrix};
use super::group::by_rule;
use super::{Area, Check, Problem, Repeat, Report, Rule, Unreached};

/// A report, as it is written as JSON. The same checks with the same results give the same text: it holds no time.
///
/// ```json
/// {
///   "format": 1,
///   "connector": "Deskly 1.4.0",
///   "component-bytes": 171402,
///   "is-conformant": false,
///   "is-filtered": false, "unreached": ["set-status write"],
///   "unreached-faults": [{"function": "verify", "role": "probe", "faults": ["body-large"]}], "cases": 2, "checks": 10, "failed": 6, "runs": 18,
///   "areas": [{"area": "faults", "checks": 7, "failed": 6, "runs": 14}],
///   "rules": [{"rule": "no-trap", "meaning": "Nothing that …", "failed": 5}],
///   "matrix": {
///     "columns": ["recorded", "status-502", "member-null"],
///     "rows": [{"case": "verify/ok", "checks": {"recorded": 1, "status-502": 2}, "failed": {"status-502": 1}}]
///   },
///   "failures": [{
///     "check": "faults/verify/ok/1/status-502-text", "area": "faults", "case": "verify/ok", "fault": "status-502",
///     "runs": 1, "problems": [{"rule": "no-trap", "expected": "…", "found": "…"}],
///     "command": "psa-host conform desk.wasm cases --exact --filter faults/verify/ok/1/status-502-text"
///   }]
/// }
/// ```
///
/// `areas` has every area. A column is the name of an area where there is no fault; in a row, what is not named is none.
/// `case` and `fault` are null where a check has none. `failures` has every check that found something, uncut.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Document<'a> {
    /// 1, as long as the shape is this one.
    format: u8,
    /// The vendor and the version that the connector tells of itself; empty where it could not be asked.
    connector: &'a str,
    component_bytes: usize,
    /// Whether anything was checked and nothing found.
    is_conformant: bool,
    /// Whether only some of the checks were made.
    is_filtered: bool,
    /// What of the table of outcomes no case reaches, as `function role`.
    unreached: &'a [String],
    /// The faults of the table of outcomes that reached no answer of a function and a role; null with a filter.
    unreached_faults: Option<&'a [Unreached]>,
    /// How many cases the folder holds.
    cases: usize,
    /// How many checks were made, how many of them found something, and how often the connector was called for them.
    checks: usize,
    failed: usize,
    runs: usize,
    /// Every area, also one without checks.
    areas: Vec<AreaDocument>,
    /// What was broken.
    rules: Vec<RuleDocument>,
    matrix: MatrixDocument<'a>,
    /// Every check that found something, in full.
    failures: Vec<FailureDocument<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct AreaDocument {
    area: Area,
    checks: usize,
    failed: usize,
    runs: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct RuleDocument {
    rule: Rule,
    meaning: &'static str,
    /// How many checks found it broken.
    failed: usize,
}

/// The checks that are made from a case: one row a case.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct MatrixDocument<'a> {
    /// The name of an area where there is no fault, then the names of the faults.
    columns: Vec<&'static str>,
    rows: Vec<RowDocument<'a>>,
}

/// Numbers by column. A column that is not named has none.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct RowDocument<'a> {
    case: &'a str,
    checks: BTreeMap<&'static str, usize>,
    failed: BTreeMap<&'static str, usize>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct FailureDocument<'a> {
    check: &'a str,
    area: Area,
    case: Option<&'a str>,
    fault: Option<&'static str>,
    runs: usize,
    /// Each with `rule`, `expected` and `found`.
    problems: &'a [Problem],
    /// What makes this check again.
    command: String,
}

impl Report {
    /// The report for programs, in full.
    #[must_use]
    pub fn document(&self, repeat: &Repeat) -> Document<'_> {
        let all = Count::of(&self.checks);
        Document {
            format: 1,
            connector: &self.connector,
            component_bytes: self.component_bytes,
            is_conformant: self.is_conformant(),
            is_filtered: self.is_filtered,
            unreached: &self.unreached,
            unreached_faults: self.unreached_faults.as_deref(),
            cases: self.cases,
            checks: all.checks,
            failed: all.failed,
            runs: all.runs,
            areas: by_area(self)
                .into_iter()
                .map(|(area, count)| AreaDocument {
                    area,
                    checks: count.checks,
                    failed: count.failed,
                    runs: count.runs,
                })
                .collect(),
            rules: by_rule(self)
                .iter()
                .map(|group| RuleDocument {
                    rule: group.rule,
                    meaning: group.rule.meaning(),
                    failed: group.failures.len(),
                })
                .collect(),
            matrix: matrix_document(self),
            failures: self.failed().map(|check| failure(check, repeat)).collect(),
        }
    }
}

fn matrix_document(report: &Report) -> MatrixDocument<'_> {
    let matrix = matrix(report);
    let columns: Vec<_> = matrix.columns.iter().map(|column| column.name).collect();
    let rows = matrix.rows.iter().map(|row| {
        let numbers = |of: fn(&Count) -> usize| {
            let numbers = columns.iter().copied().zip(row.cells.iter().map(of));
            numbers.filter(|(_, number)| *number > 0).collect()
        };
        RowDocument {
            case: row.case,
            checks: numbers(|count| count.checks),
            failed: numbers(|count| count.failed),
        }
    });
    MatrixDocument {
        rows: rows.collect(),
        columns,
    }
}

fn failure<'a>(check: &'a Check, repeat: &Repeat) -> FailureDocument<'a> {
    FailureDocument {
        check: &check.name,
        area: check.area,
        case: check.case.as_deref(),
        fault: check.fault,
        runs: check.runs,
        problems: &check.problems,
        command: repeat.command(check),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use serde_json::{Value, json, to_value};

    #[test]
    fn the_shape_is_the_documented_one() {
        let report = sample::failing();
        let document = to_value(report.document(&sample::repeat())).expect("JSON");
        let Value::Object(mut members) = document else {
            panic!("an object is due: {document}");
        };
        let failures = members.remove("failures").expect("the failures");
        let areas = members.remove("areas").expect("the areas");
        let expected = json!({
            "format": 1,
            "connector": "Deskly 1.4.0",
            "component-bytes": 171_402,
            "is-conformant": false,
            "is-filtered": false,
            "cases": 2,
            "checks": 10,
            "failed": 6,
            "runs": 18,
            "unreached": [],
            "unreached-faults": [{"function": "verify", "role": "probe", "faults": ["body-large", "required-null"]}],
            "rules": [
                {"rule": "no-trap", "meaning": "Nothing that a server answers makes the connector trap.", "failed": 5},
                {"rule": "outcome-fits-fault", "meaning": "A fault has an outcome that the table of outcomes allows.", "failed": 1},
            ],
            "matrix": {
                "columns": ["recorded", "status-502", "member-null"],
                "rows": [
                    {"case": "list-companies/ok", "checks": {"recorded": 1, "member-null": 4}, "failed": {"member-null": 4}},
                    {"case": "verify/ok", "checks": {"recorded": 1, "status-502": 2, "member-null": 1}, "failed": {"status-502": 1, "member-null": 1}},
                ],
            },
        });
        assert_eq!(Value::Object(members), expected);
        let names: Vec<_> = areas.as_array().expect("a list").iter().collect();
        assert_eq!(names.len(), super::Area::ALL.len());
        let faults = json!({"area": "faults", "checks": 7, "failed": 6, "runs": 14});
        assert!(names.contains(&&faults), "{areas}");
        assert_eq!(failures.as_array().map(Vec::len), Some(6));
        let first = json!({
            "check": "faults/verify/ok/0/status-502-text",
            "area": "faults",
            "case": "verify/ok",
            "fault": "status-502",
            "runs": 2,
            "problems": [{
                "rule": "outcome-fits-fault",
                "expected": "the error unavailable or unexpected-response",
                "found": "ok {\n  \"is-complete\": true\n}",
            }],
            "command": "psa-host conform desk.wasm cases --exact --filter faults/verify/ok/0/status-502-text",
        });
        assert_eq!(failures[0], first);
    }

    #[test]
    fn a_conformant_connector_has_no_rules_and_no_failures() {
        let report = sample::conformant();
        let document = to_value(report.document(&sample::repeat())).expect("JSON");
        assert_eq!(document["is-conformant"], json!(true));
        assert_eq!(document["rules"], json!([]));
        assert_eq!(document["failures"], json!([]));
    }
}
