//! What is hidden, and what is kept.

use super::redactor::LONGEST;
use super::{clean, scrub};

fn hidden(text: &str, secrets: &[&str]) -> String {
    clean(text, |message| secrets.iter().for_each(|secret| message.personal(secret)))
}

#[test]
fn unknown_numbers_and_links_go() {
    for (text, expected) in [
        ("callee +62 812-3000-1111 is blocked", "callee [number] is blocked"),
        ("callee (0812) 3000-1111 is blocked", "callee [number] is blocked"),
        ("callee +62 (0)812 3000 1111", "callee [number]"),
        ("callee 0812.3000.1111", "callee [number]"),
        ("callee6281230001111x", "callee[number]x"),
        ("%2B6281230001111", "[number]"),
        ("+６２８１２３０００１１１１", "[number]"),
        ("at ٠٨١٢٣٠٠٠١١١١ now", "at [number] now"),
        ("+6281230001111 2026-11-24 18:06:27", "[number] 2026-11-24 18:06:27"),
        ("6281230001111 2 times", "[number] 2 times"),
        ("code 40012: see https://x.example/a?b=1 now", "code 40012: see [link] now"),
        ("see rec.example.com/a/b.wav?x=1, then", "see [link], then"),
        ("see www.example.com.", "see [link]."),
        ("ask budi.s+1@example.co.id for", "ask [email] for"),
        ("ask budi%40example.com", "ask [email]"),
        ("at https://x.example/Budi%20Santoso now", "at [link] now"),
    ] {
        assert_eq!(scrub(text), expected, "{text}");
    }
}

#[test]
fn what_helps_stays() {
    for text in [
        "at 2026-11-24 18:06:27 and 2026-11-24T18:06:27Z",
        "from 2026-11-24T18:06:27.123+08:00 to 24/11/2026",
        "between 09:00-18:00",
        "20261124 is in the past",
        "amount 1.250.000 IDR, Rp 12500000 or 1,250,000.50",
        "at most 10,000 contacts",
        "limit 100000 per day",
        "used 100000/100000 today",
        "error 40012, -1 and 0x1F",
        "task 69f531a01a9df58aa6de2487be610abb",
        "task 123e4567-e89b-12d3-a456-426614174000",
        "IP 203.0.113.17 is not allowed",
        "1 + 1",
        "+",
        "Details[0].Mobile and/or application/json",
        "/service/cloud/task",
        "version 1.2.3",
    ] {
        assert_eq!(scrub(text), text);
    }
}

#[test]
fn the_numbers_of_a_request_go_in_any_spelling() {
    for text in [
        "6281230001111",
        "+62 812 3000 1111",
        "0812\u{a0}3000\u{a0}1111",
        "0812/3000/1111",
        "+62 (0)812.3000.1111",
        "callee6281230001111x",
        "%2B62%20812%203000%201111",
        "６２８１２３０００１１１１",
        "۰۸۱۲۳۰۰۰۱۱۱۱",
        "30001111",
        "62:8123:0001:111",
    ] {
        let clean = hidden(text, &["+6281230001111"]);
        assert!(
            clean.contains("[redacted]") && !clean.contains(|c: char| c.is_numeric()),
            "{text}: {clean}"
        );
    }
}

#[test]
fn names_go_by_part_and_words_stay() {
    let secrets = ["Budi Santoso", "Ann", "Li Xu", "王伟", "Ade"];
    for (text, expected) in [
        ("Budi Santoso is blocked", "[redacted] is blocked"),
        ("mr SANTOSO, budi!", "mr [redacted], [redacted]!"),
        ("announce", "announce"),
        ("Ann, li xu and li", "[redacted], [redacted] and li"),
        ("客户王伟不存在", "客户[redacted]不存在"),
        ("%E7%8E%8B%E4%BC%9F", "[redacted]"),
        ("\\u738b\\u4f1f", "[redacted]"),
        ("Budi%20Santoso", "[redacted]"),
        ("budi_santoso", "[redacted]_[redacted]"),
        ("69f531a01a9df58aa6ade2487be610ab", "69f531a01a9df58aa6ade2487be610ab"),
    ] {
        assert_eq!(hidden(text, &secrets), expected, "{text}");
    }
}

#[test]
fn sentences_go_by_phrase() {
    let secret = ["Dear Budi Santoso, please pay your bill by Friday"];
    assert_eq!(hidden("forbidden: budi santoso, please", &secret), "forbidden: [redacted]");
    assert_eq!(hidden("please pay the fee", &secret), "please pay the fee");
}

#[test]
fn secrets_go_in_words_too() {
    let hide = |text: &str| clean(text, |message| message.secret("a/b+c=d&e1"));
    assert_eq!(hide("xa/b+c=d&e1x"), "x[redacted]x");
    assert_eq!(hide("a%2Fb%2Bc%3Dd%26e1"), "[redacted]");
}

#[test]
fn an_id_of_the_request_stays() {
    let kept = |text: &str| clean(text, |message| message.open("1234567890"));
    assert_eq!(kept("robot 1234567890 of 6281230001111"), "robot 1234567890 of [number]");
}

#[test]
fn any_text_is_bounded() {
    for unit in [
        "é+1 ", "a", "0", "1 ", "%25", "@", "a@b.", "\\u0041", "www.", "1.000", "://", "x.yz/ ", "\u{200b}", "9-",
    ] {
        assert!(scrub(&unit.repeat(1_000_000 / unit.len())).len() <= LONGEST, "{unit}");
    }
}

/// A defect here is a cost that grows with the square: minutes in place of a moment.
#[test]
fn hostile_messages_and_large_requests_take_linear_time() {
    let names: Vec<String> = (0..10_000)
        .map(|number| format!("Budi{number} Santoso aaaaaaaa +62812{number:08}"))
        .collect();
    for unit in ["a", "Budi1 ", "62812 ", "0"] {
        let message = unit.repeat(1_000_000 / unit.len());
        let started = std::time::Instant::now();
        let clean = clean(&message, |message| names.iter().for_each(|name| message.personal(name)));
        assert!(clean.len() <= LONGEST);
        assert!(
            started.elapsed() < std::time::Duration::from_secs(10),
            "{unit}: {:?}",
            started.elapsed()
        );
    }
}

#[test]
fn a_secret_at_the_cut_is_not_shown() {
    let message = format!("{} +6281230001111", "https://x.example/".repeat(267));
    assert!(!scrub(&message).contains("812"), "{}", scrub(&message));
}
