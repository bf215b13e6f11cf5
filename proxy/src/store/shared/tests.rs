//! Tests of the database: start checks, migrations, restarts and errors.

use std::time::Duration;

use test_services::{Database, Postgres, skip};

use super::PostgresSubmissions;
use super::error::OpenSharedError;
use super::proofs::PostgresProofs;
use crate::settings::database_url::DatabaseUrl;
use crate::store::conformance::world::{delivered, new};
use crate::store::engine::SubmissionStore;
use crate::store::error::StoreError;
use crate::store::{
    AdmissionKind, ClaimResult, ContentDigest, DraftContent, FileSetId, NewSubmission, ProofDigest,
    ProofStore,
};

/// Returns a server for all tests, or reports the skipped test.
fn shared_server() -> Option<&'static Postgres> {
    Postgres::shared().map_err(|missing| skip(&format!("the shared store: {missing}"))).ok()
}

/// Starts a server that the test can change.
fn own_server(settings: &str) -> Option<Postgres> {
    Postgres::start(settings).map_err(|missing| skip(&format!("the shared store: {missing}"))).ok()
}

async fn open(database: &Database) -> Result<PostgresSubmissions, OpenSharedError> {
    PostgresSubmissions::open(&DatabaseUrl::new(&database.url()).unwrap()).await
}

#[track_caller]
fn assert_refused(opened: Result<PostgresSubmissions, OpenSharedError>, expected: &str) {
    let message = opened.unwrap_err().to_string();
    assert!(message.contains(expected), "{message}");
}

#[tokio::test]
async fn refuses_a_server_that_could_lose_submissions() {
    let Some(server) = own_server("fsync = off") else { return };
    let database = server.create_database(None);
    assert_refused(open(&database).await, "the database has fsync = off");
}

#[tokio::test]
async fn refuses_a_role_or_a_database_that_does_not_wait_for_the_disk() {
    let Some(server) = shared_server() else { return };
    let database = server.create_database(None);
    database.execute(&format!("ALTER DATABASE {} SET synchronous_commit = off", database.name));
    assert_refused(open(&database).await, "the database has synchronous_commit = off");
}

#[tokio::test]
async fn refuses_a_read_only_database_and_a_standby() {
    let Some(server) = own_server("") else { return };
    let database = server.create_database(None);
    let read_only =
        format!("ALTER DATABASE {} SET default_transaction_read_only = on", database.name);
    database.execute(&read_only);
    assert_refused(open(&database).await, "the database is read-only");

    let database = server.create_database(None);
    let rows = open(&database).await.unwrap();
    rows.check().await.unwrap();
    server.become_standby();
    assert_refused(open(&database).await, "the database is read-only");
    // The connections of a running proxy notice the change, too.
    let error = rows.check().await.unwrap_err().to_string();
    assert!(error.contains("the database is read-only"), "{error}");
}

#[tokio::test]
async fn names_the_cause_if_the_database_cannot_be_used() {
    let Some(server) = shared_server() else { return };
    let database = server.create_database(None);
    let missing = database.url().replace(&database.name, "nowhere");
    let opened = PostgresSubmissions::open(&DatabaseUrl::new(&missing).unwrap()).await;
    assert_refused(opened, "database \"nowhere\" does not exist (SQLSTATE 3D000)");

    let tls = format!("{}?sslmode=require", database.url());
    let opened = PostgresSubmissions::open(&DatabaseUrl::new(&tls).unwrap()).await;
    assert_refused(opened, "server does not support TLS");

    let closed = database.url().replace(&format!(":{}/", database.port), ":1/");
    let opened = PostgresSubmissions::open(&DatabaseUrl::new(&closed).unwrap()).await;
    assert_refused(opened, "Connection refused");
}

#[tokio::test]
async fn refuses_a_role_that_cannot_change_rows() {
    let Some(server) = shared_server() else { return };
    let database = server.create_database(None);
    open(&database).await.unwrap();
    let role = format!("reader_of_{}", database.name);
    database.execute(&format!(
        "CREATE ROLE {role} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"
    ));
    let url = database.url().replace("deal_proxy@", &format!("{role}@"));
    let opened = PostgresSubmissions::open(&DatabaseUrl::new(&url).unwrap()).await;
    assert_refused(opened, "cannot change the table");
}

