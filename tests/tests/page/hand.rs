//! A person: with a mouse, or with the keyboard alone. What is done is counted.

use super::browser::{Browser, Element};

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
/// How often the key is pressed until everything on a page has been reached.
const MOST_TABS: usize = 250;

pub(crate) struct Hand<'a> {
    pub(crate) browser: &'a Browser,
    is_keyboard: bool,
    pub(crate) counts: Counts,
}

/// What a person did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) typed: usize,
    pub(crate) chosen: usize,
    pub(crate) switched: usize,
    pub(crate) pressed: usize,
}

impl Counts {
    pub(crate) fn is_within(self, most: Self) -> bool {
        self.typed <= most.typed
            && self.chosen <= most.chosen
            && self.switched <= most.switched
            && self.pressed <= most.pressed
    }
}

impl<'a> Hand<'a> {
    pub(crate) fn new(browser: &'a Browser, is_keyboard: bool) -> Self {
        Self {
            browser,
            is_keyboard,
            counts: Counts::default(),
        }
    }

    pub(crate) async fn types(&mut self, name: &str, text: &str) {
        let field = self.reach("textbox", name).await;
        self.browser.strike(text).await;
        assert_eq!(self.browser.value(&field).await, text, "{name}");
        self.counts.typed += 1;
    }

    pub(crate) async fn chooses(&mut self, name: &str, option: &str) {
        let field = self.reach("combobox", name).await;
        // A list takes the entry that begins with what is struck.
        self.browser.strike(option).await;
        let script = "return arguments[0].selectedOptions[0].label";
        let chosen = self.browser.script(script, field.as_argument()).await;
        let chosen = chosen.as_str().unwrap_or_default();
        assert!(chosen.starts_with(option), "{name}: {chosen}");
        self.counts.chosen += 1;
    }

    pub(crate) async fn presses(&mut self, name: &str) {
        self.press("button", name).await;
        self.counts.pressed += 1;
    }

    pub(crate) async fn follows(&mut self, name: &str) {
        self.press("link", name).await;
        self.counts.pressed += 1;
    }

    pub(crate) async fn switches(&mut self, name: &str) {
        self.press("switch", name).await;
        self.counts.switched += 1;
    }

    async fn press(&self, role: &str, name: &str) {
        if self.is_keyboard {
            self.reach(role, name).await;
            self.browser.strike(ENTER).await;
        } else {
            let element = self.browser.find(role, name).await;
            self.browser.click(&element).await;
        }
    }

    /// The element with the focus on it.
    async fn reach(&self, role: &str, name: &str) -> Element {
        let wanted = self.browser.find(role, name).await;
        if !self.is_keyboard {
            self.browser
                .script("arguments[0].focus()", wanted.as_argument())
                .await;
            return wanted;
        }
        for _ in 0..MOST_TABS {
            if self.browser.focused().await == wanted {
                return wanted;
            }
            self.browser.strike(TAB).await;
        }
        panic!("the key Tab does not reach the {role} {name}");
    }
}
