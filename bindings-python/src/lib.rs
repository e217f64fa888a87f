//! airudder for Python: `airudder._native`.
//!
//! Core does the work. This crate passes arguments to it and answers back, waits detached from the interpreter, and survives a fork.

// Only Python uses these types, and they have a `repr`.
#![allow(missing_debug_implementations)]

mod catalog;
mod class;
mod client;
mod driver;
mod errors;
mod events;
mod field;
mod generated;
mod input;
mod model;
mod outcome;
mod output;
mod pager;
mod path;
mod pending;
mod probe;
mod process;
mod progress;
mod queue;
mod receiver;
mod registry;
mod signer;
mod store;
mod tokens;
mod upload;

use mimalloc::MiMalloc;
use pyo3::prelude::*;

/// An answer is thousands of small allocations, for which the system's allocator is slow.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<client::NativeClient>()?;
    module.add_class::<pager::Pager>()?;
    module.add_class::<pending::Pending>()?;
    module.add_class::<queue::Queue>()?;
    module.add_class::<model::Model>()?;
    module.add_class::<receiver::Receiver>()?;
    module.add_class::<receiver::Delivery>()?;
    module.add_class::<store::Memory>()?;
    module.add_class::<store::Sqlite>()?;
    module.add_function(wrap_pyfunction!(receiver::kind_of_path, module)?)?;
    registry::register(module)?;
    catalog::register(module)?;
    probe::register(module)?;
    // The modules of the package say what is public.
    module.delattr("__all__")
}
