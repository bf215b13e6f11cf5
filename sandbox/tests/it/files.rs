use serde_json::{Value, json};

use crate::crm::{Crm, Part};

fn names(deal: &Value) -> Vec<&str> {
    let files = deal["attachments"].as_array().unwrap().iter();
    files.map(|file| file["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn returns_files_byte_for_byte() {
    let crm = Crm::start().await;
    // Every byte value, and text that resembles the end of a part.
    let mut bytes: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    bytes.extend(b"\r\n--limi\r\n-limit--");
    crm.send_parts(&[
        ("name=\"attachments[]\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf", &bytes),
        (r#"name="attachments[]"; filename="empty.txt""#, b""),
    ])
    .await;
    let deal = crm.deal().await;
    let file = &deal["attachments"][0];
    assert_eq!(
        *file,
        json!({
            "id": "1", "name": "a.pdf", "size": 200_018, "media_type": "application/pdf",
            "sha256": "efda5e9d8c0ab273f8a7335dad5b6e63a584573aa99d2d3455b62914fb510204", "url": "/files/1",
        })
    );
    let response = crm.get("/files/1").await;
    assert_eq!(response.headers()["content-type"], "application/octet-stream");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert_eq!(
        response.headers()["content-disposition"],
        "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"
    );
    assert_eq!(response.bytes().await.unwrap(), bytes);
    assert_eq!(crm.get("/files/2").await.bytes().await.unwrap(), "");
}

#[tokio::test]
async fn keeps_files_of_the_documented_types_and_drops_others_silently() {
    let crm = Crm::start().await;
    let kept = [
        "a.jpg", "a.jpeg", "a.gif", "a.bmp", "a.xls", "a.xlsx", "a.csv", "a.doc", "a.docx",
        "a.ppt", "a.pptx", "a.pdf", "a.txt", "a.zip", "A.PDF",
    ];
    let dropped = ["a.png", "a.PNG", "a.exe", "a.pdf.svg", "noextension", "a.tiff", ""];
    let dispositions: Vec<String> = dropped
        .iter()
        .chain(&kept)
        .map(|name| format!(r#"name="attachments[]"; filename="{name}""#))
        .collect();
    let parts: Vec<Part<'_>> =
        dispositions.iter().map(|part| (part.as_str(), part.as_bytes())).collect();
    assert_eq!(crm.send_parts(&parts).await["message"], "success");
    assert_eq!(names(&crm.deal().await), kept);
}

#[tokio::test]
async fn stores_file_names_as_php_parses_them() {
    let crm = Crm::start().await;
    crm.send_parts(&[
        (r#"name="attachments[]"; filename="Größe %22A%22 & Co.PDF""#, b"1"),
        (r#"name="attachments[]"; filename="../../../etc/passwd.txt""#, b"2"),
        (r#"name="attachments[]"; filename="C:\folder\a.txt""#, b"3"),
    ])
    .await;
    assert_eq!(names(&crm.deal().await), ["Größe %22A%22 & Co.PDF", "passwd.txt", "a.txt"]);
    let mut on_disk: Vec<_> = std::fs::read_dir(crm.folder.path().join("files"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    on_disk.sort();
    assert_eq!(on_disk, ["1", "2", "3"], "a sender must not choose file names on disk");
}

#[tokio::test]
async fn drops_files_in_fields_other_than_attachments() {
    let crm = Crm::start().await;
    crm.send_parts(&[
        (r#"name="attachments"; filename="a.pdf""#, b"1"),
        (r#"name="files[]"; filename="b.pdf""#, b"2"),
    ])
    .await;
    assert!(names(&crm.deal().await).is_empty());
}

#[tokio::test]
async fn drops_a_file_that_reaches_the_size_limit_and_keeps_smaller_ones() {
    let crm = Crm::start_with(|options| options.attachment_limit = 1_000).await;
    let zeros = [0; 1_000];
    crm.send_parts(&[
        (r#"name="attachments[]"; filename="600.zip""#, &zeros[..600]),
        (r#"name="attachments[]"; filename="400.zip""#, &zeros[..400]),
        (r#"name="attachments[]"; filename="399.zip""#, &zeros[..399]),
        (r#"name="attachments[]"; filename="1.zip""#, &zeros[..1]),
    ])
    .await;
    assert_eq!(names(&crm.deal().await), ["600.zip", "399.zip"]);
    assert_eq!(std::fs::read_dir(crm.folder.path().join("incoming")).unwrap().count(), 0);
    let files = crm.json("/requests.json").await[0]["files"].clone();
    assert_eq!(files[1], json!({"field": "attachments[]", "size": 400, "kept": false}));
}

#[tokio::test]
async fn accepts_less_than_100_million_bytes_in_total() {
    let crm = Crm::start().await;
    let zeros = vec![0; 60_000_000];
    crm.send_parts(&[
        (r#"name="attachments[]"; filename="first.zip""#, &zeros),
        (r#"name="attachments[]"; filename="too-much.zip""#, &zeros[..40_000_000]),
        (r#"name="attachments[]"; filename="just-fits.zip""#, &zeros[..39_999_999]),
    ])
    .await;
    assert_eq!(names(&crm.deal().await), ["first.zip", "just-fits.zip"]);
}

#[tokio::test]
async fn adds_the_files_of_an_update_to_earlier_files() {
    let crm = Crm::start().await;
    let reference: Part<'_> = (r#"name="external_reference_id""#, b"web-1");
    for file in
        [r#"name="attachments[]"; filename="a.pdf""#, r#"name="attachments[]"; filename="b.pdf""#]
    {
        crm.send_parts(&[reference, (file, b"bytes")]).await;
    }
    assert_eq!(names(&crm.deal().await), ["a.pdf", "b.pdf"]);
}
