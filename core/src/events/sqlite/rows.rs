//! The rows of the store in a file. Each function runs in a transaction of its own.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::events::store::Begun;

pub(super) const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS airudder_handled (
        key TEXT PRIMARY KEY, fence TEXT NOT NULL, done INTEGER NOT NULL, start INTEGER NOT NULL, until INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS airudder_handled_until ON airudder_handled (until);
";

const READ: &str = "SELECT fence, done, start, until FROM airudder_handled WHERE key = ?1";
const WRITE: &str = "INSERT OR REPLACE INTO airudder_handled (key, fence, done, start, until) VALUES (?1, ?2, ?3, ?4, ?5)";

/// The most rows that are forgotten, and the most pages that are returned to the disk, with one claim, which adds a row.
const STEP: i64 = 16;

const FORGET: &str = "
    DELETE FROM airudder_handled WHERE key IN (SELECT key FROM airudder_handled WHERE until <= ?1 ORDER BY until LIMIT ?2)
";

/// Rows from the future: the clock was set back. A handled event is kept for its time from now on, so that it is neither forgotten early nor kept for ever.
const SET_BACK: &str = "
    UPDATE airudder_handled SET start = ?1, until = CASE done WHEN 1 THEN ?1 + until - start ELSE ?1 END WHERE key IN (
        SELECT key FROM (SELECT key, start FROM airudder_handled WHERE until > ?3 ORDER BY until DESC LIMIT ?2) WHERE start > ?1
    )
";

struct Row {
    fence: String,
    done: bool,
    start: i64,
    until: i64,
}

impl Row {
    /// A claim that starts in the future is over: the clock was set back, and its lease says nothing. A handled event stays one.
    fn is_live(&self, now: i64) -> bool {
        self.until > now && (self.done || self.start <= now)
    }
}

/// Unix milliseconds: the one clock that processes share, also after a restart. Read it in the transaction: while waiting for one it grows old.
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}

fn after(now: i64, time: Duration) -> i64 {
    // A quarter of the range, so that sums of two times stay in it.
    now.saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX).min(i64::MAX / 4))
}

fn read(connection: &Connection, key: &str) -> rusqlite::Result<Option<Row>> {
    let mut statement = connection.prepare(READ)?;
    let row = statement.query_row([key], |row| {
        Ok(Row {
            fence: row.get(0)?,
            done: row.get(1)?,
            start: row.get(2)?,
            until: row.get(3)?,
        })
    });
    row.optional()
}

fn write(connection: &Connection, key: &str, row: &Row) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(WRITE)?;
    statement.execute(params![key, row.fence, row.done, row.start, row.until]).map(drop)
}

pub(super) fn begin(connection: &Connection, key: &str, fence: &str, lease: Duration, keep: Duration) -> rusqlite::Result<Begun> {
    let now = now();
    if let Some(row) = read(connection, key)?.filter(|row| row.is_live(now)) {
        return Ok(if row.done { Begun::Done } else { Begun::Busy });
    }
    forget(connection, now, keep)?;
    let row = Row {
        fence: fence.to_owned(),
        done: false,
        start: now,
        until: after(now, lease),
    };
    write(connection, key, &row)?;
    Ok(Begun::New(row.fence))
}

/// A bounded step for each new event, so that none waits long, however many rows lapsed.
fn forget(connection: &Connection, now: i64, keep: Duration) -> rusqlite::Result<()> {
    connection.prepare(FORGET)?.execute([now, STEP])?;
    connection.prepare(SET_BACK)?.execute([now, STEP, after(now, keep)])?;
    let mut vacuum = connection.prepare("PRAGMA incremental_vacuum(16)")?;
    let mut pages = vacuum.query([])?;
    while pages.next()?.is_some() {}
    Ok(())
}

pub(super) fn renew(connection: &Connection, key: &str, fence: &str, lease: Duration) -> rusqlite::Result<bool> {
    let now = now();
    match read(connection, key)?.filter(|row| row.fence == fence && !row.done) {
        Some(row) => {
            let until = after(now, lease);
            write(connection, key, &Row { start: now, until, ..row }).map(|()| true)
        }
        None => Ok(false),
    }
}

pub(super) fn finish(connection: &Connection, key: &str, fence: &str, keep: Duration) -> rusqlite::Result<bool> {
    let now = now();
    let before = read(connection, key)?;
    let is_own = before.as_ref().is_some_and(|row| row.fence == fence);
    if is_own || !before.is_some_and(|row| row.is_live(now)) {
        let row = Row {
            fence: fence.to_owned(),
            done: true,
            start: now,
            until: after(now, keep),
        };
        write(connection, key, &row)?;
    }
    Ok(is_own)
}

pub(super) fn release(connection: &Connection, key: &str, fence: &str) -> rusqlite::Result<()> {
    let statement = "DELETE FROM airudder_handled WHERE key = ?1 AND fence = ?2 AND done = 0";
    connection.prepare(statement)?.execute([key, fence]).map(drop)
}
