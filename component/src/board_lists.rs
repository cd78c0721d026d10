//! Which lists a board has, and how each is asked for. Read by `list_board_metadata.rs` and `check_ticket.rs`.

use crate::listing::Listing;
use crate::permission::{BOARD_STATUSES, BOARD_TYPES, BOARDS, PRIORITIES, Right};
use crate::wire::Entry;

/// The list of boards. `BoardInfo` needs the right to read tickets, `Board` the one to read the setup table, so there is no
/// falling back from one to the other.
pub(crate) fn boards_listing() -> Listing {
    Listing {
        doing: "list boards".to_owned(),
        right: Some(&BOARDS),
        path: "/service/info/boards".to_owned(),
        fields: "id,name,projectFlag,inactiveFlag",
        conditions: Vec::new(),
        child_conditions: None,
    }
}

pub(crate) fn priorities_listing() -> Listing {
    Listing {
        doing: "list priorities".to_owned(),
        right: Some(&PRIORITIES),
        path: "/service/priorities".to_owned(),
        fields: "id,name,color,sortOrder,defaultFlag,level",
        conditions: Vec::new(),
        child_conditions: None,
    }
}

/// A board that takes service tickets now. The flags are nullable, so they are not left to the server.
pub(crate) fn is_service_board(board: &Entry) -> bool {
    is_active(board) && !board.is_for_projects
}

pub(crate) fn is_active(entry: &Entry) -> bool {
    !entry.is_inactive
}

/// One of a board's lists.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) path: &'static str,
    noun: &'static str,
    fields: &'static str,
    /// None: the permission table has none for it, and a listing does without it.
    pub(crate) right: Option<&'static Right>,
}

pub(crate) const STATUSES: Part = Part {
    path: "statuses",
    noun: "statuses",
    fields: "id,name,inactive,closedStatus,defaultFlag,sortOrder",
    right: Some(&BOARD_STATUSES),
};

pub(crate) const TYPES: Part = Part {
    path: "types",
    noun: "types",
    fields: "id,name,inactiveFlag,defaultFlag",
    right: Some(&BOARD_TYPES),
};

pub(crate) const SUBTYPES: Part = Part {
    path: "subtypes",
    noun: "subtypes",
    fields: "id,name,inactiveFlag,typeAssociationIds",
    right: None,
};

pub(crate) const ITEMS: Part = Part {
    path: "items",
    noun: "items",
    fields: "id,name,inactiveFlag",
    right: None,
};

pub(crate) const ASSOCIATIONS: Part = Part {
    path: "typeSubTypeItemAssociations",
    noun: "combinations of type, subtype and item",
    fields: "id,type/id,subType/id,item/id",
    right: None,
};

impl Part {
    /// The list of `board-metadata` that it is for.
    pub(crate) fn member(self) -> &'static str {
        if self.path == ASSOCIATIONS.path {
            ITEMS.path
        } else {
            self.path
        }
    }

    pub(crate) fn listing(self, board_id: i64) -> Listing {
        let board = board_id.to_string();
        Listing {
            doing: ["list the ", self.noun, " of board ", &board].concat(),
            right: self.right,
            path: ["/service/boards/", &board, "/", self.path].concat(),
            fields: self.fields,
            conditions: Vec::new(),
            child_conditions: None,
        }
    }
}
