//! The page of the relay in a real browser: the real program with each connector, a stand-in for its PSA over TLS. Needs
//! the packages `chromium`, `chromium-driver` and `npm`; without one of them it is left out, and says so.

mod axe; // Accessibility, by axe-core.
mod browser; // A browser, spoken to by WebDriver.
mod flow; // What a person does and sees at each PSA.
mod hand; // A person: with a mouse, or with the keyboard alone.
#[path = "../relay/places.rs"]
#[allow(dead_code, reason = "the tests of the relay need more of it")]
mod places;
#[path = "../relay/program.rs"]
#[allow(dead_code, reason = "the tests of the relay need more of it")]
mod program;
mod set_up; // All steps.
