//! The report as JUnit XML, for what shows the results of tests: a suite an area, a test a case. Not one test a check,
//! since those are tens of thousands.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::count::{Count, folder};
use super::excerpt::Excerpt;
use super::unreached::described;
use super::{Area, Check, Repeat, Report};
use crate::visible;

/// Failed checks that one test shows; the rest is counted.
const MOST_FAILURES: usize = 20;
const EXCERPT: Excerpt = Excerpt {
    lines: 40,
    characters: 1000,
};

impl Report {
    /// JUnit XML: what was checked of a case in one area is one test, and a check that is of no case is one, too.
    ///
    /// # Errors
    /// The XML cannot be put together; a defect.
    pub fn junit(&self, repeat: &Repeat) -> Result<String, quick_junit::SerializeError> {
        let mut junit =
            quick_junit::Report::new(format!("conformance of {}", visible(&self.connector)));
        junit.set_time(self.elapsed);
        for &area in Area::ALL {
            let tests = tests(self, area);
            if !tests.is_empty() {
                let mut suite = TestSuite::new(area.name());
                suite.add_test_cases(tests.iter().map(|(name, it)| test(area, name, it, repeat)));
                junit.add_test_suite(suite);
            }
        }
        junit.add_test_suites(reach(self));
        junit.to_string()
    }
}

/// What no check reached, as tests that were skipped. Unknown if there is a filter.
fn reach(report: &Report) -> Option<TestSuite> {
    let unreached = report.unreached_faults.as_ref()?;
    let mut suite = TestSuite::new("reach");
    for missing in unreached {
        let mut status = TestCaseStatus::skipped();
        status.set_message(format!("no case has an answer for {}", described(missing)));
        let name = format!("{} {}", missing.function, missing.role);
        suite.add_test_case(TestCase::new(name, status));
    }
    if unreached.is_empty() {
        let name = "every fault, in an answer of each role of each function";
        suite.add_test_case(TestCase::new(name, TestCaseStatus::success()));
    }
    Some(suite)
}

/// The checks of each test, by the test's name.
fn tests(report: &Report, area: Area) -> BTreeMap<&str, Vec<&Check>> {
    let mut tests: BTreeMap<&str, Vec<&Check>> = BTreeMap::new();
    for check in report.checks.iter().filter(|check| check.area == area) {
        let name = check.case.as_ref().unwrap_or(&check.name);
        tests.entry(name).or_default().push(check);
    }
    tests
}

fn test(area: Area, name: &str, checks: &[&Check], repeat: &Repeat) -> TestCase {
    let failed: Vec<_> = checks
        .iter()
        .copied()
        .filter(|check| !check.problems.is_empty())
        .collect();
    let mut test = TestCase::new(visible(name), status(&failed, repeat));
    let class = match checks.iter().find_map(|check| check.case.as_deref()) {
        Some(case) => format!("{}.{}", area.name(), visible(folder(case))),
        None => area.name().to_owned(),
    };
    test.set_classname(class);
    test.set_assertions(Count::of(checks.iter().copied()).checks);
    test
}

/// A test has one failure, so that of all its checks is put into one: the first as its message, all as its text.
fn status(failed: &[&Check], repeat: &Repeat) -> TestCaseStatus {
    let first = failed.iter().flat_map(|check| &check.problems).next();
    let Some(first) = first else {
        return TestCaseStatus::success();
    };
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(first.rule.name());
    let (expected, found) = (EXCERPT.lines(&first.expected), EXCERPT.lines(&first.found));
    let more = match failed.len() {
        1 => String::new(),
        count => format!(" (and {} more checks)", count - 1),
    };
    let message = format!(
        "{}: expected {}, found {}{more}",
        first.rule.name(),
        expected.join(" "),
        found.join(" ")
    );
    status.set_message(message);
    status.set_description(description(failed, repeat));
    status
}

