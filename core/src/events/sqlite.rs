//! The store in a file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};

use super::store::{Begun, KEEP, Store, StoreError};
use crate::error::{Error, ErrorKind};

/// How long a process waits for another that writes.
const PATIENCE: Duration = Duration::from_secs(10);

const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS airudder_events (
        key TEXT PRIMARY KEY, owner TEXT NOT NULL, done INTEGER NOT NULL, until INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS airudder_events_until ON airudder_events (until);
";

/// Claims an event in one statement, so that only one of two processes gets it.
const BEGIN: &str = "
    INSERT INTO airudder_events (key, owner, done, until) VALUES (?1, ?2, 0, ?3)
    ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, done = 0, until = excluded.until WHERE until <= ?4
";

/// Remembers handled events in a file of `SQLite`'s, each for a day. It outlives a restart, and several processes of one machine can share it: give all
/// of them the same path, on a disk of that machine.
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("events.db");
/// let store = airudder::events::SqliteStore::open(path)?;
/// # Ok::<(), airudder::Error>(())
/// ```
#[derive(Clone)]
pub struct SqliteStore(Arc<File>);

struct File {
    path: PathBuf,
    keep: Duration,
    /// The owner of the claims: a store whose lease lapsed must not release the claim of another.
    owner: String,
    /// With the process that opened it: a connection does not survive a fork.
    connection: Mutex<(u32, Connection)>,
}

impl SqliteStore {
    /// Opens the file at `path`, and makes it when there is none. Fails with an error of the kind [`ErrorKind::File`].
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        Self::open_keeping(path, KEEP)
    }

    /// The same, but remembers handled events for `keep`. AI Rudder's last redelivery comes about five minutes after the first.
    pub fn open_keeping(path: impl Into<PathBuf>, keep: Duration) -> Result<Self, Error> {
        let path = path.into();
        let connection = connect(&path)
            .map_err(|error| Error::new(ErrorKind::File, format!("the store of handled events cannot be opened: {error}")))?;
        Ok(Self(Arc::new(File {
            path,
            keep,
            owner: format!("{:032x}", fastrand::u128(..)),
            connection: Mutex::new((std::process::id(), connection)),
        })))
    }

    /// Does `work` where it may wait for the disk.
    fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&File, &Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let file = self.0.clone();
        let work = tokio::task::spawn_blocking(move || {
            let mut connection = file.connection.lock().unwrap_or_else(PoisonError::into_inner);
            if connection.0 != std::process::id() {
                let (_, parent) = std::mem::replace(&mut *connection, (std::process::id(), connect(&file.path)?));
                // Closing it here would release locks that the parent still needs.
                std::mem::forget(parent);
            }
            work(&file, &connection.1)
        });
        let done = async move { work.await.map_err(StoreError::new)?.map_err(StoreError::new) };
        done.boxed()
    }
}

/// `SQLite` does not wait for its turn to change a file to WAL, so two processes that start together may have to try again.
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let end = std::time::Instant::now() + PATIENCE;
    loop {
        match open(path) {
            Err(error) if is_busy(&error) && std::time::Instant::now() < end => std::thread::sleep(Duration::from_millis(20)),
            done => return done,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // An event that is answered as handled is on the disk.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(TABLE)?;
    connection.execute("DELETE FROM airudder_events WHERE until <= ?1", [now()])?;
    Ok(connection)
}

/// Unix milliseconds: the one clock that processes share, also after a restart.
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}

fn after(time: Duration) -> i64 {
    now().saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}

fn take(connection: &Connection, key: &str, owner: &str, lease: Duration) -> rusqlite::Result<Begun> {
    // Once in some hundred events, so that the file does not grow for ever.
    if fastrand::u8(..) == 0 {
        connection.execute("DELETE FROM airudder_events WHERE until <= ?1", [now()])?;
    }
    if connection.prepare(BEGIN)?.execute(params![key, owner, after(lease), now()])? > 0 {
        return Ok(Begun::New);
    }
    let mut state = connection.prepare("SELECT done FROM airudder_events WHERE key = ?1")?;
    let done: Option<bool> = state.query_row([key], |row| row.get(0)).optional()?;
    // `None`: its claim was released since. The next redelivery can claim it.
    Ok(if done == Some(true) { Begun::Done } else { Begun::Busy })
}

impl Store for SqliteStore {
    fn begin<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<Begun, StoreError>> {
        let key = key.to_owned();
        self.on_disk(move |file, connection| take(connection, &key, &file.owner, lease))
    }

    fn renew<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<(), StoreError>> {
        let key = key.to_owned();
        self.on_disk(move |file, connection| {
            let statement = "UPDATE airudder_events SET until = ?3 WHERE key = ?1 AND owner = ?2 AND done = 0";
            connection.execute(statement, params![key, file.owner, after(lease)]).map(drop)
        })
    }

    fn finish<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        let key = key.to_owned();
        self.on_disk(move |file, connection| {
            let statement = "INSERT OR REPLACE INTO airudder_events (key, owner, done, until) VALUES (?1, ?2, 1, ?3)";
            connection.execute(statement, params![key, file.owner, after(file.keep)]).map(drop)
        })
    }

    fn release<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        let key = key.to_owned();
        self.on_disk(move |file, connection| {
            let statement = "DELETE FROM airudder_events WHERE key = ?1 AND owner = ?2 AND done = 0";
            connection.execute(statement, params![key, file.owner]).map(drop)
        })
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore")
            .field("path", &self.0.path)
            .field("keep", &self.0.keep)
            .finish_non_exhaustive()
    }
}
