//! The SDK.

use airudder::{CallResult, Client, Settings};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use crate::contender::{Contender, Failure, at_once};

pub struct Ours {
    clear: Client,
    sealed: Client,
}

impl Ours {
    pub async fn new(url: &str) -> Result<Self, Failure> {
        let settings = |key: Option<&str>| Settings {
            base_url: Some(url.to_owned()),
            encryption_key: key.map(str::to_owned),
            ..Settings::default()
        };
        let (clear, sealed) = (Client::new(settings(None))?, Client::new(settings(Some("airudderredduria")))?);
        // Signs in.
        clear.tasks().robots().await?;
        sealed.tasks().robots().await?;
        Ok(Self { clear, sealed })
    }
}

impl Contender for Ours {
    fn work(&mut self, job: &str, count: usize) -> Result<BoxFuture<'static, Result<String, Failure>>, Failure> {
        let client = if job.starts_with("sealed") { &self.sealed } else { &self.clear }.clone();
        Ok(match job {
            "call" | "sealed" => one_by_one(client, count).boxed(),
            "calls" | "sealedcalls" => all_at_once(client, count).boxed(),
            "page" => pages(client, count).boxed(),
            _ => return Err(format!("there is no job `{job}`").into()),
        })
    }
}

async fn call(client: &Client) -> Result<i64, Failure> {
    let call = client.tasks().call_by_id("c1").await?;
    Ok(call.talk_duration.unwrap_or_default())
}

async fn one_by_one(client: Client, count: usize) -> Result<String, Failure> {
    let mut sum = 0;
    for _ in 0..count {
        sum += call(&client).await?;
    }
    Ok(sum.to_string())
}

async fn all_at_once(client: Client, count: usize) -> Result<String, Failure> {
    let one = move || {
        let client = client.clone();
        async move { call(&client).await }
    };
    Ok(at_once(count, one).await?.to_string())
}

async fn pages(client: Client, count: usize) -> Result<String, Failure> {
    let (mut sum, mut length) = (0, 0);
    for _ in 0..count {
        for call in client.tasks().detail("t1").await?.calls {
            if let CallResult::Collection(call) = call {
                sum += call.talk_duration.unwrap_or_default();
                length += call.debtor.unwrap_or_default().len();
            }
        }
    }
    Ok(format!("{sum} {length}"))
}
