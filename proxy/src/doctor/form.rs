//! Checks the addresses of each form: whether its definition can be read, and whether submissions reach the proxy.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use deal_contract::attachments::{TOTAL_LIMIT, size_text};
use deal_contract::definition::PublicDefinition;
use futures_core::Stream;
use reqwest::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_LENGTH, CONTENT_TYPE,
};
use reqwest::{Body, Method, Url};
use tokio::time::timeout;

use super::browser::{Browser, describe, read_response};
use super::page::{EmbeddedForm, Page, Place};
use super::report::Report;

/// The timeout for a response to the beginning of a large body. A server that takes longer is waiting for the whole
/// body.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) async fn check(report: &mut Report, browser: &Browser, page: &Page) {
    for form in &page.forms {
        check_place(report, form);
        if let Some(src) = &form.src {
            let target = form.proxy_url.as_ref().unwrap_or(src);
            check_policies(report, page, form, [src, target]);
            // Send submissions only to forms: the page may name an internal address that this machine can reach and
            // the page's author cannot.
            let Some(public) = check_definition(report, browser, src).await else { continue };
            check_redirect(report, page, form, &public);
            if target != src && !is_form(browser, target).await {
                report.fault(
                    format!("{target} is not a form, so nothing was sent to it"),
                    "Set proxy-url to the form's address at the proxy, such as https://…/forms/quote.",
                );
                continue;
            }
            check_preflight(report, browser, target).await;
            check_body_limit(report, browser, target, largest_submission(&public)).await;
        } else {
            report.advise(
                "a <deal-form> has no src: its definition is in the page",
                "The doctor can check the proxy only if `src` is the form's address.",
            );
        }
    }
}

/// Checks that the HTML around the form does not break it.
fn check_place(report: &mut Report, form: &EmbeddedForm) {
    match form.place {
        Place::Valid => {}
        Place::Paragraph => report.fault(
            "a <deal-form> is inside a <p>, which ends where the plain form begins: browsers show \
             the plain form after the <deal-form>, and visitors see two forms",
            "Replace the <p> around it with a <div>, or paste the snippet between two paragraphs. Many\n\
             editors have a special block for HTML.",
        ),
        Place::Form => report.fault(
            "a <deal-form> is inside a <form> of the page: browsers drop its plain form, and \
             without scripts the answers are sent to the address of the page's form",
            "Move the snippet out of the page's <form>. If the whole page is one form, as with ASP.NET\n\
             WebForms and SharePoint, replace the plain form with a link to the form's own page:\n\
             <deal-form src=\"…/forms/quote\"><a href=\"…/forms/quote\">…</a></deal-form>",
        ),
    }
}

/// Checks that the page's policy and browsers allow requests to the addresses.
fn check_policies(report: &mut Report, page: &Page, form: &EmbeddedForm, addresses: [&Url; 2]) {
    for url in addresses {
        let origin = url.origin().ascii_serialization();
        if page.url.scheme() == "https" && url.scheme() == "http" {
            report.fault(
                format!("the page is https and {url} is not: browsers block it"),
                "Put a web server with TLS in front of the proxy, and write https:// in the page.",
            );
        }
        if !page.policies.allow_connect(&page.url, url) {
            report.fault(
                format!("the page's Content-Security-Policy does not allow requests to {url}"),
                format!("Add {origin} to connect-src."),
            );
        }
        if form.has_plain_form && !page.policies.allow_post(&page.url, url) {
            report.fault(
                format!(
                    "the page's Content-Security-Policy does not allow the plain form to post to {url}"
                ),
                format!("Add {origin} to form-action."),
            );
        }
        if addresses.first() == addresses.last() {
            break;
        }
    }
    if !form.has_plain_form {
        report.advise(
            "the <deal-form> contains no plain form",
            "Visitors without scripts see nothing. `deal-proxy snippet FORM.toml` prints a plain form.",
        );
    }
}

async fn is_form(browser: &Browser, url: &Url) -> bool {
    let response = browser.get(url, "application/json").await;
    response
        .is_ok_and(|response| serde_json::from_slice::<PublicDefinition>(&response.body).is_ok())
}

/// Checks that the plain form may lead to its thank-you page: Chromium and WebKit apply `form-action` to
/// redirects, too.
fn check_redirect(
    report: &mut Report,
    page: &Page,
    form: &EmbeddedForm,
    public: &PublicDefinition,
) {
    let redirect = public.success.redirect.as_ref();
    let Some(url) = redirect.and_then(|redirect| page.url.join(redirect.as_str()).ok()) else {
        return;
    };
    if form.has_plain_form && !page.policies.allow_post(&page.url, &url) {
        report.fault(
            format!(
                "the page's Content-Security-Policy does not allow the plain form to open its \
                 thank-you page {url}"
            ),
            format!("Add {} to form-action.", url.origin().ascii_serialization()),
        );
    }
}

/// Returns the approximate size in bytes of the largest submission of a form.
fn largest_submission(form: &PublicDefinition) -> u64 {
    let texts = 100_000;
    let files = form.fields.iter().find(|field| field.takes_files());
    files.map_or(texts, |files| files.kind.total_limit().min(TOTAL_LIMIT) + texts)
}

