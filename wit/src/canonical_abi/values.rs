//! What the contract's types are made of: numbers, texts, lists and values that may be absent; and its one variant. Records
//! and enums are in the macros of the crate.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::{CanonicalAbi, Fields, either, record};
use crate::BoardSelection;

const POINTER_BYTES: usize = size_of::<usize>();

macro_rules! number {
    ($($type:ty),*) => {
        $(
            // SAFETY: a number lies in memory as it is.
            unsafe impl CanonicalAbi for $type {
                const BYTES: usize = size_of::<$type>();
                const ALIGNMENT: usize = align_of::<$type>();

                unsafe fn lift(address: *const u8) -> Self {
                    // SAFETY: a number lies there.
                    unsafe { address.cast::<Self>().read() }
                }

                unsafe fn lower(&self, address: *mut u8) {
                    // SAFETY: there is room for it.
                    unsafe { address.cast::<Self>().write(*self) }
                }
            }
        )*
    };
}

number!(u16, u32, i32, usize);

// SAFETY: a byte lies in memory as it is, and bytes in a row are a list as it is.
unsafe impl CanonicalAbi for u8 {
    const BYTES: usize = 1;
    const ALIGNMENT: usize = 1;

    unsafe fn lift(address: *const u8) -> Self {
        // SAFETY: a byte lies there.
        unsafe { address.read() }
    }

    unsafe fn lower(&self, address: *mut u8) {
        // SAFETY: there is room for it.
        unsafe { address.write(*self) }
    }

    unsafe fn lift_list(address: *const u8, length: usize) -> Vec<u8> {
        if length == 0 {
            return Vec::new();
        }
        // SAFETY: the other side took this memory from the allocator, for this many bytes.
        unsafe { Vec::from_raw_parts(address.cast_mut(), length, length) }
    }

    fn lower_list(list: &[u8]) -> *const u8 {
        list.as_ptr()
    }
}

// SAFETY: 0 or 1.
unsafe impl CanonicalAbi for bool {
    const BYTES: usize = 1;
    const ALIGNMENT: usize = 1;

    unsafe fn lift(address: *const u8) -> Self {
        // SAFETY: a byte lies there.
        unsafe { address.read() != 0 }
    }

    unsafe fn lower(&self, address: *mut u8) {
        // SAFETY: there is room for a byte.
        unsafe { address.write(u8::from(*self)) }
    }
}

// SAFETY: an address and a length.
unsafe impl<T: CanonicalAbi> CanonicalAbi for Vec<T> {
    const BYTES: usize = 2 * POINTER_BYTES;
    const ALIGNMENT: usize = POINTER_BYTES;

    #[inline(never)]
    unsafe fn lift(address: *const u8) -> Self {
        // SAFETY: both lie there, and the list where they say.
        unsafe {
            let list = address.cast::<*const u8>().read();
            let length = usize::lift(address.add(POINTER_BYTES));
            T::lift_list(list, length)
        }
    }

    unsafe fn lower(&self, address: *mut u8) {
        // SAFETY: there is room for both.
        unsafe {
            address.cast::<*const u8>().write(T::lower_list(self));
            self.len().lower(address.add(POINTER_BYTES));
        }
    }
}

// SAFETY: a list of bytes.
unsafe impl CanonicalAbi for String {
    const BYTES: usize = 2 * POINTER_BYTES;
    const ALIGNMENT: usize = POINTER_BYTES;

    unsafe fn lift(address: *const u8) -> Self {
        // SAFETY: the other side hands over UTF-8 only.
        unsafe { Self::from_utf8_unchecked(Vec::lift(address)) }
    }

    unsafe fn lower(&self, address: *mut u8) {
        // SAFETY: there is room for address and length.
        unsafe {
            address.cast::<*const u8>().write(self.as_ptr());
            self.len().lower(address.add(POINTER_BYTES));
        }
    }
}

// SAFETY: the value that is in the box.
unsafe impl<T: CanonicalAbi> CanonicalAbi for Box<T> {
    const BYTES: usize = T::BYTES;
    const ALIGNMENT: usize = T::ALIGNMENT;

    unsafe fn lift(address: *const u8) -> Self {
        // SAFETY: a value lies there.
        Self::new(unsafe { T::lift(address) })
    }

    unsafe fn lower(&self, address: *mut u8) {
        // SAFETY: there is room for it.
        unsafe { T::lower(self, address) }
    }
}

