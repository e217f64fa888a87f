//! What lets requests in: tokens, given out for a key and secret and valid for a while on the emulated clock, and signs.

pub mod routes;

use std::collections::HashMap;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use ring::hmac;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use subtle::ConstantTimeEq as _;

use crate::clock::Moment;
use crate::crypto::hex;
use crate::envelope::Refusal;
use crate::settings::{Credentials, Sign};

/// Header with the key that the sign belongs to.
pub const SIGN_KEY: &str = "X-AIRudder-Sign-Key";
/// Header with the sign.
pub const SIGN: &str = "X-AIRudder-Sign";

impl Sign {
    /// The sign of a body: its HMAC-SHA256 in lower-case hexadecimal digits.
    #[must_use]
    pub fn of(&self, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.expose_secret().as_bytes());
        hex(hmac::sign(&key, body).as_ref())
    }

    /// Whether the request carries our key and the sign of its body, as it came over the wire.
    pub fn check(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
        let refuse = |message: String| Err(Refusal::new(StatusCode::UNAUTHORIZED, message));
        for name in [SIGN_KEY, SIGN] {
            if !headers.contains_key(name) {
                return refuse(format!("the header {name} is missing"));
            }
        }
        if headers.get(SIGN_KEY).map(HeaderValue::as_bytes) != Some(self.key.as_bytes()) {
            return refuse(format!("the header {SIGN_KEY} is not the key of an account"));
        }
        let given = headers.get(SIGN).map(HeaderValue::as_bytes).unwrap_or_default();
        if !bool::from(given.ct_eq(self.of(body).as_bytes())) {
            return refuse(format!("the header {SIGN} is not the sign of the body"));
        }
        Ok(())
    }
}

/// The tokens that are valid. Several can be at once, unless each new one ends the one before it.
#[derive(Debug)]
pub struct Tokens {
    lifetime: Duration,
    one_at_a_time: bool,
    ends: HashMap<String, Moment>,
}

impl Tokens {
    /// No tokens. `lifetime` is that of those to come.
    #[must_use]
    pub fn new(lifetime: Duration, one_at_a_time: bool) -> Self {
        Self {
            lifetime,
            one_at_a_time,
            ends: HashMap::new(),
        }
    }

    /// Signs in: `credentials` are those that the emulator insists on, if any.
    pub fn issue(&mut self, body: &Value, credentials: Option<&Credentials>, now: Moment) -> Result<String, Refusal> {
        let same = |name: &str, expected: &SecretString| {
            let given = body[name].as_str().unwrap_or_default();
            bool::from(given.as_bytes().ct_eq(expected.expose_secret().as_bytes()))
        };
        let known = credentials.is_none_or(|known| same("APPKey", &known.app_key) & same("APPSecret", &known.app_secret));
        if !known {
            return Err(Refusal::new(
                StatusCode::UNAUTHORIZED,
                "APPKey and APPSecret are not those of an account",
            ));
        }
        self.ends.retain(|_, end| *end > now && !self.one_at_a_time);
        // From the system's entropy and not from the seed: a token of an earlier run has to be refused.
        let token = format!("{:032x}", fastrand::u128(..));
        self.ends.insert(token.clone(), now.plus(self.lifetime));
        Ok(token)
    }

