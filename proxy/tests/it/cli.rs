//! The command line.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::support::{KEY, Process, World, callback, deal_proxy, example_forms};

fn run(args: &[&str], key: Option<&str>) -> Output {
    let mut command = deal_proxy();
    command.args(args).env_remove("CRM_API_KEY");
    if let Some(key) = key {
        command.env("CRM_API_KEY", key);
    }
    command.output().unwrap()
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn succeeds_if_the_reader_of_its_output_has_closed_the_pipe() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    for command in ["parameters", "texts"] {
        let output = deal_proxy()
            .arg(command)
            .stdout(writer.try_clone().unwrap())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        assert_eq!((output.status.code(), err(&output)), (Some(0), ""), "{command}");
    }
}

#[test]
fn checks_a_form_and_shows_its_routes_as_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    fs::write(
        &file,
        "title = 'T'
        [[field]]
        parameter = 'expected_closing_amount'
        label = 'Budget'
        [[field]]
        parameter = 'company_name'
        label = 'Company'
        [presets]
        owner_email = 'sales@example.com'
        [[route]]
        when = { all = [
            { parameter = 'expected_closing_amount', at_least = 10000 },
            { parameter = 'company_name', filled = true },
        ] }
        [route.presets]
        owner_email = 'large@example.com'
        name = 'Large: {company_name}'",
    )
    .unwrap();
    let output = run(&["check", path(&file)], None);
    let lines: Vec<&str> = out(&output).lines().collect();
    assert_eq!(
        lines[1..],
        [
            &*format!("{}: the first route whose condition is met applies", path(&file)),
            "  when                                                                      the proxy sends",
            "  expected_closing_amount is at least 10000 and company_name has an answer  name with answers, owner_email = large@example.com",
            "  otherwise                                                                 owner_email = sales@example.com",
        ]
    );
}

#[test]
fn warns_about_an_invalid_log_filter() {
    let folder = tempfile::tempdir().unwrap();
    let log = |filter: &str| {
        let process = Process::start(folder.path(), "http://127.0.0.1:9/", filter);
        process.terminate();
        process.wait().1
    };
    for wrong in ["debgu", "deal_proxy=debgu", "deal-proxy=debug", "warn;info"] {
        let log = log(wrong);
        let warned = log.lines().any(|line| line.contains("WARN") && line.contains("RUST_LOG"));
        assert!(warned && log.contains("started"), "{wrong}: {log}");
    }
    for right in ["info", "deal_proxy=info,warn", "off", ""] {
        assert!(!log(right).contains("RUST_LOG"), "{right}");
    }
}

#[test]
fn prints_the_parameters_as_json() {
    let output = run(&["parameters"], None);
    assert_eq!(output.status.code(), Some(0));
    let rows: Vec<Value> = serde_json::from_str(out(&output)).unwrap();
    assert_eq!(rows.len(), 60);
    for row in &rows {
        for member in [
            "name",
            "kind",
            "yes",
            "default",
            "group",
            "description",
            "sample",
            "switched_off_by",
            "public",
        ] {
            assert!(row.get(member).is_some(), "{member} in {row}");
        }
    }
    let row = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap();
    assert_eq!(
        (row("create_new_stage")["yes"].as_str(), row("create_new_stage")["default"].as_str()),
        (Some("2"), Some("1"))
    );
    assert_eq!(
        (row("match_with_email")["yes"].as_str(), row("match_with_email")["default"].as_str()),
        (Some("1"), Some("1"))
    );
    assert_eq!(row("contact_name")["yes"], Value::Null);
    assert_eq!(row("key")["public"], "never");
    assert_eq!(row("owner_email")["switched_off_by"][0]["parameter"], "use_contact_owner");
}

#[test]
fn prints_the_messages_that_a_form_can_override() {
    let output = run(&["texts"], None);
    assert_eq!(output.status.code(), Some(0));
    let texts: std::collections::BTreeMap<String, String> =
        serde_json::from_str(out(&output)).unwrap();
    for (key, text) in [
        ("submit", "Send"),
        ("characters_left.one", "{count} character left"),
        ("plain.arrived", "Your request has arrived"),
        ("problems.required", "Fill in “{label}”."),
    ] {
        assert_eq!(texts[key], text);
    }
    // A form can override each of these texts.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worded.toml");
    // A JSON string is also a TOML string.
    let lines: Vec<String> =
        texts.iter().map(|(key, text)| format!("{key} = {}", json!(text))).collect();
    let form = "title = 'T'\n[[field]]\nparameter = 'note'\nlabel = 'N'\n[texts]\n";
    fs::write(&file, form.to_owned() + &lines.join("\n")).unwrap();
    let output = run(&["check", path(&file)], None);
    assert_eq!(output.status.code(), Some(0), "{}", out(&output));
}