#[tokio::test]
async fn migrates_once_if_several_proxies_start_at_the_same_time() {
    let Some(server) = shared_server() else { return };
    let database = server.create_database(None);
    let opened = tokio::join!(open(&database), open(&database), open(&database), open(&database));
    let proxies = [opened.0.unwrap(), opened.1.unwrap(), opened.2.unwrap(), opened.3.unwrap()];
    assert_eq!(database.execute("SELECT version, usable_from FROM schema_versions"), "1|1\n2|1");
    for (proxy, byte) in proxies.iter().zip(1..) {
        proxy.admit(new(byte, "a")).await.unwrap();
    }
    assert_eq!(proxies[0].counts().await.unwrap().queued, 4);
}

#[tokio::test]
async fn runs_beside_a_newer_program_until_the_tables_need_that_program() {
    let Some(server) = shared_server() else { return };
    let database = server.create_database(None);
    open(&database).await.unwrap();
    database.execute("INSERT INTO schema_versions (version, usable_from) VALUES (98, 1)");
    open(&database).await.unwrap();
    database.execute("INSERT INTO schema_versions (version, usable_from) VALUES (99, 98)");
    assert_refused(open(&database).await, "migrated by a newer version of deal-proxy (schema 99)");
}

#[tokio::test]
async fn continues_after_a_crash_of_the_database() {
    let Some(server) = own_server("") else { return };
    let database = server.create_database(None);
    let rows = open(&database).await.unwrap();
    let AdmissionKind::Stored { ticket, .. } = rows.admit(new(1, "a")).await.unwrap().kind else {
        panic!("not stored")
    };
    server.stop();
    let error = rows.admit(new(2, "b")).await.unwrap_err();
    assert!(matches!(error, StoreError::Journal(_)), "{error:?}");
    assert!(rows.check().await.is_err());
    server.resume();
    // Connections that the crash has closed are not used again.
    let ClaimResult::Granted(delivery) = rows.claim(ticket).await.unwrap() else {
        panic!("not granted")
    };
    assert!(rows.settle(&delivery.claim, &delivered()).await.unwrap());
    assert_eq!(rows.counts().await.unwrap().delivered, 1);
}

#[tokio::test]
async fn a_change_whose_connection_is_lost_is_uncertain() {
    let Some(server) = shared_server() else { return };
    let database = server.create_database(None);
    let rows = open(&database).await.unwrap();
    rows.admit(new(1, "a")).await.unwrap();
    // Each change waits, as behind a slow disk.
    database.execute(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$; \
         CREATE TRIGGER wait BEFORE INSERT ON submissions FOR EACH ROW EXECUTE FUNCTION wait()",
    );
    let admit = tokio::spawn(async move { rows.admit(new(2, "b")).await });
    let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                 WHERE datname = current_database() AND wait_event = 'PgSleep'";
    while database.execute(ended) == "0" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let error = admit.await.unwrap().unwrap_err();
    assert!(matches!(error, StoreError::UncertainCommit(_)), "{error:?}");
}

#[tokio::test]
async fn a_cancelled_change_leaves_no_open_transaction() {
    let Some(server) = shared_server() else { return };
    let database = server.create_database(None);
    let rows = open(&database).await.unwrap();
    rows.admit(new(1, "a")).await.unwrap();
    let all = crate::store::Filter::default();
    for delay in 0..20 {
        let retry = tokio::time::timeout(Duration::from_micros(delay * 100), rows.retry(&all));
        let _ = retry.await;
    }
    rows.retry(&all).await.unwrap();
    let open = "SELECT count(*) FROM pg_stat_activity \
                WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    assert_eq!(database.execute(open), "0");
}

