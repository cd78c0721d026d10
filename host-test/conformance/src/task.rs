//! A check that is yet to be made.

use crate::report::{Area, Cell, Check, Problem};

/// A check: what it is called, and the work.
pub(crate) struct Task<'a> {
    pub(crate) name: String,
    area: Area,
    case: Option<String>,
    fault: Option<&'static str>,
    work: Box<dyn FnOnce() -> Done + Send + 'a>,
}

/// What a check found.
#[derive(Default)]
pub(crate) struct Findings {
    /// How many times the connector was called.
    pub(crate) runs: usize,
    pub(crate) problems: Vec<Problem>,
}

/// What a check found, and which cell of the table of outcomes it reached.
type Done = (Findings, Option<Cell>);

impl<'a> Task<'a> {
    /// Its name begins with the area.
    pub(crate) fn new(area: Area, name: &str, work: impl FnOnce() -> Findings + Send + 'a) -> Self {
        Self::of_cell(area, name, || (work(), None))
    }

    /// One that may reach a cell of the table of outcomes.
    pub(crate) fn of_cell(area: Area, name: &str, work: impl FnOnce() -> Done + Send + 'a) -> Self {
        Self {
            name: format!("{}/{name}", area.name()),
            area,
            case: None,
            fault: None,
            work: Box::new(work),
        }
    }

    /// Of a case.
    pub(crate) fn of_case(mut self, case: &str) -> Self {
        self.case = Some(case.to_owned());
        self
    }

    /// With a fault, by its column.
    pub(crate) fn with_fault(mut self, fault: &'static str) -> Self {
        self.fault = Some(fault);
        self
    }

    pub(crate) fn run(self) -> Check {
        let (findings, cell) = (self.work)();
        Check {
            name: self.name,
            area: self.area,
            case: self.case,
            fault: self.fault,
            cell,
            runs: findings.runs,
            problems: findings.problems,
        }
    }
}
