//! Counts a guest's memory against its limit. Nothing else is measured here.

use wasmtime::ResourceLimiter;

/// Entries of all function tables: a connector has a few hundred; a table entry costs the host eight bytes or more.
pub(crate) const TABLE_ENTRIES: usize = 100_000;

/// Refuses the growth that would pass the limit, and stops the guest there: a guest that went on without the memory
/// it asked for would end in a trap that hides the reason.
pub(crate) struct MemoryMeter {
    limit_bytes: usize,
    used_bytes: usize,
    limit_was_reached: bool,
}

impl MemoryMeter {
    pub(crate) fn new(limit_bytes: usize) -> Self {
        Self {
            limit_bytes,
            used_bytes: 0,
            limit_was_reached: false,
        }
    }

    pub(crate) fn used_bytes(&self) -> usize {
        self.used_bytes
    }

    pub(crate) fn limit_was_reached(&self) -> bool {
        self.limit_was_reached
    }
}

impl ResourceLimiter for MemoryMeter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let wanted = self
            .used_bytes
            .saturating_add(desired.saturating_sub(current));
        if wanted > self.limit_bytes {
            self.limit_was_reached = true;
            return Err(wasmtime::format_err!("the memory limit was reached"));
        }
        self.used_bytes = wanted;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ENTRIES)
    }

    // A component made from one core module has three instances and one memory; these leave room for linked ones.
    fn instances(&self) -> usize {
        32
    }

    fn tables(&self) -> usize {
        16
    }

    fn memories(&self) -> usize {
        8
    }
}
