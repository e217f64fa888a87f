//! The stores of handled events: claims, fences, and what happens to a file.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::time::Duration;

use airudder::events::{Begun, MemoryStore, SqliteStore, Store};
use rusqlite::Connection;

const LEASE: Duration = Duration::from_mins(1);

async fn claim(store: &dyn Store, lease: Duration) -> String {
    match store.begin("k", lease).await.unwrap() {
        Begun::New(fence) => fence,
        other => panic!("{other:?}"),
    }
}

fn stores(folder: &Path) -> [Box<dyn Store>; 2] {
    [
        Box::new(MemoryStore::new()),
        Box::new(SqliteStore::open(folder.join("events.db")).unwrap()),
    ]
}

#[tokio::test]
async fn a_lost_claim_changes_nothing_of_the_claim_that_followed() {
    let folder = tempfile::tempdir().unwrap();
    for store in stores(folder.path()) {
        let lost = claim(&*store, Duration::ZERO).await;
        let live = claim(&*store, LEASE).await;
        assert_ne!(lost, live);
        assert!(!store.renew("k", &lost, LEASE).await.unwrap());
        store.release("k", &lost).await.unwrap();
        assert_eq!(store.begin("k", LEASE).await.unwrap(), Begun::Busy);
        assert!(!store.finish("k", &lost).await.unwrap());
        assert_eq!(store.begin("k", LEASE).await.unwrap(), Begun::Busy);
        assert!(store.renew("k", &live, LEASE).await.unwrap());
        assert!(store.finish("k", &live).await.unwrap());
        assert!(store.finish("k", &live).await.unwrap(), "after an error it is called again");
        store.release("k", &live).await.unwrap();
        assert!(!store.renew("k", &live, Duration::ZERO).await.unwrap());
        assert_eq!(store.begin("k", LEASE).await.unwrap(), Begun::Done);
    }
}

#[tokio::test]
async fn an_event_that_nobody_else_claims_is_done_though_its_lease_lapsed() {
    let folder = tempfile::tempdir().unwrap();
    for store in stores(folder.path()) {
        let first = claim(&*store, Duration::ZERO).await;
        claim(&*store, Duration::ZERO).await;
        assert!(
            !store.finish("k", &first).await.unwrap(),
            "the second may have run its handler, too"
        );
        assert_eq!(store.begin("k", LEASE).await.unwrap(), Begun::Done);
    }
}

#[tokio::test]
async fn a_lapsed_claim_that_nobody_took_is_still_its_owners() {
    let folder = tempfile::tempdir().unwrap();
    for store in stores(folder.path()) {
        let fence = claim(&*store, Duration::ZERO).await;
        assert!(store.renew("k", &fence, LEASE).await.unwrap());
        assert_eq!(store.begin("k", LEASE).await.unwrap(), Begun::Busy);
        store.release("k", &fence).await.unwrap();
        claim(&*store, LEASE).await;
    }
}

#[tokio::test]
async fn a_handled_event_is_forgotten_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let file = SqliteStore::open_keeping(folder.path().join("events.db"), Duration::ZERO).unwrap();
    let memory = MemoryStore::keeping(Duration::ZERO);
    for store in [&file as &dyn Store, &memory] {
        let fence = claim(store, LEASE).await;
        store.finish("k", &fence).await.unwrap();
        claim(store, LEASE).await;
    }
}

#[tokio::test]
async fn the_longest_times_are_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let file = SqliteStore::open_keeping(folder.path().join("events.db"), Duration::MAX).unwrap();
    let memory = MemoryStore::keeping(Duration::MAX);
    for store in [&file as &dyn Store, &memory] {
        let fence = claim(store, Duration::MAX).await;
        assert_eq!(store.begin("k", LEASE).await.unwrap(), Begun::Busy);
        store.finish("k", &fence).await.unwrap();
        assert_eq!(store.begin("k", LEASE).await.unwrap(), Begun::Done);
    }
}

#[tokio::test(start_paused = true)]
async fn memory_follows_the_clock_of_tokio() {
    let store = MemoryStore::keeping(Duration::from_hours(1));
    let lost = claim(&store, LEASE).await;
    tokio::time::advance(Duration::from_millis(59_999)).await;
    assert_eq!(store.begin("k", LEASE).await.unwrap(), Begun::Busy);
    tokio::time::advance(Duration::from_millis(1)).await;
    let fence = claim(&store, LEASE).await;
    assert!(!store.finish("k", &lost).await.unwrap());
    assert!(store.finish("k", &fence).await.unwrap());
    tokio::time::advance(Duration::from_mins(59)).await;
    assert_eq!(store.begin("k", LEASE).await.unwrap(), Begun::Done);
    tokio::time::advance(Duration::from_mins(1)).await;
    claim(&store, LEASE).await;
}

