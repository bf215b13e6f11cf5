//! Delivers a submission to the CRM with the form's presets. A correction also clears the answers that the visitor removed.

use std::sync::{Arc, PoisonError, RwLock};

use deal_contract::parameter::{self, Parameter};
use deal_contract::reference;
use deal_contract::reply::Deal;

use super::client::CrmClient;
use super::crm_api::{CrmApi, CrmError};
use super::outgoing::Outgoing;
use crate::settings::forms::{Form, Forms};
use crate::store::{Answers, Delivery, Store};

/// The current forms. A reload replaces them, also for waiting submissions.
#[derive(Debug, Clone)]
pub(crate) struct CurrentForms(Arc<RwLock<Arc<Forms>>>);

impl CurrentForms {
    pub(crate) fn new(forms: Arc<Forms>) -> Self {
        Self(Arc::new(RwLock::new(forms)))
    }

    pub(crate) fn set(&self, forms: Arc<Forms>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = forms;
    }

    fn get(&self) -> Arc<Forms> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Adds the presets, and calls the CRM.
#[derive(Debug)]
pub(crate) struct HttpCrmClient {
    pub(crate) api: CrmApi,
    pub(crate) forms: CurrentForms,
    pub(crate) store: Store,
}

impl CrmClient for HttpCrmClient {
    async fn deliver(&self, delivery: &Delivery) -> Result<Deal, CrmError> {
        // Use the current form, so that a corrected preset takes effect.
        let forms = self.forms.get();
        let form = forms.get(&delivery.form).ok_or(CrmError::FormGone)?;
        let presets = &form.definition.private.presets;
        let cleared =
            if delivery.correction { clearable(form, &delivery.answers) } else { Vec::new() };
        let texts = delivery
            .answers
            .values
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .chain(presets.iter().map(|(name, value)| (&**name, &**value)))
            .chain(cleared.into_iter().map(|name| (name, "")))
            .chain([(reference::PARAMETER, delivery.claim.reference.as_str())])
            .collect();
        let (files, set) = (&delivery.answers.files[..], delivery.files.as_ref());
        let outgoing = Outgoing { texts, files, set, store: &self.store };
        let deal = self.api.add_deal(outgoing).await?;
        if deal.confirms(delivery.claim.reference.as_str()) {
            Ok(deal)
        } else {
            Err(CrmError::Unconfirmed)
        }
    }
}

/// The parameters of the form that have no answer, and for which the CRM's reference allows an empty value. An earlier
/// content of the same draft may have set them.
fn clearable<'a>(form: &'a Form, answers: &Answers) -> Vec<&'a str> {
    let public = &form.definition.public;
    let visible = public.fields.iter().map(|field| &*field.parameter);
    let hidden = public.hidden.iter().map(|hidden| &*hidden.parameter);
    let may_be_empty = |name: &&str| {
        let row = parameter::find(name).or_else(|| parameter::find("custom_field"));
        row.is_some_and(Parameter::may_be_empty)
    };
    let has_answer = |name: &str| answers.values.iter().any(|(known, _)| known == name);
    visible.chain(hidden).filter(may_be_empty).filter(|name| !has_answer(name)).collect()
}
