//! The command `deal-proxy submissions` while a proxy runs.

use std::process::Output;

use serde_json::{Value, json};

use deal_proxy::Size;

use crate::support::{
    Multipart, World, deal_proxy, draft, millis, pdf, quote, reference, wait_until,
};

/// Runs the command on the spool of the proxy.
fn run(world: &World, args: &[&str]) -> Output {
    deal_proxy()
        .arg("submissions")
        .args(args)
        .arg("--spool")
        .arg(world.folder.path().join("spool"))
        .output()
        .unwrap()
}

/// Runs the command, checks that it succeeds, and returns its output.
#[track_caller]
fn output(world: &World, args: &[&str]) -> String {
    let output = run(world, args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Creates a delivered, a refused and a queued submission.
async fn three_submissions() -> World {
    let world = World::with_config(|config| config.delivery.retry_first = millis(600_000)).await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 200);
    world
        .set_faults(json!([
            {"kind": "refuse", "error_message": "Wrong stage for Zoë"},
            {"kind": "status", "code": 500},
        ]))
        .await;
    assert_eq!(world.submit("callback", draft(&reference(2))).await.0, 422);
    let body = quote().text("external_reference_id", &reference(3));
    let body = body.file("offer.pdf", "application/pdf", b"%PDF-");
    assert_eq!(world.submit("quote", body).await.0, 202);
    world
}

#[tokio::test]
async fn prints_visitors_data_only_with_the_option_content() {
    let world = three_submissions().await;
    let list = output(&world, &["list"]);
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines.len(), 3, "{list}");
    for (line, number, state) in
        [(lines[0], 1, "delivered"), (lines[1], 2, "refused"), (lines[2], 3, "queued")]
    {
        assert!(line.starts_with(&reference(number)) && line.contains(state), "{line}");
    }
    assert!(lines[2].ends_with("quote  the CRM responded with status 500 Internal Server Error"));

    let show = output(&world, &["show", &reference(3)]);
    let export = output(&world, &["export"]);
    assert_eq!(export.lines().count(), 3);
    for text in [&list, &show, &export] {
        assert!(!text.contains("Zoë") && !text.contains("offer.pdf"), "{text}");
    }
    let show: Value = serde_json::from_str(&show).unwrap();
    assert_eq!((&show["state"], &show["attempts"]), (&json!("queued"), &json!(1)));
    assert!(show["due_at"].as_str().unwrap() > show["received_at"].as_str().unwrap());

    let show = output(&world, &["show", &reference(3), "--content"]);
    let show: Value = serde_json::from_str(&show).unwrap();
    assert!(show["content"]["values"].to_string().contains("Zoë Söhne"));
    assert_eq!(show["content"]["files"][0][0], "offer.pdf");
    let prefix = reference(3).chars().take(12).collect::<String>();
    assert!(output(&world, &["show", &prefix]).contains(&reference(3)));
    let path = show["content"]["files"][0][1].as_str().unwrap();
    assert_eq!(std::fs::read(path).unwrap(), b"%PDF-");
    let refused = output(&world, &["export", "--state", "refused", "--content"]);
    assert!(refused.contains("Wrong stage for Zoë") && refused.lines().count() == 1, "{refused}");
    // The journal keeps no answers of a delivered submission.
    let delivered = output(&world, &["export", "--state", "delivered", "--content"]);
    assert!(!delivered.contains("Zoë") && delivered.contains("deal_id"), "{delivered}");
}

/// Terminals interpret C1 controls, and directional marks change the order of the text.
#[tokio::test]
async fn escapes_control_characters_in_printed_text() {
    let world = World::start().await;
    let words = "No\u{9b}2J\u{202e}exe.\u{2066}\u{7f}.";
    world.set_faults(json!({"kind": "refuse", "error_message": words})).await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 422);
    for args in [&["show", &reference(1), "--content"][..], &["export", "--content"], &["list"]] {
        let printed = output(&world, args);
        let raw = |c: char| c != '\n' && c.is_control() || ('\u{202a}'..='\u{2069}').contains(&c);
        assert!(!printed.contains(raw), "{printed:?}");
    }
    let show = output(&world, &["show", &reference(1), "--content"]);
    let show: Value = serde_json::from_str(&show).unwrap();
    assert!(show["content"]["reply"].as_str().unwrap().contains("\u{202e}exe."), "{show}");
}

