//! The doctor's reports about landing pages, with and without faults.

use std::fs;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{any, get};
use deal_proxy::{Config, Report, examine};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::support::{World, deal_proxy};

/// Starts a server on a free port and returns its origin.
async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    origin
}

/// Serves a landing page with an optional content security policy, and returns its URL.
async fn page(html: String, policy: Option<String>) -> String {
    let (origin, page) = landing().await;
    page.send((html, policy)).unwrap();
    origin + "/landing"
}

/// Returns a landing page with a form's snippet.
pub(crate) fn html(origin: &str, form: &str) -> String {
    format!(
        "<!doctype html><title>L</title><script type=module src=\"{origin}/deal-form.js\"></script>\
         <deal-form src=\"{origin}/forms/{form}\"><form method=post action=\"{origin}/forms/{form}\">\
         </form></deal-form>"
    )
}

/// Starts a proxy that has the widget's files and allows pages on the given origins.
pub(crate) async fn world(allowed: &[&str]) -> World {
    let origins: Vec<_> =
        allowed.iter().map(|origin| (*origin).to_owned().try_into().unwrap()).collect();
    let world = World::with_config(|config| config.allowed_origins = origins).await;
    let site = world.folder.path().join("site");
    fs::create_dir(&site).unwrap();
    for file in ["deal-form.js", "deal-form-widget.js", "deal-form-widget_bg.wasm"] {
        fs::write(site.join(file), "x").unwrap();
    }
    world
}

/// Starts the server of a landing page. The returned sender sets its content later, because the page
/// names the proxy and the proxy has to allow the page's origin.
async fn landing() -> (String, oneshot::Sender<(String, Option<String>)>) {
    let (send, receive) = oneshot::channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (html, policy): (String, Option<String>) = receive.await.unwrap();
        let handler = move || async move {
            let mut response = Html(html).into_response();
            if let Some(policy) = policy {
                response.headers_mut().insert("content-security-policy", policy.parse().unwrap());
            }
            response
        };
        axum::serve(listener, Router::new().route("/landing", get(handler))).await.unwrap();
    });
    (origin, send)
}

fn config(world: &World) -> Config {
    with_crm(&world.sandbox.api_url())
}

fn with_crm(url: &str) -> Config {
    Config { crm_url: url.parse().unwrap(), ..Config::default() }
}

#[track_caller]
fn assert_says(report: &Report, lines: &[&str]) {
    let text = report.to_string();
    for line in lines {
        assert!(text.contains(line), "no “{line}” in\n{text}");
    }
}

#[tokio::test]
async fn reports_no_fault_on_a_page_that_works() {
    let (origin, page) = landing().await;
    let world = world(&[&origin]).await;
    let leads = world.url("");
    let policy = format!(
        "default-src 'none'; script-src {leads} 'wasm-unsafe-eval'; connect-src {leads}; form-action {leads}"
    );
    page.send((html(&leads, "quote"), Some(policy))).unwrap();
    let report = examine(&format!("{origin}/landing"), Some(&config(&world))).await.unwrap();
    assert!(report.is_good(), "{report}");
    assert_says(
        &report,
        &[
            "ok      the page's Content-Security-Policy allows WebAssembly",
            "deal-form-widget_bg.wasm can be loaded",
            "is a form: “Request a quote”, 12 fields",
            "pages on this origin may send the form",
            "ok      a submission of 100.1 MB reaches the proxy",
            "ok      the CRM responds and refuses an invalid key",
        ],
    );
    // Only the CRM knows which custom fields it has.
    assert_says(&report, &["the CRM ignores `project_type`, `budget_range`, `utm_source`"]);
    assert_eq!(report.to_string().matches("advice").count(), 1, "{report}");
    assert_eq!(world.deals().await.len(), 0, "the doctor created a deal");
}

#[tokio::test]
async fn reports_each_source_that_the_content_security_policy_lacks() {
    let (origin, page) = landing().await;
    let world = world(&[&origin]).await;
    let leads = world.url("");
    let policy = "default-src 'self'; form-action 'self'".to_owned();
    page.send((html(&leads, "callback"), Some(policy))).unwrap();
    let report = examine(&format!("{origin}/landing"), None).await.unwrap();
    assert!(!report.is_good());
    for fix in [
        format!("Add {leads} to script-src."),
        "Add 'wasm-unsafe-eval' to script-src.".to_owned(),
        format!("Add {leads} to connect-src."),
        format!("Add {leads} to form-action."),
    ] {
        assert_says(&report, &[&fix]);
    }
    assert_says(&report, &["advice  the CRM's address was not checked"]);
}

