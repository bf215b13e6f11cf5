//! From a submission in the journal to the CRM's reply.
//!
//! The [desk] decides what is delivered when, the [queue] does it, and the
//! [CRM](crm) is asked. What is left of an earlier run is [recovered](recovery) first.

mod ambient;
mod attempt;
mod backoff;
mod cleaner;
mod crm;
mod desk;
mod doubt;
mod outgoing;
mod pulse;
mod queue;
mod recovery;
#[cfg(test)]
mod simulation;
mod waiting;
mod words;

use std::sync::{Arc, PoisonError, RwLock};

use deal_contract::parameter::{self, Parameter};
use deal_contract::reference;
use deal_contract::reply::Deal;

pub(crate) use self::ambient::Ambient;
pub use self::crm::CrmSetupError;
pub(crate) use self::crm::{Crm, CrmError};
use self::outgoing::Outgoing;
pub(crate) use self::queue::{Entered, Queue};
pub use self::recovery::RecoveryError;
pub(crate) use self::recovery::recover;
pub(crate) use self::waiting::Ended;
use crate::forms::{Form, Forms};
use crate::intake::spool::Spool;
use crate::journal::{Body, Parcel};

/// Whoever takes a submission to the CRM, once.
pub(crate) trait Courier: Send + Sync + 'static {
    /// Hands it over, and gives the CRM's reply.
    fn carry(&self, parcel: &Parcel) -> impl Future<Output = Result<Deal, CrmError>> + Send;
}

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

impl Courier for Post {
    async fn carry(&self, parcel: &Parcel) -> Result<Deal, CrmError> {
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
            .chain([(reference::PARAMETER, parcel.reference.as_str())])
            .collect();
        let (files, folder) = (&parcel.body.files[..], parcel.folder.as_ref());
        let outgoing = Outgoing { texts, files, folder, spool: &self.spool };
        let deal = self.crm.add_deal(outgoing).await?;
        if deal.confirms(parcel.reference.as_str()) { Ok(deal) } else { Err(CrmError::Unconfirmed) }
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
