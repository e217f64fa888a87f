//! From credentials to a finished call: the whole job against the emulator, with a check of everything that comes back.
//!
//! `make demo` starts the emulator and sets `AIRUDDER_BASE_URL` and `AIRUDDER_ENCRYPTION_KEY`.

mod story;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use airudder::{CallResult, Client, CollectionContact, CreateTask, Event, EventData, TaskDetail};

use story::{Outcome, Received, check, emulator, receive_events, say};

/// The emulator goes by the last digits: the first answers, the second does not, the third is busy, the fourth answers the second call.
const NUMBERS: [&str; 4] = ["+6281230000001", "+6281230000002", "+6281230000003", "+6281230000005"];

#[tokio::main]
async fn main() -> Outcome<()> {
    tokio::time::timeout(Duration::from_mins(1), story())
        .await
        .map_err(|_| "the story did not end within a minute")?
}

async fn story() -> Outcome<()> {
    let client = Client::from_env()?;

    client.auth().token().await?;
    say("sent the app key and secret, received a token");

    let robots = client.tasks().robots().await?.robots;
    let robot = robots.first().ok_or("there is no robot")?;
    let robot_id = robot.robot_id.clone().ok_or("the robot has no id")?;
    say(&format!(
        "listed {} robots, chose \"{}\"",
        robots.len(),
        robot.robot_name.as_deref().unwrap_or("?")
    ));

    let received = receive_events(&client).await?;
    let task_id = create(&client, &robot_id).await?;
    say(&format!("created task {task_id} with {} contacts, encrypted", NUMBERS.len()));
    check("the request really was encrypted", was_encrypted("tasks.create").await?)?;

    let detail = follow(&client, &task_id).await?;
    say(&format!("the task is finished: {}", summary(&detail.calls)));
    check("every contact has a result", callees(&detail.calls) == NUMBERS.into())?;

    let events = all_events(&received).await?;
    check("call.finished came for every contact", callees(&events) == NUMBERS.into())?;
    say(&format!("received {} call.finished and one task.finished, decrypted", events.len()));

    let answered = detail
        .calls
        .iter()
        .find(|call| call.talk_duration().unwrap_or(0) > 0)
        .ok_or("nobody answered")?;
    let seconds = download(&client, &task_id, answered).await?;
    say(&format!(
        "downloaded the recording of {}: a WAV of {seconds} s, as the call says",
        masked(answered)
    ));
    Ok(())
}

async fn create(client: &Client, robot_id: &str) -> Outcome<String> {
    let contacts: Vec<_> = NUMBERS
        .iter()
        .map(|number| {
            CollectionContact::new(*number)
                .debtor("Budi")
                .due_date("2026-12-01")
                .arrears("1500000")
                .unit("IDR")
        })
        .collect();
    let task = CreateTask::new("Demo in Rust", "2026-01-01 09:00:00", "2036-01-01 18:00:00", robot_id, contacts)
        .repeat_number(1)
        .repeat_interval(1);
    Ok(client.tasks().create(task).await?.task_id)
}

async fn follow(client: &Client, task_id: &str) -> Outcome<TaskDetail> {
    loop {
        let detail = client.tasks().detail(task_id).await?;
        if detail.status.as_deref() == Some("finished") {
            return Ok(detail);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The `call.finished` events, once `task.finished` is there too.
async fn all_events(received: &Received) -> Outcome<Vec<CallResult>> {
    loop {
        let events = received.lock().map_err(|_| "the receiver failed")?.clone();
        if events.iter().any(|event| matches!(event.data, EventData::TaskFinished(_))) {
            let call = |event: Event| {
                if let EventData::CallFinished(call) = event.data {
                    Some(CallResult::from(call))
                } else {
                    None
                }
            };
            return Ok(events.into_iter().filter_map(call).collect());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn download(client: &Client, task_id: &str, call: &CallResult) -> Outcome<i64> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("recording.wav");
    let callee = call.callee().ok_or("the call has no callee")?;
    client.tasks().recording(task_id, callee, &path).await?;
    let seconds = wav_seconds(&path)?;
    check("the recording is as long as the talk", Some(seconds) == call.talk_duration())?;
    Ok(seconds)
}

/// Plays the file through, sample by sample, and tells how many seconds that took.
fn wav_seconds(path: &Path) -> Outcome<i64> {
    let mut wav = hound::WavReader::open(path)?;
    let spec = wav.spec();
    let samples = wav.samples::<i16>().collect::<Result<Vec<_>, _>>()?;
    check(
        "the recording can be heard",
        samples.iter().any(|sample| sample.unsigned_abs() > 1000),
    )?;
    Ok(i64::try_from(samples.len())? / i64::from(spec.channels) / i64::from(spec.sample_rate))
}

async fn was_encrypted(operation: &str) -> Outcome<bool> {
    let requests = emulator(reqwest::Method::GET, "/_emulator/requests", None).await?;
    let list = requests["data"]["List"].as_array().cloned().unwrap_or_default();
    Ok(list
        .iter()
        .any(|request| request["operation"] == operation && request["encrypted"] == true))
}

fn callees(calls: &[CallResult]) -> BTreeSet<&str> {
    calls.iter().filter_map(CallResult::callee).collect()
}

fn summary(calls: &[CallResult]) -> String {
    let one = |call: &CallResult| format!("{} {}", masked(call), call.status().unwrap_or("?"));
    calls.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn masked(call: &CallResult) -> String {
    let number = call.callee().unwrap_or("?");
    format!("…{}", &number[number.len().saturating_sub(4)..])
}
