//! Forms with a file: their boundary is the client's choice, everything else is not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// How long a block of SHA-256 is, in bytes.
const BLOCK: usize = 64;

/// One part of a form.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Part {
    /// A field.
    Text { name: String, text: String },
    /// The file.
    File {
        name: String,
        file_name: String,
        media_type: String,
        base64: String,
    },
}

/// What the form has to be under the boundary that the client chose.
pub fn bytes(parts: &[Part], content_type: &str) -> Result<Vec<u8>, String> {
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .filter(|boundary| !boundary.is_empty())
        .ok_or_else(|| format!("header `content-type` is `{content_type}`, expected `multipart/form-data; boundary=...`"))?;
    let mut body = Vec::new();
    for part in parts {
        let (head, content) = match part {
            Part::Text { name, text } => (format!("name=\"{name}\""), text.clone().into_bytes()),
            Part::File {
                name,
                file_name,
                media_type,
                base64,
            } => (
                format!("name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {media_type}"),
                STANDARD.decode(base64).map_err(|error| error.to_string())?,
            ),
        };
        body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n").into_bytes());
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").into_bytes());
    Ok(body)
}

/// The HMAC-SHA256 of a body in hexadecimal digits, by its definition: the SDK's comes from a library.
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    let mut key = if secret.len() > BLOCK {
        Sha256::digest(secret).to_vec()
    } else {
        secret.as_bytes().to_vec()
    };
    key.resize(BLOCK, 0);
    let digest = |pad: u8, message: &[u8]| {
        let padded: Vec<u8> = key.iter().map(|byte| byte ^ pad).collect();
        Sha256::digest([&padded, message].concat())
    };
    let digits = digest(0x5c, &digest(0x36, body));
    let digits = digits.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_built_byte_by_byte() {
        let parts: Vec<Part> = serde_json::from_value(serde_json::json!([
            {"name": "type", "text": "image"},
            {"name": "file", "file_name": "a.png", "media_type": "image/png", "base64": "AQI="},
        ]))
        .unwrap();
        let head = "--cut\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage\r\n--cut\r\nContent-Disposition: form-data; name=\"file\"; ";
        let tail = "filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\u{1}\u{2}\r\n--cut--\r\n";
        let built = bytes(&parts, "multipart/form-data; boundary=cut").unwrap();
        assert_eq!(String::from_utf8(built).unwrap(), format!("{head}{tail}"));
        assert!(bytes(&parts, "application/json").is_err());
    }

    #[test]
    fn signs_are_those_of_the_standard() {
        // RFC 4231, test case 2; the other one is by OpenSSL.
        let short = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(sign("Jefe", b"what do ya want for nothing?"), short);
        let long = "d021303c2f34bf3ae541b4ec9c672691694c6f71c5c0c55781545a66115b14a7";
        assert_eq!(
            sign(&"a".repeat(131), b"Test Using Larger Than Block-Size Key - Hash Key First"),
            long
        );
    }
}