#[tokio::test]
async fn removes_the_oldest_refused_submissions_over_the_size_limit() {
    let world = World::with_config(|config| config.delivery.keep_refused = Size(1_000_000)).await;
    world
        .set_faults(json!({"kind": "refuse", "error_message": "No.", "times": "until_cleared"}))
        .await;
    for number in 1..=12 {
        let body = quote().text("external_reference_id", &reference(number));
        let body = body.file("offer.pdf", "application/pdf", &pdf(300_000));
        assert_eq!(world.submit("quote", body).await.0, 422, "{number}");
    }
    wait_until("the oldest submissions are removed", async || world.spooled().len() <= 3).await;
    assert!(!world.spooled().is_empty(), "the newest submissions are removed, too");
    let kept = output(&world, &["list", "--state", "refused"]);
    assert!(kept.contains(&reference(12)) && !kept.contains(&reference(1)), "{kept}");
}

#[tokio::test]
async fn removes_the_files_of_the_oldest_failed_submissions_over_the_size_limit() {
    let world = World::with_config(|config| {
        config.delivery.keep_refused = Size(1_000_000);
        config.delivery.give_up = millis(1);
    })
    .await;
    world.set_faults(json!({"kind": "status", "code": 500, "times": "until_cleared"})).await;
    for number in 1..=12 {
        let body = quote().text("external_reference_id", &reference(number));
        let body = body.file("offer.pdf", "application/pdf", &pdf(300_000));
        assert_eq!(world.submit("quote", body).await.0, 202, "{number}");
        world.wait_for_state("quote", &reference(number), "failed").await;
    }
    wait_until("the files of the oldest submissions are removed", async || {
        world.spooled().len() <= 3
    })
    .await;
    assert!(!world.spooled().is_empty(), "the newest submissions are removed, too");
    // The submissions keep their answers and can still be delivered.
    assert_eq!(output(&world, &["list", "--state", "failed"]).lines().count(), 12);
    let oldest = output(&world, &["show", &reference(1), "--content"]);
    assert!(
        oldest.contains("delivery.keep_refused") && oldest.contains("A shop for tea."),
        "{oldest}"
    );
}

#[tokio::test]
async fn delivers_submissions_that_the_operator_retries_while_the_proxy_runs() {
    let world = three_submissions().await;
    let due = output(&world, &["retry", "--state", "refused"]);
    assert_eq!(due, format!("{}\n", reference(2)));
    world.wait_for_state("callback", &reference(2), "delivered").await;
    assert_eq!(output(&world, &["retry", &reference(3)]), format!("{}\n", reference(3)));
    world.wait_for_state("quote", &reference(3), "delivered").await;
    assert_eq!(world.deals().await.len(), 3);
    world.wait_for_empty_spool().await;
    // A delivered submission cannot be retried.
    let again = run(&world, &["retry", &reference(3)]);
    assert_eq!((again.status.code(), &again.stdout[..]), (Some(1), &b""[..]));
}

