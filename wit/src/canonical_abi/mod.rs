//! How values lie in a component's memory where they cross its boundary: the Canonical ABI of the Component Model, for the
//! types that the contract uses. Connectors need it; hosts have wasmtime's.
//!
//! It is for a connector's exports, whose code as wit-bindgen generates it holds in every function all of its types. Here
//! each type's is one function, made by the macros of this crate from the list of fields that makes the host's side, too.
//! wasmtime compares that list with the contract, and a test the layout.
//!
//! What a list or a text takes is never given back: a connector's memory ends with the call.

#[cfg(test)]
mod tests;
mod values;

use alloc::alloc::{Layout, alloc, handle_alloc_error};
use alloc::vec::Vec;

/// A type that can cross the boundary.
///
/// # Safety
/// `BYTES` and `ALIGNMENT` are those of the Canonical ABI, and `lower` writes what it says.
pub unsafe trait CanonicalAbi: Sized {
    /// How much memory a value takes, without the texts and lists that it points to.
    const BYTES: usize;
    /// Its addresses are multiples of this.
    const ALIGNMENT: usize;

    /// Takes over the value that the other side has written.
    ///
    /// # Safety
    /// A whole value lies at the address, aligned, and is taken over once.
    unsafe fn lift(address: *const u8) -> Self;

    /// Writes the value for the other side. Its texts stay where they are, so it has to live until they are read.
    ///
    /// # Safety
    /// The address is aligned, and as many bytes as the type takes may be written to.
    unsafe fn lower(&self, address: *mut u8);

    /// The same as [`Self::lift`] for values in a row.
    ///
    /// # Safety
    /// As many values lie at the address.
    unsafe fn lift_list(address: *const u8, length: usize) -> Vec<Self> {
        let mut list = Vec::with_capacity(length);
        for index in 0..length {
            // SAFETY: within the row.
            list.push(unsafe { Self::lift(address.add(index * Self::BYTES)) });
        }
        list
    }

    /// The same as [`Self::lower`] for values in a row, in memory that is taken for them.
    fn lower_list(list: &[Self]) -> *const u8 {
        let address = room(list.len() * Self::BYTES, Self::ALIGNMENT);
        for (index, value) in list.iter().enumerate() {
            // SAFETY: within the memory just taken.
            unsafe { value.lower(address.add(index * Self::BYTES)) };
        }
        address
    }
}

/// Memory that is never given back.
#[must_use]
pub fn room(bytes: usize, alignment: usize) -> *mut u8 {
    if bytes == 0 {
        return core::ptr::without_provenance_mut(alignment);
    }
    let Ok(layout) = Layout::from_size_align(bytes, alignment) else {
        return core::ptr::null_mut();
    };
    // SAFETY: the size is not zero.
    let address = unsafe { alloc(layout) };
    if address.is_null() {
        handle_alloc_error(layout);
    }
    address
}

/// The fields of a record, one after the other, each at the next address that its alignment allows.
pub(crate) struct Fields {
    record: *mut u8,
    offset: usize,
}

impl Fields {
    pub(crate) fn of(record: *const u8) -> Self {
        let record = record.cast_mut();
        Self { record, offset: 0 }
    }

    /// Inlined, since the offset is known where it is called.
    #[inline(always)]
    fn next<T: CanonicalAbi>(&mut self) -> *mut u8 {
        let start = self.offset.next_multiple_of(T::ALIGNMENT);
        self.offset = start + T::BYTES;
        self.record.wrapping_add(start)
    }

    /// # Safety
    /// As for [`CanonicalAbi::lift`], of a whole record.
    #[inline(always)]
    pub(crate) unsafe fn lift<T: CanonicalAbi>(&mut self) -> T {
        // SAFETY: as above.
        unsafe { T::lift(self.next::<T>()) }
    }

    /// # Safety
    /// As for [`CanonicalAbi::lower`], of a whole record.
    #[inline(always)]
    pub(crate) unsafe fn lower<T: CanonicalAbi>(&mut self, value: &T) {
        // SAFETY: as above.
        unsafe { value.lower(self.next::<T>()) }
    }
}

/// Size and alignment of a record, of those of its fields.
pub(crate) const fn record(fields: &[(usize, usize)]) -> (usize, usize) {
    let (mut bytes, mut alignment) = (0_usize, 1_usize);
    let mut index = 0;
    while index < fields.len() {
        let (field_bytes, field_alignment) = fields[index];
        bytes = bytes.next_multiple_of(field_alignment) + field_bytes;
        if field_alignment > alignment {
            alignment = field_alignment;
        }
        index += 1;
    }
    (bytes.next_multiple_of(alignment), alignment)
}

/// Size and alignment of a choice between two payloads: its number, then room for either.
pub(crate) const fn either(one: (usize, usize), other: (usize, usize)) -> (usize, usize) {
    let bytes = if one.0 > other.0 { one.0 } else { other.0 };
    let alignment = if one.1 > other.1 { one.1 } else { other.1 };
    record(&[(1, 1), (bytes, alignment)])
}
