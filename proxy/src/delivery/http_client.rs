//! Delivers a submission to the CRM.

use std::sync::{Arc, PoisonError, RwLock};

use deal_contract::reference;
use deal_contract::reply::Deal;

use super::client::CrmClient;
use super::crm_api::{CrmApi, CrmError};
use super::outgoing::Outgoing;
use super::parameters::parameters;
use super::send_deadline::SendDeadline;
use crate::settings::forms::Forms;
use crate::store::{Delivery, Store};

/// The current forms. A reload replaces them, and waiting submissions then use the new forms.
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

/// A client that adds the presets, and calls the CRM.
#[derive(Debug)]
pub(crate) struct HttpCrmClient {
    pub(crate) api: CrmApi,
    pub(crate) forms: CurrentForms,
    pub(crate) store: Store,
}

impl CrmClient for HttpCrmClient {
    async fn deliver(
        &self,
        delivery: &Delivery,
        deadline: &SendDeadline,
    ) -> Result<Deal, CrmError> {
        // Use the current form, so that a corrected preset takes effect.
        let forms = self.forms.get();
        let form = forms.get(&delivery.form).ok_or(CrmError::FormGone)?;
        let mut texts = parameters(form, &delivery.answers, delivery.correction);
        let reference = delivery.claim.reference.as_str();
        texts.push((reference::PARAMETER, reference.into()));
        let (files, set) = (&delivery.answers.files[..], delivery.files.as_ref());
        let outgoing = Outgoing { texts, files, set, store: &self.store, deadline };
        let deal = self.api.add_deal(outgoing).await?;
        if deal.confirms(reference) { Ok(deal) } else { Err(CrmError::Unconfirmed) }
    }
}
