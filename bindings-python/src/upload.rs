//! Files to upload.

use std::path::PathBuf;

use airudder::FileSource;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyByteArrayMethods, PyBytes, PyTuple};

use crate::errors::invalid_request;

/// The file of an upload: its path, its bytes, or its name and its bytes.
pub fn source(file: &Bound<'_, PyAny>, argument: &str) -> PyResult<FileSource> {
    let wrong = || {
        let what = "must be a path, bytes, or a tuple of a file name and bytes";
        invalid_request(file.py(), &format!("`{argument}` {what}."))
    };
    if let Some(bytes) = bytes(file) {
        return Ok(FileSource::bytes(bytes, NAMELESS));
    }
    if let Ok(pair) = file.cast::<PyTuple>() {
        let (name, content): (String, Bound<'_, PyAny>) = pair.extract().map_err(|_| wrong())?;
        return Ok(FileSource::bytes(bytes(&content).ok_or_else(wrong)?, name));
    }
    Ok(FileSource::path(file.extract::<PathBuf>().map_err(|_| wrong())?))
}

/// The name of a file if only its bytes are given.
const NAMELESS: &str = "file";

fn bytes(value: &Bound<'_, PyAny>) -> Option<Vec<u8>> {
    let array = || value.cast::<PyByteArray>().ok().map(PyByteArrayMethods::to_vec);
    value.cast::<PyBytes>().ok().map(|bytes| bytes.as_bytes().to_vec()).or_else(array)
}
