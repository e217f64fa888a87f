//! What is compared with what, and what the project wants of it.

use crate::languages::Language;
use crate::server::Protocol;

use Language::{Core, Kotlin, Node, Python, Rust};
use Protocol::{Http1, Http1OverTls, Http2OverTls};

/// One line of the table.
pub struct Row {
    /// `python-calls-aiohttp`: the language, the job, the peer.
    pub id: &'static str,
    pub language: Language,
    pub what: &'static str,
    pub peer: &'static str,
    pub measured: Measured,
    pub goal: Option<Goal>,
}

/// What is measured, and of whom.
pub enum Measured {
    /// How long a job takes: ours / the peer's.
    Time(Pair),
    /// How many there are in a time: ours / the peer's.
    Throughput(Pair),
    /// What the results of a job take up in memory: ours / the peer's. A fresh process each time.
    Memory { pair: Pair, count: usize },
    /// What a package adds to a bare interpreter's start until a client is there: ours / the peer's.
    ColdTime { peer: &'static str },
    /// The same for the most memory that the process takes.
    ColdMemory { peer: &'static str },
    /// How large a package is, in megabytes.
    Size,
}

/// Two contenders that do the same. A contender and its job each.
pub struct Pair {
    pub ours: (&'static str, &'static str),
    pub peer: (&'static str, &'static str),
    pub protocol: Protocol,
    /// Whether both read the same, which is then compared.
    pub same: bool,
}

/// What a row should come to.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    AtMost(f64),
    AtLeast(f64),
}

impl Goal {
    pub fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }
}

const fn pair(job: &'static str, peer: &'static str, protocol: Protocol) -> Pair {
    Pair {
        ours: ("airudder", job),
        peer: (peer, job),
        protocol,
        same: true,
    }
}

/// The same contender with two jobs that read the same.
const fn itself(job: &'static str, other: &'static str) -> Pair {
    Pair {
        ours: ("airudder", job),
        peer: ("airudder", other),
        protocol: Http1,
        same: true,
    }
}

