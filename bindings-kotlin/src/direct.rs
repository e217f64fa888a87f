//! The short way for what programs do most: calls without options of their own, and events.
//!
//! `UniFFI` crosses some ten times for a call, with structures that the JVM's side makes by reflection, and has it make a Java thread of the native
//! one that brings the answer, each time. Here two crossings do, one of which serves all calls that have finished by then, and what crosses is
//! numbers: memory is the JVM's own, lent for the time of the call.
#![allow(unsafe_code)] // nothing else can read and write that memory

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use airudder::{Case, Client, Error, JsonText};
use uniffi::Lower;

use crate::client::{NativeClient, find};
use crate::failure::{Failure, NativeError, guard};
use crate::json::Kotlin;
use crate::underway::{Outcome, underway};

/// The head of what became of a call: its number, whether it failed, and the length of what follows.
const HEAD: usize = 8 + 1 + 4;

const STARTED: i32 = 0;
const NO_SUCH_CLIENT: i32 = 1;
const IMPOSSIBLE: i32 = 2;

/// The clients that can be called, by their numbers.
static CLIENTS: Mutex<Option<HashMap<i64, Client>>> = Mutex::new(None);

/// What a client is called by here, for as long as it lives.
pub(crate) struct Number(i64);

impl Number {
    pub(crate) fn of(client: &Client) -> Self {
        static NEXT: AtomicI64 = AtomicI64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        clients().get_or_insert_default().insert(number, client.clone());
        Self(number)
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        let client = clients().as_mut().and_then(|clients| clients.remove(&self.0));
        drop(client);
    }
}

fn clients() -> MutexGuard<'static, Option<HashMap<i64, Client>>> {
    CLIENTS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn client(number: i64) -> Option<Client> {
    clients().as_ref()?.get(&number).cloned()
}

#[uniffi::export]
impl NativeClient {
    pub fn number(&self) -> i64 {
        self.number.0
    }
}

/// Starts a call: `text` is the operation's id, a line break, and the parameters as JSON.
///
/// # Safety
/// `text` is the address of `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn airudder_kotlin_start(client_number: i64, call: i64, text: *const u8, length: i32) -> i32 {
    // SAFETY: the caller's promise
    let text = unsafe { std::slice::from_raw_parts(text, length.try_into().unwrap_or_default()) };
    let text = String::from_utf8_lossy(text).into_owned();
    let start = || {
        let Some(client) = client(client_number) else {
            return NO_SUCH_CLIENT;
        };
        let Some(underway) = underway() else { return IMPOSSIBLE };
        underway.start(call, async move {
            let (operation, params) = text.split_once('\n').unwrap_or((&text, ""));
            let operation = find(operation)?;
            let answer = client
                .call::<JsonText<Kotlin>>(operation, client.input_json(operation, Case::Camel, params))
                .await?;
            Ok(answer.json)
        });
        STARTED
    };
    catch_unwind(AssertUnwindSafe(start)).unwrap_or(IMPOSSIBLE)
}

/// Ends a call.
#[unsafe(no_mangle)]
pub extern "C" fn airudder_kotlin_cancel(call: i64) {
    let cancel = || {
        if let Some(underway) = underway() {
            underway.cancel(call);
        }
    };
    // There is nobody to tell.
    drop(catch_unwind(AssertUnwindSafe(cancel)));
}

/// Waits until calls have finished, and writes into `memory` what became of as many of them as it has room for, each with its head. The answer is
/// how many bytes those are, or, less than 0, how many the first one needs.
///
/// # Safety
/// `memory` is the address of `capacity` bytes that nobody else uses meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn airudder_kotlin_finished(memory: *mut u8, capacity: i64) -> i64 {
    // SAFETY: the caller's promise
    let memory = unsafe { std::slice::from_raw_parts_mut(memory, capacity.try_into().unwrap_or_default()) };
    let wait = || {
        let Some(underway) = underway() else { return 0 };
        underway.wait();
        let (mut used, mut missing) = (0, 0);
        underway.take_each(|call, outcome| {
            let written = write(call, outcome, &mut memory[used..]);
            match written {
                Ok(length) => used += length,
                Err(length) if used == 0 => missing = length,
                Err(_) => {}
            }
            written.is_ok()
        });
        if missing > 0 { -signed(missing) } else { signed(used) }
    };
    catch_unwind(AssertUnwindSafe(wait)).unwrap_or(0)
}

/// Opens an event: `memory` holds its kind or nothing, the names and values of its headers, each with a line break behind it, and the body. What
/// became of it is written into the same memory, as for a call; the data of the event stand behind its kind and its key. The answer is the length of
/// that, or, less than 0, how much memory it needs; 0 says that there is no such client.
///
/// # Safety
/// `memory` is the address of `capacity` bytes that nobody else uses meanwhile, of which `head` and then `body` bytes are written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn airudder_kotlin_unwrap(client_number: i64, memory: *mut u8, capacity: i64, head: i32, body: i32) -> i64 {
    // SAFETY: the caller's promise
    let memory = unsafe { std::slice::from_raw_parts_mut(memory, capacity.try_into().unwrap_or_default()) };
    let unwrap = || {
        let Some(client) = client(client_number) else { return 0 };
        let (head, body) = (usize::try_from(head).unwrap_or_default(), usize::try_from(body).unwrap_or_default());
        let outcome = guard(|| opened(&client, memory.get(..head + body).unwrap_or_default(), head));
        match write(0, &outcome, memory) {
            Ok(length) => signed(length),
            Err(length) => -signed(length),
        }
    };
    catch_unwind(AssertUnwindSafe(unwrap)).unwrap_or(0)
}

fn opened(client: &Client, posted: &[u8], head: usize) -> Result<String, Error> {
    let (head, body) = posted.split_at_checked(head).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split('\n');
    let kind = lines.next().filter(|kind| !kind.is_empty());
    let mut headers = Vec::new();
    while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
        headers.push((name.to_owned(), value.to_owned()));
    }
    let event = client.events().unwrap_text::<Kotlin>(body, &headers, kind, None)?;
    Ok(format!("{}\n{}\n{}", event.kind, event.key, event.data.json))
}

/// Writes what became of a call, or says how much room that takes.
fn write(call: i64, outcome: &Outcome, memory: &mut [u8]) -> Result<usize, usize> {
    let mut failure = Vec::new();
    let (has_failed, content) = match outcome {
        Ok(text) => (0, text.as_bytes()),
        Err(NativeError::Failed { failure: about }) => {
            <Failure as Lower<crate::UniFfiTag>>::write((**about).clone(), &mut failure);
            (1, failure.as_slice())
        }
    };
    let length = HEAD + content.len();
    let place = memory.get_mut(..length).ok_or(length)?;
    place[..8].copy_from_slice(&call.to_be_bytes());
    place[8] = has_failed;
    place[9..HEAD].copy_from_slice(&u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
    place[HEAD..].copy_from_slice(content);
    Ok(length)
}

fn signed(length: usize) -> i64 {
    length.try_into().unwrap_or(i64::MAX)
}
