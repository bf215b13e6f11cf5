//! Keeping the draft while it is filled in, and bringing it back.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use deal_contract::definition::FieldKind;
use reactive_graph::traits::Track;

use super::session::Session;
use crate::browser::later;
use crate::draft::{Draft, keep_files, load_files};
use crate::life::Life;
use crate::state::{Field, follow};

/// How long after a change the draft is kept: not at every keystroke.
const PAUSE: Duration = Duration::from_millis(250);

/// Keeps the draft from now on.
pub(super) fn keep(life: &Life, session: &Rc<Session>) {
    let waiting = Rc::new(Cell::new(false));
    let state = Rc::clone(&session.state);
    let session = Rc::downgrade(session);
    let mut first = true;
    follow(life, move || {
        state.edited.track();
        // What was just brought back need not be kept again.
        if std::mem::take(&mut first) || waiting.replace(true) {
            return;
        }
        let (session, waiting) = (session.clone(), Rc::clone(&waiting));
        let save = move || {
            waiting.set(false);
            session.upgrade().iter().for_each(|session| session.save());
        };
        let _ = later(PAUSE, save);
    });
}

impl Session {
    /// Keeps the draft as it stands. An empty one is not kept, nor one that became a deal.
    pub(super) fn save(&self) {
        let Some(drafts) = self.drafts.as_ref().filter(|_| !self.has_arrived()) else { return };
        let texts = self.state.typed();
        let reference = self.state.reference.get_untracked();
        let files = files(&self.state.fields).map(|field| field.answer.get_untracked().files);
        if let Some(files) = &files {
            keep_files(&reference, files.iter().map(|attachment| &attachment.file));
        }
        if texts.is_empty() && files.is_none_or(|files| files.is_empty()) {
            drafts.forget();
        } else {
            let step = self.state.steps.current.get_untracked();
            drafts.save(&Draft { reference, texts, step });
        }
    }

    /// Nothing of the draft is kept any more.
    pub(super) fn forget(&self) {
        if let Some(drafts) = &self.drafts {
            drafts.forget();
            keep_files(&self.state.reference.get_untracked(), std::iter::empty());
        }
    }

    /// Brings the files of the draft back.
    pub(super) fn bring_back_files(self: &Rc<Self>) {
        // A form without files has none to bring back, and opens no database.
        if files(&self.state.fields).is_none() {
            return;
        }
        let session = Rc::downgrade(self);
        let reference = self.state.reference.get_untracked();
        load_files(&reference.clone(), move |kept| {
            let Some(session) = session.upgrade() else { return };
            // Meanwhile another draft may have begun.
            if session.state.reference.get_untracked() == reference
                && let Some(field) = files(&session.state.fields)
            {
                field.add_files(kept.into_iter());
                session.elements.restored.show(true);
            }
        });
    }
}

/// The question for files. A form has one at most.
fn files(fields: &[Field]) -> Option<&Field> {
    fields.iter().find(|field| field.question().kind == FieldKind::Attachments)
}
