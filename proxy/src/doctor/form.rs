//! The form's own address: its definition, and whether submissions get through.

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

use super::page::{Embedded, Page, Place};
use super::report::Report;
use super::visit::{Visitor, read, said};

/// For an answer to the beginning of a large body. A server that answers later waits for all of it.
const ANSWER_TIME: Duration = Duration::from_secs(5);

pub(super) async fn check(report: &mut Report, visitor: &Visitor, page: &Page) {
    for form in &page.forms {
        place(report, form);
        if let Some(src) = &form.src {
            let target = form.proxy_url.as_ref().unwrap_or(src);
            reachable(report, page, form, [src, target]);
            // Nothing is sent to what is not seen to be a form: the page may name any address that
            // this machine reaches and its author does not.
            let Some(bytes) = definition(report, visitor, src).await else { continue };
            if target != src && !is_form(visitor, target).await {
                report.fault(
                    format!("{target} is no form: nothing was sent there"),
                    "proxy-url is the form's address at the proxy, such as https://…/forms/quote.",
                );
                continue;
            }
            preflight(report, visitor, target).await;
            body_limit(report, visitor, target, bytes).await;
        } else {
            report.advise(
                "a <deal-form> has no src: its definition is the page's own",
                "What its proxy takes can be seen only where `src` names the form's address.",
            );
        }
    }
}

/// Whether the page around it lets it stay whole.
fn place(report: &mut Report, form: &Embedded) {
    match form.place {
        Place::Fine => {}
        Place::Paragraph => report.fault(
            "a <deal-form> stands in a <p>, which ends where the plain form begins: browsers show \
             the plain form behind the <deal-form>, and visitors see two forms",
            "Write <div> in place of the <p> around it, or paste the snippet between two paragraphs. Many\n\
             editors have a block of their own for HTML.",
        ),
        Place::Form => report.fault(
            "a <deal-form> stands in a <form> of the page: browsers leave out its plain form, and \
             without scripts the answers go where the page's form goes",
            "Move the snippet out of the page's <form>. Where all of the page is one, as with ASP.NET\n\
             WebForms and SharePoint, put a link to the form's own address into the <deal-form> in\n\
             place of its plain form: <deal-form src=\"…/forms/quote\"><a href=\"…/forms/quote\">…</a></deal-form>",
        ),
    }
}

/// What the page's policy and its own safety say of the addresses.
fn reachable(report: &mut Report, page: &Page, form: &Embedded, addresses: [&Url; 2]) {
    for url in addresses {
        let origin = url.origin().ascii_serialization();
        if page.url.scheme() == "https" && url.scheme() == "http" {
            report.fault(
                format!("the page is https and {url} is not: browsers block it"),
                "Put a web server with TLS in front of the proxy, and write https:// in the page.",
            );
        }
        if !page.policies.let_connect(&page.url, url) {
            report.fault(
                format!("the page's Content-Security-Policy does not let it reach {url}"),
                format!("Add {origin} to connect-src."),
            );
        }
        if form.fallback && !page.policies.let_post(&page.url, url) {
            report.fault(
                format!(
                    "the page's Content-Security-Policy does not let its plain form post to {url}"
                ),
                format!("Add {origin} to form-action."),
            );
        }
        if addresses.first() == addresses.last() {
            break;
        }
    }
    if !form.fallback {
        report.advise(
            "the <deal-form> holds no plain form",
            "Visitors without scripts see nothing. `deal-proxy snippet FORM.toml` prints one.",
        );
    }
}

async fn is_form(visitor: &Visitor, url: &Url) -> bool {
    let answer = visitor.get(url, "application/json").await;
    answer.is_ok_and(|answer| serde_json::from_slice::<PublicDefinition>(&answer.body).is_ok())
}

