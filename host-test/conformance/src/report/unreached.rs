//! What of the table of outcomes was not reached, in the words of a report.

use super::Unreached;
use crate::fault::Fault;

/// `set-status write: body-large, required-*`. Faults that begin alike are one if all of them are missing.
pub(super) fn described(unreached: &Unreached) -> String {
    let Unreached {
        function,
        role,
        faults,
    } = unreached;
    let names = match faults.len() == Fault::columns().count() {
        true => "every fault".to_owned(),
        false => families(faults).join(", "),
    };
    format!("{function} {role}: {names}")
}

fn families(faults: &[&'static str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for fault in faults {
        let family = family(fault);
        let mut others = Fault::columns().filter(|other| self::family(other) == family);
        let name = match others.all(|other| faults.contains(&other)) {
            true => format!("{family}-*"),
            false => (*fault).to_owned(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What a name begins with: `status` of `status-502`.
fn family(fault: &str) -> &str {
    fault.split('-').next().unwrap_or(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_that_begin_alike_are_one_only_if_all_of_them_are_missing() {
        let described = |faults: Vec<&'static str>| {
            described(&Unreached {
                function: "verify",
                role: "probe",
                faults,
            })
        };
        let required: Vec<_> = Fault::columns()
            .filter(|fault| fault.starts_with("required-"))
            .collect();
        let with_one_more = [&["body-large"][..], &required].concat();
        assert_eq!(
            described(with_one_more),
            "verify probe: body-large, required-*"
        );
        assert_eq!(
            described(required[1..].to_vec()),
            format!("verify probe: {}", required[1..].join(", "))
        );
        assert_eq!(
            described(Fault::columns().collect()),
            "verify probe: every fault"
        );
    }
}
