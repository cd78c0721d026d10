//! The layout is compared with the one that the parser of the contract computes; values are lowered and lifted again.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec;
use core::fmt::Debug;
use core::mem::ManuallyDrop;

use wit_parser::{Resolve, SizeAlign, Type};

use super::{CanonicalAbi, room};
use crate::*;

/// Name in the contract, bytes and alignment of each type.
macro_rules! layouts {
    ($($type:ident),* $(,)?) => {
        [$((kebab_case(stringify!($type)), (<$type>::BYTES, <$type>::ALIGNMENT))),*]
    };
}

#[test]
fn the_layout_is_that_of_the_contract() {
    let here = layouts![
        Board,
        BoardMetadata,
        BoardSelection,
        Choice,
        Company,
        CompanyPage,
        CompanyQuery,
        ConnectorDescription,
        ConnectorError,
        CreatedTicket,
        Creation,
        Detail,
        DraftField,
        ErrorCode,
        Failure,
        FailureKind,
        FieldError,
        Item,
        ItemPath,
        Named,
        Omission,
        Operation,
        Permission,
        PermissionCheck,
        PermissionState,
        Property,
        Rating,
        Request,
        Response,
        Setting,
        SettingChoice,
        SettingDescription,
        SettingKind,
        SettingSupplier,
        Subtype,
        Ticket,
        TicketDraft,
        TicketStatus,
        Verification,
    ];
    let mut contract = Resolve::default();
    contract
        .push_str("connector.wit", CONNECTOR_WIT)
        .expect("WIT");
    let mut sizes = SizeAlign::default();
    sizes.fill(&contract).expect("sizes");
    let mut expected = BTreeMap::new();
    for (id, definition) in contract.types.iter() {
        if let Some(name) = &definition.name {
            let size = sizes.size(&Type::Id(id));
            let alignment = sizes.align(&Type::Id(id));
            // A component has pointers of 4 bytes; what runs the tests, of 8.
            let layout = match size_of::<usize>() {
                4 => (size.size_wasm32(), alignment.align_wasm32()),
                _ => (size.size_wasm64(), alignment.align_wasm64()),
            };
            expected.insert(name.clone(), layout);
        }
    }
    assert_eq!(BTreeMap::from(here), expected);
}

fn kebab_case(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

#[test]
fn what_is_lowered_is_lifted_again() {
    let text = |text: &str| String::from(text);
    for selection in [
        BoardSelection::BoardsOnly,
        BoardSelection::Only(vec![text("1"), text("22")]),
        BoardSelection::All,
    ] {
        comes_back(selection);
    }
    for rating in Rating::ALL {
        comes_back(TicketDraft {
            company_id: text("7"),
            severity: Some(*rating),
            details: vec![Detail {
                label: text("Domain"),
                value: text("example.com"),
            }],
            vendor_fields: Some(String::new()),
            ..TicketDraft::default()
        });
    }
    comes_back::<Result<Response, Failure>>(Ok(Response {
        status: 207,
        headers: vec![(text("a"), text("b")), (text("c"), text(""))],
        body: vec![0, 1, 255],
    }));
    comes_back::<Result<Response, Failure>>(Err(Failure {
        kind: FailureKind::TooLarge,
        message: text("…"),
        may_have_acted: true,
    }));
    comes_back(ConnectorError {
        code: ErrorCode::UnexpectedResponse,
        message: text("m"),
        hint: None,
        field_errors: vec![FieldError {
            field: Some(text("site")),
            vendor_field: None,
            message: text("f"),
        }],
        permission_ids: vec![],
        retry_after_seconds: Some(u32::MAX),
        http_status: Some(u16::MAX),
        vendor_code: Some(text("v")),
        vendor_request_id: None,
    });
    comes_back(vec![Choice {
        id: text("1"),
        name: text("n"),
        board_id: None,
        is_default: true,
        sort_order: Some(i32::MIN),
        color: Some(text("#000000")),
        properties: vec![],
    }]);
}

fn comes_back<T: CanonicalAbi + Debug + PartialEq>(value: T) {
    // Both point to the same texts.
    let value = ManuallyDrop::new(value);
    let address = room(T::BYTES, T::ALIGNMENT);
    // SAFETY: there is room for the value, which is then lifted once.
    let lifted = unsafe {
        value.lower(address);
        ManuallyDrop::new(T::lift(address))
    };
    assert_eq!(*lifted, *value);
}
