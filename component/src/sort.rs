//! Sorting, by one kind of key for every list: each further kind would add its own sorting code to everyone's sandbox.

use crate::prelude::*;

/// By the first number, then the second, then the text.
pub(crate) type Key = (i64, i64, String);

/// Sorts by a key that is made once for each entry; equal ones stay as they are.
pub(crate) fn sort_by<T>(list: &mut [T], key: impl FnMut(&T) -> Key) {
    list.sort_by_cached_key(key);
}

/// The key of a list that is sorted by a number alone.
pub(crate) fn by_number(number: i64) -> Key {
    (number, 0, String::new())
}

/// ASCII letters in lower case.
pub(crate) fn without_case(text: &str) -> String {
    text.to_ascii_lowercase()
}
