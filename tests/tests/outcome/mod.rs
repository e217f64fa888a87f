//! What came of a step, as the server wants it reported.

use airudder::model::to_value;
use airudder::{Case, Download, Error, Event, EventData, model::Model};
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
        Self::value(to_value(model, Case::Snake))
    }

    pub fn download(download: Download) -> Self {
        Self::value(download_value(&download))
    }

    pub fn downloads(downloads: Vec<Download>) -> Self {
        Self::value(downloads.iter().map(download_value).collect::<Vec<_>>())
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
