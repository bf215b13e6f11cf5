//! `GET /forms/{id}/submissions/{reference}`: the status of a submission.
//!
//! A page requests the status if the response was lost or was 202. The responses are listed in the
//! crate's documentation (`submissions.md`).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use deal_contract::protocol::{self, SubmissionState};
use deal_contract::reference::Reference;
use tracing::error;

use super::language;
use super::path_params::PathParams;
use super::response::refuse_in;
use super::response_format::ResponseFormat;
use crate::delivery::{HttpCrmClient, Queue};
use crate::http::refusal::Refusal;
use crate::settings::Localizer;
use crate::settings::forms::Forms;
use crate::store::{CrmReply, SubmissionStatus};

/// Returns the status of a submission as JSON.
pub(super) async fn status(
    State(forms): State<Arc<Forms>>,
    State(queue): State<Queue<HttpCrmClient>>,
    PathParams((id, reference)): PathParams<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let Some(form) = forms.get(&id) else {
        return refuse_in(&Localizer::english(), ResponseFormat::Json, &Refusal::FormUnknown);
    };
    let localizer = &language::choose(form, &uri, &headers).localizer;
    let refuse = |refusal| refuse_in(localizer, ResponseFormat::Json, refusal);
    let Ok(reference) = reference.parse::<Reference>() else {
        return refuse(&Refusal::SubmissionUnknown);
    };
    let known = match queue.status(&id, &reference).await {
        Ok(Some(known)) => known,
        Ok(None) => return refuse(&Refusal::SubmissionUnknown),
        Err(error) => {
            error!(%error, "cannot read the journal");
            return refuse(&Refusal::Unavailable);
        }
    };
    if let SubmissionStatus::Replied(reply) = &known.status {
        queue.mark_seen(&id, &reference, reply).await;
    }
    let state = match known.status {
        SubmissionStatus::Received => SubmissionState::Received,
        SubmissionStatus::Failed => SubmissionState::Failed,
        SubmissionStatus::Replied(CrmReply::Delivered(deal)) => SubmissionState::Delivered(deal),
        SubmissionStatus::Replied(CrmReply::Refused(message)) => SubmissionState::Refused(message),
    };
    let revision = known.revision.map(|revision| revision.to_text()).unwrap_or_default();
    let status = protocol::SubmissionStatus {
        state,
        external_reference_id: reference.to_string(),
        revision: Some(revision),
    };
    let mut response = Json(status).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
