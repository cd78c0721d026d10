//! The interfaces of `connector.wit` as plain Rust types: one definition for the connector's core, the component's
//! edge, the host and the recorded cases. What each type and field means is said in `connector.wit` and only there.
//!
//! No behaviour lives here, and nothing about a vendor. With the feature `wasmtime` the types also cross the component
//! boundary on the host's side, with the feature `component` on the connector's.
#![no_std]
#![expect(
    missing_docs,
    reason = "the meaning of every field is written once, in connector.wit"
)]

extern crate alloc;

#[cfg(any(test, feature = "component"))]
mod canonical_abi;
mod http;
mod service_desk;

#[cfg(any(test, feature = "component"))]
pub use canonical_abi::{CanonicalAbi, room};
pub use http::{Failure, FailureKind, Request, Response};
pub use service_desk::{
    Board, BoardMetadata, BoardSelection, Choice, Company, CompanyPage, CompanyQuery,
    ConnectorDescription, ConnectorError, CreatedTicket, Creation, Detail, DraftField, ErrorCode,
    FieldError, Item, ItemPath, Named, Omission, Operation, Permission, PermissionCheck,
    PermissionState, Property, Rating, Setting, SettingChoice, SettingDescription, SettingKind,
    SettingSupplier, Subtype, Ticket, TicketDraft, TicketStatus, Verification,
};

/// The text of the contract, for hosts that print it and for tests that compare it.
pub const CONNECTOR_WIT: &str = include_str!("../connector.wit");

/// A record: each field with its name in the contract, which is also its name in JSON. One that is `secret` has no `Debug`
/// of its own making, since it may hold a key.
macro_rules! record {
    (secret $($rest:tt)*) => {
        crate::plain_record! { $($rest)* }
    };
    ($($rest:tt)*) => {
        crate::plain_record! { #[derive(Debug)] $($rest)* }
    };
}

macro_rules! plain_record {
    ($(#[$attribute:meta])* $name:ident { $($(#[$field_attribute:meta])* $field:ident: $type:ty = $wit:tt),* $(,)? }) => {
        #[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        $(#[$attribute])*
        #[serde(deny_unknown_fields)]
        #[cfg_attr(feature = "wasmtime", derive(
            wasmtime::component::ComponentType,
            wasmtime::component::Lift,
            wasmtime::component::Lower,
        ))]
        #[cfg_attr(feature = "wasmtime", component(record))]
        pub struct $name {
            $(
                $(#[$field_attribute])*
                #[serde(rename = $wit)]
                #[cfg_attr(feature = "wasmtime", component(name = $wit))]
                pub $field: $type,
            )*
        }

        // SAFETY: the fields, one after the other.
        #[cfg(any(test, feature = "component"))]
        unsafe impl crate::CanonicalAbi for $name {
            const BYTES: usize = crate::canonical_abi::record(&[$(
                (<$type as crate::CanonicalAbi>::BYTES, <$type as crate::CanonicalAbi>::ALIGNMENT)
            ),*]).0;
            const ALIGNMENT: usize = crate::canonical_abi::record(&[$(
                (<$type as crate::CanonicalAbi>::BYTES, <$type as crate::CanonicalAbi>::ALIGNMENT)
            ),*]).1;

            unsafe fn lift(address: *const u8) -> Self {
                let mut fields = crate::canonical_abi::Fields::of(address);
                // SAFETY: all of them lie there.
                unsafe { Self { $($field: fields.lift()),* } }
            }

            unsafe fn lower(&self, address: *mut u8) {
                let mut fields = crate::canonical_abi::Fields::of(address);
                // SAFETY: there is room for all of them.
                unsafe { $(fields.lower(&self.$field);)* }
            }
        }
    };
}

/// An enum: each case with its name in the contract, which is also its name in JSON.
macro_rules! enumeration {
    ($(#[$attribute:meta])* $name:ident { $($case:ident = $wit:tt),* $(,)? }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "wasmtime", derive(
            wasmtime::component::ComponentType,
            wasmtime::component::Lift,
            wasmtime::component::Lower,
        ))]
        #[cfg_attr(feature = "wasmtime", component(enum))]
        #[repr(u8)]
        pub enum $name {
            $(
                #[serde(rename = $wit)]
                #[cfg_attr(feature = "wasmtime", component(name = $wit))]
                $case,
            )*
        }

        // SAFETY: the number of the case, which is the one that Rust gives it, too.
        #[cfg(any(test, feature = "component"))]
        unsafe impl crate::CanonicalAbi for $name {
            const BYTES: usize = 1;
            const ALIGNMENT: usize = 1;

            unsafe fn lift(address: *const u8) -> Self {
                // SAFETY: a number lies there; the other side hands over those of cases only.
                Self::ALL[usize::from(unsafe { u8::lift(address) })]
            }

            unsafe fn lower(&self, address: *mut u8) {
                // SAFETY: there is room for a byte.
                unsafe { (*self as u8).lower(address) }
            }
        }

        impl $name {
            /// Every case, in the order of the contract.
            pub const ALL: &[Self] = &[$(Self::$case),*];

            /// The name in the contract.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$case => $wit),*
                }
            }
        }
    };
}

use {enumeration, plain_record, record};
