//! A submission as the CRM gets it: with the form's presets, and with emptied answers in a correction.

use std::sync::{Arc, PoisonError, RwLock};

use deal_contract::parameter::{self, Parameter};
use deal_contract::reference;
use deal_contract::reply::Deal;

use super::client::CrmClient;
use super::crm::{Crm, CrmError};
use super::outgoing::Outgoing;
use crate::settings::forms::{Form, Forms};
use crate::store::journal::{Body, Parcel};
use crate::store::spool::Spool;

/// The forms as they are now: a reload changes them, also for what is on its way.
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

/// Adds what the form adds, and calls the CRM.
#[derive(Debug)]
pub(crate) struct Post {
    pub(crate) crm: Crm,
    pub(crate) forms: CurrentForms,
    pub(crate) spool: Spool,
}

impl CrmClient for Post {
    async fn deliver(&self, parcel: &Parcel) -> Result<Deal, CrmError> {
        // As the form is now: an author who mended a preset wants it to count.
        let forms = self.forms.get();
        let form = forms.get(&parcel.form).ok_or(CrmError::FormGone)?;
        let presets = &form.definition.private.presets;
        let emptied = if parcel.correction { emptied(form, &parcel.body) } else { Vec::new() };
        let texts = parcel
            .body
            .values
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .chain(presets.iter().map(|(name, value)| (&**name, &**value)))
            .chain(emptied.into_iter().map(|name| (name, "")))
            .chain([(reference::PARAMETER, parcel.claim.reference.as_str())])
            .collect();
        let (files, folder) = (&parcel.body.files[..], parcel.folder.as_ref());
        let outgoing = Outgoing { texts, files, folder, spool: &self.spool };
        let deal = self.crm.add_deal(outgoing).await?;
        if deal.confirms(parcel.claim.reference.as_str()) {
            Ok(deal)
        } else {
            Err(CrmError::Unconfirmed)
        }
    }
}

/// The parameters of the form that have no answer now, although an earlier content of the same
/// draft may have had one. Only those for which the CRM's reference allows an empty value.
fn emptied<'a>(form: &'a Form, body: &Body) -> Vec<&'a str> {
    let public = &form.definition.public;
    let asked = public.fields.iter().map(|field| &*field.parameter);
    let hidden = public.hidden.iter().map(|hidden| &*hidden.parameter);
    let may_be_empty = |name: &&str| {
        let row = parameter::find(name).or_else(|| parameter::find("custom_field"));
        row.is_some_and(Parameter::may_be_empty)
    };
    let has_answer = |name: &str| body.values.iter().any(|(known, _)| known == name);
    asked.chain(hidden).filter(may_be_empty).filter(|name| !has_answer(name)).collect()
}
