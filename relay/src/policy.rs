//! How long things take, and what follows from a tenant's choices. Pure.

mod rules;
pub mod timing;

pub use rules::{OnRecovery, Rules};
pub use timing::Timing;
