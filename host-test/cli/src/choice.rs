//! Names that a person typed: which record they mean. If that is not clear, the person chooses among candidates.

use strsim::jaro_winkler;

use crate::candidate::Candidate;
use crate::failure::Failure;

/// Why a name does not choose one record.
#[derive(Debug)]
enum Unclear {
    /// Several have this name.
    Several(Vec<Candidate>),
    /// None has it; these are near, the nearest first.
    None(Vec<Candidate>),
}

/// From 0 to 1. Below it, names have little in common.
const LEAST_SIMILARITY: f64 = 0.8;
const MOST_SUGGESTIONS: usize = 5;

/// The one with this name. It is called so in one and in several, `status`, `statuses`; `argument` takes an id instead.
pub(crate) fn by_name(
    [one, several]: [&str; 2],
    argument: &str,
    name: &str,
    candidates: &[Candidate],
) -> Result<Candidate, Failure> {
    pick(name, candidates).map_err(|unclear| match unclear {
        Unclear::Several(found) => Failure::Choice {
            message: format!("several {several} have the name `{name}`"),
            hint: format!("Choose one by its id, with {argument}."),
            candidates: found,
        },
        Unclear::None(near) if near.is_empty() => Failure::Choice {
            message: format!("no {one} has the name `{name}`"),
            hint: format!("Check the name, or give an id with {argument}."),
            candidates: Vec::new(),
        },
        Unclear::None(near) => Failure::Choice {
            message: format!("no {one} has the name `{name}`; similar names are listed"),
            hint: format!("Correct the name, or give an id with {argument}."),
            candidates: near,
        },
    })
}

/// The only one with this name or identifier: as it is written, or else without case.
fn pick(name: &str, candidates: &[Candidate]) -> Result<Candidate, Unclear> {
    let name = name.trim();
    let folded = name.to_lowercase();
    let as_written = candidates
        .iter()
        .filter(|it| it.names().any(|own| own == name));
    let without_case = candidates
        .iter()
        .filter(|it| it.names().any(|own| own.to_lowercase() == folded));
    let mut found: Vec<&Candidate> = as_written.collect();
    if found.is_empty() {
        found = without_case.collect();
    }
    match found[..] {
        [] => Err(Unclear::None(near(&folded, candidates))),
        [only] => Ok(only.clone()),
        _ => Err(Unclear::Several(found.into_iter().cloned().collect())),
    }
}

/// Those whose names contain the text; if there are none, those that are spelt similarly.
fn near(folded: &str, candidates: &[Candidate]) -> Vec<Candidate> {
    let contains = |name: String| !folded.is_empty() && name.contains(folded);
    let containing = candidates.iter();
    let containing: Vec<&Candidate> = containing
        .filter(|candidate| candidate.names().map(str::to_lowercase).any(contains))
        .collect();
    let near = if containing.is_empty() {
        similar(folded, candidates)
    } else {
        containing
    };
    near.into_iter().take(MOST_SUGGESTIONS).cloned().collect()
}

/// The most similar first.
fn similar<'a>(folded: &str, candidates: &'a [Candidate]) -> Vec<&'a Candidate> {
    let similarity = |candidate: &Candidate| {
        let names = candidate.names().map(str::to_lowercase);
        names
            .map(|name| jaro_winkler(&name, folded))
            .fold(0.0, f64::max)
    };
    let mut similar: Vec<(f64, &Candidate)> = candidates
        .iter()
        .map(|candidate| (similarity(candidate), candidate))
        .filter(|(similarity, _)| *similarity >= LEAST_SIMILARITY)
        .collect();
    similar.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    similar
        .into_iter()
        .map(|(_, candidate)| candidate)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company(id: &str, identifier: &str, name: &str) -> Candidate {
        Candidate {
            identifier: Some(identifier.to_owned()),
            ..Candidate::new(id, name)
        }
    }

    #[test]
    fn a_name_means_one_record_or_none() {
        let companies = [
            company("2", "RiversideDental", "Riverside Dental"),
            company("3", "Acme", "Acme Incorporated"),
            company("4", "ACME", "Acme Limited"),
            company("5", "Harbor", "Harbor Legal LLP"),
            company("6", "HarborEast", "Harbor "),
        ];
        let ids = |found: &[Candidate]| -> Vec<String> {
            found.iter().map(|candidate| candidate.id.clone()).collect()
        };
        type Outcome<'a> = Result<&'a str, (&'a str, &'a [&'a str])>;
        let cases: &[(&str, Outcome<'_>)] = &[
            ("Riverside Dental", Ok("2")),
            ("RIVERSIDEDENTAL", Ok("2")),
            (" riverside dental ", Ok("2")),
            // Case decides only between names that are the same without it.
            ("ACME", Ok("4")),
            ("acme", Err(("several", &["3", "4"]))),
            // The identifier of one is the name of another.
            ("Harbor", Err(("several", &["5", "6"]))),
            ("Riversid Dentl", Err(("none", &["2"]))),
            ("Legal", Err(("none", &["5"]))),
            ("Zebra", Err(("none", &[]))),
            ("", Err(("none", &[]))),
        ];
        for (name, expected) in cases {
            match (pick(name, &companies), expected) {
                (Ok(found), Ok(id)) => assert_eq!(found.id, *id, "{name}"),
                (Err(Unclear::Several(found)), Err(("several", expected)))
                | (Err(Unclear::None(found)), Err(("none", expected))) => {
                    assert_eq!(ids(&found), *expected, "{name}");
                }
                (found, _) => panic!("{name}: {found:?}"),
            }
        }
    }
}