/// Every row, in the order of the table.
#[allow(clippy::too_many_lines)] // a table is as long as it is
pub fn all() -> Vec<Row> {
    let row = |id, language, what, peer, measured, goal| Row {
        id,
        language,
        what,
        peer,
        measured,
        goal,
    };
    let time = |job, peer, protocol| Measured::Time(pair(job, peer, protocol));
    let throughput = |job, peer, protocol| Measured::Throughput(pair(job, peer, protocol));
    let at_most = |limit| Some(Goal::AtMost(limit));
    let at_least = |limit| Some(Goal::AtLeast(limit));
    let call = "one small call, blocking";
    let calls = "small calls, 32 at once";
    let over_tls = "small calls, 32 at once, over TLS";
    let over_http2 = "small calls, 32 at once, over TLS with HTTP/2";
    let page = "page of 1,000 calls";
    let sealed = "encrypted call over clear call";
    let event = "unwrap of an encrypted 2 KB event";
    let cold = "import and client";
    let cold_memory = "import and client: memory";
    vec![
        row(
            "python-call-httpx",
            Python,
            call,
            "httpx + pydantic",
            time("call", "httpx-pydantic", Http1),
            at_most(0.25),
        ),
        row(
            "python-call-requests",
            Python,
            call,
            "requests + pydantic",
            time("call", "requests-pydantic", Http1),
            at_most(0.15),
        ),
        row(
            "python-calls-aiohttp",
            Python,
            calls,
            "aiohttp + pydantic",
            throughput("calls", "aiohttp-pydantic", Http1),
            at_least(2.5),
        ),
        row(
            "python-calls-httpx",
            Python,
            calls,
            "httpx + pydantic",
            throughput("calls", "httpx-pydantic", Http1),
            at_least(20.0),
        ),
        row(
            "python-tls-aiohttp",
            Python,
            over_tls,
            "aiohttp + pydantic",
            throughput("calls", "aiohttp-pydantic", Http1OverTls),
            None,
        ),
        row(
            "python-http2-httpx",
            Python,
            over_http2,
            "httpx + pydantic",
            throughput("calls", "httpx-pydantic", Http2OverTls),
            None,
        ),
        row(
            "python-page-httpx",
            Python,
            page,
            "httpx + orjson + pydantic",
            time("page", "httpx-orjson-pydantic", Http1),
            at_most(0.2),
        ),
        row(
            "python-page-untyped",
            Python,
            page,
            "httpx + orjson, untyped",
            time("page", "httpx-untyped", Http1),
            at_most(0.5),
        ),
        row(
            "python-sealed",
            Python,
            sealed,
            "itself",
            Measured::Time(itself("sealed", "call")),
            at_most(1.10),
        ),
        row(
            "python-event",
            Python,
            event,
            "cryptography + pydantic",
            throughput("event", "cryptography-pydantic", Http1),
            at_least(5.0),
        ),
        row(
            "python-cold-openai",
            Python,
            cold,
            "openai",
            Measured::ColdTime { peer: "openai" },
            at_most(0.1),
        ),
        row(
            "python-cold-stripe",
            Python,
            cold,
            "stripe",
            Measured::ColdTime { peer: "stripe" },
            at_most(0.1),
        ),
        row(
            "python-cold-twilio",
            Python,
            cold,
            "twilio",
            Measured::ColdTime { peer: "twilio" },
            at_most(0.1),
        ),
        row(
            "python-cold-memory-openai",
            Python,
            cold_memory,
            "openai",
            Measured::ColdMemory { peer: "openai" },
            at_most(0.1),
        ),
        row(
            "python-cold-memory-stripe",
            Python,
            cold_memory,
            "stripe",
            Measured::ColdMemory { peer: "stripe" },
            at_most(0.1),
        ),
        row(
            "python-cold-memory-twilio",
            Python,
            cold_memory,
            "twilio",
            Measured::ColdMemory { peer: "twilio" },
            at_most(0.1),
        ),
        row(
            "python-hold",
            Python,
            "memory of 10,000 calls held",
            "pydantic",
            Measured::Memory {
                pair: pair("hold", "httpx-pydantic", Http1),
                count: 10_000,
            },
            at_most(0.4),
        ),
        row("python-size", Python, "wheel, in MB", "", Measured::Size, at_most(4.0)),
        row(
            "node-calls-undici",
            Node,
            calls,
            "undici",
            throughput("calls", "undici", Http1),
            at_least(2.0),
        ),
        row(
            "node-calls-fetch",
            Node,
            calls,
            "fetch",
            throughput("calls", "fetch", Http1),
            at_least(8.0),
        ),
        row(
            "node-calls-axios",
            Node,
            calls,
            "axios",
            throughput("calls", "axios", Http1),
            at_least(6.0),
        ),
        row(
            "node-tls-undici",
            Node,
            over_tls,
            "undici",
            throughput("calls", "undici", Http1OverTls),
            None,
        ),
        row(
            "node-http2-undici",
            Node,
            over_http2,
            "undici",
            throughput("calls", "undici", Http2OverTls),
            None,
        ),
        row(
            "node-page-undici",
            Node,
            page,
            "undici + JSON.parse",
            time("page", "undici", Http1),
            at_most(0.9),
        ),
        row(
            "node-sealed",
            Node,
            sealed,
            "itself",
            Measured::Time(itself("sealed", "call")),
            at_most(1.10),
        ),
        row(
            "node-event",
            Node,
            event,
            "node:crypto + JSON.parse",
            throughput("event", "node-crypto", Http1),
            at_least(1.5),
        ),
        row(
            "node-cold-stripe",
            Node,
            cold,
            "stripe",
            Measured::ColdTime { peer: "stripe" },
            at_most(0.15),
        ),
        row(
            "node-cold-twilio",
            Node,
            cold,
            "twilio",
            Measured::ColdTime { peer: "twilio" },
            None,
        ),
        row(
            "node-cold-memory-stripe",
            Node,
            cold_memory,
            "stripe",
            Measured::ColdMemory { peer: "stripe" },
            None,
        ),
        row("node-size", Node, "npm package, in MB", "", Measured::Size, at_most(4.0)),
        row(
            "kotlin-calls-okhttp",
            Kotlin,
            calls,
            "OkHttp + kotlinx",
            throughput("calls", "okhttp", Http1),
            at_least(1.0),
        ),
        row(
            "kotlin-calls-ktor",
            Kotlin,
            calls,
            "Ktor CIO + kotlinx",
            throughput("calls", "ktor", Http1),
            at_least(1.2),
        ),
        row(
            "kotlin-tls-okhttp",
            Kotlin,
            over_tls,
            "OkHttp + kotlinx",
            throughput("calls", "okhttp", Http1OverTls),
            None,
        ),
        row(
            "kotlin-http2-okhttp",
            Kotlin,
            over_http2,
            "OkHttp + kotlinx",
            throughput("calls", "okhttp", Http2OverTls),
            None,
        ),
        row(
            "kotlin-page-okhttp",
            Kotlin,
            page,
            "OkHttp + kotlinx",
            time("page", "okhttp", Http1),
            at_most(1.0),
        ),
        row(
            "kotlin-sealed",
            Kotlin,
            sealed,
            "itself",
            Measured::Time(itself("sealed", "call")),
            at_most(1.10),
        ),
        row(
            "kotlin-event",
            Kotlin,
            event,
            "JCE + kotlinx",
            throughput("event", "jce", Http1),
            at_least(1.0),
        ),
        row("kotlin-size", Kotlin, "jar, in MB", "", Measured::Size, at_most(4.0)),
        row(
            "rust-calls-reqwest",
            Rust,
            calls,
            "bare reqwest",
            time("calls", "reqwest", Http1),
            at_most(1.05),
        ),
        row(
            "rust-tls-reqwest",
            Rust,
            over_tls,
            "bare reqwest",
            time("calls", "reqwest", Http1OverTls),
            None,
        ),
        row(
            "rust-http2-reqwest",
            Rust,
            over_http2,
            "bare reqwest",
            time("calls", "reqwest", Http2OverTls),
            None,
        ),
        row(
            "rust-page-reqwest",
            Rust,
            page,
            "bare reqwest",
            time("page", "reqwest", Http1),
            None,
        ),
        row(
            "rust-sealed",
            Rust,
            sealed,
            "itself",
            Measured::Time(itself("sealed", "call")),
            at_most(1.10),
        ),
        row(
            "core-ecb-encrypt",
            Core,
            "AES-ECB, 64 KB, encrypt",
            "OpenSSL",
            aes("ecb-encrypt", "openssl-ecb-encrypt"),
            at_least(0.9),
        ),
        row(
            "core-ecb-decrypt",
            Core,
            "AES-ECB, 64 KB, decrypt",
            "OpenSSL",
            aes("ecb-decrypt", "openssl-ecb-decrypt"),
            at_least(0.9),
        ),
        row(
            "core-cbc-encrypt",
            Core,
            "AES-CBC, 64 KB, encrypt",
            "OpenSSL",
            aes("cbc-encrypt", "openssl-cbc-encrypt"),
            at_least(0.9),
        ),
        row(
            "core-cbc-decrypt",
            Core,
            "AES-CBC, 64 KB, decrypt",
            "OpenSSL",
            aes("cbc-decrypt", "openssl-cbc-decrypt"),
            at_least(0.9),
        ),
    ]
}

/// Both in one process.
const fn aes(ours: &'static str, peer: &'static str) -> Measured {
    Measured::Throughput(Pair {
        ours: ("aes", ours),
        peer: ("aes", peer),
        protocol: Http1,
        same: true,
    })
}
