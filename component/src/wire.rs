//! The members of ConnectWise's records that this connector reads, by ConnectWise's names. Whatever is not here is ignored.
//! A member is optional unless a record is useless without it: unset ones are left out by current versions and null in old
//! ones (recorded behaviour of both).

use psa_json::{FromJson, Json, Members};

/// A row that is read in the order of its id.
pub(crate) trait Row: FromJson {
    fn id(&self) -> i64;
}

/// `{"id": 5, "name": "Help Desk", "_info": {…}}`.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) id: Option<i64>,
    pub(crate) name: Option<String>,
}

/// `Company`. There is no flag for inactive: `status` is a table of the tenant's own, and `deletedFlag` is the only rule.
pub(crate) struct Company {
    pub(crate) id: i64,
    pub(crate) identifier: Option<String>,
    pub(crate) name: String,
    pub(crate) status: Option<String>,
    pub(crate) is_deleted: bool,
    pub(crate) types: Vec<String>,
}

/// The rows of a board's lists, of the boards and of the priorities: `BoardInfo`, `BoardType`, `BoardStatus`,
/// `BoardSubType`, `BoardItem`, `Priority`. One type, since all are read in the same rounds.
pub(crate) struct Entry {
    pub(crate) id: i64,
    /// Empty for an association, which has none.
    pub(crate) name: String,
    /// `inactiveFlag` everywhere but on a status, which has `inactive`.
    pub(crate) is_inactive: bool,
    pub(crate) is_for_projects: bool,
    pub(crate) is_closed: bool,
    pub(crate) is_default: bool,
    pub(crate) sort_order: Option<i32>,
    pub(crate) color: Option<String>,
    pub(crate) level: Option<String>,
    pub(crate) type_ids: Vec<i64>,
    /// Of an association of type, subtype and item.
    pub(crate) association: Association,
}

/// `{"type": {"id": 1}, "subType": {"id": 2}, "item": {"id": 3}}`.
pub(crate) struct Association {
    pub(crate) type_id: Option<i64>,
    pub(crate) subtype_id: Option<i64>,
    pub(crate) item_id: Option<i64>,
}

/// `Ticket`.
pub(crate) struct Ticket {
    pub(crate) id: i64,
    pub(crate) summary: String,
    pub(crate) company: Reference,
    pub(crate) board: Reference,
    pub(crate) status: Reference,
    pub(crate) priority: Reference,
    pub(crate) ticket_type: Reference,
    pub(crate) is_closed: Option<bool>,
    pub(crate) external_x_ref: Option<String>,
    /// `dateEntered` of `_info`, whose shape differs by version: where it has another one, this is None.
    pub(crate) date_entered: Option<String>,
}

/// `MySecurity`: what the caller's role allows on one function. Levels are `None`, `My` or `All`.
pub(crate) struct MySecurity {
    pub(crate) add_level: Option<String>,
    pub(crate) inquire_level: Option<String>,
    pub(crate) module_name: Option<String>,
    pub(crate) module_function_name: Option<String>,
    pub(crate) module_description: Option<String>,
    pub(crate) module_function_description: Option<String>,
    /// The identifier or the name of `member`.
    pub(crate) member: Option<String>,
}

/// `Count`.
pub(crate) struct Count(pub(crate) u32);

/// `Info` of `/system/info`.
pub(crate) struct Info {
    pub(crate) version: Option<String>,
}

impl FromJson for Company {
    fn from_members(members: &mut Members) -> Self {
        Self {
            id: members.required_integer("id"),
            identifier: members.text("identifier"),
            name: members.required_text("name"),
            status: members.within("status", |status| status.text("name")),
            is_deleted: members.is("deletedFlag"),
            types: members
                .list("types")
                .values()
                .filter_map(|reference| reference.member("name").as_text())
                .map(str::to_owned)
                .collect(),
        }
    }
}

impl FromJson for Entry {
    fn from_members(members: &mut Members) -> Self {
        let type_id = members.within("type", |it| it.integer("id"));
        let item_id = members.within("item", |it| it.integer("id"));
        let is_association = type_id.is_some() || item_id.is_some();
        if type_id.is_none() && item_id.is_some() {
            // Left out, the item would seem to go under other types only, or under every one.
            members.wrong("an id", "type", Json::NULL);
        }
        let mut type_ids = Vec::new();
        for value in members.list("typeAssociationIds").values() {
            match value.as_integer() {
                Some(id) => type_ids.push(id),
                None => members.wrong("integers", "typeAssociationIds", value),
            }
        }
        Self {
            id: members.required_integer("id"),
            name: if is_association {
                String::new()
            } else {
                members.required_text("name")
            },
            is_inactive: members.is("inactiveFlag") || members.is("inactive"),
            is_for_projects: members.is("projectFlag"),
            is_closed: members.is("closedStatus"),
            is_default: members.is("defaultFlag"),
            sort_order: members
                .integer("sortOrder")
                .and_then(|order| i32::try_from(order).ok()),
            color: members.text("color"),
            level: members.text("level"),
            type_ids,
            association: Association {
                type_id,
                subtype_id: members.within("subType", |it| it.integer("id")),
                item_id,
            },
        }
    }
}

impl FromJson for Ticket {
    fn from_members(members: &mut Members) -> Self {
        Self {
            id: members.required_integer("id"),
            summary: members.required_text("summary"),
            company: reference(members, "company"),
            board: reference(members, "board"),
            status: reference(members, "status"),
            priority: reference(members, "priority"),
            ticket_type: reference(members, "type"),
            is_closed: members.flag("closedFlag"),
            external_x_ref: members.text("externalXRef"),
            date_entered: members.within("_info", |info| info.text_if_any("dateEntered")),
        }
    }
}

/// A reference that is not set has neither id nor name.
fn reference(members: &mut Members, name: &str) -> Reference {
    members.within(name, |reference| Reference {
        id: reference.integer("id"),
        name: reference.text("name"),
    })
}

impl FromJson for MySecurity {
    fn from_members(members: &mut Members) -> Self {
        Self {
            add_level: members.text("addLevel"),
            inquire_level: members.text("inquireLevel"),
            module_name: members.text("moduleName"),
            module_function_name: members.text("moduleFunctionName"),
            module_description: members.text("moduleDescription"),
            module_function_description: members.text("moduleFunctionDescription"),
            member: members.within("member", |member| {
                let identifier = member.text("identifier");
                identifier.or_else(|| member.text("name"))
            }),
        }
    }
}

impl FromJson for Count {
    fn from_members(members: &mut Members) -> Self {
        Self(u32::try_from(members.required_integer("count")).unwrap_or(u32::MAX))
    }
}

impl FromJson for Info {
    fn from_members(members: &mut Members) -> Self {
        Self {
            version: members.text("version"),
        }
    }
}

impl Row for Company {
    fn id(&self) -> i64 {
        self.id
    }
}

impl Row for Entry {
    fn id(&self) -> i64 {
        self.id
    }
}
