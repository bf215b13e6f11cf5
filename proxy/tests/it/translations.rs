//! Forms in several languages, from the definition to the deal.

use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::{Multipart, World, deal_proxy, example_forms, reference};

const ENGLISH: &str = "Start a project";
const GERMAN: &str = "Projekt starten";

fn header(response: &Response, name: reqwest::header::HeaderName) -> String {
    let values = response.headers().get_all(name).iter().map(|value| value.to_str().unwrap());
    values.collect::<Vec<_>>().join(", ")
}

/// Returns a request for the definition, from a client that accepts these languages.
fn request(world: &World, query: &str, accepted: &str) -> RequestBuilder {
    let request = world.get(&format!("/forms/studio{query}")).header(ACCEPT, "application/json");
    if accepted.is_empty() { request } else { request.header(ACCEPT_LANGUAGE, accepted) }
}

#[track_caller]
fn assert_title(json: &Value, expected: &str, case: &str) {
    assert_eq!(json["title"], expected, "{case}");
}

/// Returns a valid submission of the studio's form.
fn project() -> Multipart {
    project_of("Größe")
}

/// Returns a submission of the studio's form by a person with this last name.
fn project_of(last_name: &str) -> Multipart {
    Multipart::new()
        .text("first_name", "Ana")
        .text("last_name", last_name)
        .text("contact_email", "ana@example.com")
        .text("services", "A website")
        .text("heard_of_us", "An event")
        .text("consent", "1")
}

fn post(world: &World, query: &str, accept: &str, body: Multipart) -> RequestBuilder {
    let (content_type, body) = body.finish();
    let request = world.client.post(world.url(&format!("/forms/studio{query}")));
    request.header(ACCEPT, accept).header(CONTENT_TYPE, content_type).body(body)
}

#[tokio::test]
async fn chooses_the_language_by_the_address_then_the_header_then_the_form() {
    let world = World::start().await;
    for (query, accepted, expected) in [
        ("", "", ENGLISH),
        ("", "de", GERMAN),
        ("", "de-AT, en;q=0.9", GERMAN),
        ("", "en-US,en;q=0.9,de;q=0.8", ENGLISH),
        ("", "fr;q=0.9, de;q=0.5, en;q=0.7", ENGLISH),
        ("", "fr, DE;q=0.001", GERMAN),
        ("", "de;q=0", ENGLISH),
        ("", "*, de;q=0.5", ENGLISH),
        ("", "fr", ENGLISH),
        ("?lang=de", "", GERMAN),
        ("?lang=de", "en", GERMAN),
        ("?lang=en", "de", ENGLISH),
        ("?utm_source=x&lang=de-CH", "en", GERMAN),
        ("?lang=fr", "de", GERMAN),
        ("?lang=", "de", GERMAN),
        ("?lang=%FF", "", ENGLISH),
    ] {
        let response = request(&world, query, accepted).send().await.unwrap();
        let lang = if expected == GERMAN { "de" } else { "en" };
        assert_eq!(header(&response, CONTENT_LANGUAGE), lang);
        let json: Value = response.json().await.unwrap();
        assert_title(&json, expected, &format!("{query} {accepted}"));
        assert_eq!(json["lang"], lang);
    }
}

