//! When the program ends.

use std::io::{self, Read as _};
use std::thread;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// Waits for Ctrl-C, SIGTERM and, if asked for, the end of stdin.
#[derive(Debug)]
pub struct Stop {
    runtime: Runtime,
    signals: Signals,
    stdin: Option<oneshot::Receiver<()>>,
}

impl Stop {
    /// Begins to listen. Do so before telling anybody that the program runs: a signal that comes earlier kills it uncleanly.
    pub fn listen(until_stdin_closes: bool) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let signals = {
            let _inside = runtime.enter();
            Signals::listen()?
        };
        Ok(Self {
            runtime,
            signals,
            stdin: until_stdin_closes.then(stdin_end),
        })
    }

    /// Waits until the program has to end.
    pub fn wait(mut self) {
        self.runtime.block_on(async {
            match self.stdin {
                Some(stdin) => tokio::select! {
                    () = self.signals.wait() => {}
                    _ = stdin => {}
                },
                None => self.signals.wait().await,
            }
        });
    }
}

/// Ready at the end of stdin. A thread of its own reads it, as nothing can take such a read back.
fn stdin_end() -> oneshot::Receiver<()> {
    let (end, ended) = oneshot::channel();
    thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        let mut ignored = [0; 1024];
        while stdin.read(&mut ignored).is_ok_and(|length| length > 0) {}
        // An error means that the program ends already.
        let _ = end.send(());
    });
    ended
}

#[cfg(unix)]
#[derive(Debug)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
#[derive(Debug)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self(tokio::signal::windows::ctrl_c()?))
    }

    async fn wait(&mut self) {
        self.0.recv().await;
    }
}
