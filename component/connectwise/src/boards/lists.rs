//! Which lists there are, and how each is asked for.

use psa_toolkit::permission::RequiredPermission;

use crate::api::Listing;
use crate::permissions::{BOARD_STATUSES, BOARD_TYPES, BOARDS, PRIORITIES};
use crate::settings::Settings;

/// The list of boards. `BoardInfo` needs the right to read tickets, `Board` the one to read the setup table, so there is no
/// falling back from one to the other.
pub(crate) fn boards_listing(settings: &Settings) -> Listing<'_> {
    Listing {
        settings,
        doing: "list boards".to_owned(),
        permission: Some(&BOARDS),
        path: "/service/info/boards".to_owned(),
        fields: "id,name,projectFlag,inactiveFlag",
        conditions: Vec::new(),
        child_conditions: None,
    }
}

pub(crate) fn priorities_listing(settings: &Settings) -> Listing<'_> {
    Listing {
        settings,
        doing: "list priorities".to_owned(),
        permission: Some(&PRIORITIES),
        path: "/service/priorities".to_owned(),
        fields: "id,name,color,sortOrder,defaultFlag,level",
        conditions: Vec::new(),
        child_conditions: None,
    }
}

/// Its right is in no permission table, and a ticket can be opened without one.
pub(crate) fn sources_listing(settings: &Settings) -> Listing<'_> {
    Listing {
        settings,
        doing: "list sources".to_owned(),
        permission: None,
        path: "/service/sources".to_owned(),
        fields: "id,name,defaultFlag",
        conditions: Vec::new(),
        child_conditions: None,
    }
}

/// One of a board's lists.
pub(crate) struct Part {
    path: &'static str,
    noun: &'static str,
    fields: &'static str,
    /// None: the permission table has none for it, and a listing does without it.
    permission: Option<&'static RequiredPermission>,
}

pub(crate) const STATUSES: Part = Part {
    path: "statuses",
    noun: "statuses",
    fields: "id,name,inactive,closedStatus,defaultFlag,sortOrder",
    permission: Some(&BOARD_STATUSES),
};

pub(crate) const TYPES: Part = Part {
    path: "types",
    noun: "types",
    fields: "id,name,inactiveFlag,defaultFlag",
    permission: Some(&BOARD_TYPES),
};

pub(crate) const SUBTYPES: Part = Part {
    path: "subtypes",
    noun: "subtypes",
    fields: "id,name,inactiveFlag,typeAssociationIds",
    permission: None,
};

pub(crate) const ITEMS: Part = Part {
    path: "items",
    noun: "items",
    fields: "id,name,inactiveFlag",
    permission: None,
};

pub(crate) const ASSOCIATIONS: Part = Part {
    path: "typeSubTypeItemAssociations",
    noun: "combinations of type, subtype and item",
    fields: "id,type/id,subType/id,item/id",
    permission: None,
};

impl Part {
    pub(crate) fn listing<'a>(&self, settings: &'a Settings, board_id: i64) -> Listing<'a> {
        Listing {
            settings,
            doing: format!("list the {} of board {board_id}", self.noun),
            permission: self.permission,
            path: format!("/service/boards/{board_id}/{}", self.path),
            fields: self.fields,
            conditions: Vec::new(),
            child_conditions: None,
        }
    }
}