    /// Whether the request carries a token that is valid.
    pub fn check(&self, headers: &HeaderMap, now: Moment) -> Result<(), Refusal> {
        let refuse = |message: &str| Err(Refusal::new(StatusCode::UNAUTHORIZED, message));
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return refuse("the header Authorization is missing");
        };
        let token = value.to_str().ok().and_then(|value| value.strip_prefix("Token "));
        match token.and_then(|token| self.ends.get(token)) {
            Some(end) if *end > now => Ok(()),
            Some(_) => refuse("the token has expired"),
            None if token.is_none() => refuse("the header Authorization has to read `Token <token>`"),
            None => refuse("the token is not valid"),
        }
    }

    /// Makes the token that a request carries invalid.
    pub fn revoke(&mut self, headers: &HeaderMap) {
        if let Some(token) = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Token "))
        {
            self.ends.remove(token);
        }
    }

    /// Makes every token invalid and says how many were valid.
    pub fn revoke_all(&mut self, now: Moment) -> usize {
        let ends = std::mem::take(&mut self.ends);
        ends.values().filter(|end| **end > now).count()
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn carrying(authorization: &str) -> HeaderMap {
        let value = HeaderValue::from_str(authorization).expect("a header");
        HeaderMap::from_iter([(header::AUTHORIZATION, value)])
    }

    #[test]
    fn a_token_ends_and_another_goes_on() {
        let mut tokens = Tokens::new(24 * HOUR, false);
        let body = json!({"APPKey": "k", "APPSecret": "s"});
        let start = Moment::START;
        let first = tokens.issue(&body, None, start).expect("a token");
        let second = tokens.issue(&body, None, start.plus(HOUR)).expect("a token");
        assert_ne!(first, second);
        let (first, second) = (carrying(&format!("Token {first}")), carrying(&format!("Token {second}")));
        let end = start.plus(24 * HOUR);
        assert_eq!(tokens.check(&first, start.plus(23 * HOUR)), Ok(()));
        assert_eq!(tokens.check(&second, end), Ok(()));
        let refused = tokens.check(&first, end).expect_err("expired");
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert_eq!(refused.message, "the token has expired");
        tokens.revoke(&second);
        assert!(tokens.check(&second, end).is_err());
    }

    #[test]
    fn a_new_token_can_end_the_one_before_it() {
        let mut tokens = Tokens::new(HOUR, true);
        let mut issue = || tokens.issue(&json!({}), None, Moment::START).expect("a token");
        let (first, second) = (carrying(&format!("Token {}", issue())), carrying(&format!("Token {}", issue())));
        assert!(tokens.check(&first, Moment::START).is_err());
        assert_eq!(tokens.check(&second, Moment::START), Ok(()));
    }

    #[test]
    fn only_the_documented_header_is_taken() {
        let mut tokens = Tokens::new(HOUR, false);
        let token = tokens.issue(&json!({}), None, Moment::START).expect("a token");
        for header in [
            format!("Bearer {token}"),
            format!("token {token}"),
            format!("Token  {token}"),
            token.clone(),
            "Token ".to_owned(),
        ] {
            assert!(tokens.check(&carrying(&header), Moment::START).is_err(), "{header}");
        }
        assert!(tokens.check(&HeaderMap::new(), Moment::START).is_err());
        assert_eq!(tokens.revoke_all(Moment::START), 1);
    }

    #[test]
    fn a_known_account_refuses_others() {
        let account = Credentials {
            app_key: "key".into(),
            app_secret: "secret".into(),
        };
        let mut tokens = Tokens::new(HOUR, false);
        let mut sign_in =
            |key: &str, secret: &str| tokens.issue(&json!({"APPKey": key, "APPSecret": secret}), Some(&account), Moment::START);
        assert!(sign_in("key", "secret").is_ok());
        for (key, secret) in [("key", "wrong"), ("wrong", "secret"), ("", "")] {
            let refused = sign_in(key, secret).expect_err("refused");
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        }
    }

    #[test]
    fn a_sign_is_of_one_key_and_body() {
        // RFC 4231, test case 2.
        let sign = Sign {
            key: "k".to_owned(),
            secret: "Jefe".into(),
        };
        let body = b"what do ya want for nothing?";
        let right = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let headers = |key: &'static str, sign: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(SIGN_KEY, HeaderValue::from_static(key));
            headers.insert(SIGN, HeaderValue::from_static(sign));
            headers
        };
        assert_eq!(sign.check(&headers("k", right), body), Ok(()));
        let upper = "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843";
        for (headers, body) in [
            (headers("other", right), body.as_slice()),
            (headers("k", upper), body),
            (headers("k", ""), body),
            (headers("k", right), b""),
            (HeaderMap::new(), body),
        ] {
            assert_eq!(sign.check(&headers, body).expect_err("refused").status, StatusCode::UNAUTHORIZED);
        }
    }
}
