//! The contenders that are written in Rust: `contender NAME URL`.

mod aes;
mod ours;
mod peer;

use std::error::Error;
use std::io::{BufRead as _, Write as _};
use std::process::ExitCode;
use std::time::Instant;

use futures_util::future::BoxFuture;
use serde_json::json;
use tokio::runtime::Runtime;

/// A contender does a job so many times, and gives what it read.
trait Contender {
    fn work(&mut self, job: &str, count: usize) -> Result<BoxFuture<'static, Result<String, Failure>>, Failure>;
}

type Failure = Box<dyn Error + Send + Sync>;

/// How many calls are on their way at once.
const AT_ONCE: usize = 32;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("contender: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let (name, url) = (
        arguments.next().ok_or("NAME is missing")?,
        arguments.next().ok_or("URL is missing")?,
    );
    let runtime = Runtime::new()?;
    let _inside = runtime.enter();
    let mut contender: Box<dyn Contender> = match name.as_str() {
        "airudder" => Box::new(runtime.block_on(ours::Ours::new(&url))?),
        "reqwest" => Box::new(runtime.block_on(peer::Peer::new(&url))?),
        "aes" => Box::new(aes::Aes::new()?),
        _ => return Err(format!("there is no contender `{name}`").into()),
    };
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (job, count) = line.split_once(' ').ok_or("a line is `JOB COUNT`")?;
        let work = contender.work(job, count.parse()?)?;
        let begin = Instant::now();
        let check = runtime.block_on(work)?;
        let done = json!({ "seconds": begin.elapsed().as_secs_f64(), "check": check });
        writeln!(std::io::stdout(), "{done}")?;
    }
    Ok(())
}

/// Does `one` so many times, `AT_ONCE` at once, and adds up what it gives.
async fn at_once<F: Future<Output = Result<i64, Failure>> + Send + 'static>(
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
