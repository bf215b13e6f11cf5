//! The places that the CRM's API key can come from.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::{KEY, Process, World, callback, deal_proxy, example_forms};

/// Starts a proxy with these variables instead of `CRM_API_KEY`.
fn start(world: &World, folder: &Path, variables: &[(&str, &Path)]) -> Process {
    Process::configured(folder, &world.sandbox.api_url(), |command| {
        command.arg("--forms").arg(example_forms()).env_remove("CRM_API_KEY");
        command.envs(variables.iter().copied()).env("RUST_LOG", "trace");
    })
}

/// Returns the output of a proxy that does not start.
fn failure(folder: &Path, variables: &[(&str, &str)]) -> String {
    let mut command = deal_proxy();
    command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(folder);
    command.env_remove("CRM_API_KEY").envs(variables.iter().copied());
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert_eq!(status.code(), Some(1));
    assert_eq!(stdout, b"");
    String::from_utf8(stderr).unwrap()
}

#[tokio::test]
async fn delivers_with_a_key_from_a_file_and_from_a_systemd_credential() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("CRM_API_KEY");
    // Editors end a file with a line break.
    fs::write(&file, format!("{KEY}\n")).unwrap();
    let places = [("CRM_API_KEY_FILE", &*file), ("CREDENTIALS_DIRECTORY", folder.path())];
    for (number, place) in places.into_iter().enumerate() {
        let process = start(&world, folder.path(), &[place]);
        assert_eq!(process.submit("callback", callback()).await.0, 200, "{place:?}");
        assert_eq!(world.deals().await.len(), number + 1);
        process.terminate();
        let log = process.wait().1;
        assert!(log.contains("delivered") && !log.contains(KEY), "the key is in the log");
    }
}

#[test]
fn reports_a_key_file_that_it_cannot_use_without_printing_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).unwrap();
    };
    write("empty", "\n");
    write("words", "two words");
    write("good", KEY);
    fs::create_dir(folder.path().join("credentials")).unwrap();
    write("credentials/CRM_API_KEY", "");
    for (variables, message) in [
        (&[("CRM_API_KEY_FILE", "none")][..], "the file none (CRM_API_KEY_FILE): No such file"),
        (&[("CRM_API_KEY_FILE", "empty")], "the file empty (CRM_API_KEY_FILE) is empty"),
        (
            &[("CRM_API_KEY_FILE", "words")],
            "the file words (CRM_API_KEY_FILE) contains white space",
        ),
        (
            &[("CRM_API_KEY_FILE", "good"), ("CRM_API_KEY", KEY)],
            "the CRM's key is set twice, by CRM_API_KEY and by the file good (CRM_API_KEY_FILE)",
        ),
        (&[("CREDENTIALS_DIRECTORY", ".")], "the CRM's key is missing"),
        // systemd's folder is read-only, so the message names the file that the operator has to change.
        (
            &[("CREDENTIALS_DIRECTORY", "credentials")],
            "the systemd credential CRM_API_KEY is empty: write the API key from the CRM's company \
             settings into the file that the unit names after `LoadCredential=CRM_API_KEY:`, and \
             restart the proxy",
        ),
    ] {
        let output = failure(folder.path(), variables);
        assert!(output.contains(message), "{variables:?}: {output}");
        assert!(!output.contains(KEY) && !output.contains("two words"), "{output}");
    }
}
