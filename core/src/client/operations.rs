use serde_json::Value;

use crate::generated::operations::OPERATIONS;

/// All operations as one JSON list, for the bindings: each language shows at run time what is known of an operation.
#[doc(hidden)]
#[must_use]
pub fn operations_json() -> String {
    Value::Array(OPERATIONS.iter().map(|operation| operation.to_value()).collect()).to_string()
}
