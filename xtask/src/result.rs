/// What a chore ends with: its errors are only ever shown.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
