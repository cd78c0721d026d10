//! The page is well-formed in what matters: nothing of a connector is markup, links lead somewhere, and it opens quickly.

use std::collections::HashSet;

use super::super::{Report, Rule, sample};

/// Every value of an attribute, such as `id`.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    let parts = page.split(&start).skip(1);
    parts.filter_map(|part| part.split('"').next()).collect()
}

fn page(report: &Report) -> String {
    report.html(&sample::repeat())
}

/// 460 cases with 40 faults, each a failure of one of the rules and with much to say.
fn everything_failed() -> Report {
    const FAULTS: [&str; 40] = [
        "f00", "f01", "f02", "f03", "f04", "f05", "f06", "f07", "f08", "f09", "f10", "f11", "f12",
        "f13", "f14", "f15", "f16", "f17", "f18", "f19", "f20", "f21", "f22", "f23", "f24", "f25",
        "f26", "f27", "f28", "f29", "f30", "f31", "f32", "f33", "f34", "f35", "f36", "f37", "f38",
        "f39",
    ];
    let found = format!("{}\n", "<x> & ".repeat(100)).repeat(100);
    let checks = (0..460).flat_map(|case| FAULTS.iter().map(move |fault| (case, *fault)));
    let rules = Rule::ALL.iter().cycle();
    let checks = checks.zip(rules).map(|((case, fault), rule)| {
        let folder = case / 60;
        let name =
            format!("faults/list-board-metadata-{folder}/a-case-with-a-long-name-{case}/0/{fault}");
        sample::failed(
            sample::passed(&name, Some(fault)),
            *rule,
            "nothing of the kind",
            &found,
        )
    });
    sample::report(checks.collect())
}

#[test]
fn nothing_that_a_connector_says_is_markup() {
    let text =
        "</pre></style></title><script>alert(1)</script><img src=x onerror=\"a\">&'\u{202e}\u{1b}";
    let mut report = sample::hostile(text);
    for check in &mut report.checks {
        check.name.push_str(text);
        check.case = Some(text.to_owned());
    }
    let page = page(&report);
    let shown = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&quot;a&quot;&gt;&amp;";
    // Title, heading, row, name of the check, expected, found, command.
    assert_eq!(page.matches(shown).count(), 7, "{page}");
    assert!(!page.contains("<script"), "{page}");
    assert!(!page.contains("<img"), "{page}");
    assert_eq!(page.matches("</style>").count(), 1);
    assert_eq!(page.matches("</title>").count(), 1);
    assert!(page.contains("\\u{202e}\\u{1b}"), "{page}");
    let obeyed = |character| character != '\n' && crate::is_obeyed(character);
    assert!(!page.contains(obeyed), "{page}");
}

#[test]
fn the_page_needs_nothing_else() {
    let page = page(&sample::failing());
    for part in ["://", "src=", "url(", "@import", "<link", "<script"] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
}

#[test]
fn a_cell_says_what_was_checked_and_leads_to_its_failure() {
    let page = page(&sample::failing());
    for part in [
        "<td class=\"p\" title=\"ok, recorded: 1 check\">1</td>",
        "title=\"list-companies, member-null: 4 of 4 failed\">4/4</td>",
        "title=\"ok, status-502: 1 of 2 failed\"><a href=\"#failure-5\">1/2</a></td>",
        "<details class=\"failure\" id=\"failure-5\" open><summary>faults/verify/ok/0/status-502-text<",
        "<pre class=\"expected\">the error unavailable or unexpected-response</pre>",
        "<pre class=\"found\">ok {\n  &quot;is-complete&quot;: true\n}</pre>",
        "--exact --filter faults/verify/ok/0/status-502-text</pre>",
        "✗ Not conformant: 6 of 10 checks failed",
        "<li>verify probe: body-large, required-null</li>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn a_conformant_connector_has_a_matrix_and_no_failures() {
    let page = page(&sample::conformant());
    assert!(page.contains("✓ Conformant: 10 checks passed"), "{page}");
    assert!(page.contains("<p>Nothing: every fault was put"), "{page}");
    assert!(page.contains("ok, status-502: 1 check"), "{page}");
    assert!(!page.contains("class=\"rule\""), "{page}");
    assert!(!page.contains("class=\"x\""), "{page}");
}

#[test]
fn the_page_says_what_it_is_and_opens_on_totals() {
    let page = page(&sample::failing());
    for part in [
        "<title>Conformance report: Deskly 1.4.0</title>",
        "<h1>Conformance report</h1><p class=\"connector\">Deskly 1.4.0</p>",
        "id=\"rows-none\" checked>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(page.matches(" checked").count(), 1);
}

#[test]
fn what_was_not_checked_is_not_called_conformant() {
    let mut report = sample::conformant();
    report.checks.retain(|it| it.area.name() != "writes");
    let page = page(&report);
    assert!(page.contains("✓ 9 checks passed"), "{page}");
    assert!(page.contains("Not checked: writes."), "{page}");
}

#[test]
fn the_worst_report_opens_quickly_and_its_links_lead_somewhere() {
    let page = page(&everything_failed());
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    let ids = values(&page, "id");
    let unique: HashSet<_> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len());
    let links = values(&page, "href");
    assert!(links.len() > 100, "{}", links.len());
    for link in links {
        assert!(unique.contains(link.trim_start_matches('#')), "{link}");
    }
    assert!(page.contains("lists all of them"));
}