/// Runs a command that has to fail, and returns its lines on standard error.
#[track_caller]
fn failure(world: &World, args: &[&str]) -> Vec<String> {
    let output = run(world, args);
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    let text = String::from_utf8(output.stderr).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn finds_a_submission_by_a_unique_prefix_and_lists_several_matches() {
    let world = three_submissions().await;
    assert!(output(&world, &["show", "web-03"]).contains(&reference(3)));
    let lines = failure(&world, &["show", "web-0"]);
    assert_eq!(lines[0], "several references begin with web-0:");
    assert_eq!(lines.len(), 4);
    assert!(lines[1].contains(&reference(1)) && lines[1].contains("delivered  callback"));
    let lines = failure(&world, &["show", "web-9"]);
    assert_eq!(lines, ["no reference begins with web-9"]);
}

#[tokio::test]
async fn explains_why_a_submission_is_not_retried_or_purged() {
    let world = three_submissions().await;
    // The other submissions are still changed.
    let retried = run(&world, &["retry", "web-02", "web-01", "web-9"]);
    assert_eq!(retried.status.code(), Some(1));
    assert_eq!(String::from_utf8(retried.stdout).unwrap(), format!("{}\n", reference(2)));
    let lines = String::from_utf8(retried.stderr).unwrap();
    let delivered = format!(
        "{}: is delivered: the CRM has the deal, so there is nothing to retry",
        reference(1)
    );
    let expected = ["no reference begins with web-9", &delivered, "queued: 1"];
    assert_eq!(lines.lines().collect::<Vec<_>>(), expected);

    for (options, reason) in [
        (&["--state", "failed"][..], "is delivered, but --state selects failed"),
        (&["--form", "quote"], "belongs to the form callback, but --form selects quote"),
        (&["--older-than", "1 d"], "which is more recent than --older-than allows"),
    ] {
        let lines = failure(&world, &[&["purge", "web-01"], options].concat());
        assert!(lines[0].starts_with(&reference(1)) && lines[0].ends_with(reason), "{lines:?}");
    }
    let lines = failure(&world, &["purge", "--form", "nothing"]);
    assert!(lines[0].starts_with("no submission matches: the journal has "), "{lines:?}");
    assert!(lines[0].ends_with("queued submissions are purged only by reference"), "{lines:?}");
    // An unknown reference must never select all submissions.
    failure(&world, &["purge", "web-9"]);
    failure(&world, &["purge", ""]);
    assert_eq!(output(&world, &["list"]).lines().count(), 3);
}

#[tokio::test]
async fn an_operator_but_not_a_visitor_can_retry_before_retry_after() {
    let world = World::start().await;
    world.set_faults(json!({"kind": "status", "code": 503, "retry_after": 3600})).await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 202);
    // The proxy does not retry earlier if the visitor repeats or corrects the submission.
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 202);
    let corrected = Multipart::new()
        .text("contact_name", "Zoë")
        .text("contact_phone", "+49 30 7654321")
        .text("external_reference_id", &reference(1));
    assert_eq!(world.submit("callback", corrected).await.0, 202);
    assert_eq!(world.calls().await.len(), 1);
    output(&world, &["retry", &reference(1)]);
    world.wait_for_state("callback", &reference(1), "delivered").await;
    assert_eq!(world.deal().await["contact"]["phone"], "+49 30 7654321");
}

#[tokio::test]
async fn purges_submissions_with_their_files() {
    let world = three_submissions().await;
    // Queued submissions are purged only by reference, and `purge` requires a selection.
    let purged = output(&world, &["purge", "--older-than", "1 ms"]);
    assert_eq!(purged, format!("{}\n{}\n", reference(1), reference(2)));
    let all = run(&world, &["purge"]);
    assert_eq!(all.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&all.stderr).contains("select submissions by reference"));
    assert_eq!(world.spooled().len(), 1);
    assert_eq!(output(&world, &["purge", &reference(3)]), format!("{}\n", reference(3)));
    assert_eq!(world.spooled().len(), 0);
    assert_eq!(output(&world, &["list"]), "");
    assert_eq!(world.submission_status("quote", &reference(3)).await.0, 404);
    assert_eq!(run(&world, &["show", &reference(3)]).status.code(), Some(1));
    // If the purged submission is sent again, it is a new submission.
    let body = quote().text("external_reference_id", &reference(3));
    assert_eq!(world.submit("quote", body).await.0, 200);
    assert_eq!(world.deals().await.len(), 2);
}

#[test]
fn reports_a_folder_without_a_journal() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        deal_proxy().args(["submissions", "list", "--spool"]).arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("has no journal") && words.contains("--spool"), "{words}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the command created a file");
}
