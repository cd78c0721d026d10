//! The lists of one board: what is read of it, and what of that may be left out.

use psa_contract::{BoardMetadata, Choice, ErrorCode, Subtype, TicketStatus};
use psa_toolkit::Error;
use psa_toolkit::choices::{or_omit, sorted, sorted_by};
use psa_toolkit::pages::{Gather, List};

use super::entries::{choice, choice_of, items_of, order};
use super::lists::{ASSOCIATIONS, ITEMS, STATUSES, SUBTYPES, TYPES};
use crate::api::rows;
use crate::settings::Settings;
use crate::wire::{self, is};

/// The lists of a board.
pub(super) struct BoardLists<'a> {
    pub(super) board: Choice,
    statuses: List<'a, wire::Status>,
    types: List<'a, wire::Type>,
    subtypes: List<'a, wire::Subtype>,
    items: List<'a, wire::Item>,
    associations: List<'a, wire::Association>,
}

impl<'a> BoardLists<'a> {
    pub(super) fn new(settings: &'a Settings, board: &wire::Board) -> Self {
        let board_id = board.id;
        Self {
            board: choice(board_id, board.name.clone()),
            statuses: List::new(STATUSES.listing(settings, board_id), rows),
            types: List::new(TYPES.listing(settings, board_id), rows),
            subtypes: List::new(SUBTYPES.listing(settings, board_id), rows),
            items: List::new(ITEMS.listing(settings, board_id), rows),
            associations: List::new(ASSOCIATIONS.listing(settings, board_id), rows),
        }
    }

    pub(super) fn gathered(&mut self) -> [&mut dyn Gather; 5] {
        [
            &mut self.statuses,
            &mut self.types,
            &mut self.subtypes,
            &mut self.items,
            &mut self.associations,
        ]
    }

    pub(super) fn add_to(self, metadata: &mut BoardMetadata, served: &Served) -> Result<(), Error> {
        let id = self.board.id;
        // The board ceased to exist between the two rounds.
        let is_gone = |error: &Error| error.code == ErrorCode::NotFound;
        let errors = [
            self.statuses.error(),
            self.types.error(),
            self.subtypes.error(),
            self.items.error(),
            self.associations.error(),
        ];
        if errors.into_iter().flatten().any(is_gone) {
            metadata.boards.retain(|board| board.id != id);
            return Ok(());
        }
        let statuses = if served.statuses {
            readable(self.statuses, "statuses", &id, metadata)?.unwrap_or_default()
        } else {
            self.statuses.into_rows()?
        };
        let statuses = statuses
            .into_iter()
            .filter(|it| !is(it.inactive))
            .map(|it| TicketStatus {
                is_closed: Some(is(it.closed_status)),
                choice: Choice {
                    is_default: is(it.default_flag),
                    sort_order: order(it.sort_order),
                    ..choice_of(&id, it.id, it.name)
                },
            });
        let statuses = sorted_by(statuses.collect(), |it| &it.choice);
        metadata.statuses.extend(statuses);
        let types = if served.types {
            readable(self.types, "types", &id, metadata)?.unwrap_or_default()
        } else {
            self.types.into_rows()?
        };
        let types = types.into_iter().filter(|it| !is(it.inactive_flag));
        let types = types.map(|it| Choice {
            is_default: is(it.default_flag),
            ..choice_of(&id, it.id, it.name)
        });
        metadata.types.extend(sorted(types.collect()));
        if let Some(subtypes) = readable(self.subtypes, "subtypes", &id, metadata)? {
            let subtypes = subtypes.into_iter().filter(|it| !is(it.inactive_flag));
            let subtypes = subtypes.map(|it| Subtype {
                type_ids: it.type_association_ids.iter().map(i64::to_string).collect(),
                choice: choice_of(&id, it.id, it.name),
            });
            let subtypes = sorted_by(subtypes.collect(), |it| &it.choice);
            metadata.subtypes.extend(subtypes);
        }
        let items = readable(self.items, "items", &id, metadata)?;
        // Without its combinations an item would seem to go under every type.
        let associations = readable(self.associations, "items", &id, metadata)?;
        if let (Some(items), Some(associations)) = (items, associations) {
            let items = items_of(&id, items, associations);
            metadata.items.extend(sorted_by(items, |it| &it.choice));
        }
        Ok(())
    }
}

/// Which lists at least one board serves: the role may read them, and a board that refuses is restricted by itself. If all of
/// them refuse, a right is missing.
pub(super) struct Served {
    statuses: bool,
    types: bool,
}

impl Served {
    pub(super) fn of(lists: &[BoardLists]) -> Self {
        Self {
            statuses: lists.iter().any(|it| it.statuses.error().is_none()),
            types: lists.iter().any(|it| it.types.error().is_none()),
        }
    }
}

/// The rows of a list that a listing can do without. None: they may not be read, which is noted once.
fn readable<T>(
    list: List<T>,
    part: &str,
    board_id: &str,
    metadata: &mut BoardMetadata,
) -> Result<Option<Vec<T>>, Error> {
    let omissions = &mut metadata.omissions;
    or_omit(list.into_rows(), part, Some(board_id), omissions)
}
