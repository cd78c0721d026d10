//! A web page in place of an answer: a login page, or what an allow-list, a firewall or a content network sends.
//!
//! Such a page says nothing about rights or keys: whoever sent it stands before the PSA.

use psa_contract::{Body, ErrorCode, Response};

use crate::body::{is_web_page, text_of};
use crate::status::Refusal;
use crate::text::one_line;

/// Longer titles are cut: they are quoted in a message.
const LONGEST_TITLE_CHARACTERS: usize = 100;

/// The headers in which content networks number their requests: Cloudflare, `CloudFront`, Akamai, Azure, Imperva, Fastly.
const REQUEST_ID_HEADERS: [&str; 6] = [
    "cf-ray",
    "x-amz-cf-id",
    "x-akamai-request-id",
    "x-azure-ref",
    "x-iinfo",
    "x-served-by",
];

/// `a web page (HTML) titled "403 - Forbidden"`, for a message, in which it has to be quoted.
#[must_use]
pub fn describe(body: &Body) -> String {
    match title(&text_of(body)) {
        Some(title) => format!("a web page (HTML) titled \"{title}\""),
        None => "a web page (HTML)".to_owned(),
    }
}

/// What a refusal means that comes from something in front of the PSA, although its status is one for rights, keys or load.
/// None: the PSA may have refused.
pub(crate) fn refusal_in_front_of_the_psa(response: &Response) -> Option<Refusal> {
    let (code, hint) = match response.status {
        401 | 403 | 406 => (ErrorCode::Unavailable, REFUSED),
        429 => (ErrorCode::RateLimited, TOO_MANY),
        503 => (ErrorCode::Unavailable, AWAY),
        _ => return None,
    };
    let message = if is_web_page(&response.body) {
        describe(&response.body)
    } else if is_text_of_cloudflare(&response.body) {
        one_line(&text_of(&response.body))
    } else {
        return None;
    };
    Some(Refusal {
        message: format!("{message}{}", request_id(response).unwrap_or_default()),
        hint: Some(hint),
        ..Refusal::new(code)
    })
}

const REFUSED: &str = "an allow-list, a firewall or a content network in front of the PSA blocks this host: ask its \
                       administrator to allow this host's address. Do not change keys or permissions: they are not the \
                       cause";
const TOO_MANY: &str = "an allow-list, a firewall or a content network in front of the PSA accepts no more requests from \
                        this host for now: wait, then repeat; if this continues, ask its administrator to raise the limit";
const AWAY: &str = "repeat later; if this continues, find out whether the PSA is down, or whether an allow-list, a \
                    firewall or a content network in front of it blocks this host";

/// To programs, Cloudflare sends `error code: 1020` in place of a page.
fn is_text_of_cloudflare(body: &Body) -> bool {
    let text = text_of(body);
    text.len() <= LONGEST_TITLE_CHARACTERS && text.trim_start().starts_with("error code: ")
}

fn request_id(response: &Response) -> Option<String> {
    REQUEST_ID_HEADERS.into_iter().find_map(|name| {
        let id = response.header(name)?;
        let id: String = one_line(id)
            .chars()
            .take(LONGEST_TITLE_CHARACTERS)
            .collect();
        (!id.is_empty()).then(|| format!(" ({name}: {id})"))
    })
}

/// The text of the element `title`. None: there is none, or it is empty.
fn title(page: &str) -> Option<String> {
    // Lower case in ASCII moves no byte.
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start
        .saturating_add(lower.get(start..)?.find('>')?)
        .saturating_add(1);
    let rest = page.get(start..)?;
    let end = lower.get(start..)?.find('<').unwrap_or(rest.len());
    let title = one_line(rest.get(..end)?);
    let title: String = title.chars().take(LONGEST_TITLE_CHARACTERS).collect();
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_described_by_its_title() {
        let long = format!("<title>{}</title>", "x".repeat(500));
        for (page, expected) in [
            ("<html>", None),
            ("<title></title>", None),
            ("<title", None),
            (
                "<TITLE lang=en>\r\n 403 -\tForbidden </TITLE>",
                Some("403 - Forbidden"),
            ),
            ("<p>ä<title>Größe", Some("Größe")),
            (&long, Some(&*"x".repeat(100))),
        ] {
            assert_eq!(title(page).as_deref(), expected, "{page}");
        }
    }

    #[test]
    fn only_pages_with_certain_statuses_are_in_front_of_the_psa() {
        for (status, body, expected) in [
            (403, "<html>", Some(ErrorCode::Unavailable)),
            (401, " <!DOCTYPE html>", Some(ErrorCode::Unavailable)),
            (406, "<html>", Some(ErrorCode::Unavailable)),
            (429, "<html>", Some(ErrorCode::RateLimited)),
            (503, "<html>", Some(ErrorCode::Unavailable)),
            (403, "error code: 1020", Some(ErrorCode::Unavailable)),
            (403, "{\"code\":\"Security\"}", None),
            (403, "no", None),
            (403, "", None),
            (404, "<html>", None),
            (502, "<html>", None),
        ] {
            let response = Response {
                status,
                headers: vec![("cf-ray".to_owned(), "8f00-FRA".to_owned())],
                body: body.into(),
                ..Response::default()
            };
            let refusal = refusal_in_front_of_the_psa(&response);
            if let Some(refusal) = &refusal {
                assert!(
                    refusal.message.ends_with(" (cf-ray: 8f00-FRA)"),
                    "{}",
                    refusal.message
                );
            }
            assert_eq!(refusal.map(|it| it.code), expected, "{status} {body}");
        }
    }
}
