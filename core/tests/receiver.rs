//! Each event is handled once, whatever is delivered, and whatever happens meanwhile.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use airudder::events::{Begun, MemoryStore, Receiver, Settled, SqliteStore, Store, StoreError, Taken};
use airudder::{Client, EventKind, EventRouter, Events, Settings};
use futures_util::future::{BoxFuture, join_all, ready};
use tokio::sync::Semaphore;

fn events() -> Events {
    let settings = Settings {
        base_url: Some("http://127.0.0.1:1".into()),
        ..Settings::default()
    };
    Client::new(settings).unwrap().events()
}

fn body() -> Vec<u8> {
    Events::sample(EventKind::CallFinished)
}

fn stores() -> Vec<(Arc<dyn Store>, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let file = SqliteStore::open(folder.path().join("events.db")).unwrap();
    vec![(Arc::new(MemoryStore::new()), None), (Arc::new(file), Some(folder))]
}

async fn outcome(router: &EventRouter) -> (u16, &'static str) {
    let reply = router.handle(&body(), &[], None).await;
    (reply.status, reply.outcome)
}

#[tokio::test]
async fn fifty_copies_at_once_run_the_handler_once() {
    for (store, _folder) in stores() {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = runs.clone();
        let router = events().router(store).on(EventKind::CallFinished, move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            async {
                tokio::task::yield_now().await;
                Ok(())
            }
        });
        let outcomes = join_all((0..50).map(|_| outcome(&router))).await;
        let count = |wanted| outcomes.iter().filter(|(_, outcome)| *outcome == wanted).count();
        assert_eq!((count("handled"), runs.load(Ordering::SeqCst)), (1, 1), "{outcomes:?}");
        assert_eq!(count("busy") + count("duplicate"), 49, "{outcomes:?}");
        assert_eq!(outcome(&router).await, (200, "duplicate"));
    }
}

#[tokio::test]
async fn a_handler_that_fails_or_panics_runs_again_for_the_next_copy() {
    for (store, _folder) in stores() {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = runs.clone();
        let router = events().router(store).on(EventKind::CallFinished, move |_| {
            let run = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                match run {
                    0 => Err("the database is down".into()),
                    1 => panic!("on purpose"),
                    _ => Ok(()),
                }
            }
        });
        assert_eq!(outcome(&router).await, (500, "failed"));
        assert_eq!(outcome(&router).await, (500, "failed"));
        // The panic's hold is let go by a task of its own.
        let mut last = outcome(&router).await;
        while last == (503, "busy") {
            tokio::task::yield_now().await;
            last = outcome(&router).await;
        }
        assert_eq!(last, (200, "handled"));
        assert_eq!((outcome(&router).await, runs.load(Ordering::SeqCst)), ((200, "duplicate"), 3));
    }
}

#[tokio::test]
async fn a_copy_that_comes_meanwhile_is_asked_to_come_again() {
    let gate = Arc::new(Semaphore::new(0));
    let (entered, opened) = (Arc::new(Semaphore::new(0)), gate.clone());
    let inside = entered.clone();
    let router = events().router(Arc::new(MemoryStore::new())).on(EventKind::CallFinished, move |_| {
        let (inside, opened) = (inside.clone(), opened.clone());
        async move {
            inside.add_permits(1);
            opened.acquire().await?.forget();
            Ok(())
        }
    });
    let first = router.clone();
    let connection = tokio::spawn(async move { outcome(&first).await });
    entered.acquire().await.unwrap().forget();
    assert_eq!(outcome(&router).await, (503, "busy"));
    // The connection breaks, and the handler runs to its end all the same.
    connection.abort();
    gate.add_permits(1);
    let mut last = outcome(&router).await;
    while last == (503, "busy") {
        tokio::task::yield_now().await;
        last = outcome(&router).await;
    }
    assert_eq!(last, (200, "duplicate"));
}

#[tokio::test]
async fn without_a_handler_an_event_goes_to_the_other_one_or_is_passed_over() {
    let router = events().router(Arc::new(MemoryStore::new()));
    assert_eq!(outcome(&router).await, (200, "unhandled"));
    assert_eq!(outcome(&router).await, (200, "unhandled"));
    let router = router.otherwise(|event| async move {
        assert_eq!(event.kind, "call.finished");
        Ok(())
    });
    assert_eq!(outcome(&router).await, (200, "handled"));
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_its_reason() {
    let router = events().router(Arc::new(MemoryStore::new()));
    let sign = [("X-AIRudder-Sign".to_owned(), "0".to_owned())];
    let large = vec![b' '; 2 << 20];
    for (body, headers, status, reason) in [
        (&b"hello"[..], &[][..], 400, "not_json"),
        (&body()[..], &sign[..], 401, "sign"),
        (&large[..], &[][..], 413, "too_large"),
    ] {
        let reply = router.handle(body, headers, None).await;
        assert_eq!(
            (reply.status, reply.outcome, reply.reason),
            (status, "refused", Some(reason)),
            "{reply:?}"
        );
        assert!(reply.message.is_some());
    }
    assert_eq!(router.handle(b"{}", &[], Some("no.kind")).await.reason, Some("unknown_kind"));
}

struct Broken(Begun);

impl Store for Broken {
    fn begin<'a>(&'a self, _: &'a str, _: Duration) -> BoxFuture<'a, Result<Begun, StoreError>> {
        Box::pin(ready(match &self.0 {
            Begun::New(_) => Ok(Begun::New("f".to_owned())),
            _ => Err(StoreError::new("the disk is full")),
        }))
    }

    fn renew<'a>(&'a self, _: &'a str, _: &'a str, _: Duration) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.finish("", "")
    }

    fn finish<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(ready(Err(StoreError::new("the disk is full"))))
    }

    fn release<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(ready(Err(StoreError::new("the disk is full"))))
    }
}