fn description(failed: &[&Check], repeat: &Repeat) -> String {
    let mut text = String::new();
    // Writing to memory does not fail.
    for check in failed.iter().take(MOST_FAILURES) {
        let _ = writeln!(text, "{}", visible(&check.name));
        for problem in &check.problems {
            let _ = writeln!(
                text,
                "  {}: {}",
                problem.rule.name(),
                problem.rule.meaning()
            );
            let expected = EXCERPT.lines(&problem.expected).join("\n            ");
            let found = EXCERPT.lines(&problem.found).join("\n            ");
            let _ = writeln!(text, "  expected  {expected}\n  found     {found}");
        }
        let command = visible(&repeat.command(check));
        let _ = writeln!(text, "  repeat    {command}\n");
    }
    let rest = failed.len().saturating_sub(MOST_FAILURES);
    if rest > 0 {
        let _ = writeln!(
            text,
            "… and {rest} more failed checks: see the report as JSON."
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{Report, Rule, sample};
    use quick_junit::TestCaseStatus;

    fn parsed(report: &Report) -> quick_junit::Report {
        let text = report.junit(&sample::repeat()).expect("XML");
        quick_junit::Report::deserialize_from_str(&text).expect("JUnit")
    }

    /// Message, type and text of each failure.
    fn failures(junit: &quick_junit::Report) -> Vec<(String, String, String)> {
        let tests = junit.test_suites.iter().flat_map(|it| &it.test_cases);
        let failures = tests.filter_map(|test| match &test.status {
            TestCaseStatus::NonSuccess {
                message,
                ty,
                description,
                ..
            } => Some([message, ty, description].map(|text| {
                let text = text.as_ref().map(|text| text.as_str().to_owned());
                text.unwrap_or_default()
            })),
            _ => None,
        });
        failures
            .map(|[message, ty, text]| (message, ty, text))
            .collect()
    }

    #[test]
    fn a_suite_is_an_area_and_a_test_a_case() {
        let junit = parsed(&sample::failing());
        assert_eq!((junit.tests, junit.failures), (6, 2));
        let names: Vec<_> = junit
            .test_suites
            .iter()
            .flat_map(|suite| {
                suite
                    .test_cases
                    .iter()
                    .map(|test| (suite.name.as_str(), test))
            })
            .map(|(suite, test)| {
                let class = test.classname.as_ref().map_or("", |class| class.as_str());
                (suite, class, test.name.as_str(), test.assertions)
            })
            .collect();
        let expected = [
            ("structure", "structure", "structure/imports", Some(1)),
            (
                "recorded",
                "recorded.list-companies",
                "list-companies/ok",
                Some(1),
            ),
            ("recorded", "recorded.verify", "verify/ok", Some(1)),
            (
                "faults",
                "faults.list-companies",
                "list-companies/ok",
                Some(4),
            ),
            ("faults", "faults.verify", "verify/ok", Some(3)),
            ("reach", "", "verify probe", None),
        ];
        assert_eq!(names, expected);
        let last = junit.test_suites.last().expect("a suite");
        let TestCaseStatus::Skipped { message, .. } = &last.test_cases[0].status else {
            panic!("{:?}", last.test_cases[0].status);
        };
        let message = message.as_ref().map(|text| text.as_str());
        let expected = "no case has an answer for verify probe: body-large, required-null";
        assert_eq!(message, Some(expected));
    }

    #[test]
    fn a_failure_says_what_was_due_what_came_and_how_to_repeat_it() {
        let failures = failures(&parsed(&sample::failing()));
        let (message, kind, text) = &failures[1];
        assert_eq!(kind, "outcome-fits-fault");
        let due =
            "outcome-fits-fault: expected the error unavailable or unexpected-response, found ok {";
        assert!(message.starts_with(due), "{message}");
        assert!(message.ends_with("(and 1 more checks)"), "{message}");
        for part in [
            "faults/verify/ok/0/member-null/version\n  no-trap: Nothing",
            "  found     trap: wasm",
            "  repeat    psa-host conform desk.wasm cases --exact --filter faults/verify/ok/0/status-502-text\n",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn text_of_a_connector_stays_text() {
        let text = "</failure><script>]]>\u{1b}[2J\0&\"'\u{202e}";
        let failures = failures(&parsed(&sample::hostile(text)));
        let shown = "</failure><script>]]>\\u{1b}[2J\\u{0}&\"'\\u{202e}";
        assert!(failures[0].2.contains(shown), "{}", failures[0].2);
        assert!(failures[0].0.contains(shown), "{}", failures[0].0);
    }

    #[test]
    fn what_fails_everywhere_is_counted() {
        let check = |at| {
            let name = format!("faults/verify/ok/{at}/status-502-text");
            let check = sample::passed(&name, Some("status-502"));
            sample::failed(check, Rule::NoTrap, "this", "that")
        };
        let junit = parsed(&sample::report((0..1000).map(check).collect()));
        let text = &failures(&junit)[0].2;
        assert!(text.contains("… and 980 more failed checks"), "{text}");
    }
}
