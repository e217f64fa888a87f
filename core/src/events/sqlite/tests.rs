#![allow(clippy::unwrap_used, clippy::panic)]

use futures_util::future::join_all;

use super::*;

/// Another program's lock on the file.
fn locked(path: &Path) -> Connection {
    let foreign = Connection::open(path).unwrap();
    foreign.execute_batch("BEGIN EXCLUSIVE").unwrap();
    foreign
}

#[tokio::test]
async fn nobody_waits_while_the_mutex_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let store = SqliteStore::open(&path).unwrap();
    let foreign = locked(&path);
    let claim = |store: SqliteStore| async move { store.begin("k", Duration::from_mins(1)).await };
    let claims: Vec<_> = (0..4).map(|_| tokio::spawn(claim(store.clone()))).collect();
    // Each time after all four had the time to get in line, so a call that waits with the mutex in hand would be met.
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let attempts = (0..1000).find(|_| {
            std::thread::sleep(Duration::from_millis(1));
            store.0.database.try_lock().is_ok()
        });
        assert!(attempts.is_some(), "a call waits for the file with the mutex in hand");
    }
    assert!(claims.iter().all(|claim| !claim.is_finished()));
    foreign.execute_batch("COMMIT").unwrap();
    let begun: Vec<_> = join_all(claims).await.into_iter().map(|claim| claim.unwrap().unwrap()).collect();
    assert_eq!(begun.iter().filter(|begun| matches!(begun, Begun::New(_))).count(), 1, "{begun:?}");
}

// SQLite's own locks, which are used elsewhere, let others read.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[tokio::test]
async fn other_programs_and_the_store_exclude_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let store = SqliteStore::open(&path).unwrap();
    let foreign = Connection::open(&path).unwrap();
    foreign.busy_timeout(Duration::ZERO).unwrap();
    let attempt = store.0.attempt(|connection| {
        connection.execute("INSERT INTO airudder_handled VALUES ('k', 'f', 1, 0, 9)", [])?;
        // A program that takes the transaction's journal for one of a dead process would undo the transaction.
        let read = foreign.query_row("SELECT count(*) FROM airudder_handled", [], |row| row.get::<_, u32>(0));
        assert_eq!(read.unwrap_err().sqlite_error_code(), Some(ErrorCode::DatabaseBusy));
        drop(Connection::open(&path)?);
        // The end of a foreign connection left the lock in place.
        Ok(open(&path).is_ok_and(|database| database.is_none()))
    });
    assert_eq!(attempt.unwrap(), Some(true));
    let check: String = foreign.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let rows: u32 = foreign
        .query_row("SELECT count(*) FROM airudder_handled", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 1);
}
