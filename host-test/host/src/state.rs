//! What a store holds during a call.

use crate::limited_http::LimitedHttp;
use crate::meter::MemoryMeter;

pub(crate) struct CallState {
    pub(crate) http: LimitedHttp,
    pub(crate) memory: MemoryMeter,
}
