use airudder::{Client, CollectionContact, CreateTask, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let contacts = vec![CollectionContact::new("+6281230000001").debtor("Budi")];
    let task = CreateTask::new("Reminder", "2026-01-01 09:00:00", "2036-01-01 18:00:00", "1001", contacts);
    let task_id = client.tasks().create(task).await?.task_id;
    while client.tasks().detail(&task_id).await?.status.as_deref() != Some("finished") {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    let calls = client.tasks().detail(&task_id).await?.calls;
    println!("{calls:#?}");
    Ok(())
}