/// Checks the form's definition and returns it, or `None` if the address is not a form.
async fn check_definition(
    report: &mut Report,
    browser: &Browser,
    src: &Url,
) -> Option<PublicDefinition> {
    let response = match browser.get(src, "application/json").await {
        Ok(response) => response,
        Err(error) => {
            let fix = "Check the form's address in the page, and whether the proxy runs.";
            report.fault(format!("cannot reach {src}: {}", describe(error)), fix);
            return None;
        }
    };
    let Ok(form) = serde_json::from_slice::<PublicDefinition>(&response.body) else {
        report.fault(
            format!("{src} responds with {}, but not with a form", response.status),
            "The last part of the address must be the name of a form file in the proxy's forms\n\
             folder, without .toml.",
        );
        return None;
    };
    report.check(
        response.is_shared_with(browser.origin()),
        &format!("{src} is a form: “{}”, {} fields", form.title, form.fields.len()),
        &format!("pages on {} are not allowed to read {src}", browser.origin()),
        format!("Add \"{}\" to allowed_origins in the proxy's settings.", browser.origin()),
    );
    name_custom_fields(report, &form);
    Some(form)
}

/// Lists the form's custom fields in the report, because only the CRM knows whether they exist.
fn name_custom_fields(report: &mut Report, form: &PublicDefinition) {
    let names: Vec<String> = form.custom_fields().map(|name| format!("`{name}`")).collect();
    if !names.is_empty() {
        report.advise(
            format!("the CRM ignores {} unless its settings have these fields", names.join(", ")),
            "Create the custom fields in the CRM, or preset auto_create_custom_fields = true.\n\
             `deal-proxy check FORM.toml` says whether a preset contains the answers as well.",
        );
    }
}

/// Checks the response to the preflight request that browsers send before a submission to another origin.
async fn check_preflight(report: &mut Report, browser: &Browser, target: &Url) {
    if target.origin().ascii_serialization() == browser.origin() {
        return;
    }
    let request = browser
        .request(Method::OPTIONS, target)
        .header(ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(ACCESS_CONTROL_REQUEST_HEADERS, "content-type");
    let response = match request.send().await {
        Ok(response) => read_response(response).await,
        Err(error) => Err(error),
    };
    let is_allowed = response.is_ok_and(|response| {
        let headers = response.header("access-control-allow-headers").to_ascii_lowercase();
        response.status.is_success()
            && response.is_shared_with(browser.origin())
            && (headers == "*" || headers.split(',').any(|name| name.trim() == "content-type"))
    });
    report.check(
        is_allowed,
        "pages on this origin may send the form",
        &format!("pages on {} are not allowed to send the form to {target}", browser.origin()),
        format!(
            "Add \"{}\" to allowed_origins in the proxy's settings. A web server in front must forward\n\
             OPTIONS requests and Access-Control headers.",
            browser.origin()
        ),
    );
}

/// Checks that the largest submission reaches the proxy. Announces its length, but sends only a malformed beginning.
/// The proxy refuses the beginning immediately. A web server in front with a lower limit refuses the length.
async fn check_body_limit(report: &mut Report, browser: &Browser, target: &Url, bytes: u64) {
    let request = browser
        .request(Method::POST, target)
        .header(CONTENT_TYPE, "multipart/form-data; boundary=doctor")
        .header(CONTENT_LENGTH, bytes)
        .body(Body::wrap_stream(Beginning(Some(Bytes::from_static(b"no form")))));
    let size = size_text(bytes);
    let response = match timeout(RESPONSE_TIMEOUT, request.send()).await {
        Ok(Ok(response)) => read_response(response).await,
        Ok(Err(error)) => Err(error),
        Err(_) => {
            report.advise(
                format!(
                    "a web server in front forwards a submission of {size} only after it has received \
                     all of it"
                ),
                "Configure it to forward bodies while they arrive; with nginx:\n\
                 proxy_request_buffering off;",
            );
            return;
        }
    };
    let response = match response {
        Ok(response) => response,
        Err(error) => {
            let fix =
                "Look for a size limit in the web servers or firewalls in front of the proxy.";
            let fault = format!("a submission of {size} was interrupted: {}", describe(error));
            report.fault(fault, fix);
            return;
        }
    };
    let code = serde_json::from_slice::<serde_json::Value>(&response.body).ok();
    let code = code.as_ref().and_then(|json| json.get("code")).and_then(|code| code.as_str());
    match (response.status.as_u16(), code) {
        (400, Some("malformed")) => report.ok(format!("a submission of {size} reaches the proxy")),
        (413, None) => report.fault(
            format!("a web server in front refuses a submission of {size}"),
            "Configure it to accept bodies of 102 MB; with nginx:\nclient_max_body_size 102m;",
        ),
        (413, Some(_)) => report.fault(
            format!("the proxy refuses a submission of {size}"),
            "Raise limits.body in the proxy's settings.",
        ),
        (403, Some("origin_not_allowed")) => report.fault(
            format!("the proxy accepts no submissions from {}", browser.origin()),
            format!("Add \"{}\" to allowed_origins in the proxy's settings.", browser.origin()),
        ),
        (429, _) => report.advise(
            "cannot check the size limit of submissions: there were too many requests from this machine",
            "Wait a minute and try again.",
        ),
        (status, _) => report.fault(
            format!("{target} responds with {status} to a submission"),
            "The proxy does not send this response. Check which other server listens at this address.",
        ),
    }
}

/// A body that has a beginning and never ends.
struct Beginning(Option<Bytes>);

impl Stream for Beginning {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.take().map_or(Poll::Pending, |bytes| Poll::Ready(Some(Ok(bytes))))
    }
}
