//! What tells persons from programs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::raw::Raw;
use crate::support::{Multipart, PATIENCE, Process, World, answer, callback, client};

/// The captcha's secret; a word that stands nowhere else.
const SECRET: &str = "captcha-secret-51";

const DRAFT: &str = "external_reference_id";
const REFERENCES: [&str; 2] =
    ["web-00112233445566778899aabbccddeeff", "web-ffeeddccbbaa99887766554433221100"];

fn form(proof: &str) -> String {
    format!(
        "title = 'Own'\n[proof]\n{proof} = true\n[[field]]\nparameter = 'contact_name'\nlabel = 'Name'\n"
    )
}

fn name() -> Multipart {
    Multipart::new().text("contact_name", "Zoë")
}

async fn ticket(world: &World) -> Value {
    let response = world.get("/forms/own/token").send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    answer(response).await.1
}

#[track_caller]
fn assert_suspected((status, json): &(u16, Value), code: &str) {
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

/// A service that takes the answer `person`, once, if it is asked with the right secret; and what it
/// was asked.
async fn service() -> (String, Arc<Mutex<Vec<HashMap<String, String>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/siteverify", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::<HashMap<String, String>>::new()));
    let known = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            let body = loop {
                stream.read_buf(&mut request).await.unwrap();
                let text = String::from_utf8(request.clone()).unwrap();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                if body.len() >= length.unwrap().parse().unwrap() {
                    break body.to_owned();
                }
            };
            let pairs: HashMap<String, String> =
                form_urlencoded::parse(body.as_bytes()).into_owned().collect();
            let secret = pairs["secret"].clone();
            let success = {
                let mut asked = known.lock().unwrap();
                let success = pairs["response"] == "person" && !asked.contains(&pairs);
                asked.push(pairs);
                success
            };
            let known = secret == SECRET;
            let errors = if known { json!([]) } else { json!(["invalid-input-secret"]) };
            let json = json!({"success": success && known, "error-codes": errors}).to_string();
            let length = json.len();
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            stream.write_all((head + &json).as_bytes()).await.unwrap();
        }
    });
    (url, asked)
}

/// A proxy with that service, and a form that wants its captcha.
fn guarded(world: &World, url: &str, secret: &str) -> (Process, tempfile::TempDir) {
    guarded_by(world, url, secret, "")
}

/// The same, with more settings of the captcha.
fn guarded_by(world: &World, url: &str, secret: &str, more: &str) -> (Process, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let forms = folder.path().join("forms");
    std::fs::create_dir(&forms).unwrap();
    std::fs::write(forms.join("own.toml"), form("captcha")).unwrap();
    let config = folder.path().join("proxy.toml");
    let script = "https://captcha.example/api.js";
    let text =
        format!("[captcha]\nverify_url = '{url}'\nsite_key = 'site'\nscript = '{script}'\n{more}");
    std::fs::write(&config, text).unwrap();
    let process = Process::shaped(folder.path(), &world.sandbox.api_url(), |command| {
        command.arg("--forms").arg(&forms).arg("--config").arg(&config);
        command.env("CAPTCHA_SECRET", secret);
    });
    (process, folder)
}

async fn send(process: &Process, body: Multipart) -> (u16, Value) {
    let (content_type, body) = body.finish();
    let url = format!("http://{}/forms/own", process.addr);
    answer(client().post(url).header("content-type", content_type).body(body).send().await.unwrap())
        .await
}

#[tokio::test]
async fn a_captcha_s_answer_is_verified_once_for_each_draft() {
    let world = World::start().await;
    let (url, asked) = service().await;
    let (process, _folder) = guarded(&world, &url, SECRET);
    let get = |path: &str| client().get(format!("http://{}{path}", process.addr));
    let ticket = answer(get("/forms/own/token").send().await.unwrap()).await.1;
    let site = json!({"site_key": "site", "script": "https://captcha.example/api.js"});
    assert_eq!(ticket, json!({"captcha": site}));

    assert_suspected(&send(&process, name()).await, "not_proven");
    let robot = name().text("df-captcha", "robot");
    assert_suspected(&send(&process, robot).await, "not_proven");
    // Under the name by which Turnstile itself puts it in a form.
    let person = |draft| name().text("cf-turnstile-response", "person").text(DRAFT, draft);
    assert_eq!(send(&process, person(REFERENCES[0])).await.0, 200);
    assert_eq!(send(&process, person(REFERENCES[0])).await.0, 200);
    assert_suspected(&send(&process, person(REFERENCES[1])).await, "not_proven");
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert_eq!(asked[1]["secret"], SECRET);
    assert_eq!(asked[1].len(), 2, "more is told than is asked for: {asked:?}");

    // Our own page may load the captcha's script, and nothing else of strangers.
    let page = get("/forms/own").header("accept", "text/html").send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    for part in [
        "script-src 'self' 'wasm-unsafe-eval' https://captcha.example;",
        "frame-src https://captcha.example;",
        "connect-src 'self' https://captcha.example;",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    process.terminate();
    let (_, log) = process.wait();
    assert!(!log.contains(SECRET), "{log}");
}

/// A service that always answers the same.
async fn always(status: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/siteverify", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !String::from_utf8_lossy(&request).contains("response=") {
                stream.read_buf(&mut request).await.unwrap();
            }
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            stream.write_all((head + body).as_bytes()).await.unwrap();
        }
    });
    url
}

