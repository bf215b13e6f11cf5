//! Origins: which pages may send submissions and read responses.

use reqwest::{Method, Response};

use crate::support::{Multipart, World, assert_refused, callback, read_json};

const ALLOWED: &str = "https://www.example.com";

async fn world() -> World {
    World::with_config(|config| {
        config.allowed_origins = vec![ALLOWED.to_owned().try_into().unwrap()];
    })
    .await
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

async fn preflight(world: &World, origin: &str) -> Response {
    world
        .client
        .request(Method::OPTIONS, world.url("/forms/callback"))
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .send()
        .await
        .unwrap()
}

/// Origins that resemble the allowed one.
const NOT_ALLOWED: [&str; 9] = [
    "https://evil.example",
    "http://www.example.com",
    "https://www.example.com:444",
    "https://www.example.com.evil.example",
    "https://wwwXexample.com",
    "https://example.com",
    "https://WWW.example.com",
    "null",
    "",
];

#[tokio::test]
async fn lets_pages_on_an_allowed_origin_send_forms_and_read_responses() {
    let world = world().await;
    let asked = preflight(&world, ALLOWED).await;
    assert_eq!(asked.status(), 204);
    assert_eq!(header(&asked, "access-control-allow-origin"), Some(ALLOWED));
    assert!(header(&asked, "access-control-allow-methods").unwrap().contains("POST"));
    assert!(header(&asked, "access-control-allow-headers").unwrap().contains("content-type"));

    let read = world.get("/forms/callback").header("origin", ALLOWED).send().await.unwrap();
    assert_eq!(header(&read, "access-control-allow-origin"), Some(ALLOWED));
    assert_eq!(
        header(&read, "access-control-expose-headers"),
        Some("etag, retry-after, x-request-id")
    );

    let sent = world.post("callback", callback()).header("origin", ALLOWED).send().await.unwrap();
    assert_eq!(header(&sent, "access-control-allow-origin"), Some(ALLOWED));
    assert_eq!(read_json(sent).await.0, 200);

    // The page must also be able to read a refusal in order to show it.
    let refused = world.post("callback", Multipart::new()).header("origin", ALLOWED).send().await;
    let refused = refused.unwrap();
    assert_eq!(header(&refused, "access-control-allow-origin"), Some(ALLOWED));
    assert_eq!(refused.status(), 422);
}

#[tokio::test]
async fn refuses_pages_on_other_origins() {
    let world = world().await;
    for origin in NOT_ALLOWED {
        let asked = preflight(&world, origin).await;
        assert_eq!(asked.status(), 403, "{origin:?}");
        assert_eq!(header(&asked, "access-control-allow-origin"), None, "{origin:?}");

        let read = world.get("/forms/callback").header("origin", origin).send().await.unwrap();
        assert_eq!(header(&read, "access-control-allow-origin"), None, "{origin:?}");

        let sent =
            world.post("callback", callback()).header("origin", origin).send().await.unwrap();
        assert_eq!(header(&sent, "access-control-allow-origin"), None, "{origin:?}");
        assert_refused(&read_json(sent).await, 403, "origin_not_allowed");
    }
    assert_eq!(world.calls().await.len(), 0, "a deal of another origin reached the CRM");
}

#[tokio::test]
async fn accepts_submissions_from_its_own_pages_without_a_setting() {
    let world = world().await;
    let own = format!("http://{}", world.proxy.addr);
    let sent = world.post("callback", callback()).header("origin", &own).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    // Behind a reverse proxy that terminates TLS.
    let tls = format!("https://{}", world.proxy.addr);
    let sent = world.post("callback", callback()).header("origin", tls).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    // Behind a reverse proxy that changes `Host`, a header from the browser or from the reverse proxy shows that the
    // page is the proxy's own.
    for (name, value) in
        [("sec-fetch-site", "same-origin"), ("x-forwarded-host", "leads.example.com")]
    {
        let sent = world
            .post("callback", callback())
            .header("origin", "https://leads.example.com")
            .header(name, value);
        assert_eq!(sent.send().await.unwrap().status(), 200, "{name}");
    }
}

/// Sends a submission with the given host and origin, and returns the status.
async fn send_from(world: &World, host: &str, origin: &str) -> u16 {
    let sent = world.post("callback", callback()).header("host", host).header("origin", origin);
    sent.send().await.unwrap().status().as_u16()
}

/// In DNS rebinding, the attacker's host name resolves to the proxy, so the page and the request have
/// the same host. The attacker has no certificate for HTTPS.
#[tokio::test]
async fn refuses_another_sites_host_name_that_resolves_to_the_proxy() {
    let world = world().await;
    let port = world.proxy.addr.port();
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "1.2.3"] {
        for host in [host.to_owned(), format!("{host}:{port}")] {
            assert_eq!(send_from(&world, &host, &format!("http://{host}")).await, 403, "{host}");
        }
    }
    for host in ["localhost", "app.localhost", "192.0.2.7", "[::1]"] {
        let host = format!("{host}:{port}");
        assert_eq!(send_from(&world, &host, &format!("http://{host}")).await, 200, "{host}");
    }
    let leads = "leads.example.com";
    assert_eq!(send_from(&world, leads, "https://leads.example.com").await, 200);
    // A trusted reverse proxy is responsible for the host names that it forwards.
    let fronted = world.post("callback", callback()).header("x-forwarded-for", "192.0.2.1");
    let fronted = fronted.header("host", leads).header("origin", "http://leads.example.com");
    assert_eq!(fronted.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn accepts_only_the_listed_own_hosts() {
    let world = World::with_config(|config| {
        config.own_hosts = vec!["leads.intranet:8070".to_owned().try_into().unwrap()];
    })
    .await;
    assert_eq!(send_from(&world, "leads.intranet:8070", "http://leads.intranet:8070").await, 200);
    for host in ["leads.intranet", "evil.example"] {
        for scheme in ["http", "https"] {
            assert_eq!(send_from(&world, host, &format!("{scheme}://{host}")).await, 403);
        }
    }
}

#[tokio::test]
async fn refuses_a_request_that_the_browser_marks_as_cross_site_or_same_site() {
    let world = world().await;
    let own = format!("http://{}", world.proxy.addr);
    for site in ["cross-site", "same-site", "SAME-ORIGIN"] {
        let sent = world.post("callback", callback()).header("origin", &own);
        let sent = sent.header("sec-fetch-site", site).send().await.unwrap();
        assert_eq!(sent.status(), 403, "{site}");
    }
}

#[tokio::test]
async fn uses_sec_fetch_site_if_the_origin_header_is_missing() {
    let world = world().await;
    for (site, expected) in
        [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
    {
        let sent = world.post("callback", callback()).header("sec-fetch-site", site);
        assert_eq!(sent.send().await.unwrap().status(), expected, "{site}");
    }
    // Any page may read the form, because pages on other sites load the widget.
    let read = world.get("/forms/callback").header("sec-fetch-site", "cross-site");
    assert_eq!(read.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn refuses_a_request_with_two_origins() {
    let world = world().await;
    let sent =
        world.post("callback", callback()).header("origin", ALLOWED).header("origin", ALLOWED);
    assert_eq!(sent.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn varies_responses_by_origin_and_never_allows_all_origins_or_cookies() {
    let world = world().await;
    for path in ["/forms/callback", "/healthz", "/deal-form.js", "/forms/nothing"] {
        for origin in [ALLOWED, "https://evil.example"] {
            let response = world.get(path).header("origin", origin).send().await.unwrap();
            let vary: Vec<_> = response.headers().get_all("vary").iter().collect();
            assert!(vary.iter().any(|value| *value == "Origin"), "{path}: {vary:?}");
            assert_ne!(header(&response, "access-control-allow-origin"), Some("*"), "{path}");
            assert_eq!(header(&response, "access-control-allow-credentials"), None, "{path}");
        }
    }
}
