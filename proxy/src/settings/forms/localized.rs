use axum::http::HeaderValue;
use bytes::Bytes;
use data_encoding::HEXLOWER;
use deal_contract::attachments;
use deal_contract::definition::PublicDefinition;
use serde::ser::Error as _;
use sha2::{Digest, Sha256};

use crate::settings::Localizer;
use crate::settings::config::Limits;

/// A form in one language, as visitors see it.
#[derive(Debug)]
pub(crate) struct LocalizedForm {
    /// The form's id.
    pub(crate) id: String,
    /// The public half, in this language.
    pub(crate) public: PublicDefinition,
    /// The localizer for pages and refusals.
    pub(crate) localizer: Localizer,
    /// The public half as JSON.
    pub(crate) json: Bytes,
    /// A hash of the JSON.
    pub(crate) etag: HeaderValue,
    /// The language tag, if the form has several languages.
    pub(crate) tag: Option<String>,
}

impl LocalizedForm {
    pub(super) fn new(
        id: &str,
        public: &PublicDefinition,
        has_several_languages: bool,
    ) -> Result<Self, serde_json::Error> {
        let json = serde_json::to_vec(public)?;
        let digest = Sha256::digest(&json);
        let hash = HEXLOWER.encode(digest.get(..16).unwrap_or_default());
        let etag =
            HeaderValue::try_from(format!("\"{hash}\"")).map_err(serde_json::Error::custom)?;
        Ok(Self {
            id: id.to_owned(),
            localizer: Localizer::of(public),
            json: json.into(),
            etag,
            tag: public.lang.clone().filter(|_| has_several_languages),
            public: public.clone(),
        })
    }

    /// Returns the form's address on the proxy, with its language if the form has several.
    pub(crate) fn address(&self) -> String {
        let query = self.tag.as_ref().map(|tag| format!("?lang={tag}")).unwrap_or_default();
        format!("/forms/{}{query}", self.id)
    }

    /// Returns the maximum size of a submission to this form in bytes: the limit for its files plus the limits for
    /// the value and the header of each part, but at most `limits.body`.
    pub(crate) fn body_limit(&self, limits: &Limits) -> u64 {
        let PublicDefinition { fields, hidden, .. } = &self.public;
        let files = fields.iter().find(|field| field.takes_files());
        let file_count = files.map_or(0, |_| attachments::COUNT_LIMIT);
        // The other six parts: the reference, the revision and the four proofs. This also leaves space for
        // the closing boundary.
        let parts = u64::try_from(fields.len() + hidden.len() + file_count + 6).unwrap_or(u64::MAX);
        let room = limits.text_value.0.saturating_add(limits.part_header.0).saturating_mul(parts);
        let files = files.map_or(0, |files| files.kind.total_limit());
        limits.body.0.min(files.saturating_add(room))
    }
}