#[tokio::test]
async fn who_floods_the_captcha_s_service_is_not_let_in_by_that() {
    let world = World::start().await;
    for (status, body, expected) in [
        ("429 Too Many Requests", "<h1>Slow down</h1>", 403),
        ("400 Bad Request", "", 403),
        // Nobody but us can put that right.
        ("404 Not Found", "<h1>Not here</h1>", 200),
        ("500 Internal Server Error", "<h1>Sorry</h1>", 200),
        ("200 OK", "<h1>Maintenance</h1>", 200),
    ] {
        let url = always(status, body).await;
        let (process, _folder) = guarded(&world, &url, SECRET);
        let sent = send(&process, name().text("df-captcha", "person")).await;
        assert_eq!(sent.0, expected, "{status}: {}", sent.1);
    }
}

#[tokio::test]
async fn an_answer_from_another_site_s_page_counts_where_no_site_is_named() {
    let world = World::start().await;
    let url = always("200 OK", r#"{"success": true, "hostname": "WWW.example.com"}"#).await;
    for (hostnames, expected) in [
        ("", 200),
        ("hostnames = ['www.example.com']\n", 200),
        ("hostnames = ['www.example.org']\n", 403),
    ] {
        let (process, _folder) = guarded_by(&world, &url, SECRET, hostnames);
        let sent = send(&process, name().text("df-captcha", "person")).await;
        assert_eq!(sent.0, expected, "{hostnames}: {}", sent.1);
    }
}

#[tokio::test]
async fn a_visitor_who_leaves_while_the_captcha_is_verified_has_sent_it() {
    let world = World::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/siteverify", listener.local_addr().unwrap());
    let (process, _folder) = guarded(&world, &url, SECRET);
    let (content_type, body) = name().text("df-captcha", "person").finish();
    let head = format!(
        "POST /forms/own HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    let mut visitor = Raw::connect(process.addr).await;
    visitor.send([head.as_bytes(), &body].concat()).await;
    let (mut service, _) = listener.accept().await.unwrap();
    service.read_buf(&mut Vec::new()).await.unwrap();
    drop(visitor);
    // The proxy has seen that nobody is there any more but whoever asks this.
    let end = Instant::now() + PATIENCE;
    let metrics = format!("http://{}/metrics", process.addr);
    loop {
        let told = client().get(&metrics).send().await.unwrap().text().await.unwrap();
        if told.contains("deal_proxy_connections 1\n") {
            break;
        }
        assert!(Instant::now() < end, "{told}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let verdict = r#"{"success":true}"#;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", verdict.len());
    service.write_all((head + verdict).as_bytes()).await.unwrap();
    world.is_called().await;
}

#[tokio::test]
async fn a_captcha_s_service_that_is_away_costs_no_lead() {
    let world = World::start().await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/siteverify", closed.local_addr().unwrap());
    drop(closed);
    let (process, _folder) = guarded(&world, &url, SECRET);
    assert_eq!(send(&process, name().text("df-captcha", "person")).await.0, 200);
    process.terminate();
    assert!(process.wait().1.contains("the captcha's service does not answer"));
}

#[tokio::test]
async fn a_secret_that_the_service_does_not_take_costs_no_lead() {
    let world = World::start().await;
    let (url, _) = service().await;
    let (process, _folder) = guarded(&world, &url, "wrong");
    assert_eq!(send(&process, name().text("df-captcha", "person")).await.0, 200);
    process.terminate();
    let (_, log) = process.wait();
    assert!(log.contains("does not take the secret of CAPTCHA_SECRET"), "{log}");
}

#[test]
fn what_is_not_set_up_is_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let forms = folder.path().join("forms");
    std::fs::create_dir(&forms).unwrap();
    std::fs::write(forms.join("own.toml"), form("captcha")).unwrap();
    let config = folder.path().join("proxy.toml");
    let start = |settings: &str, secret: Option<&str>| {
        std::fs::write(&config, settings).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_deal-proxy"));
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        command.arg("--forms").arg(&forms).arg("--config").arg(&config);
        command.arg("--spool").arg(folder.path().join("spool")).env("CRM_API_KEY", "k");
        if let Some(secret) = secret {
            command.env("DEAL_PROXY_SECRET", secret);
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(start("", None).contains("the form `own` wants a captcha"));
    let service = "[captcha]\nverify_url = 'https://captcha.example/'";
    assert!(start(service, None).contains("set the environment variable CAPTCHA_SECRET"));
    assert!(start("", Some("short")).contains("DEAL_PROXY_SECRET is too short"));
}
