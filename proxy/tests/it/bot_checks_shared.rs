//! Bot checks of several proxies that share a store.

use std::path::Path;

use tempfile::TempDir;
use test_services::s3::{ACCESS_KEY_ID, BUCKET, S3Server, SECRET_ACCESS_KEY};
use test_services::{Database, Postgres, skip};

use crate::bot_checks::{DRAFT, REFERENCES, form, get_proof_of, name, solve};
use crate::captcha;
use crate::support::{Multipart, Process, World, assert_refused};

/// Two proxies that share a database and a bucket.
struct Proxies {
    world: World,
    database: Database,
    _bucket: S3Server,
    folder: TempDir,
    processes: [Process; 2],
}

impl Proxies {
    /// Starts the proxies with a form that requires the proof. `captcha_url` is the URL of the captcha's service.
    /// Returns `None` if PostgreSQL is not installed.
    async fn start(proof: &str, captcha_url: &str) -> Option<Self> {
        let server = Postgres::shared();
        let server = server.map_err(|missing| skip(&format!("shared bot checks: {missing}"))).ok();
        let database = server?.create_database(None);
        let folder = tempfile::tempdir().unwrap();
        let bucket = S3Server::start(&folder.path().join("objects")).await.unwrap();
        let world = World::start().await;
        let forms = folder.path().join("forms");
        std::fs::create_dir(&forms).unwrap();
        std::fs::write(forms.join("own.toml"), form(proof)).unwrap();
        let endpoint = bucket.endpoint();
        let settings = format!(
            "limits.disk_floor = 0\ntimeouts.first_attempt = \"10 min\"\n\
             [store]\nkind = \"shared\"\nbucket = \"{BUCKET}\"\nendpoint = \"{endpoint}\"\n\
             [captcha]\nverify_url = \"{captcha_url}\"\nsite_key = \"site\"\n\
             script = \"https://captcha.example/api.js\"\n"
        );
        std::fs::write(folder.path().join("proxy.toml"), settings).unwrap();
        let processes =
            ["a", "b"].map(|name| start(folder.path(), name, &world.sandbox.api_url(), &database));
        Some(Self { world, database, _bucket: bucket, folder, processes })
    }
}

fn start(folder: &Path, name: &str, crm_url: &str, database: &Database) -> Process {
    let own = folder.join(name);
    std::fs::create_dir_all(&own).unwrap();
    Process::configured(&own, crm_url, |command| {
        command.arg("--forms").arg(folder.join("forms"));
        command.arg("--config").arg(folder.join("proxy.toml"));
        command.env("DEAL_PROXY_DATABASE_URL", database.url());
        command.env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
        command.env("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
        command.env("DEAL_PROXY_SECRET", "s".repeat(40));
        command.env("CAPTCHA_SECRET", captcha::SECRET);
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_a_challenge_of_another_proxy_for_one_draft_only() {
    let Some(shared) = Proxies::start("work", "").await else { return };
    let [one, other] = &shared.processes;
    let solution = solve(&get_proof_of(one).await["work"]);
    let body = |draft: usize| name().text("df-work", &solution).text(DRAFT, REFERENCES[draft]);
    assert_eq!(other.submit("own", body(0)).await.0, 200);
    // The same draft again, as after a lost response.
    assert_eq!(one.submit("own", body(0)).await.0, 200);
    for proxy in &shared.processes {
        assert_refused(&proxy.submit("own", body(1)).await, 403, "not_proven");
    }
    // A proof is valid for five versions of the draft, at all proxies together.
    let version = |number: usize| {
        let body = Multipart::new().text("contact_name", &format!("Zoë {number}"));
        let body = body.text("df-work", &solution).text(DRAFT, REFERENCES[0]);
        shared.processes[number % 2].submit("own", body)
    };
    for number in 2..=5 {
        assert_eq!(version(number).await.0, 200, "{number}");
    }
    assert_refused(&version(6).await, 403, "not_proven");
    assert_eq!(shared.world.deals().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn remembers_a_shared_proof_after_a_restart() {
    let Some(shared) = Proxies::start("work", "").await else { return };
    let Proxies { world, database, _bucket, folder, processes: [one, other] } = shared;
    let used = solve(&get_proof_of(&one).await["work"]);
    let unused = solve(&get_proof_of(&one).await["work"]);
    let body =
        |work: &str, draft: usize| name().text("df-work", work).text(DRAFT, REFERENCES[draft]);
    assert_eq!(one.submit("own", body(&used, 0)).await.0, 200);
    for process in [one, other] {
        process.terminate();
        process.wait();
    }
    let restarted = start(folder.path(), "a", &world.sandbox.api_url(), &database);
    assert_refused(&restarted.submit("own", body(&used, 1)).await, 403, "not_proven");
    assert_eq!(restarted.submit("own", body(&unused, 1)).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_proofs_if_the_database_cannot_look_them_up() {
    let Some(shared) = Proxies::start("work", "").await else { return };
    let Proxies { world: _world, database, _bucket, folder: _folder, processes: [one, other] } =
        shared;
    database.execute("DROP TABLE used_proofs");
    let solution = solve(&get_proof_of(&one).await["work"]);
    let body = |draft: usize| name().text("df-work", &solution).text(DRAFT, REFERENCES[draft]);
    assert_eq!(other.submit("own", body(0)).await.0, 200);
    // The proxy still knows its own uses.
    assert_refused(&other.submit("own", body(1)).await, 403, "not_proven");
    other.terminate();
    let (_, log) = other.wait();
    assert!(log.contains("cannot look up a used proof"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_a_captcha_answer_that_another_proxy_has_verified_for_the_draft() {
    let (url, requests) = captcha::service().await;
    let Some(shared) = Proxies::start("captcha", &url).await else { return };
    let [one, other] = &shared.processes;
    let body = |draft: usize| name().text("df-captcha", "person").text(DRAFT, REFERENCES[draft]);
    assert_eq!(one.submit("own", body(0)).await.0, 200);
    assert_eq!(other.submit("own", body(0)).await.0, 200);
    assert_refused(&other.submit("own", body(1)).await, 403, "not_proven");
    assert_eq!(requests.lock().unwrap().len(), 1);
}
