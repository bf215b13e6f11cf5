//! `deal-proxy doctor URL`: why a form on a landing page does not work, and what to change.
//!
//! It sees the page as its server sends it, not as scripts change it, and asks everything that a
//! browser would ask, without sending a deal.

mod crm;
mod error;
mod files;
mod form;
mod nesting;
mod page;
mod policy;
mod report;
mod visit;

use reqwest::Url;

pub use self::error::DoctorError;
use self::page::Page;
use self::policy::Policies;
pub use self::report::Report;
use self::visit::{Visitor, said};
use crate::settings::config::Config;

/// Looks at a landing page and all that its form needs; with the proxy's settings also at the CRM.
///
/// # Errors
/// An address that is none. Whatever is wrong behind the address is in the report.
pub async fn examine(address: &str, config: Option<&Config>) -> Result<Report, DoctorError> {
    let wrong = || DoctorError::Address(address.to_owned());
    let url = Url::parse(address).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong());
    }
    let mut report = Report::default();
    let mut visitor = Visitor::new()?;
    if let Some(page) = open(&mut report, &mut visitor, &url).await {
        files::check(&mut report, &visitor, &page).await;
        form::check(&mut report, &visitor, &page).await;
    }
    match config {
        Some(config) => crm::check(&mut report, &config.crm_url).await,
        None => report.advise(
            "the CRM was not asked",
            "--config FILE names the proxy's settings, and with them the CRM's address.",
        ),
    }
    Ok(report)
}

/// The page, if there is one with a form.
async fn open(report: &mut Report, visitor: &mut Visitor, url: &Url) -> Option<Page> {
    let answer = match visitor.get(url, "text/html").await {
        Ok(answer) => answer,
        Err(error) => {
            let fix = "Check the address, and whether this machine reaches it.";
            report.fault(format!("{url} cannot be opened: {}", said(error)), fix);
            return None;
        }
    };
    if !answer.status.is_success() || answer.media_type() != "text/html" {
        let (status, media_type) = (answer.status, answer.media_type());
        let fix = "Name the address of the page that visitors open.";
        report.fault(format!("{url} answers {status} with “{media_type}”, no page"), fix);
        return None;
    }
    report.fine(format!("the page is there: {}", answer.url));
    visitor.open(&answer.url);
    let mut policies = Policies::default();
    let header = answer.header("content-security-policy");
    if !header.is_empty() {
        policies.add(&header);
    }
    let html = String::from_utf8_lossy(&answer.body);
    let page = Page::read(answer.url.clone(), &html, policies);
    if page.forms.is_empty() {
        report.fault(
            "the page's HTML has no <deal-form>",
            "Paste what `deal-proxy snippet FORM.toml` prints. Where a script adds the form, look at a\n\
             page that has it in its HTML.",
        );
        return None;
    }
    Some(page)
}
