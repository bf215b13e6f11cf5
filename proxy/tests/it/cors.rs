//! Which pages may send and read.

use reqwest::{Method, Response};

use crate::support::{Multipart, World, answer, callback};

const FRIEND: &str = "https://www.example.com";

async fn world() -> World {
    World::with(|config| {
        config.allowed_origins = vec![FRIEND.to_owned().try_into().unwrap()];
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

/// Origins that are nearly the allowed one.
const STRANGERS: [&str; 9] = [
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
async fn an_allowed_page_may_ask_send_and_read() {
    let world = world().await;
    let asked = preflight(&world, FRIEND).await;
    assert_eq!(asked.status(), 204);
    assert_eq!(header(&asked, "access-control-allow-origin"), Some(FRIEND));
    assert!(header(&asked, "access-control-allow-methods").unwrap().contains("POST"));
    assert!(header(&asked, "access-control-allow-headers").unwrap().contains("content-type"));

    let read = world.get("/forms/callback").header("origin", FRIEND).send().await.unwrap();
    assert_eq!(header(&read, "access-control-allow-origin"), Some(FRIEND));
    assert_eq!(
        header(&read, "access-control-expose-headers"),
        Some("etag, retry-after, x-request-id")
    );

    let sent = world.post("callback", callback()).header("origin", FRIEND).send().await.unwrap();
    assert_eq!(header(&sent, "access-control-allow-origin"), Some(FRIEND));
    assert_eq!(answer(sent).await.0, 200);

    // A refusal can be read too, or the page could not say what is wrong.
    let refused = world.post("callback", Multipart::new()).header("origin", FRIEND).send().await;
    let refused = refused.unwrap();
    assert_eq!(header(&refused, "access-control-allow-origin"), Some(FRIEND));
    assert_eq!(refused.status(), 422);
}

#[tokio::test]
async fn any_other_page_may_not() {
    let world = world().await;
    for origin in STRANGERS {
        let asked = preflight(&world, origin).await;
        assert_eq!(asked.status(), 403, "{origin:?}");
        assert_eq!(header(&asked, "access-control-allow-origin"), None, "{origin:?}");

        let read = world.get("/forms/callback").header("origin", origin).send().await.unwrap();
        assert_eq!(header(&read, "access-control-allow-origin"), None, "{origin:?}");

        let sent =
            world.post("callback", callback()).header("origin", origin).send().await.unwrap();
        assert_eq!(header(&sent, "access-control-allow-origin"), None, "{origin:?}");
        let (status, json) = answer(sent).await;
        assert_eq!(
            (status, json["code"].as_str()),
            (403, Some("origin_not_allowed")),
            "{origin:?}"
        );
    }
    assert_eq!(world.calls().await.len(), 0, "a stranger's deal reached the CRM");
}

#[tokio::test]
async fn the_proxy_s_own_pages_need_no_entry() {
    let world = world().await;
    let own = format!("http://{}", world.proxy.addr);
    let sent = world.post("callback", callback()).header("origin", &own).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    // Behind a reverse proxy that ends TLS.
    let tls = format!("https://{}", world.proxy.addr);
    let sent = world.post("callback", callback()).header("origin", tls).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    // Behind one that puts its own in Host: the browser knows, or the reverse proxy says.
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

async fn from_own_page(world: &World, host: &str, origin: &str) -> u16 {
    let sent = world.post("callback", callback()).header("host", host).header("origin", origin);
    sent.send().await.unwrap().status().as_u16()
}

/// DNS rebinding: a foreign site's name leads to the proxy, so that its page and the request name the
/// same host. It has no certificate for https.
#[tokio::test]
async fn refuses_a_foreign_host_name_that_resolves_to_the_proxy() {
    let world = world().await;
    let port = world.proxy.addr.port();
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "1.2.3"] {
        for host in [host.to_owned(), format!("{host}:{port}")] {
            assert_eq!(
                from_own_page(&world, &host, &format!("http://{host}")).await,
                403,
                "{host}"
            );
        }
    }
    for host in ["localhost", "app.localhost", "192.0.2.7", "[::1]"] {
        let host = format!("{host}:{port}");
        assert_eq!(from_own_page(&world, &host, &format!("http://{host}")).await, 200, "{host}");
    }
    let leads = "leads.example.com";
    assert_eq!(from_own_page(&world, leads, "https://leads.example.com").await, 200);
    // A proxy in front answers for the names that it passes on.
    let fronted = world.post("callback", callback()).header("x-forwarded-for", "192.0.2.1");
    let fronted = fronted.header("host", leads).header("origin", "http://leads.example.com");
    assert_eq!(fronted.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn listed_own_hosts_exclude_all_other_hosts() {
    let world = World::with(|config| {
        config.own_hosts = vec!["leads.intranet:8070".to_owned().try_into().unwrap()];
    })
    .await;
    assert_eq!(
        from_own_page(&world, "leads.intranet:8070", "http://leads.intranet:8070").await,
        200
    );
    for host in ["leads.intranet", "evil.example"] {
        for scheme in ["http", "https"] {
            assert_eq!(from_own_page(&world, host, &format!("{scheme}://{host}")).await, 403);
        }
    }
}

#[tokio::test]
async fn the_browser_s_word_on_another_site_counts() {
    let world = world().await;
    let own = format!("http://{}", world.proxy.addr);
    for site in ["cross-site", "same-site", "SAME-ORIGIN"] {
        let sent = world.post("callback", callback()).header("origin", &own);
        let sent = sent.header("sec-fetch-site", site).send().await.unwrap();
        assert_eq!(sent.status(), 403, "{site}");
    }
}

#[tokio::test]
async fn a_page_that_names_no_origin_is_known_by_its_browser_s_word() {
    let world = world().await;
    for (site, expected) in
        [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
    {
        let sent = world.post("callback", callback()).header("sec-fetch-site", site);
        assert_eq!(sent.send().await.unwrap().status(), expected, "{site}");
    }
    // Reading is for everybody: it is how other pages load the widget.
    let read = world.get("/forms/callback").header("sec-fetch-site", "cross-site");
    assert_eq!(read.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn two_origins_are_nobody() {
    let world = world().await;
    let sent = world.post("callback", callback()).header("origin", FRIEND).header("origin", FRIEND);
    assert_eq!(sent.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn answers_depend_on_the_origin_and_never_allow_everyone_or_cookies() {
    let world = world().await;
    for path in ["/forms/callback", "/healthz", "/deal-form.js", "/forms/nothing"] {
        for origin in [FRIEND, "https://evil.example"] {
            let response = world.get(path).header("origin", origin).send().await.unwrap();
            let vary: Vec<_> = response.headers().get_all("vary").iter().collect();
            assert!(vary.iter().any(|value| *value == "Origin"), "{path}: {vary:?}");
            assert_ne!(header(&response, "access-control-allow-origin"), Some("*"), "{path}");
            assert_eq!(header(&response, "access-control-allow-credentials"), None, "{path}");
        }
    }
}
