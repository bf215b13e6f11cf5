//! Forms in languages other than English.

use serde_json::json;

use crate::page::{open, send};
use crate::support::{Multipart, World};

/// Returns a valid submission of the German form.
fn anfrage() -> Multipart {
    Multipart::new()
        .text("contact_name", "Zoë Söhne")
        .text("contact_email", "zoe@example.com")
        .text("project_type", "shop")
        .text("note", "Ein Laden für Tee.")
        .text("privacy_consent", "1")
}

#[tokio::test]
async fn writes_plain_pages_in_the_language_of_the_form() {
    let world = World::start().await;
    let page = open(&world, "anfrage").await;
    assert!(page.contains("<html lang=\"de\"><head>"), "{page}");
    assert!(page.contains("<div class=\"df\" lang=\"de\" dir=\"ltr\">"), "{page}");
    assert!(page.contains("Felder mit * sind Pflichtfelder."));
    assert!(page.contains("TT.MM.JJJJ, zum Beispiel 30.09.2026"));
    assert!(page.contains("Text oder ZIP; höchstens 5 Dateien, insgesamt unter 20\u{a0}MB"));

    let wrong = Multipart::new().text("contact_name", "Zoë").text("contact_email", "zoe@");
    let (status, again) = send(&world, "anfrage", wrong).await;
    assert_eq!(status, 422);
    assert!(again.contains("<title>Noch nicht gesendet: Angebot anfordern</title>"), "{again}");
    assert!(again.contains("Geben Sie bei „E-Mail“ eine E-Mail-Adresse ein"));
    assert!(
        again.contains(
            "<a href=\"#project_type\">Wählen Sie bei „Worum geht es?“ eine Antwort aus."
        )
    );
    // The form's own text overrides the translation.
    assert!(again.contains("Ohne Ihr Einverständnis können wir die Anfrage nicht bearbeiten."));

    world.set_faults(json!({"kind": "status", "code": 500})).await;
    let (status, page) = send(&world, "anfrage", anfrage()).await;
    assert_eq!(status, 202);
    assert!(page.contains("<h1 class=\"df-title\">Wir haben Ihre Anfrage erhalten</h1>"), "{page}");
    assert!(page.contains("Sie müssen nichts weiter tun."));

    let (status, done) = send(&world, "anfrage", anfrage()).await;
    assert_eq!(status, 200);
    assert!(done.contains("<h1 class=\"df-title\">Ihre Anfrage ist angekommen</h1>"), "{done}");
    assert!(done.contains("<dt>Ihre Vorgangsnummer</dt>"));
    assert!(done.contains(">Noch ein Angebot anfordern</a>"));
}

#[tokio::test]
async fn reads_a_typed_date_in_the_notation_that_the_plain_page_shows() {
    let world = World::start().await;
    for (form, pattern, typed) in [
        ("anfrage", "TT.MM.JJJJ, zum Beispiel 30.09.2026", "31.12.2090"),
        ("quote", "MM/DD/YYYY, for example 09/30/2026", "12/31/2090"),
    ] {
        assert!(open(&world, form).await.contains(pattern), "{pattern}");
        // The note is missing, so the page comes back with the date.
        let body = Multipart::new().text("expected_closing_date", typed);
        let (status, page) = send(&world, form, body).await;
        assert_eq!(status, 422);
        assert!(page.contains("name=\"expected_closing_date\" value=\"2090-12-31\""), "{page}");
        assert!(!page.contains("id=\"expected_closing_date-problem\""), "{page}");
    }
}

#[tokio::test]
async fn sends_localized_messages_and_translatable_codes_in_a_json_refusal() {
    let world = World::start().await;
    let body = Multipart::new()
        .text("contact_name", &"x".repeat(101))
        .text("contact_email", "zoe@example.com")
        .text("project_type", "shop")
        .text("note", "Tee")
        .text("privacy_consent", "1")
        .file("a.exe", "", b"x");
    let (status, json) = world.submit("anfrage", body).await;
    assert_eq!(status, 422);
    assert_eq!(
        json["problems"],
        json!([
            {
                "code": "text_length",
                "field": "contact_name",
                "message": "Kürzen Sie „Ihr Name“ auf höchstens 100 Zeichen; jetzt sind es 101.",
                "subject": {"count": 101},
                "limit": {"count": 100},
            },
            {
                "code": "file_type",
                "field": "attachments",
                "message": "„a.exe“ kann nicht gesendet werden. Wählen Sie eine andere Datei: JPG, GIF, BMP, PDF, Word, Excel, PowerPoint, CSV, Text oder ZIP.",
                "subject": {"text": "a.exe"},
                "limit": {"file_kinds": true},
            },
        ])
    );
}

#[tokio::test]
async fn responds_in_english_to_a_request_for_an_unknown_form() {
    let world = World::start().await;
    let (status, page) = send(&world, "angebot", anfrage()).await;
    assert_eq!(status, 404);
    assert!(page.contains("<html lang=\"en\">") && page.contains("This form does not exist"));
}

#[tokio::test]
async fn writes_the_page_of_an_arabic_form_from_right_to_left() {
    let world = World::with_form(
        "lang = 'ar-EG'\ntitle = 'طلب'\n[[field]]\nparameter = 'contact_name'\nlabel = 'الاسم'\nrequired = true\n",
    )
    .await;
    let page = open(&world, "own").await;
    assert!(page.contains("<html lang=\"ar-EG\" dir=\"rtl\">"), "{page}");
    assert!(page.contains("type=\"submit\">إرسال</button>"));
    let (_, again) = send(&world, "own", Multipart::new().text("contact_name", "")).await;
    assert!(again.contains("املأ «\u{2068}الاسم\u{2069}»."), "{again}");
}

#[tokio::test]
async fn formats_numbers_for_the_language_of_the_form() {
    let world = World::with_form(
        "lang = 'fr'\ntitle = 'Devis'\n[[field]]\nparameter = 'attachments'\nlabel = 'Fichiers'\nmax_total = '1500 kB'\n",
    )
    .await;
    assert!(open(&world, "own").await.contains("moins de 1,5\u{a0}Mo au total"));
    let body = Multipart::new().file("a.pdf", "application/pdf", &vec![b'x'; 1_500_000]);
    let (status, json) = world.submit("own", body).await;
    assert_eq!(status, 413);
    assert_eq!(json["problems"][0]["subject"], json!({"bytes": 1}));
    let message = json["problems"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("1\u{a0}octet de trop") && message.contains("sous 1,5\u{a0}Mo"),
        "{message}"
    );
}
