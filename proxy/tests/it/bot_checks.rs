//! Bot checks: tokens, proof of work and the hidden field.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::page;
use crate::support::{Multipart, Process, World, assert_refused, callback, deal_proxy, read_json};

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

async fn get_proof(world: &World) -> Value {
    let response = world.get("/forms/own/token").send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    read_json(response).await.1
}

/// Returns the data for the proofs from a proxy in another process.
pub(crate) async fn get_proof_of(process: &Process) -> Value {
    read_json(process.get("/forms/own/token").send().await.unwrap()).await.1
}

/// Returns the value of a hidden field on the page.
fn hidden<'p>(page: &'p str, name: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect(name);
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn refuses_a_submission_with_a_filled_hidden_field() {
    let world = World::start().await;
    let caught = world.submit("callback", callback().text("your-website", "https://x.example"));
    assert_refused(&caught.await, 403, "trap");
    assert_eq!(world.calls().await.len(), 0);
    // A browser sends the hidden field empty.
    assert_eq!(world.submit("callback", callback().text("your-website", "")).await.0, 200);
    assert_eq!(world.deal().await["your-website"], Value::Null);
}

#[tokio::test]
async fn empties_a_hidden_field_that_the_browser_filled_and_returns_the_other_answers() {
    let world = World::with_form(&form("token").replace("token = true", "")).await;
    let opened = world.get("/forms/own").header("accept", "text/html").send().await.unwrap();
    let opened = opened.text().await.unwrap();
    let trap = opened.split_once("<div hidden>").unwrap().1.split_once("</div>").unwrap().0;
    assert!(trap.contains("name=\"your-website\"") && trap.contains("tabindex=\"-1\""), "{trap}");
    let (status, back) = page::send(&world, "own", name().text("your-website", "x")).await;
    assert_eq!(status, 403);
    assert!(back.contains("Nothing was lost") && back.contains("value=\"Zoë\""), "{back}");
    assert!(!back.contains("value=\"x\""), "the hidden field is still filled");
}

#[tokio::test]
async fn refuses_a_form_with_a_token_that_is_missing_invalid_or_too_new() {
    let world = World::with_form(&form("token")).await;
    assert_refused(&world.submit("own", name()).await, 403, "token_stale");
    assert_refused(&world.submit("own", name().text("df-token", "1.2")).await, 403, "token_stale");
    let proof = get_proof(&world).await;
    assert_eq!(proof["wait"], 3);
    assert_eq!(proof.as_object().unwrap().len(), 2, "{proof}");
    let token = proof["token"].as_str().unwrap();
    let fast = world.post("own", name().text("df-token", token)).send().await.unwrap();
    // Retry-After is the remaining waiting time.
    let left: u64 = fast.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=3).contains(&left), "{left}");
    assert_refused(&read_json(fast).await, 403, "too_fast");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(world.submit("own", name().text("df-token", token)).await.0, 200);
    assert_eq!(world.calls().await.len(), 1);
}

#[tokio::test]
async fn accepts_repeats_and_corrections_of_one_draft_with_a_token_but_no_other_draft() {
    let world = World::with_form(&form("token")).await;
    let proof = get_proof(&world).await;
    let token = proof["token"].as_str().unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let send = |draft: &'static str, value: &str| {
        let body = Multipart::new().text("contact_name", value).text(DRAFT, draft);
        world.submit("own", body.text("df-token", token))
    };
    let [one, other] = REFERENCES;
    // Repeated and corrected content.
    for value in ["Zoë", "Zoë", "Zoe", "Zoé", "Zoë"] {
        assert_eq!(send(one, value).await.0, 200, "{value}");
    }
    assert_refused(&send(other, "Zoë").await, 403, "token_stale");
    // Two pages that are opened at the same time get different tokens.
    let proofs = [get_proof(&world).await, get_proof(&world).await];
    assert_ne!(proofs[0]["token"], proofs[1]["token"]);
}

#[tokio::test]
async fn accepts_a_plain_form_on_the_second_attempt_if_the_first_was_too_fast() {
    let world = World::with_form(&form("token")).await;
    let opened = world.get("/forms/own").header("accept", "text/html").send().await.unwrap();
    let opened = opened.text().await.unwrap();
    let body = name().text("df-token", hidden(&opened, "df-token"));
    let (status, back) = page::send(&world, "own", body).await;
    assert_eq!(status, 403);
    // The page that the proxy shows again has a token that is old enough.
    let again = name().text("df-token", hidden(&back, "df-token"));
    assert_eq!(page::send(&world, "own", again).await.0, 200);
}

