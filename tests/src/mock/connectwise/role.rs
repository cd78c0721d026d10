//! The role of a tenant's API member: a level for each function and each kind of access, and the tables that may be read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::condition::{Kind, Operand};
use super::listing::Record;

/// What a role allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing.
    None,
    /// The member's own records.
    My,
    /// Every record.
    All,
}

/// The kind of access a level is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// To create.
    Add,
    /// To change.
    Edit,
    /// To read.
    Inquire,
}

/// A function of a module of the security role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    /// Companies: Company Maintenance, which covers the sites.
    CompanyMaintenance,
    /// Companies: Configurations.
    Configurations,
    /// Companies: Contacts.
    Contacts,
    /// Service Desk: Close Service Tickets, which is another function than the one it sounds like.
    CloseServiceTickets,
    /// Service Desk: Service Tickets.
    ServiceTickets,
    /// System: Member Maintenance, which covers the role itself.
    MemberMaintenance,
    /// System: Table Setup. [`Table`] says of which tables.
    TableSetup,
}

/// A table of the service desk, as the list under "customize" beside Table Setup allows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Priorities.
    Priorities,
    /// Sources.
    Sources,
    /// A board's statuses.
    Statuses,
    /// A board's types.
    Types,
    /// A board's subtypes.
    Subtypes,
    /// A board's items, and their combinations with types and subtypes.
    Items,
}

/// A security role.
#[derive(Clone, Debug)]
pub struct Role {
    levels: BTreeMap<(Function, Access), Level>,
    tables: BTreeSet<Table>,
}

const FUNCTIONS: [(Function, &str, &str); 7] = [
    (
        Function::CompanyMaintenance,
        "Companies",
        "Company Maintenance",
    ),
    (Function::Configurations, "Companies", "Configurations"),
    (Function::Contacts, "Companies", "Contacts"),
    (
        Function::CloseServiceTickets,
        "Service Desk",
        "Close Service Tickets",
    ),
    (Function::ServiceTickets, "Service Desk", "Service Tickets"),
    (Function::MemberMaintenance, "System", "Member Maintenance"),
    (Function::TableSetup, "System", "Table Setup"),
];

impl Role {
    /// Every right that the connector needs, and no more.
    #[must_use]
    pub fn sufficient() -> Self {
        use Table::{Items, Priorities, Sources, Statuses, Subtypes, Types};
        let rights = [
            (Function::CompanyMaintenance, Access::Inquire),
            (Function::Configurations, Access::Inquire),
            (Function::Contacts, Access::Inquire),
            (Function::CloseServiceTickets, Access::Inquire),
            (Function::CloseServiceTickets, Access::Edit),
            (Function::ServiceTickets, Access::Inquire),
            (Function::ServiceTickets, Access::Add),
            (Function::ServiceTickets, Access::Edit),
            (Function::MemberMaintenance, Access::Inquire),
            (Function::TableSetup, Access::Inquire),
        ];
        let tables = [Priorities, Sources, Statuses, Types, Subtypes, Items];
        Self {
            levels: rights.map(|right| (right, Level::All)).into(),
            tables: BTreeSet::from(tables),
        }
    }

    /// The same role with another level of one function.
    #[must_use]
    pub fn with(mut self, function: Function, access: Access, level: Level) -> Self {
        self.levels.insert((function, access), level);
        self
    }

    /// The same role without one of the tables.
    #[must_use]
    pub fn without_table(mut self, table: Table) -> Self {
        self.tables.remove(&table);
        self
    }

    /// The level of a function.
    #[must_use]
    pub fn level(&self, function: Function, access: Access) -> Level {
        let level = self.levels.get(&(function, access));
        level.copied().unwrap_or(Level::None)
    }

    pub(super) fn may_read(&self, table: Table) -> bool {
        self.level(Function::TableSetup, Access::Inquire) != Level::None
            && self.tables.contains(&table)
    }

    /// The rows of `/system/mySecurity`.
    pub(super) fn rows(&self, member: &str) -> Vec<RoleRow> {
        FUNCTIONS
            .iter()
            .zip(1..)
            .map(|((function, module, name), number)| RoleRow {
                id: number,
                module,
                function: name,
                add: self.level(*function, Access::Add),
                edit: self.level(*function, Access::Edit),
                inquire: self.level(*function, Access::Inquire),
                member: member.to_owned(),
            })
            .collect()
    }
}

/// A row of `MySecurity`.
pub(super) struct RoleRow {
    id: i64,
    module: &'static str,
    function: &'static str,
    add: Level,
    edit: Level,
    inquire: Level,
    member: String,
}

impl Record for RoleRow {
    fn kind(name: &str) -> Option<Kind> {
        match name {
            "id" => Some(Kind::Number),
            "moduleName" | "moduleFunctionName" => Some(Kind::Text),
            _ => None,
        }
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn operands(&self, name: &str) -> Vec<Operand> {
        match name {
            "moduleName" => vec![Operand::Text(self.module.to_owned())],
            "moduleFunctionName" => vec![Operand::Text(self.function.to_owned())],
            _ => vec![Operand::Number(self.id)],
        }
    }

    fn json(&self, base: &str) -> Value {
        let level = |level: Level| match level {
            Level::None => "None",
            Level::My => "My",
            Level::All => "All",
        };
        let href = format!("{base}//system/members/171");
        json!({
            "id": self.id,
            "addLevel": level(self.add),
            "editLevel": level(self.edit),
            "deleteLevel": "None",
            "inquireLevel": level(self.inquire),
            "moduleFunctionName": self.function,
            "moduleFunctionDescription": self.function,
            "myAllFlag": true,
            "moduleFunctionIdentifier": self.function.replace(' ', ""),
            "reportFlag": false,
            "restrictFlag": false,
            "customFlag": false,
            "moduleDescription": self.module,
            "moduleIdentifier": self.module.replace(' ', ""),
            "moduleName": self.module,
            "sortOrder": self.id,
            "member": {"id": 171, "identifier": self.member, "name": "Example Integration", "dailyCapacity": 8.0,
                "_info": {"member_href": href}},
            "_info": {"member_href": href},
        })
    }
}
