//! Direct calls: calls without options of their own, and events.
//!
//! `UniFFI` crosses some ten times for a call, with structures that the JVM's side makes by reflection, and makes a Java thread of the native one that
//! delivers the answer, each time. A direct call crosses twice, the second time for a batch of completed calls, and passes numbers only: the addresses of
//! memory that the JVM lends for the time of the call.
#![allow(unsafe_code)] // exports functions under fixed names, which take addresses

use std::panic::{AssertUnwindSafe, catch_unwind};

use airudder::{Case, Client, Error, JsonText};
use uniffi::Lower;

use crate::client::find;
use crate::clients::client;
use crate::failure::{Failure, NativeError, guard};
use crate::in_flight::{Outcome, in_flight};
use crate::json::Kotlin;
use crate::memory::Memory;

/// The head of an outcome: the number of its call, whether it failed, and the length of its content.
const HEAD: usize = 8 + 1 + 4;

const STARTED: i32 = 0;
const NO_SUCH_CLIENT: i32 = 1;
const IMPOSSIBLE: i32 = 2;

/// Starts a call: `text` is the operation's id, a line break, and the parameters as JSON.
///
/// # Safety
/// `text` is null, or the address of `length` bytes that stay as they are until this returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn airudder_kotlin_start(client_number: i64, call: i64, text: *const u8, length: i32) -> i32 {
    // SAFETY: the caller keeps the bytes until this returns, and `read` is done before that. Nothing is written.
    let text = unsafe { Memory::new(text.cast_mut(), length.into()) }.read(length.try_into().unwrap_or_default());
    let text = String::from_utf8_lossy(&text.unwrap_or_default()).into_owned();
    let start = || {
        let Some(client) = client(client_number) else {
            return NO_SUCH_CLIENT;
        };
        let Some(in_flight) = in_flight() else { return IMPOSSIBLE };
        in_flight.start(call, async move {
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

/// Aborts a call.
#[unsafe(no_mangle)]
pub extern "C" fn airudder_kotlin_cancel(call: i64) {
    let cancel = || {
        if let Some(in_flight) = in_flight() {
            in_flight.cancel(call);
        }
    };
    // A failure changes nothing for the caller.
    drop(catch_unwind(AssertUnwindSafe(cancel)));
}

/// Waits until calls complete, and writes the outcomes of as many as fit into `memory`. Returns the length of what was written, or, negative, the length
/// that the first outcome needs.
///
/// # Safety
/// `memory` is null, or the address of `capacity` bytes that nothing else accesses until this returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn airudder_kotlin_finished(memory: *mut u8, capacity: i64) -> i64 {
    let wait = || {
        let Some(in_flight) = in_flight() else { return 0 };
        in_flight.wait();
        // SAFETY: the caller keeps the block to itself until this returns. It is touched only after the wait.
        let memory = unsafe { Memory::new(memory, capacity) };
        let (mut used, mut missing) = (0, 0);
        in_flight.take_each(|call, outcome| {
            let written = write(call, outcome, memory, used);
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

/// Opens an event. `memory` holds its kind or nothing, the names and values of its headers, each with a line break behind it, and the body. The outcome is
/// written into the same memory, as for a call; the data of the event stand behind its kind, its key and what proves it. Returns the length of the outcome, or, negative,
/// the length that it needs; 0 if there is no such client.
///
/// # Safety
/// `memory` is null, or the address of `capacity` bytes that nothing else accesses until this returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn airudder_kotlin_unwrap(client_number: i64, memory: *mut u8, capacity: i64, head: i32, body: i32) -> i64 {
    // SAFETY: the caller keeps the block to itself until this returns.
    let memory = unsafe { Memory::new(memory, capacity) };
    let unwrap = || {
        let Some(client) = client(client_number) else { return 0 };
        let (head, body) = (usize::try_from(head).unwrap_or_default(), usize::try_from(body).unwrap_or_default());
        let posted = memory.read(head.saturating_add(body)).unwrap_or_default();
        let outcome = guard(|| opened(&client, &posted, head));
        match write(0, &outcome, memory, 0) {
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
    let authenticated = event.authenticated.as_str();
    Ok(format!("{}\n{}\n{authenticated}\n{}", event.kind, event.key, event.data.json))
}

/// Writes the outcome of a call to `offset`, and returns its length; as an error if it does not fit.
fn write(call: i64, outcome: &Outcome, memory: Memory, offset: usize) -> Result<usize, usize> {
    let mut failure = Vec::new();
    let (has_failed, content) = match outcome {
        Ok(text) => (0, text.as_bytes()),
        Err(NativeError::Failed { failure: about }) => {
            <Failure as Lower<crate::UniFfiTag>>::write((**about).clone(), &mut failure);
            (1, failure.as_slice())
        }
    };
    let mut head = [0; HEAD];
    head[..8].copy_from_slice(&call.to_be_bytes());
    head[8] = has_failed;
    head[9..].copy_from_slice(&u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
    let length = HEAD + content.len();
    // The content first: where it does not fit, nothing is written.
    let is_written = memory.write(offset.saturating_add(HEAD), content) && memory.write(offset, &head);
    if is_written { Ok(length) } else { Err(length) }
}

fn signed(length: usize) -> i64 {
    length.try_into().unwrap_or(i64::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::ptr::{null, null_mut};

    use airudder::Settings;

    use super::*;
    use crate::clients::Number;

    fn number() -> Number {
        let settings = Settings {
            app_key: Some("key".to_owned()),
            app_secret: Some("secret".to_owned()),
            base_url: Some("http://127.0.0.1:9".to_owned()),
            ..Settings::default()
        };
        Number::of(&Client::new(settings).unwrap())
    }

    #[test]
    fn without_a_client_no_memory_is_read() {
        // SAFETY: null and empty blocks are allowed.
        unsafe {
            assert_eq!(airudder_kotlin_start(0, 1, null(), 8), NO_SUCH_CLIENT);
            assert_eq!(airudder_kotlin_unwrap(0, null_mut(), 8, 4, 4), 0);
        }
        airudder_kotlin_cancel(0);
    }

    #[test]
    fn a_call_without_text_fails_and_is_fetched_when_it_fits() {
        let client = number();
        // SAFETY: null and empty blocks are allowed.
        let needed = unsafe {
            assert_eq!(airudder_kotlin_start(client.get(), 7, null(), 0), STARTED);
            airudder_kotlin_finished(null_mut(), 64)
        };
        let length = usize::try_from(-needed).unwrap();
        let mut bytes = vec![0; length];
        for (capacity, expected) in [(0, needed), (-needed - 1, needed), (-needed, -needed)] {
            // SAFETY: the buffer has at least `capacity` bytes, and is not used until the function returns.
            assert_eq!(unsafe { airudder_kotlin_finished(bytes.as_mut_ptr(), capacity) }, expected);
        }
        assert_eq!(bytes[..8], 7_i64.to_be_bytes());
        assert_eq!(bytes[8], 1);
        assert_eq!(
            usize::try_from(i32::from_be_bytes(bytes[9..HEAD].try_into().unwrap())).unwrap(),
            length - HEAD
        );
    }

    #[test]
    fn an_event_needs_memory_for_its_outcome() {
        let client = number();
        let mut bytes = vec![b'x'; 4096];
        // Lengths beyond the block, and negative ones, are an empty body: an event that is refused.
        for (address, capacity, head, body) in [
            (null_mut(), 4096, 4, 4),
            (bytes.as_mut_ptr(), 0, 0, 0),
            (bytes.as_mut_ptr(), -1, 1, 1),
            (bytes.as_mut_ptr(), 8, i32::MAX, i32::MAX),
            (bytes.as_mut_ptr(), 8, -1, -1),
        ] {
            // SAFETY: the block is null, empty, or a part of the buffer, which is not used until the function returns.
            assert!(unsafe { airudder_kotlin_unwrap(client.get(), address, capacity, head, body) } < 0);
        }
        assert!(bytes.iter().all(|byte| *byte == b'x'));
        for (head, body) in [(0, 0), (4096, 0), (4096, 1)] {
            // SAFETY: the buffer has 4096 bytes, and is not used until the function returns.
            let length = unsafe { airudder_kotlin_unwrap(client.get(), bytes.as_mut_ptr(), 4096, head, body) };
            assert!(length > 0 && bytes[8] == 1, "{length}");
        }
    }
}
