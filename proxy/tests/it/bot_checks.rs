//! Tokens, work and the hidden field, which tell persons from programs.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{Multipart, Process, World, answer, callback, client};

pub(crate) const DRAFT: &str = "external_reference_id";
pub(crate) const REFERENCES: [&str; 2] =
    ["web-00112233445566778899aabbccddeeff", "web-ffeeddccbbaa99887766554433221100"];

pub(crate) fn form(proof: &str) -> String {
    format!(
        "title = 'Own'\n[proof]\n{proof} = true\n[[field]]\nparameter = 'contact_name'\nlabel = 'Name'\n"
    )
}

pub(crate) fn name() -> Multipart {
    Multipart::new().text("contact_name", "Zoë")
}

async fn ticket(world: &World) -> Value {
    let response = world.get("/forms/own/token").send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    answer(response).await.1
}

#[track_caller]
pub(crate) fn assert_suspected((status, json): &(u16, Value), code: &str) {
    assert_eq!((*status, json["code"].as_str()), (403, Some(code)), "{json}");
}

/// The value of the page's hidden field of that name.
fn hidden<'p>(page: &'p str, name: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect(name);
    rest.split('"').next().unwrap()
}

async fn page(world: &World, body: Multipart) -> (u16, String) {
    let (content_type, body) = body.finish();
    let post = world.client.post(world.url("/forms/own")).header("accept", "text/html");
    let response = post.header("content-type", content_type).body(body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

pub(crate) async fn send(process: &Process, body: Multipart) -> (u16, Value) {
    let (content_type, body) = body.finish();
    let url = format!("http://{}/forms/own", process.addr);
    answer(client().post(url).header("content-type", content_type).body(body).send().await.unwrap())
        .await
}

#[tokio::test]
async fn who_fills_in_what_nobody_sees_is_told_and_nothing_is_sent() {
    let world = World::start().await;
    let caught = world.submit("callback", callback().text("your-website", "https://x.example"));
    assert_suspected(&caught.await, "trap");
    assert_eq!(world.calls().await.len(), 0);
    // A person's browser sends it empty.
    assert_eq!(world.submit("callback", callback().text("your-website", "")).await.0, 200);
    assert_eq!(world.deal().await["your-website"], Value::Null);
}

#[tokio::test]
async fn a_person_whose_browser_fills_it_in_loses_nothing() {
    let world = World::with_form(&form("token").replace("token = true", "")).await;
    let opened = world.get("/forms/own").header("accept", "text/html").send().await.unwrap();
    let opened = opened.text().await.unwrap();
    let trap = opened.split_once("<div hidden>").unwrap().1.split_once("</div>").unwrap().0;
    assert!(trap.contains("name=\"your-website\"") && trap.contains("tabindex=\"-1\""), "{trap}");
    let (status, back) = page(&world, name().text("your-website", "x")).await;
    assert_eq!(status, 403);
    assert!(back.contains("Nothing was lost") && back.contains("value=\"Zoë\""), "{back}");
    assert!(!back.contains("value=\"x\""), "the page comes back with the trap filled in");
}

#[tokio::test]
async fn a_token_says_that_the_page_was_open_for_a_while() {
    let world = World::with_form(&form("token")).await;
    assert_suspected(&world.submit("own", name()).await, "token_stale");
    assert_suspected(&world.submit("own", name().text("df-token", "1.2")).await, "token_stale");
    let ticket = ticket(&world).await;
    assert_eq!(ticket["wait"], 3);
    assert_eq!(ticket.as_object().unwrap().len(), 2, "{ticket}");
    let token = ticket["token"].as_str().unwrap();
    let fast = world.post("own", name().text("df-token", token)).send().await.unwrap();
    // The seconds that are left of them.
    let left: u64 = fast.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=3).contains(&left), "{left}");
    assert_suspected(&answer(fast).await, "too_fast");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(world.submit("own", name().text("df-token", token)).await.0, 200);
    assert_eq!(world.calls().await.len(), 1);
}

#[tokio::test]
async fn a_token_is_valid_for_one_draft_and_its_repetitions() {
    let world = World::with_form(&form("token")).await;
    let ticket = ticket(&world).await;
    let token = ticket["token"].as_str().unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let send = |draft: &'static str, value: &str| {
        let body = Multipart::new().text("contact_name", value).text(DRAFT, draft);
        world.submit("own", body.text("df-token", token))
    };
    let [one, other] = REFERENCES;
    // Sent again, and corrected.
    for value in ["Zoë", "Zoë", "Zoe", "Zoé", "Zoë"] {
        assert_eq!(send(one, value).await.0, 200, "{value}");
    }
    assert_suspected(&send(other, "Zoë").await, "token_stale");
    // Another page's token is another, also at the same moment.
    let tickets = [self::ticket(&world).await, self::ticket(&world).await];
    assert_ne!(tickets[0]["token"], tickets[1]["token"]);
}

#[tokio::test]
async fn a_page_without_scripts_brings_its_token_and_a_person_gets_through_at_the_second_try() {
    let world = World::with_form(&form("token")).await;
    let opened = world.get("/forms/own").header("accept", "text/html").send().await.unwrap();
    let opened = opened.text().await.unwrap();
    let body = name().text("df-token", hidden(&opened, "df-token"));
    let (status, back) = page(&world, body).await;
    assert_eq!(status, 403);
    // Too fast; what comes back is as old as it has to be.
    let again = name().text("df-token", hidden(&back, "df-token"));
    assert_eq!(page(&world, again).await.0, 200);
}