#[tokio::test]
async fn each_language_has_its_own_entity_tag_and_responses_vary_by_language() {
    let world = World::start().await;
    let [english, german] = ["en", "de"].map(|lang| request(&world, "", lang));
    let (english, german) = (english.send().await.unwrap(), german.send().await.unwrap());
    for response in [&english, &german] {
        assert_eq!(header(response, VARY), "Accept, Accept-Language, Origin");
    }
    assert_ne!(english.headers()[ETAG], german.headers()[ETAG]);
    let again = request(&world, "?lang=de", "").header(IF_NONE_MATCH, &german.headers()[ETAG]);
    let again = again.send().await.unwrap();
    assert_eq!((again.status().as_u16(), header(&again, CONTENT_LANGUAGE)), (304, "de".to_owned()));
    assert_eq!(header(&again, VARY), "Accept, Accept-Language, Origin");
    let other = request(&world, "", "de").header(IF_NONE_MATCH, &english.headers()[ETAG]);
    assert_eq!(other.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_form_without_translations_ignores_the_requested_language() {
    let world = World::start().await;
    let request = world.get("/forms/callback?lang=de").header(ACCEPT_LANGUAGE, "de");
    let response = request.send().await.unwrap();
    assert_eq!(header(&response, VARY), "Accept, Origin");
    assert_eq!(header(&response, CONTENT_LANGUAGE), "");
    assert_title(&response.json().await.unwrap(), "Call me back", "");
}

#[tokio::test]
async fn a_plain_form_stays_in_its_language_from_a_refusal_to_the_thanks() {
    let world = World::start().await;
    let page = world.get("/forms/studio").header(ACCEPT, "text/html").header(ACCEPT_LANGUAGE, "de");
    let page = page.send().await.unwrap();
    assert_eq!(header(&page, VARY), "Accept, Accept-Language, Origin");
    let page = page.text().await.unwrap();
    assert!(
        page.contains("<html lang=\"de\">") && page.contains("Wie haben Sie von uns"),
        "{page}"
    );
    assert!(page.contains("action=\"/forms/studio?lang=de&amp;sent\""), "{page}");
    assert!(
        page.contains("<deal-form src=\"/forms/studio\" lang=\"de\" heading-level=\"1\">"),
        "{page}"
    );
    assert!(page.contains("value=\"A website\"><span dir=\"auto\">Eine Website</span>"), "{page}");

    // The browser's language does not matter any more.
    let send =
        |body| post(&world, "?lang=de&sent", "text/html", body).header(ACCEPT_LANGUAGE, "en");
    let refused = send(project_of("")).send().await.unwrap();
    assert_eq!(refused.status(), 422);
    let again = refused.text().await.unwrap();
    assert!(again.contains("<title>Noch nicht gesendet: Projekt starten</title>"), "{again}");
    assert!(again.contains("Füllen Sie „Nachname“ aus."), "{again}");
    assert!(again.contains("action=\"/forms/studio?lang=de&amp;sent\""), "{again}");

    let thanked = send(project()).send().await.unwrap();
    assert_eq!(header(&thanked, CONTENT_LANGUAGE), "de");
    let thanks = thanked.text().await.unwrap();
    assert!(thanks.contains("<strong>Vielen Dank!</strong> Wir melden uns"), "{thanks}");
    assert!(thanks.contains(" href=\"/forms/studio?lang=de\">"), "{thanks}");
}

#[tokio::test]
async fn presets_with_answers_are_in_the_language_of_the_form() {
    let world = World::start().await;
    let response = post(&world, "?lang=de", "application/json", project()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let deal = world.deal().await;
    assert_eq!(deal["parameters"]["name"], "A website for Größe");
    let note = deal["parameters"]["note"].as_str().unwrap();
    assert!(
        note.contains("How did you hear of us? An event\r\nI agree to the privacy policy: yes")
    );
}

#[tokio::test]
async fn the_same_answers_in_two_languages_are_one_submission() {
    let world = World::start().await;
    let draft = || project().text("external_reference_id", &reference(1));
    let mut responses = Vec::new();
    for (query, accepted) in [("", "en"), ("?lang=de", "en"), ("", "de"), ("?lang=en", "de")] {
        let request = post(&world, query, "application/json", draft());
        let response = request.header(ACCEPT_LANGUAGE, accepted).send().await.unwrap();
        assert_eq!(response.status(), 200);
        responses.push(response.text().await.unwrap());
    }
    responses.dedup();
    assert_eq!(responses.len(), 1, "{responses:?}");

    // Without a reference, the proxy derives it from the content.
    for query in ["?sent", "?lang=de&sent"] {
        let sent = post(&world, query, "text/html", project().text("company_name", "Größe KG"));
        assert_eq!(sent.send().await.unwrap().status(), 200);
    }
    assert_eq!(world.calls().await.len(), 2);
    let (status, state) = world.submission_status("studio", &reference(1)).await;
    assert_eq!((status, &state["state"]), (200, &json!("delivered")));
}

#[tokio::test]
async fn messages_of_a_json_refusal_are_in_the_requested_language() {
    let world = World::start().await;
    let request = post(&world, "", "application/json", project_of(""));
    let response = request.header(ACCEPT_LANGUAGE, "de").send().await.unwrap();
    let json: Value = response.json().await.unwrap();
    assert_eq!(json["problems"][0]["message"], "Füllen Sie „Nachname“ aus.");
}

#[tokio::test]
async fn sends_content_language_de_for_a_form_in_informal_german() {
    let world = World::with_form(
        "lang = 'en'\ntitle = 'Join'\n[[field]]\nparameter = 'contact_name'\nlabel = 'Name'\n\
         required = true\n[translation.de-informal]\ntitle = 'Mach mit'\n\
         field.contact_name.label = 'Dein Name'\n",
    )
    .await;
    let request = world.get("/forms/own").header(ACCEPT, "text/html").header(ACCEPT_LANGUAGE, "de");
    let response = request.send().await.unwrap();
    assert_eq!(header(&response, CONTENT_LANGUAGE), "de");
    let page = response.text().await.unwrap();
    assert!(page.contains("<html lang=\"de\">") && page.contains("lang=\"de-informal\""), "{page}");
    let (content_type, body) = Multipart::new().text("contact_name", "").finish();
    let sent = world.client.post(world.url("/forms/own?lang=de-informal&sent"));
    let sent = sent.header(ACCEPT, "text/html").header(CONTENT_TYPE, content_type).body(body);
    let page = sent.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Fülle „Dein Name“ aus."), "{page}");
}

#[test]
fn prints_a_snippet_in_each_language() {
    let snippet = |more: &[&str]| {
        let form = example_forms().join("studio.toml");
        let output = deal_proxy().arg("snippet").arg(form).args(more).output().unwrap();
        let [out, err] =
            [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        (output.status.code(), out, err)
    };
    let (code, german, _) = snippet(&["--lang", "de"]);
    assert_eq!(code, Some(0));
    let address = "https://leads.example.com/forms/studio";
    for part in [
        format!("<deal-form src=\"{address}\" lang=\"de\">"),
        format!("action=\"{address}?lang=de\""),
        ">Projekt starten</h2>".to_owned(),
    ] {
        assert!(german.contains(&part), "{part} in {german}");
    }
    // Without a language, the widget uses the language of the page.
    let (_, own, _) = snippet(&[]);
    assert!(own.contains(&format!("<deal-form src=\"{address}\">")), "{own}");
    assert!(own.contains(&format!("action=\"{address}?lang=en\"")), "{own}");
    let (code, out, err) = snippet(&["--lang", "fr"]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(
        err.ends_with("studio.toml: the form does not have this language; it has en, de\n"),
        "{err}"
    );
}

#[test]
fn check_names_texts_without_a_translation() {
    let folder = tempfile::tempdir().unwrap();
    let form = "lang = 'en'\ntitle = 'T'\n[[field]]\nparameter = 'note'\nlabel = 'N'\nhint = 'H'\n\
                [translation.de]\ntitle = 'T'\n[translation.de.field.note]\nlabel = 'N'\n\
                [translation.nl]\ntitle = 'T'\nfield.note = { label = 'N', hint = 'H' }\n";
    std::fs::write(folder.path().join("own.toml"), form).unwrap();
    let output = deal_proxy().args(["check", "own.toml"]).current_dir(folder.path()).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(0));
    let expected = "own.toml: ok: /forms/own, 1 fields, 0 presets\n\
                    own.toml: note: [translation.de] has no `field.note.hint`\n\
                    own.toml: note: the form's messages are not available in `nl`, so they are in \
                    English; write them under [translation.nl.texts]\n";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}
