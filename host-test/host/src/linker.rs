//! The import of a connector, for a linker of wasmtime: what the host provides, and nothing else.

use psa_contract::{HTTP_INTERFACE, Request};
use wasmtime::StoreContextMut;
use wasmtime::component::Linker;

use crate::http::Answer;
use crate::limited_http::LimitedHttp;

/// Adds `psa:connector/http` to a linker of your own, for a program that instantiates connectors itself. `http` finds the
/// HTTP of the call in the data of your store; make a new one for each call, since it counts what the call may send.
///
/// What [`Connector::call`](crate::Connector::call) does besides is then up to you: a fresh store for each call, limits on
/// memory, computing and time, and `outcome-unknown` for a call that is stopped while
/// [`may_have_written`](LimitedHttp::may_have_written).
///
/// # Errors
/// The linker already has the interface.
pub fn add_to_linker<T: Send + 'static>(
    linker: &mut Linker<T>,
    http: fn(&mut T) -> &mut LimitedHttp,
) -> wasmtime::Result<()> {
    linker.instance(HTTP_INTERFACE)?.func_wrap_async(
        "send",
        move |mut store: StoreContextMut<'_, T>, (requests,): (Vec<Request>,)| {
            Box::new(async move {
                let answers: Vec<Answer> = http(store.data_mut()).send(requests).await;
                Ok((answers,))
            })
        },
    )
}
