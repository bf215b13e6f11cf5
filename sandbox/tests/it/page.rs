use crm_sandbox::CustomField;

use crate::crm::{Crm, FILE, Part};

#[tokio::test]
async fn shows_an_example_call_if_there_are_no_deals() {
    let crm = Crm::start().await;
    let page = crm.get("/").await.text().await.unwrap();
    assert!(page.contains("No deals yet."), "{page}");
    assert!(page.contains(&format!("curl {}", crm.sandbox.api_url())), "{page}");
}

#[tokio::test]
async fn shows_the_newest_deal_first_with_links_to_its_files() {
    let crm = Crm::start().await;
    crm.send(&[("name", "The first")]).await;
    crm.send_parts(&[(r#"name="name""#, b"The second"), FILE]).await;
    let page = crm.get("/").await.text().await.unwrap();
    assert!(page.find("The second").unwrap() < page.find("The first").unwrap());
    assert!(page.contains(r#"<a href="/files/1">a.pdf</a>"#), "{page}");
    assert!(page.contains("5 bytes"), "{page}");
}

#[tokio::test]
async fn escapes_all_sent_values() {
    let crm = Crm::start_with(|options| {
        options.custom_fields = vec![CustomField::new("budget_range")];
    })
    .await;
    let script = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let parameters = [
        "name",
        "external_reference_id",
        "stage",
        "deal_type",
        "tags",
        "note",
        "note_title",
        "contact_name",
        "contact_email",
        "contact_source",
        "contact_facebook",
        "company_name",
        "contact_address_street",
        "won_reasons",
        "budget_range",
        "notifyToEmail",
        "notifyEmailSubject",
        "unknown<b>",
        "contact_linkedin",
    ];
    let mut dispositions: Vec<String> =
        parameters.iter().map(|name| format!("name=\"{name}\"")).collect();
    dispositions.push(r#"name="create_new_stage""#.to_owned());
    dispositions.push(r#"name="attachments[]"; filename="<img src=x>.pdf""#.to_owned());
    let parts: Vec<Part<'_>> = dispositions
        .iter()
        .map(|name| {
            let value = if name.contains("create") { "2" } else { script };
            (name.as_str(), value.as_bytes())
        })
        .collect();
    assert_eq!(crm.send_parts(&parts).await["message"], "success");
    let page = crm.get("/").await.text().await.unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    for markup in ["<script>alert", "<img", "<b>", "\"'>"] {
        assert!(!page.contains(markup), "{markup} in {page}");
    }
}

#[tokio::test]
async fn lets_a_browser_load_only_files_from_the_sandbox() {
    let crm = Crm::start().await;
    let response = crm.get("/").await;
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    let page = response.text().await.unwrap();
    assert!(!page.contains("style=") && !page.contains("onclick"), "{page}");
    for (path, media_type) in [
        ("/sandbox.css", "text/css; charset=utf-8"),
        ("/sandbox.js", "text/javascript; charset=utf-8"),
        ("/icon.svg", "image/svg+xml; charset=utf-8"),
    ] {
        let response = crm.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], media_type);
    }
}

#[tokio::test]
async fn changes_the_revision_when_a_deal_is_added() {
    let crm = Crm::start().await;
    let revision = async || crm.get("/revision").await.text().await.unwrap();
    let before = revision().await;
    assert_eq!(before, revision().await);
    assert!(crm.get("/").await.text().await.unwrap().contains(&before));
    crm.send(&[]).await;
    assert_ne!(before, revision().await);
}

#[tokio::test]
async fn sets_and_clears_faults_with_buttons() {
    let crm = Crm::start().await;
    let press = async |form: &[(&str, &str)]| {
        crm.client.post(crm.url("/faults")).form(form).send().await.unwrap();
        crm.json("/faults").await
    };
    let faults = press(&[("fault", "status503"), ("until_cleared", "yes")]).await;
    assert_eq!((&faults[0]["code"], &faults[0]["times"]), (&503.into(), &"until_cleared".into()));
    let page = crm.get("/").await.text().await.unwrap();
    assert!(page.contains("Every call: status 503 before storing."), "{page}");
    for button in ["slow", "refuse", "drop_before", "drop_after", "status500", "status503", "html"]
    {
        let faults = press(&[("fault", button)]).await;
        assert_eq!(faults[0]["times"], 1, "{button}");
        assert!(page.contains(&format!("value=\"{button}\"")), "{button}");
    }
    assert_eq!(press(&[("fault", "clear")]).await, serde_json::json!([]));
}
