//! The clients that direct calls name by number.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use airudder::Client;

static CLIENTS: Mutex<Option<HashMap<i64, Client>>> = Mutex::new(None);

/// The number of a client, for as long as it lives.
pub(crate) struct Number(i64);

impl Number {
    pub(crate) fn of(client: &Client) -> Self {
        static NEXT: AtomicI64 = AtomicI64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        clients().get_or_insert_default().insert(number, client.clone());
        Self(number)
    }

    pub(crate) const fn get(&self) -> i64 {
        self.0
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        // Dropped outside of the lock: it may close connections.
        let client = clients().as_mut().and_then(|clients| clients.remove(&self.0));
        drop(client);
    }
}

/// The client with this number.
pub(crate) fn client(number: i64) -> Option<Client> {
    clients().as_ref()?.get(&number).cloned()
}

fn clients() -> MutexGuard<'static, Option<HashMap<i64, Client>>> {
    CLIENTS.lock().unwrap_or_else(PoisonError::into_inner)
}
