//! The numbers of placeholders for what was learnt to be secret, and what each stands for in a replay.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::har::document::Entry;
use crate::har::secrets::NUMBERED;
use crate::placeholder::REMOVED;

/// The numbers in an archive.
pub(super) struct Numbers {
    /// Of values that a response gave: the client has them from there, and sends them as it got them.
    pub(super) given: BTreeSet<usize>,
    /// Of values that a request had first: the client made them, and makes others in a replay.
    pub(super) sent: BTreeSet<usize>,
}

impl Numbers {
    /// The entries are in the order of asking.
    pub(super) fn new(entries: &[Entry]) -> Self {
        let (mut given, mut sent) = (BTreeSet::new(), BTreeSet::new());
        for entry in entries {
            let asked = numbers_of(&entry.request).into_iter();
            sent.extend(asked.filter(|number| !given.contains(number)));
            let answered = numbers_of(&entry.response).into_iter();
            given.extend(answered.filter(|number| !sent.contains(number)));
        }
        // What stands outside of both was neither given nor sent.
        let all = numbers_of(&entries).into_iter();
        sent.extend(all.filter(|number| !given.contains(number)));
        Self { given, sent }
    }

    /// The placeholders that count as anything.
    pub(super) fn anything(&self) -> Vec<String> {
        let sent = self.sent.iter();
        let mut all: Vec<String> = sent
            .map(|number| format!("{{{{{NUMBERED}{number}}}}}"))
            .collect();
        all.push(REMOVED.to_owned());
        all
    }
}

/// The numbers in a text.
pub(super) fn numbers_in(text: &str) -> Vec<usize> {
    let begin = format!("{{{{{NUMBERED}");
    let after_names = text.split(&begin).skip(1);
    let numbers = after_names.filter_map(|rest| rest.split_once("}}")?.0.parse().ok());
    numbers.collect()
}

fn numbers_of(part: &impl Serialize) -> Vec<usize> {
    numbers_in(&serde_json::to_string(part).unwrap_or_default())
}