#[test]
fn reports_valid_forms_and_warns_about_risky_questions() {
    let forms = example_forms();
    let names = ["anfrage", "callback", "everything", "quote", "steps", "studio"];
    let files = names.map(|form| forms.join(format!("{form}.toml")));
    let args: Vec<&str> =
        std::iter::once("check").chain(files.iter().map(|file| path(file))).collect();
    let output = run(&args, None);
    assert_eq!(output.status.code(), Some(0), "{}", out(&output));
    let (ok, warnings): (Vec<&str>, Vec<&str>) =
        out(&output).lines().partition(|line| line.contains(".toml: ok: /forms/"));
    assert_eq!(ok.len(), 6);
    // If the author opted in, a question that affects more than the visitor's own deal is allowed, with a
    // warning.
    let (notes, warnings): (Vec<&str>, Vec<&str>) =
        warnings.into_iter().partition(|line| line.contains(".toml: note: "));
    let (warnings, routes): (Vec<&str>, Vec<&str>) =
        warnings.into_iter().partition(|line| line.contains(".toml: warning: "));
    assert!(routes[0].ends_with("studio.toml: the first route whose condition is met applies"));
    assert_eq!(warnings.len(), 4, "{warnings:?}");
    for line in warnings {
        assert!(line.contains(".toml: warning: every visitor can set `"), "{line}");
    }
    assert_eq!(notes.len(), 2, "{notes:?}");
    let custom = "quote.toml: note: the CRM ignores `project_type`, `budget_range`, `utm_source`, `utm_medium`, `utm_campaign` unless its settings have these custom fields; no value is lost, because a preset contains it as well";
    assert!(notes[0].ends_with(custom), "{}", notes[0]);
    let warning = "quote.toml: warning: every visitor can set `send_email_to_contact`";
    assert!(out(&output).contains(warning), "{}", out(&output));
}

#[test]
fn reports_every_mistake_in_a_form_with_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.toml");
    fs::write(
        &file,
        "title = \"Bad\"\n\n[[field]]\nparameter = \"contact_nam\"\nlabel = \"Name\"\n\n[presets]\ncreate_new_stage = \"0\"\nkey = \"4711\"\n",
    )
    .unwrap();
    let good = example_forms().join("callback.toml");
    let output = run(&["check", path(&good), path(&file)], None);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<&str> = out(&output).lines().collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[0].contains("callback.toml: ok"));
    for (line, place, words) in [
        (lines[1], ":4:", "did you mean `contact_name`?"),
        (lines[2], ":8:", "1 or 2"),
        (lines[3], ":9:", "CRM_API_KEY"),
    ] {
        let rest = line.strip_prefix(path(&file)).unwrap();
        assert!(rest.starts_with(place) && rest.contains(words), "{line}");
    }
}

#[test]
fn reports_a_missing_form_file_and_an_invalid_file_name() {
    let folder = tempfile::tempdir().unwrap();
    let missing = run(&["check", path(&folder.path().join("nothing.toml"))], None);
    assert_eq!(missing.status.code(), Some(1));
    assert!(out(&missing).contains("nothing.toml: cannot read the file: "), "{}", out(&missing));
    let name = folder.path().join("My Form.toml");
    fs::copy(example_forms().join("quote.toml"), &name).unwrap();
    let named = run(&["check", path(&name)], None);
    assert_eq!(named.status.code(), Some(1));
    assert!(
        out(&named).contains("use only lower-case letters, digits and hyphens"),
        "{}",
        out(&named)
    );
}

#[test]
fn exits_with_code_2_on_wrong_usage() {
    for args in [
        &[][..],
        &["check"],
        &["serv"],
        &["serve", "--listen", "here"],
        &["serve", "--crm-url", "crm"],
    ] {
        let output = run(args, Some(KEY));
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).contains("--help") || err(&output).contains("Usage"), "{args:?}");
    }
}

#[test]
fn refuses_to_start_without_a_valid_key() {
    for (key, words) in [
        (None, "set the environment variable CRM_API_KEY"),
        (Some(""), "set the environment variable CRM_API_KEY"),
        (Some("two words"), "CRM_API_KEY contains white space"),
    ] {
        let output = run(&["serve", "--listen", "127.0.0.1:0"], key);
        assert_eq!(output.status.code(), Some(1));
        assert!(err(&output).contains(words), "{}", err(&output));
        assert_eq!(out(&output), "");
    }
}

