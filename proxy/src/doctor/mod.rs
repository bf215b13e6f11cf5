//! `deal-proxy doctor URL`: finds out why a form on a landing page does not work, and how to fix it.
//!
//! It reads the HTML that the server sends, without running scripts. It makes the requests that a browser would make,
//! but sends no deal.

mod browser;
mod crm;
mod error;
mod files;
mod form;
mod nesting;
mod page;
mod policy;
mod report;

use reqwest::Url;

use self::browser::{Browser, describe};
pub use self::error::DoctorError;
use self::page::Page;
use self::policy::Policies;
pub use self::report::Report;
use crate::settings::config::Config;

/// Checks a landing page and everything that its form needs. If the proxy's settings are given, also checks the
/// CRM's address.
///
/// # Errors
/// If `address` is not an HTTP address. All other faults are in the report.
pub async fn examine(address: &str, config: Option<&Config>) -> Result<Report, DoctorError> {
    let wrong = || DoctorError::Address(address.to_owned());
    let url = Url::parse(address).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong());
    }
    let mut report = Report::default();
    let mut browser = Browser::new()?;
    if let Some(page) = open(&mut report, &mut browser, &url).await {
        files::check(&mut report, &browser, &page).await;
        form::check(&mut report, &browser, &page).await;
    }
    match config {
        Some(config) => crm::check(&mut report, &config.crm_url).await,
        None => report.advise(
            "the CRM's address was not checked",
            "Pass the proxy's settings file with --config FILE.",
        ),
    }
    Ok(report)
}

/// Opens the page. Returns `None` if the page cannot be opened or has no form.
async fn open(report: &mut Report, browser: &mut Browser, url: &Url) -> Option<Page> {
    let response = match browser.get(url, "text/html").await {
        Ok(response) => response,
        Err(error) => {
            let fix = "Check the address, and that this machine can reach it.";
            report.fault(format!("cannot open {url}: {}", describe(error)), fix);
            return None;
        }
    };
    if !response.status.is_success() || response.media_type() != "text/html" {
        let (status, media_type) = (response.status, response.media_type());
        let fix = "Pass the address of the page that visitors open.";
        let fault = format!("{url} responds with {status} and “{media_type}”, but not with a page");
        report.fault(fault, fix);
        return None;
    }
    report.ok(format!("the page can be opened: {}", response.url));
    browser.set_page(&response.url);
    let mut policies = Policies::default();
    let header = response.header("content-security-policy");
    if !header.is_empty() {
        policies.add(&header);
    }
    let html = String::from_utf8_lossy(&response.body);
    let page = Page::read(response.url.clone(), &html, policies);
    if page.forms.is_empty() {
        report.fault(
            "the page's HTML has no <deal-form>",
            "Paste the output of `deal-proxy snippet FORM.toml`. If a script adds the form, check another\n\
             page that has the form in its HTML.",
        );
        return None;
    }
    Some(page)
}
