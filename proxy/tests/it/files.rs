//! Files that the CRM gets.

use serde_json::Value;

use crate::support::{Multipart, World, problems, quote};

/// Returns content that differs for each seed and contains text that resembles multipart boundaries.
fn content(signature: &[u8], seed: u8, length: usize) -> Vec<u8> {
    let framing = b"\r\n------WebKitFormBoundary\r\n--\0\xff";
    let noise = (0..length).map(|i| u8::try_from(i * 31 % 251).unwrap() ^ seed);
    signature.iter().chain(framing).copied().chain(noise).collect()
}

async fn download(world: &World, attachment: &Value) -> Vec<u8> {
    let path = attachment["url"].as_str().unwrap().trim_start_matches('/');
    let url = format!("{}{path}", world.sandbox.url());
    world.client.get(url).send().await.unwrap().bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn delivers_files_byte_for_byte_with_their_names() {
    let world = World::start().await;
    let files = [
        (
            "Angebot Größe Ä.PDF",
            "application/pdf",
            content(b"%PDF-", 1, 300_000),
            "Angebot Größe Ä.PDF",
        ),
        // Browsers write a quotation mark as %22. Some systems do not allow it in a file name.
        (
            "the \"best\" offer.pdf",
            "application/pdf",
            content(b"%PDF-", 2, 10),
            "the -best- offer.pdf",
        ),
        (
            "50% off; name=x.csv",
            "text/csv",
            b"Gr\xf6\xdfe\r\n------WebKitFormBoundary\r\n--".repeat(100),
            "50% off; name=x.csv",
        ),
        (
            "日本語.txt",
            "text/plain; charset=utf-7; name=\"x.php\"",
            "\r\n日本語\r\n--".into(),
            "日本語.txt",
        ),
        ("photo.JPEG", "", content(b"\xff\xd8\xff", 5, 77), "photo.JPEG"),
        (
            "it's, (1) & more.zip",
            "application/zip",
            content(b"PK\x03\x04", 6, 65_536),
            "it's, (1) & more.zip",
        ),
    ];
    let mut body = quote();
    for (name, media_type, bytes, _) in &files {
        body = body.file(name, media_type, bytes);
    }
    let (status, reply) = world.submit("quote", body).await;
    assert_eq!(status, 200, "{reply}");
    let deal = world.deal().await;
    let kept = deal["attachments"].as_array().unwrap();
    assert_eq!(kept.len(), files.len());
    for (name, media_type, bytes, expected) in &files {
        let attachment = kept.iter().find(|kept| kept["name"] == *expected);
        let attachment = attachment.unwrap_or_else(|| panic!("no {name} in {kept:?}"));
        assert!(download(&world, attachment).await == *bytes, "{name} has other bytes");
        // The proxy sends the media type for the file's kind instead of the browser's.
        let own = if media_type.is_empty() { "image/jpeg" } else { media_type };
        let own = own.split(';').next().unwrap();
        assert_eq!(attachment["media_type"], own, "{name}");
    }
    world.wait_for_empty_spool().await;
}

#[tokio::test]
async fn ignores_an_empty_file_input() {
    let world = World::start().await;
    let body = quote().file("", "application/octet-stream", b"");
    assert_eq!(world.submit("quote", body).await.0, 200);
    assert_eq!(world.deal().await["attachments"], serde_json::json!([]));
}

#[tokio::test]
async fn refuses_files_with_an_unsupported_type_other_content_or_an_invalid_name() {
    let world = World::start().await;
    for (name, media_type, bytes, code) in [
        ("shot.png", "image/png", &b"x"[..], "file_picture"),
        ("IMG.HEIC", "image/heic", b"x", "file_picture"),
        ("tool.exe", "application/octet-stream", b"x", "file_type"),
        ("no extension", "", b"x", "file_type"),
        ("", "application/pdf", b"x", "file_type"),
        ("offer.pdf", "image/png", b"x", "file_mismatch"),
        ("offer.txt", "application/xhtml+xml", b"x", "file_mismatch"),
        ("empty.pdf", "application/pdf", b"", "file_empty"),
        ("..\\..\\offer.pdf", "application/pdf", b"x", "file_name"),
        ("../offer.pdf", "application/pdf", b"x", "file_name"),
        // A server's error page saved as a PDF, and a picture with the wrong extension.
        ("offer.pdf", "application/pdf", b"<html>", "file_mismatch"),
        ("photo.jpg", "image/jpeg", b"\x89PNG\r\n\x1a\n", "file_mismatch"),
        (
            "prices.csv",
            "application/vnd.ms-excel",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "file_mismatch",
        ),
        ("plan.docx", "application/octet-stream", b"PK\x05\x06\0\0\0\0\0\0\0\0", "file_mismatch"),
    ] {
        let (status, json) = world.submit("quote", quote().file(name, media_type, bytes)).await;
        assert_eq!((status, json["code"].as_str()), (422, Some("problems")), "{name}");
        assert_eq!(problems(&json), [(code, "attachments")], "{name}");
        assert!(json["error_message"].as_str().unwrap().contains(name), "{json}");
    }
    assert_eq!(world.calls().await.len(), 0);
    world.wait_for_empty_spool().await;
}

/// The archive claims that its directory is at an offset near 2⁶⁴.
#[tokio::test]
async fn refuses_a_document_that_its_parser_cannot_read() {
    let world = World::start().await;
    let locator = [&b"PK\x06\x07"[..], &[0; 4], &[0xff; 8], &1u32.to_le_bytes()].concat();
    let end = [&b"PK\x05\x06"[..], &[0; 18]].concat();
    let file = [&b"PK\x03\x04"[..], &[0; 40], &locator, &end].concat();
    let body = quote().file("offer.docx", "", &file);
    let (status, json) = world.submit("quote", body).await;
    assert_eq!(status, 422, "{json}");
    assert_eq!(problems(&json), [("file_mismatch", "attachments")]);
}

#[tokio::test]
async fn refuses_a_file_in_a_field_other_than_attachments() {
    let world = World::start().await;
    for field in
        ["contact_name", "attachments", "attachments[0]", "attachments[][x]", "key", "file"]
    {
        let body = quote().file_as(field, "a.pdf", "application/pdf", b"x");
        let (status, json) = world.submit("quote", body).await;
        assert_eq!(status, 422);
        assert_eq!(problems(&json), [("parameter_unknown", field)]);
    }
    // A form without a question for files accepts none.
    let body = crate::support::callback().file("a.pdf", "application/pdf", b"x");
    let (status, json) = world.submit("callback", body).await;
    assert_eq!(status, 422);
    assert_eq!(problems(&json), [("parameter_unknown", "attachments[]")]);
    assert_eq!(world.calls().await.len(), 0);
}

#[tokio::test]
async fn refuses_too_many_files() {
    let world = World::start().await;
    let mut body = Multipart::new().text("name", "Files");
    for number in 0..6 {
        body = body.file(&format!("{number}.txt"), "text/plain", b"x");
    }
    let (status, json) = world.submit("everything", body).await;
    assert_eq!(status, 422);
    assert_eq!(problems(&json), [("file_count", "attachments")]);
    world.wait_for_empty_spool().await;
}

#[tokio::test]
async fn refuses_files_that_reach_the_size_limit_of_the_form() {
    let world = World::start().await;
    let half = vec![b'x'; 10_000_000];
    let body = || Multipart::new().text("name", "Files");
    // The total must be less than the form's 20 MB: one byte less is accepted, exactly 20 MB is not.
    let fits = body().file("a.txt", "text/plain", &half).file("b.txt", "text/plain", &half[1..]);
    assert_eq!(world.submit("everything", fits).await.0, 200);
    let over = body().file("a.txt", "text/plain", &half).file("b.txt", "text/plain", &half);
    let (status, json) = world.submit("everything", over).await;
    assert_eq!((status, json["code"].as_str()), (413, Some("too_large")));
    assert_eq!(problems(&json), [("file_total", "attachments")]);
    let message = json["error_message"].as_str().unwrap();
    assert!(message.contains("20\u{a0}MB"), "{message}");
    assert_eq!(world.calls().await.len(), 1);
    world.wait_for_empty_spool().await;
}
