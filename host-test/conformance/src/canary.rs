//! Values that take the places of a case's secrets: of the same form, and found nowhere else.

/// Whose secrets: those that the case has, or the canaries of one tenant or another.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Tenant {
    Own,
    First,
    Second,
}

/// Another value of the same form, which is no canary of the value either.
pub(crate) fn other_value(value: &str) -> String {
    turned(value, 7)
}

/// A value of the same form: letters become other letters of the same case, hexadecimal digits stay so, and everything
/// else stays as it is. So a GUID is still one, and what was wrong is wrong in the same way.
pub(crate) fn canary(value: &str, tenant: Tenant) -> String {
    match tenant {
        Tenant::Own => value.to_owned(),
        Tenant::First => turned(value, 3),
        Tenant::Second => turned(value, 5),
    }
}

fn turned(value: &str, step: u32) -> String {
    let turned = |letter: char, first: char, count: u32| {
        let place = (u32::from(letter) - u32::from(first) + step) % count;
        char::from_u32(u32::from(first) + place).unwrap_or(letter)
    };
    value
        .chars()
        .map(|letter| match letter {
            '0'..='9' => turned(letter, '0', 10),
            'a'..='f' => turned(letter, 'a', 6),
            'A'..='F' => turned(letter, 'A', 6),
            'g'..='z' => turned(letter, 'g', 20),
            'G'..='Z' => turned(letter, 'G', 20),
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_has_the_form_of_the_value_and_no_letter_of_it() {
        for value in ["6f1b7a52-0c3d-4e58-9a76-2d4c8b1e9f30", "Pub Key+1", ""] {
            for tenant in [Tenant::First, Tenant::Second] {
                let canary = canary(value, tenant);
                assert_eq!(canary.len(), value.len());
                for (old, new) in value.chars().zip(canary.chars()) {
                    assert_eq!(old.is_ascii_hexdigit(), new.is_ascii_hexdigit());
                    assert_eq!(old.is_ascii_uppercase(), new.is_ascii_uppercase());
                    assert!(old != new || !old.is_ascii_alphanumeric(), "{value}");
                }
            }
        }
        let both = [Tenant::First, Tenant::Second].map(|tenant| canary("abc", tenant));
        assert_ne!(both[0], both[1]);
    }
}
