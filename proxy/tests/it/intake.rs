//! Bodies that are too large, too slow or not what a form sends.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::Value;

use crate::support::raw::Raw;
use crate::support::{Multipart, World, answer, callback, eventually, millis, problems, quote};

const HEAD: &str = "Content-Disposition: form-data; name=\"contact_name\"";

async fn post(world: &World, content_type: &str, body: Vec<u8>) -> (u16, Value) {
    let request =
        world.client.post(world.url("/forms/callback")).header(ACCEPT, "application/json");
    answer(request.header(CONTENT_TYPE, content_type).body(body).send().await.unwrap()).await
}

#[track_caller]
fn assert_code((status, json): &(u16, Value), expected: u16, code: &str) {
    assert_eq!((*status, json["code"].as_str()), (expected, Some(code)), "{json}");
    let message = json["error_message"].as_str().unwrap();
    assert!(message.ends_with('.') && message.contains(' '), "{message}");
}

#[tokio::test]
async fn only_multipart_is_taken() {
    let world = World::start().await;
    for content_type in [
        "application/x-www-form-urlencoded",
        "application/json",
        "text/plain",
        "multipart/mixed; boundary=b",
        "multipart/form-data-x; boundary=b",
        "multipart",
        "",
    ] {
        let answer = post(&world, content_type, b"contact_name=Z".to_vec()).await;
        assert_code(&answer, 415, "content_type");
    }
    let (content_type, body) = callback().finish();
    let twice = world.client.post(world.url("/forms/callback")).header(ACCEPT, "application/json");
    let twice = twice.header(CONTENT_TYPE, &content_type).header(CONTENT_TYPE, "text/plain");
    let twice = answer(twice.body(body.clone()).send().await.unwrap()).await;
    assert_code(&twice, 415, "content_type");
    for encoding in ["gzip", "identity"] {
        let encoded = world.post("callback", callback()).header(CONTENT_ENCODING, encoding);
        assert_code(&answer(encoded.send().await.unwrap()).await, 415, "content_encoding");
    }
    assert_eq!(world.calls().await.len(), 0);
}

#[tokio::test]
async fn a_body_that_no_form_sends_is_refused_whole() {
    let world = World::start().await;
    let content_type = Multipart::content_type();
    let boundary = content_type.split_once('=').unwrap().1.to_owned();
    let whole = callback().finish().1;
    let with = |more: &str| [whole.clone(), more.as_bytes().to_vec()].concat();
    let part = |head: &str, content: &[u8]| callback().part(head, content).finish().1;
    for (what, body) in [
        ("nothing at all", Vec::new()),
        ("no closing boundary", callback().unfinished()),
        ("half a part", whole[..whole.len() / 2].to_vec()),
        ("a preamble", [b"preamble\r\n".to_vec(), whole.clone()].concat()),
        ("an epilogue", with("epilogue")),
        ("a second body", [whole.clone(), whole.clone()].concat()),
        ("another boundary", b"--other\r\n".to_vec()),
        ("two dispositions", part(&format!("{HEAD}\r\n{HEAD}"), b"x")),
        ("two names", part(&format!("{HEAD}; name=\"key\""), b"x")),
        ("an extended file name", part(&format!("{HEAD}; filename*=utf-8''a.pdf"), b"x")),
        ("a folded header", part(&format!("{HEAD};\r\n filename=\"a.pdf\""), b"x")),
        ("a bare line feed", part(&format!("{HEAD}\nX: y"), b"x")),
        ("a NUL in a header", part("Content-Disposition: form-data; name=\"a\0b\"", b"x")),
        ("a NUL in a file's name", part(&format!("{HEAD}; filename=\"a\0.pdf\""), b"x")),
        ("a line break in a file's name", part(&format!("{HEAD}; filename=\"a\r\nb.pdf\""), b"x")),
        ("no disposition", part("Content-Type: text/plain", b"x")),
        ("an escaped quote", part("Content-Disposition: form-data; name=\"a\\\"b\"", b"x")),
        ("base64", part(&format!("{HEAD}\r\nContent-Transfer-Encoding: base64"), b"eA==")),
        ("Latin-1", part("Content-Disposition: form-data; name=\"note\"", b"Z\xfcrich")),
    ] {
        let answer = post(&world, &content_type, body).await;
        assert_eq!((answer.0, answer.1["code"].as_str()), (400, Some("malformed")), "{what}");
    }
    let no_boundary = post(&world, "multipart/form-data", whole.clone()).await;
    assert_code(&no_boundary, 400, "malformed");
    let two = format!("{content_type}; boundary={boundary}");
    assert_code(&post(&world, &two, whole.clone()).await, 400, "malformed");
    assert_eq!(world.calls().await.len(), 0);
    assert_eq!(post(&world, &content_type, whole).await.0, 200);
}

