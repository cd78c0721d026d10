//! How many checks were made and how many of them failed: of each area, and of each case and fault. Nothing is shown here.

use std::collections::{BTreeMap, HashMap};

use super::{Area, Check, Report};

/// Of some checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) checks: usize,
    pub(super) failed: usize,
    pub(super) runs: usize,
}

/// One row a case, one column a fault, and a column an area for what is no fault.
pub(super) struct Matrix<'a> {
    pub(super) columns: Vec<Column>,
    /// In the order of their names, so that a folder's cases stand together.
    pub(super) rows: Vec<Row<'a>>,
}

/// Areas come first, in their order; then faults, in the order in which they appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) is_fault: bool,
}

pub(super) struct Row<'a> {
    pub(super) case: &'a str,
    /// One for each column.
    pub(super) cells: Vec<Count>,
}

impl Count {
    pub(super) fn of<'a>(checks: impl IntoIterator<Item = &'a Check>) -> Self {
        let mut count = Self::default();
        for check in checks {
            count.add(check);
        }
        count
    }

    #[cfg(any(feature = "html", test))]
    pub(super) fn sum(counts: impl IntoIterator<Item = Self>) -> Self {
        counts.into_iter().fold(Self::default(), |sum, it| Self {
            checks: sum.checks + it.checks,
            failed: sum.failed + it.failed,
            runs: sum.runs + it.runs,
        })
    }

    fn add(&mut self, check: &Check) {
        self.checks += 1;
        self.failed += usize::from(!check.problems.is_empty());
        self.runs += check.runs;
    }
}

/// Every area, also one without checks.
pub(super) fn by_area(report: &Report) -> Vec<(Area, Count)> {
    let count = |area| Count::of(report.checks.iter().filter(|check| check.area == area));
    Area::ALL.iter().map(|&area| (area, count(area))).collect()
}

/// The areas without checks: a filter left them out, or the cases have nothing for them.
pub(super) fn unchecked(report: &Report) -> Vec<&'static str> {
    let areas = by_area(report).into_iter();
    let mut unchecked: Vec<_> = areas
        .filter(|(_, count)| count.checks == 0)
        .map(|(area, _)| area.name())
        .collect();
    if report.is_filtered && unchecked.is_empty() {
        unchecked.push("what the filter leaves out");
    }
    unchecked
}

/// The checks that are made from a case.
pub(super) fn matrix(report: &Report) -> Matrix<'_> {
    let columns = columns(report);
    let places: HashMap<_, _> = columns
        .iter()
        .zip(0..)
        .map(|(it, at)| (it.name, at))
        .collect();
    let mut rows: BTreeMap<&str, Vec<Count>> = BTreeMap::new();
    for check in &report.checks {
        if let Some(case) = &check.case {
            let cells = rows
                .entry(case)
                .or_insert_with(|| vec![Count::default(); columns.len()]);
            let place: usize = places[column(check)];
            cells[place].add(check);
        }
    }
    let rows = rows.into_iter().map(|(case, cells)| Row { case, cells });
    Matrix {
        rows: rows.collect(),
        columns,
    }
}

/// The name of the column that a check belongs to.
pub(super) fn column(check: &Check) -> &'static str {
    check.fault.unwrap_or_else(|| check.area.name())
}

/// The folder of a case, which is its operation by convention: `verify` of `verify/ok`.
pub(super) fn folder(case: &str) -> &str {
    case.split_once('/').map_or("cases", |(folder, _)| folder)
}

fn columns(report: &Report) -> Vec<Column> {
    let with_case = || report.checks.iter().filter(|check| check.case.is_some());
    let has_column = |area| with_case().any(|check| check.fault.is_none() && check.area == area);
    let areas = Area::ALL.iter().filter(|&&area| has_column(area));
    let mut columns: Vec<_> = areas
        .map(|area| Column {
            name: area.name(),
            is_fault: false,
        })
        .collect();
    let mut seen = std::collections::HashSet::new();
    for name in with_case().filter_map(|check| check.fault) {
        if seen.insert(name) {
            columns.push(Column {
                name,
                is_fault: true,
            });
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn every_check_of_a_case_is_in_one_cell() {
        let report = sample::failing();
        let matrix = matrix(&report);
        let names: Vec<_> = matrix.columns.iter().map(|column| column.name).collect();
        assert_eq!(names, ["recorded", "status-502", "member-null"]);
        let cells: Vec<_> = matrix
            .rows
            .iter()
            .map(|row| {
                let cells = row.cells.iter().map(|cell| (cell.checks, cell.failed));
                (row.case, cells.collect::<Vec<_>>())
            })
            .collect();
        let expected = [
            ("list-companies/ok", vec![(1, 0), (0, 0), (4, 4)]),
            ("verify/ok", vec![(1, 0), (2, 1), (1, 1)]),
        ];
        assert_eq!(cells, expected);
        let counted = Count::sum(matrix.rows.iter().flat_map(|row| row.cells.clone()));
        let due = Count::of(report.checks.iter().filter(|check| check.case.is_some()));
        assert_eq!(counted, due);
    }
}
