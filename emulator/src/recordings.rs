//! Recordings: real sound of the length that the call's result states, single or packed into an archive, and the links to them.

use std::fmt;
use std::io::{Cursor, Write as _};
use std::time::Duration;

use fastrand::Rng;
use hound::{SampleFormat, WavSpec, WavWriter};
use http::StatusCode;
use ring::hmac;
use thiserror::Error;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::clock::Moment;
use crate::crypto::hex;
use crate::envelope::Refusal;

/// Telephone quality: 16-bit PCM, one channel.
const SPEC: WavSpec = WavSpec {
    channels: 1,
    sample_rate: 8000,
    bits_per_sample: 16,
    sample_format: SampleFormat::Int,
};
/// How long a voice keeps one tone, in samples.
const TONE: u32 = 2400;
/// How long a voice speaks before the other one does, in tones.
const TURN: u32 = 8;
const ROBOT_HERTZ: [f64; 5] = [262.0, 294.0, 330.0, 392.0, 440.0];
const PERSON_HERTZ: [f64; 5] = [523.0, 587.0, 659.0, 784.0, 880.0];
const LOUDNESS: f64 = 9000.0;
/// How long a link works.
const LINK_LIFETIME: Duration = Duration::from_hours(24);

/// A recording that could not be written.
#[derive(Debug, Error)]
pub enum RecordingError {
    /// The sound.
    #[error("the recording could not be written: {0}")]
    Sound(#[from] hound::Error),
    /// The archive.
    #[error("the archive could not be written: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// A file of the archive.
    #[error("the archive could not be written: {0}")]
    File(#[from] std::io::Error),
}

/// The recording of an answered call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The id of the call.
    pub call_id: String,
    /// The number that was called.
    pub callee: String,
    /// How long it is.
    pub seconds: u32,
}

impl Recording {
    /// The recording as a WAV file: two voices of tones that take turns. The same call always sounds the same.
    pub fn wav(&self) -> Result<Vec<u8>, RecordingError> {
        let mut melody = Rng::with_seed(
            self.call_id
                .bytes()
                .fold(0, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(byte.into())),
        );
        let mut file = Cursor::new(Vec::new());
        let mut writer = WavWriter::new(&mut file, SPEC)?;
        let mut hertz = 0.0;
        for sample in 0..self.seconds.saturating_mul(SPEC.sample_rate) {
            let place = sample % TONE;
            if place == 0 {
                let voice = if (sample / TONE / TURN).is_multiple_of(2) {
                    ROBOT_HERTZ
                } else {
                    PERSON_HERTZ
                };
                hertz = melody.choice(voice).unwrap_or_default();
            }
            // Each tone swells and fades, as a tone that starts at once clicks.
            let swell = (f64::from(place) / f64::from(TONE) * std::f64::consts::PI).sin();
            let turn = f64::from(place) / f64::from(SPEC.sample_rate) * std::f64::consts::TAU;
            let level = swell * LOUDNESS * (0.8 * (turn * hertz).sin() + 0.2 * (turn * hertz * 2.0).sin());
            #[allow(clippy::cast_possible_truncation, reason = "the loudness keeps it inside 16 bits")]
            writer.write_sample(level as i16)?;
        }
        writer.finalize()?;
        Ok(file.into_inner())
    }

    /// Under which name it is handed out.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}_{}.wav", self.callee.trim_start_matches('+'), self.call_id)
    }
}

/// All recordings in one archive, not compressed any further.
pub fn archive(recordings: &[Recording]) -> Result<Vec<u8>, RecordingError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for recording in recordings {
        zip.start_file(recording.file_name(), options)?;
        zip.write_all(&recording.wav()?)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Links to recordings: they work for a while and need no token.
pub struct Links {
    base_url: String,
    key: hmac::Key,
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Links").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl Links {
    /// Links to the emulator at `base_url`; those of another run do not work.
    #[must_use]
    pub fn new(base_url: &str) -> Self {
        let mut key = [0; 32];
        fastrand::fill(&mut key);
        Self {
            base_url: base_url.to_owned(),
            key: hmac::Key::new(hmac::HMAC_SHA256, &key),
        }
    }

    /// The link to the recording of a call.
    #[must_use]
    pub fn to(&self, call_id: &str, now: Moment) -> String {
        let expires = now.plus(LINK_LIFETIME).millis();
        let sign = hmac::sign(&self.key, signed_text(call_id, expires).as_bytes());
        format!(
            "{}/recordings/{call_id}.wav?expires={expires}&sign={}",
            self.base_url,
            hex(sign.as_ref())
        )
    }

    /// Whether a link is one of ours and still works.
    pub fn check(&self, call_id: &str, expires: u64, sign: &str, now: Moment) -> Result<(), Refusal> {
        let expected = hmac::sign(&self.key, signed_text(call_id, expires).as_bytes());
        if hex(expected.as_ref()) != sign {
            return Err(Refusal::new(StatusCode::FORBIDDEN, "this is no link of ours"));
        }
        if now.millis() >= expires {
            return Err(Refusal::new(StatusCode::FORBIDDEN, "the link has expired"));
        }
        Ok(())
    }
}

fn signed_text(call_id: &str, expires: u64) -> String {
    format!("{call_id} {expires}")
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn recording(seconds: u32) -> Recording {
        Recording {
            call_id: "0123456789abcdef".to_owned(),
            callee: "+6281234567890".to_owned(),
            seconds,
        }
    }

    #[test]
    fn a_recording_is_sound_of_the_stated_length() {
        let bytes = recording(9).wav().expect("a file");
        let mut reader = hound::WavReader::new(Cursor::new(&bytes)).expect("a WAV file");
        assert_eq!(reader.spec(), SPEC);
        assert_eq!(reader.duration(), 9 * 8000);
        let samples: Vec<i16> = reader.samples().collect::<Result<_, _>>().expect("samples");
        for second in samples.chunks(8000) {
            assert!(second.iter().any(|level| level.abs() > 5000), "silence");
        }
        assert_eq!(bytes, recording(9).wav().expect("a file"));
    }

    #[test]
    fn an_archive_holds_every_recording() {
        let mut second = recording(2);
        second.call_id = "fedcba9876543210".to_owned();
        let bytes = archive(&[recording(1), second.clone()]).expect("an archive");
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        assert_eq!(zip.len(), 2);
        let mut file = zip.by_name("6281234567890_fedcba9876543210.wav").expect("the second");
        let mut wav = Vec::new();
        file.read_to_end(&mut wav).expect("a file");
        assert_eq!(wav, second.wav().expect("a file"));
    }

    #[test]
    fn links_end_and_cannot_be_made_up() {
        let links = Links::new("http://127.0.0.1:1");
        let link = links.to("c1", Moment::START);
        let (expires, sign) = link
            .strip_prefix("http://127.0.0.1:1/recordings/c1.wav?expires=")
            .and_then(|rest| rest.split_once("&sign="))
            .expect("a link");
        let expires: u64 = expires.parse().expect("a number");
        let end = Moment::START.plus(LINK_LIFETIME);
        assert_eq!(links.check("c1", expires, sign, Moment::START), Ok(()));
        for (call, expires, sign, now) in [
            ("c1", expires, sign, end),
            ("c2", expires, sign, Moment::START),
            ("c1", expires + 1, sign, Moment::START),
            ("c1", expires, "", Moment::START),
        ] {
            assert!(links.check(call, expires, sign, now).is_err());
        }
        let other_run = Links::new("http://127.0.0.1:1");
        assert!(other_run.check("c1", expires, sign, Moment::START).is_err());
    }
}
