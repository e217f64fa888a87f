//! The store in a file.

mod lock;
mod rows;
#[cfg(test)]
mod tests;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::store::{Begun, KEEP, Store, StoreError, fence};
use crate::error::{Error, ErrorKind};
use lock::{Lock, VFS};

/// How long a call waits for another process that writes, from the call's start.
const PATIENCE: Duration = Duration::from_secs(10);

/// Remembers handled events in a file of `SQLite`'s, each for a day. It outlives a restart, and several processes of one machine can share it: give all
/// of them the same path, on a disk of that machine. Other programs may read the file; each event waits while they do.
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
    /// Held for one transaction, never while waiting for another process. `None` if the file must be opened.
    database: Mutex<Option<Database>>,
}

struct Database {
    /// The process that opened it: a connection does not survive a fork.
    process: u32,
    connection: Connection,
    lock: Lock,
}

impl SqliteStore {
    /// Opens the file at `path`, and makes it when there is none. Fails with an error of the kind [`ErrorKind::File`].
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        Self::open_keeping(path, KEEP)
    }

    /// The same, but remembers handled events for `keep`. AI Rudder's last redelivery comes about five minutes after the first.
    pub fn open_keeping(path: impl Into<PathBuf>, keep: Duration) -> Result<Self, Error> {
        let file = File {
            path: path.into(),
            keep,
            database: Mutex::default(),
        };
        let deadline = Instant::now() + PATIENCE;
        loop {
            match file.attempt(|_| Ok(())) {
                Ok(Some(())) => return Ok(Self(Arc::new(file))),
                Ok(None) if Instant::now() < deadline => std::thread::sleep(pause()),
                Ok(None) => return Err(failed("another process keeps it locked")),
                Err(error) => return Err(failed(error)),
            }
        }
    }

    /// Runs `work` in a transaction, on a thread that may wait for the disk.
    fn in_transaction<T: Send + 'static>(
        &self,
        work: impl Fn(&File, &Connection) -> rusqlite::Result<T> + Send + Sync + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let (file, work) = (self.0.clone(), Arc::new(work));
        let deadline = Instant::now() + PATIENCE;
        let done = async move {
            loop {
                let (file, work) = (file.clone(), work.clone());
                let attempt = tokio::task::spawn_blocking(move || file.attempt(|connection| work(&file, connection)));
                match attempt.await.map_err(StoreError::new)?? {
                    Some(answer) => return Ok(answer),
                    None if Instant::now() < deadline => tokio::time::sleep(pause()).await,
                    None => return Err(StoreError::new("another process keeps the file locked")),
                }
            }
        };
        done.boxed()
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::File, format!("the store of handled events cannot be opened: {error}"))
}

/// Random, so that processes that wait for each other do not stay in step.
fn pause() -> Duration {
    Duration::from_millis(fastrand::u64(1..=20))
}

impl File {
    /// Runs `work` in a transaction. Returns `None` if another process has the file's lock, and if the file was deleted or replaced; try again then.
    fn attempt<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<Option<T>, StoreError> {
        let mut slot = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(parents) = slot.take_if(|database| database.process != std::process::id()) {
            // Closing it here could undo what the parent is writing.
            std::mem::forget(parents.connection);
        }
        if slot.is_none() {
            *slot = open(&self.path)?;
        }
        let Some(database) = slot.as_mut() else { return Ok(None) };
        let Some(locked) = database.lock.try_lock().map_err(StoreError::new)? else {
            return Ok(None);
        };
        if !database.lock.is_at(&self.path).map_err(StoreError::new)? {
            tracing::warn!(target: "airudder::events", "the store of handled events was deleted or replaced while it was open; it is opened again");
            drop(locked);
            *slot = None;
            return Ok(None);
        }
        let done = transact(&mut database.connection, work);
        drop(locked);
        if done
            .as_ref()
            .is_err_and(|error| error.sqlite_error_code() == Some(ErrorCode::CannotOpen))
        {
            // Another program may have given the file a write-ahead log: `open` ends that.
            *slot = None;
        }
        unless_busy(done)
    }
}

fn transact<T>(connection: &mut Connection, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answer = work(&transaction)?;
    transaction.commit()?;
    Ok(answer)
}

fn unless_busy<T>(result: rusqlite::Result<T>) -> Result<Option<T>, StoreError> {
    match result {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if is_busy(&error) => Ok(None),
        Err(error) => Err(StoreError::new(error)),
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn open(path: &Path) -> Result<Option<Database>, StoreError> {
    if VFS.is_some() && unless_busy(end_log(path))?.is_none() {
        return Ok(None);
    }
    let lock = Lock::open(path).map_err(StoreError::new)?;
    let Some(locked) = lock.try_lock().map_err(StoreError::new)? else {
        return Ok(None);
    };
    let connection = unless_busy(connect(path))?;
    drop(locked);
    Ok(connection.map(|connection| Database {
        process: std::process::id(),
        connection,
        lock,
    }))
}

/// Ends the write-ahead log that another program gave to the file, with `SQLite`'s own locks, as that program uses them. Without them it cannot be read.
fn end_log(path: &Path) -> rusqlite::Result<()> {
    /// The byte of the header that says with which journal the file is read.
    const WITH_LOG: (usize, u8) = (19, 2);
    let mut header = [0; 20];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut header));
    if read.is_err() || header[WITH_LOG.0] != WITH_LOG.1 {
        return Ok(());
    }
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::ZERO)?;
    connection.pragma_update(None, "journal_mode", "DELETE")
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::default();
    let connection = match VFS {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs)?,
        None => Connection::open_with_flags(path, flags)?,
    };
    // `SQLite` would wait while the connection's mutex is held.
    connection.busy_timeout(Duration::ZERO)?;
    // Has an effect before the first table is made.
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    // Not WAL: a second copy of `SQLite` in this process would take itself for the log's only user, and delete the log.
    match connection.pragma_update(None, "journal_mode", "PERSIST") {
        // Other stores have it open with a log that another program gave to it. `SQLite` with its own locks goes on with that.
        Err(error) if VFS.is_none() && is_busy(&error) => {}
        done => done?,
    }
    // An event that is answered as handled is on the disk.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(rows::TABLE)?;
    Ok(connection)
}

impl Store for SqliteStore {
    fn begin<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<Begun, StoreError>> {
        let key = key.to_owned();
        match fence() {
            Ok(fence) => self.in_transaction(move |file, connection| rows::begin(connection, &key, &fence, lease, file.keep)),
            Err(error) => std::future::ready(Err(error)).boxed(),
        }
    }

    fn renew<'a>(&'a self, key: &'a str, fence: &'a str, lease: Duration) -> BoxFuture<'a, Result<bool, StoreError>> {
        let (key, fence) = (key.to_owned(), fence.to_owned());
        self.in_transaction(move |_, connection| rows::renew(connection, &key, &fence, lease))
    }

    fn finish<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        let (key, fence) = (key.to_owned(), fence.to_owned());
        self.in_transaction(move |file, connection| rows::finish(connection, &key, &fence, file.keep))
    }

    fn release<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        let (key, fence) = (key.to_owned(), fence.to_owned());
        self.in_transaction(move |_, connection| rows::release(connection, &key, &fence))
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
