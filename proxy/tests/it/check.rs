//! `deal-proxy check --config`: settings and forms together.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::support::deal_proxy;

const FORM: &str = "title = 'T'\n[[field]]\nparameter = 'contact_name'\nlabel = 'Name'\n";

/// Creates a folder with settings, one form and a site folder.
fn folder(settings: &str, form: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["forms", "dist"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("forms/own.toml"), form).unwrap();
    fs::write(folder.path().join("deal-proxy.toml"), settings).unwrap();
    folder
}

/// Runs the command in the folder. Returns its exit code and its output.
fn check(folder: &Path, more: &[&str], secret: Option<&str>) -> (Option<i32>, String) {
    let mut command = deal_proxy();
    command.args(["check", "--config", "deal-proxy.toml"]).args(more).current_dir(folder);
    command.env_remove("CRM_API_KEY").env_remove("CAPTCHA_SECRET");
    command.envs(secret.map(|secret| ("CAPTCHA_SECRET", secret)));
    let output = command.output().unwrap();
    assert_eq!(output.stderr, b"");
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn accepts_settings_and_forms_without_the_key() {
    let folder = folder("allowed_origins = ['https://www.example.com']", FORM);
    let expected = "forms/own.toml: ok: /forms/own, 1 fields, 0 presets\n\
                    deal-proxy.toml: ok: 1 forms\n";
    assert_eq!(check(folder.path(), &[], None), (Some(0), expected.to_owned()));
}

#[test]
fn warns_about_settings_that_are_probably_wrong() {
    let folder = folder("site = 'nowhere'\ncrm_url = 'http://crm.example/'", FORM);
    let (code, output) = check(folder.path(), &[], None);
    assert_eq!(code, Some(0));
    for line in [
        "deal-proxy.toml: warning: the site folder nowhere does not exist",
        "deal-proxy.toml: warning: the CRM's address is not https",
        "deal-proxy.toml: note: allowed_origins is empty",
    ] {
        assert!(output.contains(line), "{output}");
    }
}

#[test]
fn reports_mistakes_in_the_settings_and_in_every_form() {
    let bad = folder("froms = 'x'", FORM);
    let (code, output) = check(bad.path(), &[], None);
    assert_eq!(code, Some(1));
    assert!(output.starts_with("deal-proxy.toml: TOML parse error at line 1"), "{output}");

    let bad = folder("", "titel = 'T'");
    fs::write(bad.path().join("forms/second.toml"), "title = 'T'\n[[field]]").unwrap();
    let (code, output) = check(bad.path(), &[], None);
    assert_eq!(code, Some(1));
    assert!(output.contains("own.toml:1:1: ") && output.contains("second.toml:2:"), "{output}");
    assert!(!output.contains("deal-proxy.toml: ok"), "{output}");

    let bad = folder("forms = 'nowhere'", FORM);
    let (code, output) = check(bad.path(), &[], None);
    assert_eq!(code, Some(1));
    assert!(output.contains("deal-proxy.toml: cannot read the forms folder nowhere"), "{output}");
}

#[test]
fn reports_settings_that_do_not_fit_the_forms() {
    let form = format!("{FORM}[proof]\ncaptcha = true\n");
    let without = folder("", &form);
    let (code, output) = check(without.path(), &[], None);
    assert_eq!(code, Some(1));
    assert!(output.contains("the form `own` requires a captcha"), "{output}");

    let settings = "[captcha]\nverify_url = 'https://captcha.example/'\nsite_key = 'k'\n\
                    script = 'https://captcha.example/api.js'";
    let with = folder(settings, &form);
    assert_eq!(check(with.path(), &[], None).0, Some(0));
    // Only the environment of the proxy's service contains the secrets, so the command reads them only with `--env`.
    let (code, output) = check(with.path(), &["--env"], None);
    assert_eq!(code, Some(1));
    assert!(output.contains("the captcha's secret is missing"), "{output}");
    assert_eq!(check(with.path(), &["--env"], Some("s")).0, Some(0));
}

#[test]
fn names_each_missing_part_of_a_shared_store() {
    let folder = folder("[store]\nkind = 'shared'", FORM);
    let run = |args: &[&str], env: &[(&str, &str)]| {
        let mut command = deal_proxy();
        command.args(["check", "--config", "deal-proxy.toml"]).args(args);
        command.current_dir(folder.path()).env_clear().envs(env.iter().copied());
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, output) = run(&[], &[]);
    assert_eq!(code, Some(1));
    assert!(output.contains("store.bucket is empty: write the name of the bucket"), "{output}");

    fs::write(folder.path().join("deal-proxy.toml"), "[store]\nkind = 'shared'\nbucket = 'leads'")
        .unwrap();
    // Only the environment of the proxy's service contains the addresses and the secrets.
    assert_eq!(run(&[], &[]).0, Some(0));
    let parts = [
        ("DEAL_PROXY_DATABASE_URL", "postgres://me:4711@db.example/leads"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "key"),
        ("DEAL_PROXY_SECRET", "0123456789abcdef0123456789abcdef"),
    ];
    for (count, (missing, _)) in parts.iter().enumerate() {
        let (code, output) = run(&["--env"], &parts[..count]);
        assert_eq!(code, Some(1), "{output}");
        assert!(
            output.contains("store.kind is \"shared\"") && output.contains(missing),
            "{output}"
        );
        assert!(!output.contains("4711"), "{output}");
    }
    let (code, output) = run(&["--env"], &parts);
    assert_eq!(code, Some(0), "{output}");
}
