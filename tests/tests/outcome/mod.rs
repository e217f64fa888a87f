//! What came of a step, as the server wants it reported.

use std::fmt::Debug;

use airudder::model::{Model, to_value};
use airudder::{Answer, Case, Download, Error, Event, EventData, FileRequest, FolderRequest, Pages, Request, UploadRequest};
use serde_json::{Value, json};

pub struct Outcome {
    report: Value,
    shown: Vec<String>,
}

impl Outcome {
    pub fn value(value: impl Into<Value>) -> Self {
        Self {
            report: json!({"value": value.into()}),
            shown: Vec::new(),
        }
    }

    pub fn error(error: &Error) -> Self {
        let report = json!({
            "code": error.kind().code(),
            "message": error.message(),
            "operation": error.operation(),
            "status": error.status(),
            "api_code": error.api_code(),
            "api_message": error.api_message(),
            "request_id": error.request_id(),
            "attempts": error.attempts(),
            "retry_after": error.retry_after().map(|wait| wait.as_secs_f64()),
            "retryable": error.retryable(),
            "may_have_been_applied": error.may_have_been_applied(),
            "reason": error.reason(),
        });
        Self {
            report: json!({"error": report}),
            shown: vec![error.to_string(), format!("{error:?}")],
        }
    }

    pub fn of<T>(result: Result<T, Error>, value: impl FnOnce(T) -> Self) -> Self {
        match result {
            Ok(answer) => value(answer),
            Err(error) => Self::error(&error),
        }
    }

    pub fn model(model: &dyn Model) -> Self {
        let mut outcome = Self::value(to_value(model, Case::Snake));
        outcome.report["type"] = model.shape().name.into();
        outcome
    }

    pub fn event(event: &Event) -> Self {
        let value = match (&event.data, event.data.model()) {
            (_, Some(model)) => json!({"kind": event.kind, "event": to_value(model, Case::Snake)}),
            (EventData::Unknown(unknown), None) => json!({"kind": event.kind, "data": unknown.data}),
            (_, None) => panic!("an event is known or unknown"),
        };
        Self::value(value).and_shown(format!("{event:?}"))
    }

    pub fn and_shown(mut self, text: String) -> Self {
        self.shown.push(text);
        self
    }

    pub fn report(mut self) -> Value {
        self.report["shown"] = json!(self.shown);
        self.report
    }
}

fn download_value(download: &Download) -> Value {
    json!({"path": download.path, "bytes": download.bytes, "content_type": download.content_type})
}

/// The outcome of a call that is answered with a model.
pub async fn answer<T: Answer + Model + Debug>(request: Request<T>) -> Outcome {
    let shown = format!("{request:?}");
    let outcome = Outcome::of(request.await, |answer| Outcome::model(&answer).and_shown(format!("{answer:?}")));
    outcome.and_shown(shown)
}

/// The outcome of an upload.
pub async fn upload<T: Answer + Model + Debug>(request: UploadRequest<T>) -> Outcome {
    let shown = format!("{request:?}");
    let outcome = Outcome::of(request.await, |answer| Outcome::model(&answer).and_shown(format!("{answer:?}")));
    outcome.and_shown(shown)
}

/// The outcome of a list that is gone through to its end.
pub async fn items<P: Answer, T: Model + Debug>(mut pages: Pages<P, T>) -> Outcome {
    let mut outcome = Outcome::value(Value::Null).and_shown(format!("{pages:?}"));
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        match item {
            Ok(item) => {
                outcome = outcome.and_shown(format!("{item:?}"));
                items.push(to_value(&item, Case::Snake));
            }
            Err(error) => return Outcome::error(&error),
        }
    }
    outcome.report = json!({"value": items});
    outcome
}

/// The outcome of a download into a file.
pub async fn file(request: FileRequest) -> Outcome {
    let shown = format!("{request:?}");
    Outcome::of(request.await, |download| Outcome::value(download_value(&download))).and_shown(shown)
}

/// The outcome of a download into a folder.
pub async fn folder(request: FolderRequest) -> Outcome {
    let shown = format!("{request:?}");
    let values = |downloads: Vec<Download>| downloads.iter().map(download_value).collect::<Vec<_>>();
    Outcome::of(request.await, |downloads| Outcome::value(values(downloads))).and_shown(shown)
}