#[tokio::test]
async fn admits_no_submission_whose_files_are_being_removed() {
    let Some(server) = shared_server() else { return };
    let database = server.create_database(None);
    let rows = open(&database).await.unwrap();
    database.execute(
        "INSERT INTO file_sets (id) VALUES ('kept'); \
                      INSERT INTO file_sets (id, removing) VALUES ('removed', true)",
    );
    let with_files = |byte, set: &str| {
        let files = Some(FileSetId(set.to_owned()));
        NewSubmission { files, ..new(byte, "a") }
    };
    rows.admit(with_files(1, "kept")).await.unwrap();
    for (byte, set) in [(2, "removed"), (3, "unknown"), (1, "removed")] {
        let error = rows.admit(with_files(byte, set)).await;
        // Known content with other files is not stored again.
        match (byte, error) {
            (1, Ok(admission)) => assert!(matches!(admission.kind, AdmissionKind::Known(_))),
            (_, Err(error)) => {
                assert!(error.to_string().contains("submissions_file_set"), "{error}");
                assert!(matches!(error, StoreError::Journal(_)), "{error:?}");
            }
            (_, other) => panic!("{other:?}"),
        }
    }
    assert_eq!(rows.counts().await.unwrap().queued, 1);
}

#[tokio::test]
async fn errors_contain_no_answers() {
    let Some(server) = shared_server() else { return };
    let database = server.create_database(None);
    let rows = open(&database).await.unwrap();
    database.execute("ALTER TABLE submissions ADD CHECK (length(answers) < 20)");
    let error = rows.admit(new(1, "my secret wish")).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(text.contains("SQLSTATE 23514") && !text.contains("secret"), "{text}");
}

#[tokio::test]
async fn stores_a_reply_with_a_nul_character() {
    use crate::store::{CrmReply, Outcome};
    let Some(server) = shared_server() else { return };
    let database = server.create_database(None);
    let rows = open(&database).await.unwrap();
    let AdmissionKind::Stored { ticket, .. } = rows.admit(new(1, "a\0b")).await.unwrap().kind
    else {
        panic!("not stored")
    };
    let ClaimResult::Granted(delivery) = rows.claim(ticket).await.unwrap() else {
        panic!("not granted")
    };
    assert_eq!(delivery.answers.values[0].1, "a\0b");
    let refused = Outcome::Replied(CrmReply::Refused("bad\0stage".to_owned()));
    assert!(rows.settle(&delivery.claim, &refused).await.unwrap());
    assert_eq!(rows.counts().await.unwrap().refused, 1);
}

#[tokio::test]
async fn a_proof_that_two_proxies_use_at_the_same_time_is_valid_for_one_draft() {
    let Some(server) = shared_server() else { return };
    let database = server.create_database(None);
    let one = PostgresProofs::new(open(&database).await.unwrap().pool);
    let other = PostgresProofs::new(open(&database).await.unwrap().pool);
    let content = ContentDigest([1; 32]);
    let day = Duration::from_secs(24 * 60 * 60);
    for byte in 0..20 {
        let proof = ProofDigest([byte; 32]);
        let sent = |draft| Some(DraftContent { draft, content });
        let (first, second) =
            tokio::join!(one.spend(proof, sent("a"), day), other.spend(proof, sent("b"), day));
        assert_ne!(first.unwrap(), second.unwrap());
        assert!(!one.spend(proof, None, day).await.unwrap());
    }
}

#[tokio::test]
async fn removes_only_expired_proofs() {
    let Some(server) = shared_server() else { return };
    let database = server.create_database(None);
    let proofs = PostgresProofs::new(open(&database).await.unwrap().pool);
    let [expired, valid] = [1, 2].map(|byte| ProofDigest([byte; 32]));
    for (proof, seconds) in [(expired, 60), (valid, 3_600)] {
        assert!(proofs.spend(proof, None, Duration::from_secs(seconds)).await.unwrap());
    }
    database.execute("UPDATE used_proofs SET expires_at = expires_at - 120000");
    proofs.prune().await.unwrap();
    assert!(!proofs.is_used(expired).await.unwrap());
    assert!(proofs.is_used(valid).await.unwrap());
}
