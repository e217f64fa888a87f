//! What every contender is.

use std::error::Error;

use futures_util::future::BoxFuture;

/// A contender does a job so many times, and gives what it read.
pub trait Contender {
    fn work(&mut self, job: &str, count: usize) -> Result<BoxFuture<'static, Result<String, Failure>>, Failure>;
}

pub type Failure = Box<dyn Error + Send + Sync>;

/// How many calls are on their way at once.
const AT_ONCE: usize = 32;

/// Does `one` so many times, `AT_ONCE` at once, and adds up what it gives.
pub async fn at_once<F: Future<Output = Result<i64, Failure>> + Send + 'static>(
    count: usize,
    one: impl Fn() -> F + Clone + Send + 'static,
) -> Result<i64, Failure> {
    let mut tasks = tokio::task::JoinSet::new();
    for index in 0..AT_ONCE {
        let one = one.clone();
        tasks.spawn(async move {
            let mut sum = 0;
            for _ in (index..count).step_by(AT_ONCE) {
                sum += one().await?;
            }
            Ok::<_, Failure>(sum)
        });
    }
    let mut sum = 0;
    while let Some(part) = tasks.join_next().await {
        sum += part??;
    }
    Ok(sum)
}
