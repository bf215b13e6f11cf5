//! Files of the repository that the guide repeats, so that its pages are complete.

use guide::{assert_generated, repository_file};

fn fenced(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```", text.trim_end())
}

/// A test of the proxy compares the file with the proxy's keys and defaults.
#[test]
fn shows_the_settings_of_the_example() {
    let settings = repository_file("deal-proxy.example.toml");
    assert_generated("settings.md", "settings", &fenced("toml,settings", &settings));
}

#[test]
fn shows_the_nginx_configuration_of_the_deploy_folder() {
    let nginx = repository_file("deploy/nginx.conf");
    assert_generated("run.md", "nginx", &fenced("nginx", &nginx));
}

/// The example compiles with the workspace. The guide leaves out its documentation line.
#[test]
fn shows_the_leptos_example_in_the_quick_start() {
    let source = repository_file("examples/leptos/examples/quick_start.rs");
    let (_, code) = source.split_once("\n\n").unwrap();
    assert_generated("start-leptos.md", "quick start", &fenced("rust,ignore", code));
}

/// Both run in the tests of the repository.
#[test]
fn shows_the_tests_of_the_leptos_example() {
    for (name, path) in
        [("native test", "tests/rules.rs"), ("browser test", "examples/leptos/tests/page.rs")]
    {
        let source = repository_file(path);
        // Without the documentation line and the attributes that only this repository needs.
        let (_, code) = source.split_once("\n\n").unwrap();
        assert_generated("leptos.md", name, &fenced("rust,ignore", code));
    }
}

/// The responses to a submission are part of the documentation of the proxy's crate.
#[test]
fn repeats_the_responses_in_the_proxys_documentation() {
    let text = repository_file("proxy/src/submissions.md");
    let (sent, became) = text.split_once("\n`GET /forms/").unwrap();
    let (_, sent) = sent.split_once("\n`POST /forms/").unwrap();
    assert_generated("http.md", "sent", &format!("`POST /forms/{sent}"));
    assert_generated("http.md", "became", &format!("`GET /forms/{became}"));
}
