//! What a connector needs to be a component: the import `http::send`, the trait `Guest` and the macro `export!`, made by
//! wit-bindgen on the types of this crate.
#![allow(
    missing_docs,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    clippy::all,
    reason = "generated code"
)]

include!(concat!(env!("OUT_DIR"), "/guest.rs"));

pub use self::exports::psa::connector::service_desk::Guest;
pub use self::psa::connector::http::send;
