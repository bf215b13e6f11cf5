//! Whether the CRM's address is the CRM's.

use std::time::Duration;

use deal_contract::json::Value;
use deal_contract::reply::Reply;
use reqwest::multipart::Form;
use reqwest::redirect;

use super::report::Report;
use super::visit::{read, said};
use crate::settings::config::CrmUrl;

const TIME: Duration = Duration::from_secs(20);

/// A key that is nobody's: with the real one, asking would make a deal.
const NO_KEY: &str = "deal-proxy-doctor";

pub(super) async fn check(report: &mut Report, url: &CrmUrl) {
    let mut client =
        crate::settings::tls::client().timeout(TIME).redirect(redirect::Policy::none());
    if url.is_loopback() {
        client = client.no_proxy();
    }
    let asked = async {
        let form = Form::new().text("key", NO_KEY);
        let response = client.build()?.post(url.url().clone()).multipart(form).send().await?;
        read(response).await
    };
    let answer = match asked.await {
        Ok(answer) => answer,
        Err(error) => {
            report.fault(
                format!("the CRM at {url} cannot be reached: {}", said(error)),
                "Check crm_url in the proxy's settings, and whether this machine may reach it.",
            );
            return;
        }
    };
    if answer.status.is_redirection() {
        let fix = format!(
            "Write crm_url = \"{}\": the key follows no redirect.",
            answer.header("location")
        );
        report.fault(format!("the CRM's address {url} leads somewhere else"), fix);
        return;
    }
    let json = serde_json::from_slice::<Value>(&answer.body).ok();
    match json.as_ref().and_then(Reply::read) {
        Some(Reply::Refused { error_message }) => {
            let words: String =
                error_message.chars().filter(|c| !c.is_control()).take(200).collect();
            report.fine(format!(
                "the CRM is there, and refuses a wrong key: “{words}”. Whether yours is right shows with \
                 the first deal"
            ));
        }
        Some(Reply::Success(_)) => report.fault(
            format!("{url} takes a key that is nobody's"),
            "This is not the CRM: check crm_url in the proxy's settings.",
        ),
        None => report.fault(
            format!("{url} answers {} and no reply of crm_add_deal", answer.status),
            "Check crm_url in the proxy's settings: it ends with /site/api/crm_add_deal.",
        ),
    }
}
