//! When the program ends.

use std::io::{self, Read as _};
use std::sync::mpsc;
use std::thread;

use tokio::runtime::Builder;

/// Waits until the program has to end: Ctrl-C, SIGTERM or, if asked for, the end of stdin.
pub fn wait(until_stdin_closes: bool) -> io::Result<()> {
    let (stop, stopped) = mpsc::channel();
    if until_stdin_closes {
        let stop = stop.clone();
        // A thread of its own, as nothing can take a read of stdin back.
        thread::spawn(move || {
            let mut stdin = io::stdin().lock();
            let mut ignored = [0; 1024];
            while stdin.read(&mut ignored).is_ok_and(|length| length > 0) {}
            let _ = stop.send(());
        });
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    thread::spawn(move || {
        runtime.block_on(signal());
        let _ = stop.send(());
    });
    // An error means that both threads are gone, and with them every way to be told.
    let _ = stopped.recv();
    Ok(())
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}