#[test]
fn reports_why_it_cannot_start() {
    let folder = tempfile::tempdir().unwrap();
    let (forms, spool) = (folder.path().join("forms"), folder.path().join("spool"));
    fs::create_dir(&forms).unwrap();
    let serve = |forms: &Path| {
        let args =
            ["serve", "--listen", "127.0.0.1:0", "--forms", path(forms), "--spool", path(&spool)];
        let output = run(&args, Some(KEY));
        assert_eq!(output.status.code(), Some(1));
        err(&output).to_owned()
    };
    assert!(serve(&folder.path().join("nothing")).contains("cannot read the forms folder"));
    assert!(serve(&forms).contains("contains no form file"));
    // All mistakes in all files are reported.
    fs::write(forms.join("a.toml"), "titel = \"A\"").unwrap();
    fs::write(forms.join("b.toml"), "title = \"B\"\n[[field]]\n").unwrap();
    let errors = serve(&forms);
    assert!(errors.contains("a.toml:1:1: ") && errors.contains("b.toml:2:"), "{errors}");

    let config = folder.path().join("proxy.toml");
    fs::write(&config, "listen = \"127.0.0.1:0\"\nfroms = \"x\"\n").unwrap();
    let output = run(&["serve", "--config", path(&config)], Some(KEY));
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("proxy.toml: TOML parse error at line 2"), "{}", err(&output));
}

#[tokio::test]
async fn delivers_a_submission_and_exits_with_code_0_on_sigterm() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "info");
    assert_eq!(process.submit("callback", callback()).await.0, 200);
    assert_eq!(world.deals().await.len(), 1);
    process.terminate();
    let (code, _) = process.wait();
    assert_eq!(code, Some(0));
}

#[tokio::test]
async fn prefers_a_command_line_option_to_the_settings_file() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("proxy.toml");
    // The folder does not exist, so the start succeeds only with the option.
    fs::write(&config, "listen = \"127.0.0.1:0\"\nforms = \"nowhere\"\n").unwrap();
    let mut child = deal_proxy()
        .args(["serve", "--config", path(&config), "--forms", path(&example_forms())])
        .args(["--spool", path(&folder.path().join("spool"))])
        .env("CRM_API_KEY", KEY)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let stdout = child.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("listening on http://127.0.0.1:"), "{line:?}");
}

#[test]
fn the_snippet_of_a_form_with_a_campaign_keeps_the_campaign() {
    let folder = tempfile::tempdir().unwrap();
    let form = folder.path().join("call.toml");
    let text = "title = 'Call'\ncampaign = true\n[[field]]\nparameter = 'note'\nlabel = 'Note'\n\
                [presets]\nname = 'Call'\n";
    fs::write(&form, text).unwrap();
    let kept = "deal-form.js\" data-deal-form-campaign>";
    assert!(out(&run(&["snippet", path(&form)], None)).contains(kept));
    fs::write(&form, text.replace("true", "false")).unwrap();
    assert!(!out(&run(&["snippet", path(&form)], None)).contains("data-deal-form-campaign"));
}

#[test]
fn the_example_page_contains_the_snippet_of_its_form() {
    let form = example_forms().join("callback.toml");
    let output = run(&["snippet", path(&form), "--proxy", "/"], None);
    let snippet = out(&output);
    let (_, element) = snippet.split_once("<deal-form").unwrap();
    let page = fs::read_to_string(example_forms().join("../plain/index.html")).unwrap();
    assert!(
        page.contains(element),
        "copy this into examples/plain/index.html:\n<deal-form{element}"
    );
}

#[tokio::test]
async fn prints_a_snippet_that_works_on_any_page() {
    let world = World::start().await;
    let form = example_forms().join("callback.toml");
    let output = run(&["snippet", path(&form), "--proxy", &world.url("")], None);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let html = out(&output);
    let address = world.url("/forms/callback");
    assert!(html.contains(&format!("<deal-form src=\"{address}\">")), "{html}");
    assert!(html.contains(&format!("action=\"{address}\"")), "{html}");
    // Otherwise a page in windows-1252 would send text that the proxy cannot decode.
    assert!(html.contains("accept-charset=\"utf-8\""), "{html}");
    // A reference in a page that many visitors open would merge their deals into one.
    assert!(!html.contains("external_reference_id"), "{html}");
    for name in ["contact_name", "contact_phone", "note"] {
        assert!(html.contains(&format!("name=\"{name}\"")), "{name} in {html}");
    }
    let german = run(&["snippet", path(&example_forms().join("anfrage.toml"))], None);
    assert!(
        out(&german).contains(" lang=\"de\" dir=\"ltr\">")
            && out(&german).contains("Pflichtfelder")
    );
    let again = run(&["snippet", path(&form), "--prefix", "footer-"], None);
    assert!(html.contains("id=\"callback-note\""), "{html}");
    assert!(!out(&again).contains("\"callback-") && out(&again).contains("id=\"footer-note\""));
    let style = format!("<link rel=\"stylesheet\" href=\"{}\">", world.url("/deal-form.css"));
    assert!(html.contains(&style), "{html}");
    let script = html.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(script, world.url("/deal-form.js"));
}