/// PHP, which reads the CRM's side, makes lists and other names of these.
#[tokio::test]
async fn a_name_that_somebody_else_would_read_differently_is_none_of_the_form_s() {
    let world = World::start().await;
    for name in [
        "key[]",
        "key",
        "KEY",
        " key",
        "contact_name[]",
        "contact_name[0]",
        "contact_name ",
        "contact.name",
        "contact name",
        "Contact_Name",
        "attachments",
        "attachments[]",
        "attachments[0]",
        "attachments[][x]",
        "_method",
        "owner_email",
        "auto_create_custom_fields",
        "deal_id",
    ] {
        let (status, json) = world.submit("callback", callback().text(name, "1")).await;
        assert_eq!((status, problems(&json)), (422, vec![("parameter_unknown", name)]), "{name}");
    }
    let twice = callback().text("contact_name", "Somebody else");
    let (status, json) = world.submit("callback", twice).await;
    assert_eq!((status, problems(&json)), (422, vec![("parameter_twice", "contact_name")]));
    assert_eq!(world.calls().await.len(), 0);
    // What could begin a line of somebody else does not get through.
    for (value, sent) in [
        ("a\0b", "ab"),
        ("a\r\nBcc: x", "a Bcc: x"),
        ("g\nh", "g h"),
        ("c\u{7f}d", "cd"),
        ("e\u{85}f", "e f"),
    ] {
        let body = Multipart::new().text("contact_name", value).text("contact_phone", "12345");
        let (status, json) = world.submit("callback", body).await;
        assert_eq!(status, 200, "{value:?}: {json}");
        assert_eq!(world.deal().await["parameters"]["contact_name"], sent, "{value:?}");
    }
}

#[tokio::test]
async fn a_request_that_breaks_off_leaves_nothing() {
    let world = World::start().await;
    let body = quote().file("a.pdf", "application/pdf", &vec![b'x'; 500_000]).unfinished();
    let mut raw = Raw::connect(world.proxy.addr).await;
    let content_type = Multipart::content_type();
    let head = format!(
        "POST /forms/quote HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\nContent-Length: 90000000\r\n\r\n"
    );
    raw.send(head).await;
    raw.send(&body).await;
    eventually("the file is being spooled", || !world.spooled().is_empty()).await;
    drop(raw);
    world.spool_empties().await;
    assert_eq!(world.calls().await.len(), 0);
}

#[tokio::test]
async fn broken_chunks_are_a_broken_form_and_no_fault_of_ours() {
    let world = World::start().await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(format!(
        "POST /forms/callback HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nTransfer-Encoding: chunked\r\n\r\nnot hexadecimal\r\n",
        Multipart::content_type()
    ))
    .await;
    assert_code(&raw.json().await, 400, "malformed");
}

#[tokio::test]
async fn a_silent_sender_is_given_up() {
    let world = World::with(|config| config.timeouts.body_silence = millis(200)).await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(format!(
        "POST /forms/callback HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nContent-Length: 1000\r\n\r\n--",
        Multipart::content_type()
    ))
    .await;
    assert_code(&raw.json().await, 408, "too_slow");
}

