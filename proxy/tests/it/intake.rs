//! Request bodies that are too large, too slow or malformed.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::Value;

use crate::support::raw::{Raw, post_head};
use crate::support::{
    Multipart, World, assert_refused, callback, millis, problems, quote, read_json, wait_until,
};

const HEAD: &str = "Content-Disposition: form-data; name=\"contact_name\"";

/// Sends a body to the callback form and returns the status and the JSON of the response.
pub(crate) async fn post(world: &World, content_type: &str, body: Vec<u8>) -> (u16, Value) {
    let request =
        world.client.post(world.url("/forms/callback")).header(ACCEPT, "application/json");
    read_json(request.header(CONTENT_TYPE, content_type).body(body).send().await.unwrap()).await
}

#[tokio::test]
async fn refuses_other_media_types_and_content_encodings() {
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
        let response = post(&world, content_type, b"contact_name=Z".to_vec()).await;
        assert_refused(&response, 415, "content_type");
    }
    let (content_type, body) = callback().finish();
    let twice = world.client.post(world.url("/forms/callback")).header(ACCEPT, "application/json");
    let twice = twice.header(CONTENT_TYPE, &content_type).header(CONTENT_TYPE, "text/plain");
    let twice = read_json(twice.body(body.clone()).send().await.unwrap()).await;
    assert_refused(&twice, 415, "content_type");
    for encoding in ["gzip", "identity"] {
        let encoded = world.post("callback", callback()).header(CONTENT_ENCODING, encoding);
        assert_refused(&read_json(encoded.send().await.unwrap()).await, 415, "content_encoding");
    }
    assert_eq!(world.calls().await.len(), 0);
}

#[tokio::test]
async fn refuses_malformed_multipart_bodies() {
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
        let response = post(&world, &content_type, body).await;
        assert_eq!((response.0, response.1["code"].as_str()), (400, Some("malformed")), "{what}");
    }
    let no_boundary = post(&world, "multipart/form-data", whole.clone()).await;
    assert_refused(&no_boundary, 400, "malformed");
    let two = format!("{content_type}; boundary={boundary}");
    assert_refused(&post(&world, &two, whole.clone()).await, 400, "malformed");
    assert_eq!(world.calls().await.len(), 0);
    assert_eq!(post(&world, &content_type, whole).await.0, 200);
}

