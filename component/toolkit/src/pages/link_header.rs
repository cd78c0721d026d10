//! The header `Link` (RFC 8288). Only one fact is taken from it: whether it names a next page.
//!
//! Own code: by their manifests, the crates for it bring a regex engine (`parse_link_header`), the tables of internationalised
//! names (`http-link`) or a parser framework (`nom-rfc8288`) into every component.

use psa_contract::Response;

/// Whether a link has the relation `next`.
#[must_use]
pub fn names_next_page(response: &Response) -> bool {
    response
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("link"))
        .any(|(_, value)| names_next(value))
}

/// Of a value: links separated by commas, `<URL>; rel="next last"; title="…"`. Blanks are allowed around every sign. What is
/// not a link is skipped.
fn names_next(value: &str) -> bool {
    let mut rest = value;
    while let Some((_, link)) = rest.split_once('<') {
        let Some((_, parameters)) = link.split_once('>') else {
            return false;
        };
        let (is_next, after) = has_relation_next(parameters);
        if is_next {
            return true;
        }
        rest = after;
    }
    false
}

/// Whether the parameters of a link name the relation, and what follows them. Of several `rel`, the first counts.
fn has_relation_next(mut rest: &str) -> (bool, &str) {
    let mut relations: Option<String> = None;
    while let Some(parameter) = rest.trim_start().strip_prefix(';') {
        let end = parameter.find(['=', ';', ',']).unwrap_or(parameter.len());
        let (name, after) = parameter.split_at_checked(end).unwrap_or((parameter, ""));
        let (value, after) = match after.strip_prefix('=') {
            Some(value) => parameter_value(value.trim_start()),
            None => (String::new(), after),
        };
        if name.trim().eq_ignore_ascii_case("rel") {
            relations.get_or_insert(value);
        }
        rest = after;
    }
    let relations = relations.unwrap_or_default();
    let is_next = relations
        .split_ascii_whitespace()
        .any(|relation| relation.eq_ignore_ascii_case("next"));
    (is_next, rest)
}

/// A value, quoted or not, and what follows it.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        let (value, after) = text.split_at_checked(end).unwrap_or((text, ""));
        return (value.to_owned(), after);
    };
    let mut value = String::new();
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => value.extend(letters.next()),
            letter => value.push(letter),
        }
    }
    (value, letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_page_is_named_in_every_form_of_the_header() {
        for (value, expected) in [
            ("<https://a/b>; rel=\"next\"", true),
            ("<https://a/b>; REL=next", true),
            ("<https://a/b>;rel=Next", true),
            ("<https://a/b> ; rel = \"next\"", true),
            ("<https://a/b>; rel=\"next last\"", true),
            ("<https://a/b>; rel=\"last\tnext\"", true),
            ("<https://a/b>; title=\"a, b; c\"; rel=\"next\"", true),
            ("<https://a/b>; title=\"say \\\"hi\\\"\"; rel=next", true),
            ("<https://a/b>; crossorigin; rel=next", true),
            (
                "<https://a/b?x=1,2;3>; rel=prev, <https://a/c>; rel=next",
                true,
            ),
            (
                "<https://a/b>; rel=\"first\",\n     <https://a/c>; rel=\"next\"",
                true,
            ),
            ("nonsense, <https://a/c>; rel=next", true),
            ("<https://a/b>; rel=\"last\"", false),
            ("<https://a/b>; rel=\"nextish\"", false),
            ("<https://a/b>; rel=\"prev\"; rel=\"next\"", false),
            ("<https://a/b>; title=\"rel=next\"", false),
            ("<https://a/b>; title=\"; rel=next\"", false),
            ("<https://a/b?rel=next>; rel=first", false),
            ("<https://a/b>, rel=next", false),
            ("<https://a/b", false),
            ("rel=\"next\"", false),
            ("", false),
        ] {
            let response = Response {
                headers: vec![("Link".to_owned(), value.to_owned())],
                ..Response::default()
            };
            assert_eq!(names_next_page(&response), expected, "{value}");
        }
    }
}
