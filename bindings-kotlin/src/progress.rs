//! Listeners of downloads.

use std::sync::Arc;

use airudder::DownloadProgress;

/// [`DownloadProgress`] for Kotlin.
#[derive(Debug, uniffi::Record)]
pub struct NativeProgress {
    pub path: String,
    pub bytes: i64,
    pub total_bytes: Option<i64>,
    pub file: i64,
    pub files: i64,
}

/// A listener in Kotlin. It never throws.
#[uniffi::export(with_foreign)]
pub trait NativeListener: Send + Sync {
    fn hear(&self, progress: NativeProgress);
}

/// What passes the progress on.
pub(crate) fn hearing(listener: Option<Arc<dyn NativeListener>>) -> impl Fn(&DownloadProgress) + Send + Sync + 'static {
    move |progress| {
        if let Some(listener) = &listener {
            listener.hear(NativeProgress {
                path: progress.path.to_string_lossy().into_owned(),
                bytes: long(progress.bytes),
                total_bytes: progress.total_bytes.map(long),
                file: long(progress.file),
                files: long(progress.files),
            });
        }
    }
}

/// A number that Java's `long` can hold.
fn long(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