// SAFETY: takes no room.
unsafe impl CanonicalAbi for () {
    const BYTES: usize = 0;
    const ALIGNMENT: usize = 1;

    unsafe fn lift(_: *const u8) -> Self {}

    unsafe fn lower(&self, _: *mut u8) {}
}

// SAFETY: two fields.
unsafe impl<A: CanonicalAbi, B: CanonicalAbi> CanonicalAbi for (A, B) {
    const BYTES: usize = record(&[(A::BYTES, A::ALIGNMENT), (B::BYTES, B::ALIGNMENT)]).0;
    const ALIGNMENT: usize = record(&[(A::BYTES, A::ALIGNMENT), (B::BYTES, B::ALIGNMENT)]).1;

    unsafe fn lift(address: *const u8) -> Self {
        let mut fields = Fields::of(address);
        // SAFETY: both lie there.
        unsafe { (fields.lift(), fields.lift()) }
    }

    unsafe fn lower(&self, address: *mut u8) {
        let mut fields = Fields::of(address);
        // SAFETY: there is room for both.
        unsafe {
            fields.lower(&self.0);
            fields.lower(&self.1);
        }
    }
}

// SAFETY: 0, or 1 and the value at the next address that its alignment allows.
unsafe impl<T: CanonicalAbi> CanonicalAbi for Option<T> {
    const BYTES: usize = either((0, 1), (T::BYTES, T::ALIGNMENT)).0;
    const ALIGNMENT: usize = T::ALIGNMENT;

    // Not inlined: a record of many such fields would repeat it.
    #[inline(never)]
    unsafe fn lift(address: *const u8) -> Self {
        // SAFETY: the number lies there, and with 1 the value.
        unsafe { bool::lift(address).then(|| T::lift(address.add(Self::ALIGNMENT))) }
    }

    unsafe fn lower(&self, address: *mut u8) {
        // SAFETY: there is room for both.
        unsafe {
            self.is_some().lower(address);
            if let Some(value) = self {
                value.lower(address.add(Self::ALIGNMENT));
            }
        }
    }
}

// SAFETY: 0 and the value, or 1 and the error, at the next address that the larger alignment of both allows.
unsafe impl<T: CanonicalAbi, E: CanonicalAbi> CanonicalAbi for Result<T, E> {
    const BYTES: usize = either((T::BYTES, T::ALIGNMENT), (E::BYTES, E::ALIGNMENT)).0;
    const ALIGNMENT: usize = either((T::BYTES, T::ALIGNMENT), (E::BYTES, E::ALIGNMENT)).1;

    unsafe fn lift(address: *const u8) -> Self {
        // SAFETY: the number lies there, and what it says.
        unsafe {
            let payload = address.add(Self::ALIGNMENT);
            if bool::lift(address) {
                Err(E::lift(payload))
            } else {
                Ok(T::lift(payload))
            }
        }
    }

    unsafe fn lower(&self, address: *mut u8) {
        // SAFETY: there is room for both.
        unsafe {
            let payload = address.add(Self::ALIGNMENT);
            self.is_err().lower(address);
            match self {
                Ok(value) => value.lower(payload),
                Err(error) => error.lower(payload),
            }
        }
    }
}

// SAFETY: the number of the case, and the list at the next address that its alignment allows.
unsafe impl CanonicalAbi for BoardSelection {
    const BYTES: usize = <Option<Vec<String>> as CanonicalAbi>::BYTES;
    const ALIGNMENT: usize = <Option<Vec<String>> as CanonicalAbi>::ALIGNMENT;

    unsafe fn lift(address: *const u8) -> Self {
        // SAFETY: the number lies there, and with 1 the list.
        unsafe {
            match u8::lift(address) {
                0 => Self::BoardsOnly,
                1 => Self::Only(Vec::lift(address.add(Self::ALIGNMENT))),
                _ => Self::All,
            }
        }
    }

    unsafe fn lower(&self, address: *mut u8) {
        // SAFETY: there is room for both.
        unsafe {
            match self {
                Self::BoardsOnly => 0_u8.lower(address),
                Self::Only(ids) => {
                    1_u8.lower(address);
                    ids.lower(address.add(Self::ALIGNMENT));
                }
                Self::All => 2_u8.lower(address),
            }
        }
    }
}