#[tokio::test]
async fn memory_stays_bounded_and_keeps_claims() {
    let store = MemoryStore::new();
    claim(&store, LEASE).await;
    for number in 0..250_000 {
        let key = number.to_string();
        let Begun::New(fence) = store.begin(&key, LEASE).await.unwrap() else {
            panic!("{key} is not new")
        };
        store.finish(&key, &fence).await.unwrap();
    }
    assert_eq!(store.begin("k", LEASE).await.unwrap(), Begun::Busy);
    assert_eq!(store.begin("249999", LEASE).await.unwrap(), Begun::Done);
    assert!(matches!(store.begin("0", LEASE).await.unwrap(), Begun::New(_)));
}

/// Sets the clock back for all rows of a file: they move ahead of it.
fn set_clock_back(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let hours = 2 * 3_600_000;
    let statement = "UPDATE airudder_handled SET start = start + ?1, until = until + ?1";
    assert!(connection.execute(statement, [hours]).unwrap() > 0);
}

#[tokio::test]
async fn a_claim_is_over_when_the_clock_is_set_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let store = SqliteStore::open(&path).unwrap();
    let lost = claim(&store, LEASE).await;
    set_clock_back(&path);
    let live = claim(&store, LEASE).await;
    assert!(!store.finish("k", &lost).await.unwrap());
    assert!(store.finish("k", &live).await.unwrap());
}

#[tokio::test]
async fn a_handled_event_outlives_a_clock_that_is_set_back_but_not_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let keep = Duration::from_hours(1);
    let store = SqliteStore::open_keeping(&path, keep).unwrap();
    let fence = claim(&store, LEASE).await;
    store.finish("k", &fence).await.unwrap();
    set_clock_back(&path);
    assert_eq!(store.begin("k", LEASE).await.unwrap(), Begun::Done);
    // Any new event corrects rows from the future.
    store.begin("other", LEASE).await.unwrap();
    assert_eq!(store.begin("k", LEASE).await.unwrap(), Begun::Done);
    let ahead: i64 = Connection::open(&path)
        .unwrap()
        .query_row(
            "SELECT until - unixepoch() * 1000 FROM airudder_handled WHERE key = 'k'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(ahead <= 3_600_000 + 1000, "{ahead} ms");
}

/// Writes rows that lapsed.
fn fill(path: &Path, rows: u32) {
    let connection = Connection::open(path).unwrap();
    let statement = "
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
        INSERT INTO airudder_handled SELECT hex(randomblob(32)), hex(randomblob(16)), 1, 0, 1 FROM numbers
    ";
    connection.execute(statement, [rows]).unwrap();
}

#[tokio::test]
async fn lapsed_rows_are_forgotten_in_bounded_steps_and_the_file_shrinks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let store = SqliteStore::open(&path).unwrap();
    fill(&path, 1000);
    let rows = || -> i64 {
        let connection = Connection::open(&path).unwrap();
        connection
            .query_row("SELECT count(*) FROM airudder_handled", [], |row| row.get(0))
            .unwrap()
    };
    let size = std::fs::metadata(&path).unwrap().len();
    SqliteStore::open(&path).unwrap();
    assert_eq!(rows(), 1000, "opening does not wait for it");
    store.begin("0", LEASE).await.unwrap();
    let left = rows();
    assert!((500..1000).contains(&left), "{left}");
    for number in 1..100 {
        store.begin(&number.to_string(), LEASE).await.unwrap();
    }
    assert_eq!(rows(), 100);
    assert!(std::fs::metadata(&path).unwrap().len() < size / 2);
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_was_deleted_or_replaced_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let store = SqliteStore::open(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let fence = claim(&store, LEASE).await;
    let other = SqliteStore::open(&path).unwrap();
    assert_eq!(other.begin("k", LEASE).await.unwrap(), Begun::Busy);
    std::fs::rename(&path, folder.path().join("moved.db")).unwrap();
    let replaced = SqliteStore::open(&path).unwrap();
    assert!(!store.finish("k", &fence).await.unwrap(), "the new file knows no claim");
    assert_eq!(replaced.begin("k", LEASE).await.unwrap(), Begun::Done);
}

#[tokio::test]
async fn a_write_ahead_log_of_another_program_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let store = SqliteStore::open(&path).unwrap();
    let fence = claim(&store, LEASE).await;
    let foreign = Connection::open(&path).unwrap();
    foreign.pragma_update(None, "journal_mode", "WAL").unwrap();
    drop(foreign);
    let mut finished = store.finish("k", &fence).await;
    if finished.is_err() {
        finished = store.finish("k", &fence).await;
    }
    assert!(finished.unwrap());
    let other = SqliteStore::open(&path).unwrap();
    assert_eq!(other.begin("k", LEASE).await.unwrap(), Begun::Done);
}