#[tokio::test]
async fn the_definition_says_what_to_bring_and_stays_the_same_for_all() {
    let world = World::with_form(&form("work")).await;
    let get = async || world.get("/forms/own").send().await.unwrap();
    let (first, second) = (get().await, get().await);
    assert_eq!(first.headers()["etag"], second.headers()["etag"]);
    assert_eq!(answer(first).await.1["proof"], json!({"work": true}));
    let (one, other) = (ticket(&world).await, ticket(&world).await);
    assert_ne!(one["work"]["challenge"], other["work"]["challenge"]);
    // A form that asks for nothing says nothing, and has no tickets.
    let world = World::start().await;
    let plain = answer(world.get("/forms/callback").send().await.unwrap()).await.1;
    assert_eq!(plain.get("proof"), None);
    assert_eq!(world.get("/forms/callback/token").send().await.unwrap().status(), 404);
}

/// As a page does it: tries numbers until one hashes to the challenge.
fn solve(work: &Value) -> String {
    let text = |name: &str| work[name].as_str().unwrap();
    let hash = |number: u64| {
        let digest = Sha256::digest(format!("{}{number}", text("salt")));
        digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    };
    let most = work["maxnumber"].as_u64().unwrap();
    let number = (0..most).find(|number| hash(*number) == text("challenge")).unwrap();
    let solution = json!({
        "algorithm": text("algorithm"), "challenge": text("challenge"), "number": number,
        "salt": text("salt"), "signature": text("signature"),
    });
    STANDARD.encode(solution.to_string())
}

#[tokio::test]
async fn work_counts_once_and_for_one_draft() {
    let world = World::with_form(&form("work")).await;
    assert_suspected(&world.submit("own", name()).await, "not_proven");
    let work = ticket(&world).await["work"].clone();
    assert_eq!(
        (work["algorithm"].as_str(), work["maxnumber"].as_u64()),
        (Some("SHA-256"), Some(100_000))
    );
    let solution = solve(&work);
    let send =
        |draft: &str| world.submit("own", name().text("df-work", &solution).text(DRAFT, draft));
    assert_eq!(send(REFERENCES[0]).await.0, 200);
    // The answer was lost, and the same draft is sent again.
    assert_eq!(send(REFERENCES[0]).await.0, 200);
    assert_suspected(&send(REFERENCES[1]).await, "not_proven");
    assert_suspected(&world.submit("own", name().text("df-work", &solution)).await, "not_proven");
    assert_eq!(world.deals().await.len(), 1);
}

#[tokio::test]
async fn one_proof_makes_no_more_of_a_draft_than_a_person_corrects() {
    let world = World::with_form(&form("work")).await;
    let send = |solution: &str, name: &str| {
        let body = Multipart::new().text("contact_name", name).text(DRAFT, REFERENCES[0]);
        world.submit("own", body.text("df-work", solution))
    };
    let solution = solve(&ticket(&world).await["work"]);
    for number in 1..=5 {
        assert_eq!(send(&solution, &format!("Zoë {number}")).await.0, 200, "{number}");
    }
    assert_suspected(&send(&solution, "Zoë 6").await, "not_proven");
    assert_eq!(send(&solution, "Zoë 5").await.0, 200, "its answer was lost");
    // The page works once more, and goes on.
    let solution = solve(&ticket(&world).await["work"]);
    assert_eq!(send(&solution, "Zoë 6").await.0, 200);
    assert_eq!(world.deals().await.len(), 1);
}

#[tokio::test]
async fn what_was_proved_to_an_earlier_start_is_proved_anew_and_a_token_still_counts() {
    let crm = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let forms = folder.path().join("forms");
    std::fs::create_dir(&forms).unwrap();
    std::fs::write(forms.join("own.toml"), form("work = true\ntoken")).unwrap();
    let start = || {
        Process::shaped(folder.path(), &crm.sandbox.api_url(), |command| {
            command.arg("--forms").arg(&forms).env("DEAL_PROXY_SECRET", "s".repeat(40));
        })
    };
    let ticket = async |process: &Process| {
        let url = format!("http://{}/forms/own/token", process.addr);
        answer(client().get(url).send().await.unwrap()).await.1
    };
    let process = start();
    let first = ticket(&process).await;
    let (token, solution) = (first["token"].as_str().unwrap(), solve(&first["work"]));
    tokio::time::sleep(Duration::from_secs(3)).await;
    let with = |work: &str, draft| {
        let body = name().text("df-token", token).text("df-work", work);
        body.text(DRAFT, REFERENCES[draft])
    };
    assert_eq!(send(&process, with(&solution, 0)).await.0, 200);
    process.terminate();
    process.wait();
    let process = start();
    assert_suspected(&send(&process, with(&solution, 1)).await, "not_proven");
    // As the widget does it: the same draft, by what it worked meanwhile.
    let anew = solve(&ticket(&process).await["work"]);
    assert_eq!(send(&process, with(&anew, 1)).await.0, 200);
}

#[tokio::test]
async fn a_pasted_form_that_could_not_bring_what_is_asked_links_to_the_form_instead() {
    for (proof, link) in [("token", true), ("work", true), ("none", false)] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.toml");
        std::fs::write(&file, form(proof).replace("none = true", "")).unwrap();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_deal-proxy"))
            .arg("snippet")
            .arg(&file)
            .output()
            .unwrap();
        let html = String::from_utf8(output.stdout).unwrap();
        let linked = html.contains("<a href=\"https://leads.example.com/forms/own\">Own</a>");
        assert_eq!((linked, html.contains("<form")), (link, !link), "{proof}: {html}");
    }
}