#[tokio::test]
async fn a_store_that_fails_lets_nothing_be_handled() {
    let router = events()
        .router(Arc::new(Broken(Begun::Done)))
        .on(EventKind::CallFinished, |_| async { panic!("handled") });
    let reply = router.handle(&body(), &[], None).await;
    assert_eq!((reply.status, reply.outcome), (500, "failed"));
    assert!(reply.message.unwrap().contains("the disk is full"));
}

#[tokio::test]
async fn what_was_handled_is_not_asked_for_again_though_the_store_cannot_note_it() {
    let router = events()
        .router(Arc::new(Broken(Begun::New(String::new()))))
        .on(EventKind::CallFinished, |_| async { Ok(()) });
    assert_eq!(outcome(&router).await, (200, "handled"));
}

#[tokio::test]
async fn a_delivery_that_is_dropped_is_free_again() {
    for (store, _folder) in stores() {
        let receiver = events().receiver(store);
        let Taken::Handle(delivery) = receiver.take(&body(), &[], None).await else {
            panic!("not handed out")
        };
        assert_eq!(delivery.key(), delivery.event().unwrap().key());
        drop(delivery);
        let delivery = loop {
            match receiver.take(&body(), &[], None).await {
                Taken::Handle(delivery) => break delivery,
                Taken::Reply(reply) => assert_eq!(reply.outcome, "busy"),
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(receiver.settle(delivery, Settled::Failed).await.status, 500);
    }
}

#[test]
fn a_file_that_cannot_be_opened_is_an_error_of_its_kind() {
    let folder = tempfile::tempdir().unwrap();
    let error = SqliteStore::open(folder.path()).unwrap_err();
    assert_eq!(error.kind(), airudder::ErrorKind::File);
}

#[test]
fn the_last_segment_of_a_path_tells_the_kind() {
    for (path, kind) in [
        ("/events/call.finished", Some("call.finished")),
        ("/call.finished/?a=/b", Some("call.finished")),
        ("call.finished", Some("call.finished")),
        ("/events/other", None),
        ("/call.finished/x", None),
        ("", None),
    ] {
        assert_eq!(Receiver::kind_of_path(path), kind, "{path}");
    }
}

/// A store that takes its time to note what was handled.
struct Slow {
    memory: MemoryStore,
    gate: Semaphore,
}

impl Store for Slow {
    fn begin<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<Begun, StoreError>> {
        self.memory.begin(key, lease)
    }

    fn renew<'a>(&'a self, key: &'a str, fence: &'a str, lease: Duration) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.memory.renew(key, fence, lease)
    }

    fn finish<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let _open = self.gate.acquire().await.map_err(StoreError::new)?;
            self.memory.finish(key, fence).await
        })
    }

    fn release<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        self.memory.release(key, fence)
    }
}

#[tokio::test]
async fn what_was_handled_is_noted_although_the_sender_hangs_up() {
    let store = Arc::new(Slow {
        memory: MemoryStore::new(),
        gate: Semaphore::new(0),
    });
    let receiver = events().receiver(store.clone());
    let Taken::Handle(delivery) = receiver.take(&body(), &[], None).await else {
        panic!("not handed out")
    };
    let settling = receiver.settle(delivery, Settled::Handled);
    assert!(
        tokio::time::timeout(Duration::from_millis(50), settling).await.is_err(),
        "the gate is closed"
    );
    store.gate.add_permits(1);
    loop {
        match receiver.take(&body(), &[], None).await {
            Taken::Handle(_) => panic!("handled twice"),
            Taken::Reply(reply) if reply.outcome == "duplicate" => break,
            Taken::Reply(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

/// A store that is out of reach for renewals, as for a process that is stopped for a while.
struct Unrenewed(MemoryStore);

impl Store for Unrenewed {
    fn begin<'a>(&'a self, key: &'a str, lease: Duration) -> BoxFuture<'a, Result<Begun, StoreError>> {
        self.0.begin(key, lease)
    }

    fn renew<'a>(&'a self, _: &'a str, _: &'a str, _: Duration) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(ready(Err(StoreError::new("out of reach"))))
    }

    fn finish<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.0.finish(key, fence)
    }

    fn release<'a>(&'a self, key: &'a str, fence: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        self.0.release(key, fence)
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_whose_claim_was_lost_leaves_the_claim_of_the_other() {
    let store = Arc::new(Unrenewed(MemoryStore::new()));
    let others = store.clone();
    let router = events().router(store).on(EventKind::CallFinished, move |event| {
        let (others, key) = (others.clone(), event.key().to_owned());
        async move {
            tokio::time::advance(Duration::from_secs(31)).await;
            assert!(matches!(others.begin(&key, Duration::from_hours(1)).await?, Begun::New(_)));
            Ok(())
        }
    });
    let reply = router.handle(&body(), &[], None).await;
    assert_eq!((reply.status, reply.outcome), (200, "handled"));
    assert!(reply.message.unwrap().contains("lost"));
    assert_eq!(outcome(&router).await, (503, "busy"));
}
