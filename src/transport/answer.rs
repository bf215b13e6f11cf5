//! An answer's body, as far as it can be understood.

use deal_contract::json::Json;
use deal_contract::reply::Reply;

use super::failure::{Answer, Told};
use super::json::JsJson;

/// What can be understood of an answer's body. Anything else than JSON is nothing.
pub(crate) fn parse(body: &str) -> Answer {
    let Some(json) = JsJson::parse(body) else { return Answer::default() };
    let problems = json.member("problems").and_then(|problems| problems.items());
    Answer {
        reply: Reply::read(&json),
        code: json.member_text("code"),
        problems: problems
            .unwrap_or_default()
            .iter()
            .map(|problem| Told {
                field: problem.member_text("field").unwrap_or_default(),
                message: problem.member_text("message").unwrap_or_default(),
            })
            .collect(),
    }
}