#[tokio::test]
async fn a_sender_that_is_slow_but_moves_is_waited_for() {
    let world = World::with(|config| config.timeouts.body_silence = millis(2_000)).await;
    let (content_type, body) = callback().finish();
    let mut raw = Raw::connect(world.proxy.addr).await;
    let length = body.len();
    raw.send(format!(
        "POST /forms/callback HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
    ))
    .await;
    for piece in body.chunks(length / 8 + 1) {
        raw.send(piece).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(raw.json().await.0, 200);
}

/// A sender that listens only after its last byte, as `XMLHttpRequest` does.
async fn send_all_then_listen(world: &World, head: String, total: usize) -> (u16, Value) {
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(head).await;
    let zeros = vec![0; 1_000_000];
    for _ in 0..total / zeros.len() {
        raw.send(&zeros).await;
    }
    raw.json().await
}

#[tokio::test]
async fn a_body_announced_too_large_gets_its_answer_though_all_of_it_is_sent() {
    let world = World::start().await;
    let total = 170_000_000;
    let head = format!(
        "POST /forms/quote HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nContent-Length: {total}\r\n\r\n",
        Multipart::content_type()
    );
    let answer = send_all_then_listen(&world, head, total).await;
    assert_code(&answer, 413, "too_large");
    let message = answer.1["error_message"].as_str().unwrap();
    assert!(message.contains("102 MB") && message.contains("Remove or shrink"), "{message}");
}

#[tokio::test]
async fn a_body_that_grows_too_large_gets_its_answer_with_much_still_to_come() {
    let world = World::with(|config| config.limits.body = deal_proxy::Size(5_000_000)).await;
    // Chunked, so that nothing is known beforehand; 70 MB come after the limit.
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(format!(
        "POST /forms/quote HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        Multipart::content_type()
    ))
    .await;
    let start = quote().file("a.pdf", "application/pdf", b"").unfinished();
    // Without the line break that would end the file's content.
    let start = &start[..start.len() - 2];
    raw.send(format!("{:x}\r\n", start.len())).await;
    raw.send(start).await;
    raw.send("\r\n").await;
    let piece = [b"f4240\r\n".to_vec(), vec![b'x'; 1_000_000], b"\r\n".to_vec()].concat();
    for _ in 0..75 {
        raw.send(&piece).await;
    }
    raw.send("0\r\n\r\n").await;
    let answer = raw.json().await;
    assert_code(&answer, 413, "too_large");
    world.spool_empties().await;
    assert_eq!(world.calls().await.len(), 0);
}

#[tokio::test]
async fn a_sender_that_asks_first_need_not_send_what_is_too_large() {
    let world = World::start().await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(format!(
        "POST /forms/quote HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nContent-Length: 200000000\r\nExpect: 100-continue\r\n\r\n",
        Multipart::content_type()
    ))
    .await;
    assert_code(&raw.json().await, 413, "too_large");
}

#[tokio::test]
async fn a_form_without_files_takes_no_large_body() {
    let world = World::start().await;
    let body = callback().file("a.pdf", "application/pdf", &vec![b'x'; 5_000_000]);
    assert_code(&world.submit("callback", body).await, 413, "too_large");
}

#[tokio::test]
async fn one_text_value_is_bounded() {
    let world = World::start().await;
    // Longer than the form allows, but still read, so that the problem says by how much.
    let long = "ä".repeat(1_010);
    let body = Multipart::new().text("name", "Text").text("budget_range", &long);
    let (status, json) = world.submit("everything", body).await;
    assert_eq!(status, 422);
    assert_eq!(problems(&json), [("text_length", "budget_range")]);
    assert!(json["error_message"].as_str().unwrap().contains("now it has 1010"));
    // Longer than anybody types.
    let body = Multipart::new().text("name", "Text").text("note", &"x".repeat(128_001));
    let answer = world.submit("everything", body).await;
    assert_code(&answer, 413, "too_large");
    assert!(answer.1["error_message"].as_str().unwrap().contains("“Long text”"));
}

#[tokio::test]
async fn parts_are_counted() {
    let world = World::with(|config| config.limits.parts = 10).await;
    let many = |count| (0..count).fold(Multipart::new(), |body, _| body.text("x", ""));
    assert_code(&world.submit("callback", many(11)).await, 413, "too_large");
    assert_eq!(world.submit("callback", many(10)).await.0, 422);
}

#[tokio::test]
async fn a_part_header_is_bounded() {
    let world = World::start().await;
    let long = "x".repeat(8_000);
    let body = callback().part(&format!("{HEAD}\r\nX-Long: {long}"), b"x");
    assert_code(&world.submit("callback", body).await, 413, "too_large");
}
