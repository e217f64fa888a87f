//! A server that answers from memory, so that only the client is measured: same paths and envelopes as the emulator, nothing behind them.
//!
//! One thread serves everything. Over TLS it listens twice, for what a client does over HTTP/2 is another thing than over HTTP/1.1.

mod answers;
mod error;
mod http1;
mod http2;
mod tls;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

use answers::Answers;
pub use error::FastError;
use tls::Tls;

/// Where the fast mode listens.
#[derive(Debug, Clone)]
pub struct Fast {
    http: SocketAddr,
    over_tls: Option<[SocketAddr; 2]>,
}

impl Fast {
    /// Serves until the process ends. With `certificate_to` also over TLS, and the certificate to trust is written there.
    pub fn start(port: u16, certificate_to: Option<PathBuf>) -> Result<Self, FastError> {
        let answers = Arc::new(Answers::new().map_err(FastError::Prepare)?);
        let tls = certificate_to.map(|path| Tls::new(&path)).transpose()?;
        let (fast, listeners) = listen(port, tls)?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        {
            let _inside = runtime.enter();
            for (listener, protocol) in listeners {
                runtime.spawn(accept(TcpListener::from_std(listener)?, protocol, Arc::clone(&answers)));
            }
        }
        thread::Builder::new()
            .name("fast".to_owned())
            .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
        Ok(fast)
    }

    /// One URL for each protocol, with what it is called.
    #[must_use]
    pub fn urls(&self) -> Vec<(String, &'static str)> {
        let mut urls = vec![(format!("http://{}", self.http), "http/1.1")];
        if let Some([old, new]) = self.over_tls {
            urls.push((format!("https://{old}"), "http/1.1"));
            urls.push((format!("https://{new}"), "h2"));
        }
        urls
    }
}

/// What is spoken at a port.
enum Protocol {
    Http1,
    Http1OverTls(tokio_rustls::TlsAcceptor),
    Http2OverTls(tokio_rustls::TlsAcceptor),
}

fn listen(port: u16, tls: Option<Tls>) -> io::Result<(Fast, Vec<(StdListener, Protocol)>)> {
    let bind = |port| {
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        Ok::<_, io::Error>(listener)
    };
    let listener = bind(port)?;
    let http = listener.local_addr()?;
    let mut listeners = vec![(listener, Protocol::Http1)];
    let mut over_tls = None;
    if let Some(tls) = tls {
        let (old, new) = (bind(0)?, bind(0)?);
        over_tls = Some([old.local_addr()?, new.local_addr()?]);
        listeners.push((old, Protocol::Http1OverTls(tls.http1)));
        listeners.push((new, Protocol::Http2OverTls(tls.http2)));
    }
    Ok((Fast { http, over_tls }, listeners))
}

async fn accept(listener: TcpListener, protocol: Protocol, answers: Arc<Answers>) {
    let protocol = Arc::new(protocol);
    loop {
        // Without a connection there is nothing to serve, and the next one may come.
        let Ok((stream, _)) = listener.accept().await else { continue };
        tokio::spawn(serve(stream, Arc::clone(&protocol), Arc::clone(&answers)));
    }
}

/// How a connection ends is its client's concern.
async fn serve(stream: TcpStream, protocol: Arc<Protocol>, answers: Arc<Answers>) {
    let _ = stream.set_nodelay(true);
    match &*protocol {
        Protocol::Http1 => drop(http1::serve(stream, &answers).await),
        Protocol::Http1OverTls(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                drop(http1::serve(stream, &answers).await);
            }
        }
        Protocol::Http2OverTls(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                http2::serve(stream, answers).await;
            }
        }
    }
}