#[tokio::test]
async fn reports_a_policy_that_blocks_the_thank_you_page_of_a_plain_form() {
    let forms = tempfile::tempdir().unwrap();
    let form = "title = 'Call'\n[[field]]\nparameter = 'note'\nlabel = 'Note'\n\
                [presets]\nname = 'Call'\n[success]\nredirect = 'https://shop.example/thanks'\n";
    fs::write(forms.path().join("own.toml"), form).unwrap();
    let (origin, page) = landing().await;
    let world = World::with_config(|config| {
        config.allowed_origins = vec![origin.clone().try_into().unwrap()];
        forms.path().clone_into(&mut config.forms);
    })
    .await;
    let leads = world.url("");
    page.send((html(&leads, "own"), Some(format!("form-action {leads}")))).unwrap();
    let report = examine(&format!("{origin}/landing"), None).await.unwrap();
    assert_says(&report, &["Add https://shop.example to form-action."]);
}

/// Starts a server that gives every request the same response. Returns its origin and the methods and paths
/// of its requests.
async fn serve_body(body: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let requests = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&requests);
    let handler = move |request: Request| {
        log.lock().unwrap().push(format!("{} {}", request.method(), request.uri()));
        async move { ([(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")], body) }
    };
    (serve(Router::new().fallback(any(handler))).await, requests)
}

#[tokio::test]
async fn sends_no_submission_to_an_address_that_is_not_a_form() {
    let world = world(&[]).await;
    let leads = world.url("");
    let (internal, requests) = serve_body("{\"printers\": 3}").await;
    for form in [
        format!("src=\"{leads}/forms/callback\" proxy-url=\"{internal}/print\""),
        format!("src=\"{internal}/print\""),
    ] {
        let html =
            format!("<script type=module src={leads}/deal-form.js></script><deal-form {form}>");
        let report = examine(&page(html, None).await, None).await.unwrap();
        assert!(!report.is_good(), "{report}");
    }
    let requests = requests.lock().unwrap().clone();
    assert!(requests.iter().all(|request| request == "GET /print"), "{requests:?}");
}

#[tokio::test]
async fn the_report_contains_no_control_characters_from_the_page() {
    let form = "{\"title\": \"Quote\\u001b]0;owned\\u0007\", \"fields\": [{\"parameter\": \
                \"contact_name\", \"kind\": \"text\", \"label\": \"Name\"}]}";
    let (origin, _) = serve_body(form).await;
    let report = examine(&page(html(&origin, "quote"), None).await, None).await.unwrap();
    assert_says(&report, &["Quote\u{fffd}]0;owned\u{fffd}"]);
    assert!(!report.to_string().contains('\u{1b}'), "{report:?}");
}

#[tokio::test]
async fn reports_a_snippet_in_a_paragraph_or_a_form_and_explains_the_fix() {
    let (origin, page) = landing().await;
    let world = world(&[&origin]).await;
    let snippet = html(&world.url(""), "callback");
    let (script, form) = snippet.split_at(snippet.find("<deal-form").unwrap());
    let html =
        format!("{script}<p>Write to us: {form}</p><form action=/search><div>{form}</div></form>");
    page.send((html, None)).unwrap();
    let report = examine(&format!("{origin}/landing"), None).await.unwrap();
    assert!(!report.is_good());
    assert_says(
        &report,
        &[
            "fault   a <deal-form> is inside a <p>, which ends where the plain form begins",
            "Replace the <p> around it with a <div>",
            "fault   a <deal-form> is inside a <form> of the page: browsers drop its plain form",
            "Move the snippet out of the page's <form>.",
        ],
    );
    // The other checks still run.
    assert_says(&report, &["is a form: “Call me back”"]);
}

#[tokio::test]
async fn reports_a_disallowed_origin_and_the_setting_to_add() {
    let world = world(&["https://www.example.com"]).await;
    let url = page(html(&world.url(""), "callback"), None).await;
    let report = examine(&url, None).await.unwrap();
    let origin = url.trim_end_matches("/landing");
    assert!(!report.is_good());
    assert_says(
        &report,
        &[
            &format!(
                "fault   pages on {origin} are not allowed to load {}/deal-form.js",
                world.url("")
            ),
            &format!("are not allowed to read {}/forms/callback", world.url("")),
            &format!("are not allowed to send the form to {}/forms/callback", world.url("")),
            &format!("the proxy accepts no submissions from {origin}"),
            &format!("Add \"{origin}\" to allowed_origins"),
        ],
    );
}

/// Starts a reverse proxy that answers some requests itself.
async fn serve_reverse_proxy(
    fault: fn(Method, &str) -> Option<Response>,
    behind: String,
) -> String {
    let client = crate::support::client();
    serve(Router::new().fallback(any(move |request: Request| async move {
        let path = request.uri().path().to_owned();
        if let Some(response) = fault(request.method().clone(), &path) {
            return response;
        }
        let (head, body) = request.into_parts();
        let body = reqwest::Body::from(axum::body::to_bytes(body, usize::MAX).await.unwrap());
        let request = client.request(head.method, format!("{behind}{path}")).headers(head.headers);
        let upstream = request.body(body).send().await.unwrap();
        let mut response = Response::new(Body::empty());
        *response.status_mut() = upstream.status();
        response.headers_mut().clone_from(upstream.headers());
        *response.body_mut() = Body::from(upstream.bytes().await.unwrap());
        response
    })))
    .await
}

/// Returns the report on a page whose proxy is behind a faulty reverse proxy.
async fn examine_behind(fault: fn(Method, &str) -> Option<Response>) -> Report {
    let (origin, page) = landing().await;
    let world = world(&[&origin]).await;
    let front = serve_reverse_proxy(fault, world.url("")).await;
    page.send((html(&front, "quote"), None)).unwrap();
    let report = examine(&format!("{origin}/landing"), None).await.unwrap();
    assert!(!report.is_good() || report.to_string().contains("advice"), "{report}");
    report
}

#[tokio::test]
async fn reports_a_reverse_proxy_that_refuses_large_bodies() {
    let report = examine_behind(|method, _| {
        (method == Method::POST)
            .then(|| (StatusCode::PAYLOAD_TOO_LARGE, Html("<h1>413</h1>")).into_response())
    })
    .await;
    let lines =
        ["a web server in front refuses a submission of 100.1 MB", "client_max_body_size 102m;"];
    assert_says(&report, &lines);
}

#[tokio::test]
async fn reports_a_reverse_proxy_that_buffers_requests() {
    let report = examine_behind(|_, _| None).await;
    assert_says(&report, &["only after it has received all of it", "proxy_request_buffering off;"]);
}

#[tokio::test]
async fn reports_a_reverse_proxy_that_sends_wasm_with_the_wrong_content_type() {
    let report = examine_behind(|_, path| {
        path.contains("_bg").then(|| {
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            ];
            (headers, "x").into_response()
        })
    })
    .await;
    assert_says(
        &report,
        &["the content type “application/octet-stream”", "Content-Type: application/wasm."],
    );
}

#[tokio::test]
async fn reports_a_page_without_a_working_form() {
    let world = world(&[]).await;
    for (html, words) in [
        ("<p>Nothing here", "has no <deal-form>"),
        ("<deal-form src='/forms/x'></deal-form>", "no script that defines <deal-form>"),
        (
            "<script src='/deal-form.js'></script><deal-form src='/forms/x'></deal-form>",
            "not loaded as a module",
        ),
        (
            "<script type=module src='/deal-form.js'></script><deal-form src='/forms/x'></deal-form>",
            "/forms/x responds with 404 Not Found, but not with a form",
        ),
        ("<deal-form definition='{}'></deal-form>", "a <deal-form> has no src"),
    ] {
        let url = page(html.to_owned(), None).await;
        let report = examine(&url, None).await.unwrap();
        assert!(!report.is_good(), "{html}");
        assert_says(&report, &[words]);
    }
    let report = examine(&world.url("/deal-form.js"), None).await.unwrap();
    assert_says(&report, &["“text/javascript”, but not with a page"]);
    assert!(examine("www.example.com", None).await.is_err());
}

#[tokio::test]
async fn reports_a_crm_address_that_is_not_a_crm() {
    let redirect = || async { (StatusCode::FOUND, [(header::LOCATION, "https://other.example/")]) };
    let router = Router::new()
        .route("/moved", any(redirect))
        .route("/page", any(|| async { Html("<h1>Welcome") }))
        .route("/yes", any(|| async { "{\"message\":\"success\",\"deal_id\":\"1\"}" }));
    let crm = serve(router).await;
    let url = page("<p>".to_owned(), None).await;
    for (path, words) in [
        ("moved", "Set crm_url = \"https://other.example/\""),
        ("page", "not with a reply from crm_add_deal"),
        ("yes", "accepts an invalid key"),
    ] {
        let config = with_crm(&format!("{crm}/{path}"));
        assert_says(&examine(&url, Some(&config)).await.unwrap(), &[words]);
    }
}

#[tokio::test]
async fn prints_the_report_and_exits_with_code_1_on_a_fault() {
    let url = page("<p>".to_owned(), None).await;
    let run = async |args: &[&str]| {
        let mut command = tokio::process::Command::from(deal_proxy());
        command.arg("doctor").args(args).output().await.unwrap()
    };
    let output = run(&[&url]).await;
    assert_eq!(output.status.code(), Some(1));
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.starts_with("ok      the page can be opened: http://127.0.0.1:"), "{report}");
    assert!(report.contains("fault   the page's HTML has no <deal-form>"), "{report}");
    let output = run(&["no address"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("must begin with https://"));
}
