//! Files of the repository that stand in the guide whole, so that it can be read anywhere.

use guide::{assert_generated, repository_file};

fn fenced(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```", text.trim_end())
}

/// The proxy compares the file with its own keys and defaults.
#[test]
fn the_settings_are_those_of_the_example() {
    let settings = repository_file("deal-proxy.example.toml");
    assert_generated("settings.md", "settings", &fenced("toml,settings", &settings));
}

#[test]
fn the_web_server_is_that_of_deploy() {
    let nginx = repository_file("deploy/nginx.conf");
    assert_generated("run.md", "nginx", &fenced("nginx", &nginx));
}

/// What becomes of a submission stands in the documentation of the proxy's crate.
#[test]
fn the_answers_are_those_of_the_proxys_documentation() {
    let text = repository_file("proxy/src/submissions.md");
    let (sent, became) = text.split_once("\n`GET /forms/").unwrap();
    let (_, sent) = sent.split_once("\n`POST /forms/").unwrap();
    assert_generated("http.md", "sent", &format!("`POST /forms/{sent}"));
    assert_generated("http.md", "became", &format!("`GET /forms/{became}"));
}
