//! The component's allocator: memory is taken in order, and taken again from the start when the next call begins.
//!
//! Nothing is given back within a call, which lives for milliseconds and needs most of its data until its end, and nothing
//! outlives a call but its result, which the host has read before it calls again. So finding room for single pieces would
//! cost time, and the code that frees them a tenth of the component.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;

const PAGE_BYTES: usize = 65_536;
/// Memory grows by this many pages at least, so that a large answer does not ask the host for each of its pieces.
const LEAST_PAGES: usize = 16;

#[global_allocator]
static ARENA: Arena = Arena {
    next: Cell::new(0),
    end: Cell::new(0),
    is_in_call: Cell::new(false),
    is_over: Cell::new(true),
};

/// The core is running from here on.
pub(super) fn begin_call() {
    ARENA.begin_if_over();
    ARENA.is_in_call.set(true);
}

/// The core has made its result, which is still to be handed over.
pub(super) fn end_call() {
    ARENA.is_in_call.set(false);
    ARENA.is_over.set(true);
}

/// Room for what the host hands in: the arguments of a call before it, responses within it.
///
/// # Safety
/// Called by the host as the canonical ABI says.
#[unsafe(no_mangle)]
unsafe extern "C" fn cabi_realloc(
    old: *mut u8,
    old_bytes: usize,
    align: usize,
    bytes: usize,
) -> *mut u8 {
    ARENA.begin_if_over();
    if bytes == 0 {
        return core::ptr::without_provenance_mut(align);
    }
    let Ok(layout) = Layout::from_size_align(bytes, align) else {
        core::arch::wasm32::unreachable()
    };
    // SAFETY: the size is not zero.
    let new = unsafe { ARENA.alloc(layout) };
    if new.is_null() {
        core::arch::wasm32::unreachable()
    }
    // SAFETY: the old piece is as long as the host says, the new one is another.
    unsafe { core::ptr::copy_nonoverlapping(old, new, old_bytes.min(bytes)) };
    new
}

/// The state; the component has one thread.
struct Arena {
    /// The next free address.
    next: Cell<usize>,
    /// The end of the memory that may be used.
    end: Cell<usize>,
    is_in_call: Cell<bool>,
    /// What is in the arena belongs to a call that is over, or there was none yet.
    is_over: Cell<bool>,
}

// SAFETY: WebAssembly without threads; nothing else can run while a method does.
unsafe impl Sync for Arena {}

unsafe extern "C" {
    /// Where the linker's own data ends; its address is all that is meant.
    static __heap_base: u8;
}

impl Arena {
    /// Starts again where the last call is over and the host has begun the next.
    fn begin_if_over(&self) {
        if self.is_over.get() && !self.is_in_call.get() {
            self.is_over.set(false);
            self.next.set((&raw const __heap_base).addr());
            let pages = core::arch::wasm32::memory_size(0);
            self.end.set(pages.saturating_mul(PAGE_BYTES));
        }
    }

    /// Room for a piece, or None where the host gives no more memory.
    #[inline(always)]
    fn take(&self, layout: Layout) -> Option<usize> {
        // An alignment is a power of two, so this needs no division, which would be the slowest step here.
        let below = layout.align().wrapping_sub(1);
        let address = self.next.get().checked_add(below)? & !below;
        let next = address.checked_add(layout.size())?;
        self.reach(next)?;
        self.next.set(next);
        Some(address)
    }

    /// Makes memory usable up to an address.
    #[inline(always)]
    fn reach(&self, address: usize) -> Option<()> {
        if address <= self.end.get() {
            return Some(());
        }
        self.grow(address)
    }

    #[cold]
    #[inline(never)]
    fn grow(&self, address: usize) -> Option<()> {
        let missing = address.checked_sub(self.end.get())?;
        let pages = missing.div_ceil(PAGE_BYTES).max(LEAST_PAGES);
        if core::arch::wasm32::memory_grow(0, pages) == usize::MAX {
            return None;
        }
        let grown = pages.checked_mul(PAGE_BYTES)?;
        self.end.set(self.end.get().checked_add(grown)?);
        Some(())
    }
}

// SAFETY: each piece lies between the linker's data and the end of the memory, and beyond every piece in use.
unsafe impl GlobalAlloc for Arena {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.take(layout).map_or(
            core::ptr::null_mut(),
            core::ptr::with_exposed_provenance_mut,
        )
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    /// The newest piece grows where it is.
    #[inline(never)]
    unsafe fn realloc(&self, old: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        let is_newest = old.addr().wrapping_add(layout.size()) == self.next.get();
        let next = old.addr().wrapping_add(bytes);
        if is_newest && bytes > layout.size() && self.reach(next).is_some() {
            self.next.set(next);
            return old;
        }
        let Ok(larger) = Layout::from_size_align(bytes, layout.align()) else {
            return core::ptr::null_mut();
        };
        // SAFETY: the caller asks for a size that is not zero, and the old piece is as long as its layout says.
        unsafe {
            let new = self.alloc(larger);
            if !new.is_null() {
                core::ptr::copy_nonoverlapping(old, new, layout.size().min(bytes));
            }
            new
        }
    }
}
