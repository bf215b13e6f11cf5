//! Checks that the CRM's address belongs to a CRM.

use std::time::Duration;

use deal_contract::json::Value;
use deal_contract::reply::Reply;
use reqwest::multipart::Form;
use reqwest::redirect;

use super::browser::{describe, read_response};
use super::report::Report;
use crate::settings::config::CrmUrl;

const TIMEOUT: Duration = Duration::from_secs(20);

/// An invalid key: with a valid key, the request would create a deal.
const INVALID_KEY: &str = "deal-proxy-doctor";

pub(super) async fn check(report: &mut Report, url: &CrmUrl) {
    let mut client =
        crate::settings::tls::client().timeout(TIMEOUT).redirect(redirect::Policy::none());
    if url.is_loopback() {
        client = client.no_proxy();
    }
    let request = async {
        let form = Form::new().text("key", INVALID_KEY);
        let response = client.build()?.post(url.url().clone()).multipart(form).send().await?;
        read_response(response).await
    };
    let response = match request.await {
        Ok(response) => response,
        Err(error) => {
            report.fault(
                format!("cannot reach the CRM at {url}: {}", describe(error)),
                "Check crm_url in the proxy's settings, and that this machine can reach the address.",
            );
            return;
        }
    };
    if response.status.is_redirection() {
        let fix = format!(
            "Set crm_url = \"{}\": the proxy follows no redirects, because it sends the key only to\n\
             this address.",
            response.header("location")
        );
        report.fault(format!("the CRM's address {url} redirects to another address"), fix);
        return;
    }
    let json = serde_json::from_slice::<Value>(&response.body).ok();
    match json.as_ref().and_then(Reply::read) {
        Some(Reply::Refused { error_message }) => {
            let message: String =
                error_message.chars().filter(|c| !c.is_control()).take(200).collect();
            report.ok(format!(
                "the CRM responds and refuses an invalid key: “{message}”. The first deal will show \
                 whether your key is valid"
            ));
        }
        Some(Reply::Success(_)) => report.fault(
            format!("{url} accepts an invalid key"),
            "This is not the CRM. Check crm_url in the proxy's settings.",
        ),
        None => report.fault(
            format!(
                "{url} responds with {}, but not with a reply from crm_add_deal",
                response.status
            ),
            "Check crm_url in the proxy's settings: it ends with /site/api/crm_add_deal.",
        ),
    }
}
