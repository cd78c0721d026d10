//! All steps: with a mouse at 1,280 pixels at each PSA, with the keyboard alone at 320. Pictures are kept in `target/page/`.

use std::fs;
use std::time::Duration;

use psa_tests::{tool, workspace};
use serde_json::json;

use super::axe::{axe, check};
use super::browser::{Browser, client};
use super::flow::Flow;
use super::hand::{Counts, Hand};
use super::places::{Place, Psa};
use super::program::{Options, Program};

const TIMING: &str =
    "settling = 2\ncall-limit = 20\nlease = 60\nshortest-pause = 0.2\nlongest-pause = 2";
/// What a set-up may cost beside the mapping of companies, one typed field of which is asked once for the relay.
const MOST: Counts = Counts {
    typed: 4 + 1,
    chosen: 4,
    switched: 1,
    pressed: 6,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_sets_the_relay_up_with_a_mouse_at_1280_pixels() {
    for psa in Psa::all() {
        set_up(&psa, 1_280, false).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_sets_the_relay_up_with_the_keyboard_alone_at_320_pixels() {
    let [connectwise, ..] = Psa::all();
    set_up(&connectwise, 320, true).await;
}

struct Visit<'a> {
    flow: &'static Flow,
    browser: &'a Browser,
    axe: &'a str,
    width: u32,
}

impl Visit<'_> {
    /// Checks the page that is shown, and keeps a picture of it.
    async fn look(&self, name: &str) {
        check(self.browser, self.axe, name, self.width).await;
        let folder = workspace().join("target/page");
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(format!("{}-{name}-{}.png", self.flow.tenant, self.width));
        self.browser.picture(&path).await;
    }
}

async fn set_up(psa: &Psa, width: u32, is_keyboard: bool) {
    let Some(chromium) = tool("chromium", "chromium") else {
        return;
    };
    let Some(driver) = tool("chromedriver", "chromium-driver") else {
        return;
    };
    let Some(axe) = axe() else {
        return;
    };
    let flow = Flow::of(psa);
    let place = psa.place();
    let options = Options {
        timing: TIMING,
        ..Options::default()
    };
    let mut program = Program::configured(&place, &options);
    program.start();
    let browser = Browser::start(&chromium, &driver).await;
    browser.looks(width, false).await;
    let visit = Visit {
        flow,
        browser: &browser,
        axe,
        width,
    };
    let mut hand = Hand::new(&browser, is_keyboard);
    signs_in(&program, &visit).await;
    settings(&place, &visit, &mut hand).await;
    let counted = hand.counts;
    let token = adds_a_source(&visit, &mut hand).await;
    sends(&program, flow, &token, "one").await;
    hand.counts = counted;
    browser
        .open(&format!(
            "{}/tenants/{}/verify",
            program.page_url(),
            flow.tenant
        ))
        .await;
    hand.follows("Continue to companies").await;
    let counted = hand.counts;
    maps_companies(&visit, &mut hand).await;
    hand.counts = counted;
    services(&visit, &mut hand).await;
    turns_on(&visit, &mut hand).await;
    let counts = hand.counts;
    println!(
        "{}, {width} pixels, keyboard alone: {is_keyboard}: {counts:?}",
        flow.vendor
    );
    assert_eq!(counts, flow.costs(), "{}", flow.vendor);
    assert!(counts.is_within(MOST), "{}", flow.vendor);
    becomes_a_ticket(&program, psa, &visit, &token).await;
}

async fn signs_in(program: &Program, visit: &Visit<'_>) {
    for _ in 0..600 {
        if client().get(program.page_url()).send().await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    visit.browser.open(&program.page_url()).await;
    visit.browser.says("psa-relay link").await;
    visit.look("sign-in").await;
    let link = program.command(&["link"]);
    let link = link.trim();
    visit.browser.open(link).await;
    visit.browser.says("Dashboard").await;
    let url = visit.browser.url().await;
    assert_eq!(
        url,
        format!("{}/", program.page_url()),
        "the address holds no secret"
    );
    visit.look("first").await;
    visit.browser.open(link).await;
    visit.browser.says("This link no longer works").await;
    visit.browser.open(&program.page_url()).await;
}

async fn settings(place: &Place, visit: &Visit<'_>, hand: &mut Hand<'_>) {
    let vendor = visit.flow.vendor;
    hand.follows(&format!("Set up {vendor}")).await;
    visit.browser.says(&format!("Settings for {vendor}")).await;
    visit.look("1-settings").await;
    for (label, name) in visit.flow.settings {
        let found = place.settings.iter().find(|it| it.name == *name);
        hand.types(label, &found.expect("a setting").value).await;
    }
    hand.presses("Verify Setup").await;
    visit.browser.says("Verify Setup passed").await;
    visit.browser.says("Granted").await;
    visit.look("2-verify").await;
}

/// Beside what is counted. Returns its token.
async fn adds_a_source(visit: &Visit<'_>, hand: &mut Hand<'_>) -> String {
    hand.follows("Sources").await;
    visit.browser.says("Add a source").await;
    visit.look("sources").await;
    hand.types("Name of the product", "Monitoring").await;
    hand.chooses("It sends", "Alertmanager").await;
    hand.presses("Add the source").await;
    visit.browser.says("It is shown once").await;
    let script = "return document.getElementById('new-secret').textContent";
    let token = visit.browser.script(script, json!([])).await;
    visit.look("source").await;
    token.as_str().expect("a token").to_owned()
}

async fn sends(program: &Program, flow: &Flow, token: &str, key: &str) {
    let alert = json!({
        "version": "4", "groupKey": "g", "status": "firing", "receiver": "r", "groupLabels": {},
        "commonLabels": {}, "commonAnnotations": {}, "externalURL": "https://am.example",
        "alerts": [{
            "status": "firing",
            "labels": {"alertname": "DiskFull", "severity": "critical", "company": flow.company},
            "annotations": {"summary": format!("Disk almost full {key}")},
            "startsAt": "2026-11-26T10:00:00Z", "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "https://prom.example/graph", "fingerprint": key,
        }],
    });
    let request = client().post(program.url("/alertmanager"));
    let request = request
        .bearer_auth(token)
        .header("content-type", "application/json");
    let answer = request
        .body(alert.to_string())
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 202);
}

async fn maps_companies(visit: &Visit<'_>, hand: &mut Hand<'_>) {
    visit.browser.says("Same name").await;
    visit.look("3-companies").await;
    let Flow {
        company,
        searched,
        default_company,
        ..
    } = visit.flow;
    hand.presses(&format!("Map to {company}")).await;
    visit.browser.says("Saved: ").await;
    hand.follows("Choose a default company").await;
    visit.browser.says("Companies of the PSA").await;
    hand.types("Search the PSA's companies", searched).await;
    hand.presses("Search").await;
    visit.browser.says(default_company).await;
    visit.look("3-choose").await;
    hand.presses(&format!("Choose {default_company}")).await;
    visit
        .browser
        .says(&format!("Saved: the default company is {default_company}"))
        .await;
    visit.look("3-mapped").await;
}

async fn services(visit: &Visit<'_>, hand: &mut Hand<'_>) {
    hand.follows("Continue to services").await;
    let choices = visit.flow.choices;
    visit.browser.says(choices[0].0).await;
    visit.look("4-services").await;
    for (label, option) in choices {
        hand.chooses(label, option).await;
    }
    hand.presses("Save and check").await;
    visit.browser.says("The check passed").await;
    visit.look("5-check").await;
}

async fn turns_on(visit: &Visit<'_>, hand: &mut Hand<'_>) {
    let switch = visit.browser.find("switch", "Enabled").await;
    assert_eq!(
        visit.browser.attribute(&switch, "aria-checked").await,
        "false"
    );
    hand.presses("Skip reading a ticket").await;
    visit.browser.says("Reading a ticket was skipped.").await;
    hand.switches("Enabled").await;
    visit.browser.says("Tickets are on").await;
    let switch = visit.browser.find("switch", "Enabled").await;
    assert_eq!(
        visit.browser.attribute(&switch, "aria-checked").await,
        "true"
    );
    visit.look("5-on").await;
}

/// The dashboard, and the trail of the case in words.
async fn becomes_a_ticket(program: &Program, psa: &Psa, visit: &Visit<'_>, token: &str) {
    sends(program, visit.flow, token, "two").await;
    for _ in 0..300 {
        if !psa.tickets().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    visit.browser.open(&program.page_url()).await;
    visit.browser.says("Ticket open").await;
    visit.browser.says("Disk almost full two").await;
    visit.look("dashboard").await;
    let case = visit.browser.find("link", "Disk almost full two").await;
    visit.browser.click(&case).await;
    visit.browser.says("What happened").await;
    visit
        .browser
        .says(&format!("Ticket #{}", visit.flow.ticket))
        .await;
    visit.look("case").await;
    visit
        .browser
        .open(&format!("{}/cases", program.page_url()))
        .await;
    visit.browser.says("Cases").await;
    visit.look("cases").await;
    let log = fs::read_to_string(program.log()).expect("a log");
    for setting in psa.place().settings {
        let is_secret = visit.flow.secrets.contains(&&*setting.name);
        assert!(
            !is_secret || !log.contains(&setting.value),
            "{} is in the log",
            setting.name
        );
    }
    assert!(!log.contains(token), "a token is in the log");
}
