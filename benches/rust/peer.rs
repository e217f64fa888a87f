//! reqwest and serde, with structs that are written by hand for what the jobs read.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use reqwest::Client;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::contender::{Contender, Failure, at_once};

#[derive(Deserialize)]
struct Envelope<T> {
    code: i64,
    data: T,
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

/// Every field of an answered call, as one would write it for this answer.
#[derive(Default, Deserialize)]
#[serde(default)]
#[allow(dead_code, reason = "the peer reads all fields, like the SDK")]
struct Call {
    callid: Option<String>,
    taskid: Option<String>,
    callee: Option<String>,
    caller: Option<String>,
    caseid: Option<String>,
    calltime: Option<String>,
    answertime: Option<String>,
    endtime: Option<String>,
    ringduration: Option<i64>,
    talkduration: Option<i64>,
    status: Option<String>,
    intention: Option<String>,
    debtor: Option<String>,
    arrears: Option<String>,
}

#[derive(Deserialize)]
struct TaskDetail {
    calls: Vec<Call>,
}

#[derive(Clone)]
pub struct Peer {
    client: Client,
    url: String,
    token: String,
}

impl Peer {
    pub async fn new(url: &str) -> Result<Self, Failure> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls()?)
            .tcp_nodelay(true)
            .connect_timeout(std::time::Duration::from_secs(10))
            .read_timeout(std::time::Duration::from_secs(30))
            .timeout(std::time::Duration::from_mins(1))
            .no_proxy()
            .build()?;
        let credentials = json!({ "APPKey": "bench", "APPSecret": "bench" }).to_string();
        let answer = client.post(format!("{url}/service/cloud/auth")).body(credentials).send().await?;
        let answer: Envelope<Token> = serde_json::from_slice(&answer.bytes().await?)?;
        Ok(Self {
            client,
            url: url.to_owned(),
            token: format!("Token {}", answer.data.token),
        })
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, query: (&str, &str)) -> Result<T, Failure> {
        let url = reqwest::Url::parse_with_params(&format!("{}{path}", self.url), [query])?;
        let answer = self.client.get(url).header("authorization", &self.token).send().await?;
        let envelope: Envelope<T> = serde_json::from_slice(&answer.error_for_status()?.bytes().await?)?;
        if envelope.code != 200 {
            return Err(format!("refused with {}", envelope.code).into());
        }
        Ok(envelope.data)
    }

    async fn call(&self) -> Result<i64, Failure> {
        let call: Call = self.get("/service/cloud/call", ("callid", "c1")).await?;
        Ok(call.talkduration.unwrap_or_default())
    }
}

impl Contender for Peer {
    fn work(&mut self, job: &str, count: usize) -> Result<BoxFuture<'static, Result<String, Failure>>, Failure> {
        let peer = self.clone();
        Ok(match job {
            "calls" => async move {
                let one = move || {
                    let peer = peer.clone();
                    async move { peer.call().await }
                };
                Ok(at_once(count, one).await?.to_string())
            }
            .boxed(),
            "page" => async move {
                let (mut sum, mut length) = (0, 0);
                for _ in 0..count {
                    let task: TaskDetail = peer.get("/service/cloud/detail", ("taskid", "t1")).await?;
                    for call in task.calls {
                        sum += call.talkduration.unwrap_or_default();
                        length += call.debtor.unwrap_or_default().len();
                    }
                }
                Ok(format!("{sum} {length}"))
            }
            .boxed(),
            _ => return Err(format!("there is no job `{job}`").into()),
        })
    }
}

fn tls() -> Result<ClientConfig, Failure> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    if let Ok(path) = std::env::var("AIRUDDER_CA_CERTIFICATE") {
        roots.add(CertificateDer::from_pem_file(path)?)?;
    }
    let mut tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}