/// These characters could begin a new header or line in software that reads the values later.
#[tokio::test]
async fn removes_control_characters_from_values() {
    let world = World::start().await;
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
async fn deletes_the_files_of_an_interrupted_request() {
    let world = World::start().await;
    let body = quote().file("a.pdf", "application/pdf", &vec![b'x'; 500_000]).unfinished();
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(post_head("quote", "Content-Length: 90000000")).await;
    raw.send(&body).await;
    wait_until("the file is being spooled", async || !world.spooled().is_empty()).await;
    drop(raw);
    world.wait_for_empty_spool().await;
    assert_eq!(world.calls().await.len(), 0);
}

#[tokio::test]
async fn responds_with_400_to_malformed_chunks() {
    let world = World::start().await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(post_head("callback", "Transfer-Encoding: chunked") + "not hexadecimal\r\n").await;
    assert_refused(&raw.read_json().await, 400, "malformed");
}

#[tokio::test]
async fn times_out_on_a_sender_that_stops_sending() {
    let world = World::with_config(|config| config.timeouts.body_silence = millis(200)).await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(post_head("callback", "Content-Length: 1000") + "--").await;
    assert_refused(&raw.read_json().await, 408, "too_slow");
}

#[tokio::test]
async fn accepts_a_slow_sender_that_makes_progress() {
    let world = World::with_config(|config| config.timeouts.body_silence = millis(2_000)).await;
    let (_, body) = callback().finish();
    let mut raw = Raw::connect(world.proxy.addr).await;
    let length = body.len();
    raw.send(post_head("callback", &format!("Content-Length: {length}"))).await;
    for piece in body.chunks(length / 8 + 1) {
        raw.send(piece).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(raw.read_json().await.0, 200);
}

/// The client reads the response only after it has sent everything, as `XMLHttpRequest` does.
#[tokio::test]
async fn responds_with_413_to_a_large_content_length_even_if_the_client_sends_the_whole_body() {
    let world = World::start().await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(post_head("quote", "Content-Length: 170000000")).await;
    for _ in 0..170 {
        raw.send(vec![0; 1_000_000]).await;
    }
    let response = raw.read_json().await;
    assert_refused(&response, 413, "too_large");
    let message = response.1["error_message"].as_str().unwrap();
    assert!(message.contains("102\u{a0}MB") && message.contains("Remove or shrink"), "{message}");
}

#[tokio::test]
async fn responds_with_413_to_a_chunked_body_over_the_limit_even_if_the_client_keeps_sending() {
    let world = World::with_config(|config| config.limits.body = deal_proxy::Size(5_000_000)).await;
    // A chunked request does not state its size. 70 MB follow after the limit.
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(post_head("quote", "Transfer-Encoding: chunked")).await;
    let start = quote().file("a.pdf", "application/pdf", b"").unfinished();
    // Remove the line break that ends the file.
    let start = &start[..start.len() - 2];
    raw.send(format!("{:x}\r\n", start.len())).await;
    raw.send(start).await;
    raw.send("\r\n").await;
    let piece = [b"f4240\r\n".to_vec(), vec![b'x'; 1_000_000], b"\r\n".to_vec()].concat();
    for _ in 0..75 {
        raw.send(&piece).await;
    }
    raw.send("0\r\n\r\n").await;
    let response = raw.read_json().await;
    assert_refused(&response, 413, "too_large");
    world.wait_for_empty_spool().await;
    assert_eq!(world.calls().await.len(), 0);
}

#[tokio::test]
async fn responds_with_413_before_the_body_to_a_client_that_expects_100_continue() {
    let world = World::start().await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    let headers = "Content-Length: 200000000\r\nExpect: 100-continue";
    raw.send(post_head("quote", headers)).await;
    assert_refused(&raw.read_json().await, 413, "too_large");
}

#[tokio::test]
async fn limits_the_body_of_a_form_without_files() {
    let world = World::start().await;
    let body = callback().file("a.pdf", "application/pdf", &vec![b'x'; 5_000_000]);
    assert_refused(&world.submit("callback", body).await, 413, "too_large");
}

#[tokio::test]
async fn limits_the_size_of_a_text_value() {
    let world = World::start().await;
    // The value exceeds the form's limit but is read completely, so the problem states its length.
    let long = "ä".repeat(1_010);
    let body = Multipart::new().text("name", "Text").text("budget_range", &long);
    let (status, json) = world.submit("everything", body).await;
    assert_eq!(status, 422);
    assert_eq!(problems(&json), [("text_length", "budget_range")]);
    assert!(json["error_message"].as_str().unwrap().contains("it has 1,010 now"));
    // The value exceeds the limit for reading.
    let body = Multipart::new().text("name", "Text").text("note", &"x".repeat(128_001));
    let response = world.submit("everything", body).await;
    assert_refused(&response, 413, "too_large");
    assert!(response.1["error_message"].as_str().unwrap().contains("“Long text”"));
}

#[tokio::test]
async fn limits_the_number_of_parts() {
    let world = World::with_config(|config| config.limits.parts = 10).await;
    let many = |count| (0..count).fold(Multipart::new(), |body, _| body.text("x", ""));
    assert_refused(&world.submit("callback", many(11)).await, 413, "too_large");
    assert_eq!(world.submit("callback", many(10)).await.0, 422);
}

#[tokio::test]
async fn limits_the_size_of_a_part_header() {
    let world = World::start().await;
    let long = "x".repeat(8_000);
    let body = callback().part(&format!("{HEAD}\r\nX-Long: {long}"), b"x");
    assert_refused(&world.submit("callback", body).await, 413, "too_large");
}
