//! Whether the time of a refusal says why a message is refused: one with wrong padding beside one with a wrong digest. `cargo run --release --package
//! airudder-benches --bin timing`

use std::hint::black_box;
use std::time::{Duration, Instant};

use airudder::{Encryption, Error, Iv};

const SAMPLES: usize = 1000;
const BYTES: usize = 64 << 10;

fn main() -> Result<(), Error> {
    let plaintext = vec![b'x'; BYTES];
    for (name, iv) in [("fixed", Iv::Fixed([7; 16])), ("prefixed", Iv::Prefixed)] {
        let encryption = Encryption::aes_cbc(&[3; 16], iv)?;
        let other = Encryption::aes_cbc(&[4; 16], Iv::Fixed([7; 16]))?;
        let encrypted = encryption.encrypt(&plaintext);
        let digest = "0".repeat(64);
        // What another key encrypted has wrong padding, but for one of 256.
        let padding = (0..=u8::MAX)
            .map(|byte| other.encrypt(&vec![byte; BYTES]).body)
            .find(|body| encryption.decrypt_bytes(base64(body)).is_none())
            .unwrap_or_default();
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..SAMPLES {
            for (times, body) in times.iter_mut().zip([&padding, &encrypted.body]) {
                let start = Instant::now();
                black_box(encryption.decrypt(black_box(body.as_bytes()), &digest)).ok();
                times.push(start.elapsed());
            }
        }
        let [padding, digest] = times.map(median);
        println!(
            "aes-cbc, {name} iv, {BYTES} bytes, {SAMPLES} alternating samples: wrong padding takes {:.3} of the time of a wrong digest",
            padding.as_secs_f64() / digest.as_secs_f64()
        );
    }
    Ok(())
}

fn base64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap_or_default()
}

fn median(times: Vec<Duration>) -> Duration {
    let mut times = times;
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