/// Gives the bytes that a submission may have; nothing where there is no form.
async fn definition(report: &mut Report, visitor: &Visitor, src: &Url) -> Option<u64> {
    let texts = 100_000;
    let answer = match visitor.get(src, "application/json").await {
        Ok(answer) => answer,
        Err(error) => {
            let fix = "Check the form's address in the page, and whether the proxy runs.";
            report.fault(format!("{src} cannot be reached: {}", said(error)), fix);
            return None;
        }
    };
    let Ok(form) = serde_json::from_slice::<PublicDefinition>(&answer.body) else {
        report.fault(
            format!("{src} answers {} and no form", answer.status),
            "The last part of the address is the name of a file in the proxy's folder of forms, without\n\
             its .toml.",
        );
        return None;
    };
    report.check(
        answer.is_shared_with(visitor.origin()),
        &format!("{src} is a form: “{}”, {} fields", form.title, form.fields.len()),
        &format!("pages of {} may not read {src}", visitor.origin()),
        format!("Add \"{}\" to allowed_origins in the proxy's settings.", visitor.origin()),
    );
    let files = form.fields.iter().find(|field| field.takes_files());
    Some(files.map_or(texts, |files| files.kind.total_limit().min(TOTAL_LIMIT) + texts))
}

/// Browsers ask before they send to another origin.
async fn preflight(report: &mut Report, visitor: &Visitor, target: &Url) {
    if target.origin().ascii_serialization() == visitor.origin() {
        return;
    }
    let request = visitor
        .request(Method::OPTIONS, target)
        .header(ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(ACCESS_CONTROL_REQUEST_HEADERS, "content-type");
    let answer = match request.send().await {
        Ok(response) => read(response).await,
        Err(error) => Err(error),
    };
    let allowed = answer.is_ok_and(|answer| {
        let headers = answer.header("access-control-allow-headers").to_ascii_lowercase();
        answer.status.is_success()
            && answer.is_shared_with(visitor.origin())
            && (headers == "*" || headers.split(',').any(|name| name.trim() == "content-type"))
    });
    report.check(
        allowed,
        "pages of this origin may send the form",
        &format!("pages of {} may not send to {target}", visitor.origin()),
        format!(
            "Add \"{}\" to allowed_origins in the proxy's settings, and let a web server in front pass\n\
             OPTIONS requests and Access-Control headers on.",
            visitor.origin()
        ),
    );
}

/// Announces the largest submission and sends a beginning that no form has: the proxy answers to
/// that at once, and whatever stands in front of it to the size.
async fn body_limit(report: &mut Report, visitor: &Visitor, target: &Url, bytes: u64) {
    let request = visitor
        .request(Method::POST, target)
        .header(CONTENT_TYPE, "multipart/form-data; boundary=doctor")
        .header(CONTENT_LENGTH, bytes)
        .body(Body::wrap_stream(Beginning(Some(Bytes::from_static(b"no form")))));
    let size = size_text(bytes);
    let answer = match timeout(ANSWER_TIME, request.send()).await {
        Ok(Ok(response)) => read(response).await,
        Ok(Err(error)) => Err(error),
        Err(_) => {
            report.advise(
                format!(
                    "a submission of {size} is taken, but not passed on before all of it is there"
                ),
                "Let the web server in front pass bodies on as they come, with nginx by\n\
                 proxy_request_buffering off;",
            );
            return;
        }
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            let fix = "Look for a limit on bodies in whatever stands in front of the proxy.";
            report.fault(format!("a submission of {size} breaks off: {}", said(error)), fix);
            return;
        }
    };
    let code = serde_json::from_slice::<serde_json::Value>(&answer.body).ok();
    let code = code.as_ref().and_then(|json| json.get("code")).and_then(|code| code.as_str());
    match (answer.status.as_u16(), code) {
        (400, Some("malformed")) => report.fine(format!("a submission of {size} gets through")),
        (413, None) => report.fault(
            format!("a web server in front refuses a submission of {size}"),
            "Let it take bodies of 102 MB, with nginx by\nclient_max_body_size 102m;",
        ),
        (413, Some(_)) => report.fault(
            format!("the proxy refuses a submission of {size}"),
            "Raise limits.body in the proxy's settings.",
        ),
        (403, Some("origin_not_allowed")) => report.fault(
            format!("the proxy takes no submission from {}", visitor.origin()),
            format!("Add \"{}\" to allowed_origins in the proxy's settings.", visitor.origin()),
        ),
        (429, _) => report.advise(
            "how large a submission may be was not seen: there were too many from here",
            "Wait a minute and try again.",
        ),
        (status, _) => report.fault(
            format!("{target} answers {status} to a submission"),
            "This response is not from the proxy. Check what else listens at this address.",
        ),
    }
}

/// A body that begins and does not go on.
struct Beginning(Option<Bytes>);

impl Stream for Beginning {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.take().map_or(Poll::Pending, |bytes| Poll::Ready(Some(Ok(bytes))))
    }
}
