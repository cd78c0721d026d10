//! The page of the relay in a real browser: the real program, ConnectWise's connector, a stand-in for the PSA over TLS. Needs
//! the packages `chromium`, `chromium-driver` and `npm`; without one of them it is left out, and says so.

mod axe; // Accessibility, by axe-core.
mod browser; // A browser, spoken to by WebDriver.
mod hand; // A person: with a mouse, or with the keyboard alone.
mod program; // The relay, started.
mod set_up; // All steps.
