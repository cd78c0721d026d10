//! Sorting, by one kind of key for every list: each further kind would add its own sorting code to everyone's sandbox.
//!
//! By a heap, whose code is a fifth of that of the sort of slices. Lists mostly arrive in order, which is seen first.

use std::collections::BinaryHeap;

/// By the number, then the text.
pub(crate) type Key = (i64, String);

/// Sorts by a key that is made once for each entry; equal ones stay as they are.
pub(crate) fn sort_by<T>(list: &mut Vec<T>, key: impl Fn(&T) -> Key) {
    let mut keys = Vec::with_capacity(list.len());
    for (place, entry) in list.iter().enumerate() {
        keys.push((key(entry), place));
    }
    if keys.is_sorted() {
        return;
    }
    let mut unsorted: Vec<Option<T>> = list.drain(..).map(Some).collect();
    for (_, place) in BinaryHeap::from(keys).into_sorted_vec() {
        list.extend(unsorted.get_mut(place).and_then(Option::take));
    }
}

/// The key of a list that is sorted by a number alone.
pub(crate) fn by_number(number: i64) -> Key {
    (number, String::new())
}