#[tokio::test]
async fn states_the_required_proof_in_a_definition_that_is_the_same_for_all_visitors() {
    let world = World::with_form(&form("work")).await;
    let get = async || world.get("/forms/own").send().await.unwrap();
    let (first, second) = (get().await, get().await);
    assert_eq!(first.headers()["etag"], second.headers()["etag"]);
    assert_eq!(read_json(first).await.1["proof"], json!({"work": true}));
    let (one, other) = (get_proof(&world).await, get_proof(&world).await);
    assert_ne!(one["work"]["challenge"], other["work"]["challenge"]);
    // A form that requires no proof does not mention proofs, and the proxy issues no tokens for it.
    let world = World::start().await;
    let plain = read_json(world.get("/forms/callback").send().await.unwrap()).await.1;
    assert_eq!(plain.get("proof"), None);
    assert_eq!(world.get("/forms/callback/token").send().await.unwrap().status(), 404);
}

/// Finds the number that hashes to the challenge, as the page's script does.
pub(crate) fn solve(work: &Value) -> String {
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
async fn accepts_a_proof_of_work_for_one_draft_only() {
    let world = World::with_form(&form("work")).await;
    assert_refused(&world.submit("own", name()).await, 403, "not_proven");
    let work = get_proof(&world).await["work"].clone();
    assert_eq!(
        (work["algorithm"].as_str(), work["maxnumber"].as_u64()),
        (Some("SHA-256"), Some(100_000))
    );
    let solution = solve(&work);
    let send =
        |draft: &str| world.submit("own", name().text("df-work", &solution).text(DRAFT, draft));
    assert_eq!(send(REFERENCES[0]).await.0, 200);
    // The same draft again, as after a lost response.
    assert_eq!(send(REFERENCES[0]).await.0, 200);
    assert_refused(&send(REFERENCES[1]).await, 403, "not_proven");
    assert_refused(
        &world.submit("own", name().text("df-work", &solution)).await,
        403,
        "not_proven",
    );
    assert_eq!(world.deals().await.len(), 1);
}

#[tokio::test]
async fn accepts_a_proof_of_work_for_at_most_five_versions_of_a_draft() {
    let world = World::with_form(&form("work")).await;
    let send = |solution: &str, name: &str| {
        let body = Multipart::new().text("contact_name", name).text(DRAFT, REFERENCES[0]);
        world.submit("own", body.text("df-work", solution))
    };
    let solution = solve(&get_proof(&world).await["work"]);
    for number in 1..=5 {
        assert_eq!(send(&solution, &format!("Zoë {number}")).await.0, 200, "{number}");
    }
    assert_refused(&send(&solution, "Zoë 6").await, 403, "not_proven");
    assert_eq!(send(&solution, "Zoë 5").await.0, 200, "a repetition is accepted");
    // A new proof allows more corrections.
    let solution = solve(&get_proof(&world).await["work"]);
    assert_eq!(send(&solution, "Zoë 6").await.0, 200);
    assert_eq!(world.deals().await.len(), 1);
}

#[tokio::test]
async fn accepts_a_token_but_not_a_proof_of_work_from_before_a_restart() {
    let crm = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let forms = folder.path().join("forms");
    std::fs::create_dir(&forms).unwrap();
    std::fs::write(forms.join("own.toml"), form("work = true\ntoken")).unwrap();
    let start = || {
        Process::configured(folder.path(), &crm.sandbox.api_url(), |command| {
            command.arg("--forms").arg(&forms).env("DEAL_PROXY_SECRET", "s".repeat(40));
        })
    };
    let process = start();
    let first = get_proof_of(&process).await;
    let (token, solution) = (first["token"].as_str().unwrap(), solve(&first["work"]));
    tokio::time::sleep(Duration::from_secs(3)).await;
    let with = |work: &str, draft| {
        let body = name().text("df-token", token).text("df-work", work);
        body.text(DRAFT, REFERENCES[draft])
    };
    assert_eq!(process.submit("own", with(&solution, 0)).await.0, 200);
    process.terminate();
    process.wait();
    let process = start();
    assert_refused(&process.submit("own", with(&solution, 1)).await, 403, "not_proven");
    // The widget sends the same draft again with a new proof.
    let solution = solve(&get_proof_of(&process).await["work"]);
    assert_eq!(process.submit("own", with(&solution, 1)).await.0, 200);
}

#[tokio::test]
async fn prints_a_link_instead_of_a_plain_form_if_the_form_requires_a_proof() {
    for (proof, link) in [("token", true), ("work", true), ("none", false)] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.toml");
        std::fs::write(&file, form(proof).replace("none = true", "")).unwrap();
        let output = deal_proxy().arg("snippet").arg(&file).output().unwrap();
        let html = String::from_utf8(output.stdout).unwrap();
        let linked = html
            .contains("<a class=\"df-link\" href=\"https://leads.example.com/forms/own\">Own</a>");
        assert_eq!((linked, html.contains("<form")), (link, !link), "{proof}: {html}");
    }
}
