//! Compares files in the repository with their copies in the guide. The guide contains copies so
//! that its pages are complete.

use guide::{assert_generated, repository_file};

fn fenced(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```", text.trim_end())
}

/// A test in the proxy compares the file with the proxy's keys and defaults.
#[test]
fn shows_the_example_settings_file() {
    let settings = repository_file("deal-proxy.example.toml");
    assert_generated("settings.md", "settings", &fenced("toml,settings", &settings));
}

#[test]
fn shows_the_nginx_configuration_of_the_deploy_folder() {
    let nginx = repository_file("deploy/nginx.conf");
    assert_generated("run.md", "nginx", &fenced("nginx", &nginx));
}

/// The example compiles with the workspace. The guide leaves out the example's documentation line.
#[test]
fn shows_the_leptos_example_in_the_quick_start() {
    let source = repository_file("examples/leptos/examples/quick_start.rs");
    let (_, code) = source.split_once("\n\n").unwrap();
    assert_generated("start-leptos.md", "quick start", &fenced("rust,ignore", code));
}

/// Journeys run this server.
#[test]
fn shows_the_server_of_the_leptos_example() {
    let source = repository_file("examples/leptos-server/src/main.rs");
    let (_, code) = source.split_once("\n\n").unwrap();
    assert_generated("leptos.md", "server", &fenced("rust,ignore", code));
}

/// Both examples run in the repository's tests.
#[test]
fn shows_the_tests_of_the_leptos_example() {
    for (name, path) in
        [("native test", "tests/rules.rs"), ("browser test", "examples/leptos/tests/page.rs")]
    {
        let source = repository_file(path);
        // Leave out the documentation line, and the attributes that only this repository needs.
        let (_, code) = source.split_once("\n\n").unwrap();
        assert_generated("leptos.md", name, &fenced("rust,ignore", code));
    }
}

/// The documentation of the proxy's crate also contains the responses to a submission.
#[test]
fn repeats_the_responses_in_the_proxys_documentation() {
    let text = repository_file("proxy/src/submissions.md");
    let (sent, became) = text.split_once("\n`GET /forms/").unwrap();
    let (_, sent) = sent.split_once("\n`POST /forms/").unwrap();
    assert_generated("http.md", "sent", &format!("`POST /forms/{sent}"));
    assert_generated("http.md", "became", &format!("`GET /forms/{became}"));
}
