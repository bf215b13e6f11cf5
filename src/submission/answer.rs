//! An answer's body, as far as it can be understood.

use deal_contract::json::Json;
use deal_contract::problem::{Code, Subject};
use deal_contract::reply::Reply;

use super::failure::Answer;
use crate::json::JsJson;
use crate::state::FieldError;

/// What can be understood of an answer's body. Anything else than JSON is nothing.
pub(crate) fn parse(body: &str) -> Answer {
    let Some(json) = JsJson::parse(body) else { return Answer::default() };
    let problems = json.member("problems").and_then(|problems| problems.items());
    Answer {
        reply: Reply::read(&json),
        kept: (json.member_text("message").as_deref() == Some("received"))
            .then(|| json.member_text("external_reference_id").unwrap_or_default()),
        revision: json.member_text("revision"),
        code: json.member_text("code"),
        problems: problems.unwrap_or_default().iter().map(field_error).collect(),
    }
}

fn field_error(problem: &JsJson) -> FieldError {
    let subject = |name| problem.member(name).map_or(Subject::Nothing, |of| Subject::read(&of));
    FieldError {
        field: problem.member_text("field").unwrap_or_default(),
        code: problem.member_text("code").and_then(|code| Code::from_name(&code)),
        subject: subject("subject"),
        limit: subject("limit"),
        message: problem.member_text("message").unwrap_or_default(),
    }
}
