//! Recordings as they are downloaded.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod common;

use std::io::{Cursor, Read as _};

use airudder_emulator::{RecordingsAs, Settings};
use common::{ANSWERS, Api, BUSY, client, send, settings};
use hound::WavReader;
use http::Method;
use serde_json::Value;

const ALSO_ANSWERS: &str = "+6281300000001";

fn escaped(number: &str) -> String {
    number.replace('+', "%2B")
}

async fn finished(settings: Settings) -> (Api, String) {
    let api = Api::start(settings).await;
    let id = api.create(&[ANSWERS, BUSY, ALSO_ANSWERS]).await;
    api.advance(3600).await;
    (api, id)
}

/// Whether it is a playable WAV that lasts as long as the call's result says.
fn assert_sound(wav: &[u8], call: &Value) {
    let mut reader = WavReader::new(Cursor::new(wav)).expect("a WAV file");
    let spec = reader.spec();
    assert_eq!((spec.channels, spec.sample_rate, spec.bits_per_sample), (1, 8000, 16));
    let seconds = call["talkduration"].as_u64().expect("a number");
    assert_eq!(u64::from(reader.duration()), seconds * 8000);
    let loudest = reader.samples::<i16>().map(|sample| sample.expect("a sample").abs()).max();
    assert!(loudest > Some(5000), "silence");
}

async fn download(api: &Api, path: &str) -> (String, Vec<u8>) {
    let response = send(api.request(Method::GET, path)).await;
    assert_eq!(response.status(), 200);
    let content_type = response.headers()["content-type"].to_str().expect("text").to_owned();
    (content_type, response.bytes().await.expect("a body").to_vec())
}

#[tokio::test]
async fn a_recording_is_the_sound_itself() {
    let (api, id) = finished(settings()).await;
    let calls = api.detail(&id).await["calls"].clone();
    for (index, number) in [(0, ANSWERS), (2, ALSO_ANSWERS)] {
        let path = format!("/service/cloud/case?TaskID={id}&Callee={}", escaped(number));
        let (content_type, wav) = download(&api, &path).await;
        assert_eq!(content_type, "audio/wav");
        assert_sound(&wav, &calls[index]);
    }
}

#[tokio::test]
async fn all_recordings_come_in_an_archive() {
    let (api, id) = finished(settings()).await;
    let calls = api.detail(&id).await["calls"].clone();
    let (content_type, bytes) = download(&api, &format!("/service/cloud/recording?TaskID={id}")).await;
    assert_eq!(content_type, "application/zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    assert_eq!(archive.len(), 2);
    for (place, index) in [(0, 0), (1, 2)] {
        let mut file = archive.by_index(place).expect("a file");
        assert!(
            file.name()
                .expect("a name")
                .contains(calls[index]["callid"].as_str().expect("an id"))
        );
        let mut wav = Vec::new();
        file.read_to_end(&mut wav).expect("a file");
        assert_sound(&wav, &calls[index]);
    }
}

#[tokio::test]
async fn links_need_no_token_and_end() {
    let (api, id) = finished(Settings {
        recordings: RecordingsAs::Links,
        ..settings()
    })
    .await;
    let call = api.detail(&id).await["calls"][0].clone();
    let one = api
        .data(&format!("/service/cloud/case?TaskID={id}&Callee={}", escaped(ANSWERS)))
        .await;
    let all = api.data(&format!("/service/cloud/recording?TaskID={id}")).await;
    assert_eq!(all["List"].as_array().map(Vec::len), Some(2));
    let links = [&one["recording"], &all["List"][0]["recording"], &call["recording"]];
    for link in links {
        let response = send(client().get(link.as_str().expect("a link"))).await;
        assert_eq!(response.status(), 200);
        assert_sound(&response.bytes().await.expect("a body"), &call);
    }
    let link = links[0].as_str().expect("a link");
    let forged = link.replace(call["callid"].as_str().expect("an id"), "0");
    let stripped = link.split('?').next().expect("a part");
    for wrong in [forged.as_str(), stripped] {
        assert_eq!(send(client().get(wrong)).await.status(), 403, "{wrong}");
    }
    api.advance(24 * 3600).await;
    assert_eq!(send(client().get(link)).await.status(), 403);
}

#[tokio::test]
async fn a_call_nobody_answered_has_no_recording() {
    let (api, id) = finished(settings()).await;
    let (status, refused) = api.get(&format!("/service/cloud/case?TaskID={id}&Callee={}", escaped(BUSY))).await;
    assert_eq!((status, refused["code"].as_u64()), (404, Some(404)));
    let silent = api.create(&[BUSY]).await;
    api.advance(60).await;
    assert_eq!(api.get(&format!("/service/cloud/recording?TaskID={silent}")).await.0, 404);
    assert_eq!(api.detail(&silent).await["calls"][0].get("recording"), None);
}
