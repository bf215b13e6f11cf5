//! Keeping the draft while it is filled in, and bringing it back.

use std::rc::Rc;
use std::time::Duration;

use deal_contract::definition::FieldKind;
use reactive_graph::traits::Track;

use super::session::Session;
use crate::browser::later;
use crate::controls::attachments;
use crate::draft::{Draft, DraftStore, keep_files, load_files, new_draft, own, release};
use crate::scope::Scope;
use crate::state::{Field, follow};

/// How long after a change the draft is kept: not at every keystroke. Files are kept at once: a page
/// that is being left copies no more.
const PAUSE: Duration = Duration::from_millis(250);

/// Keeps the draft from now on.
pub(super) fn keep(scope: &Scope, session: &Rc<Session>) {
    let state = Rc::clone(&session.state);
    let session = Rc::downgrade(session);
    let mut first = true;
    let mut before = 0;
    follow(scope, move || {
        state.edited.track();
        let count = files(&state.fields).map_or(0, count);
        let others = std::mem::replace(&mut before, count) != count;
        // What was just brought back need not be kept again.
        if std::mem::take(&mut first) {
            return;
        }
        let Some(here) = session.upgrade() else { return };
        if others {
            here.save();
        } else if here.saving.borrow().is_none() {
            let session = session.clone();
            let save = move || {
                let Some(session) = session.upgrade() else { return };
                session.saving.take();
                session.save();
            };
            *here.saving.borrow_mut() = later(PAUSE, save);
        }
    });
}

impl Session {
    /// Keeps the draft as it stands. One that nobody began or sent is not kept, nor one that became a
    /// deal.
    pub(super) fn save(&self) {
        let drafts = self.drafts.as_ref().filter(|drafts| !drafts.is_closed());
        let Some(drafts) = drafts.filter(|_| !self.has_arrived()) else { return };
        let texts = self.state.typed();
        let reference = self.state.reference();
        let files = files(&self.state.fields);
        // Before they are known, those that are kept would be taken for removed.
        let known = files.is_none() || self.files_known.get();
        if let Some(field) = files.filter(|_| known) {
            let files = field.answer.get_untracked().files;
            keep_files(&reference, files.iter().map(|attachment| &*attachment.file));
        }
        if texts.is_empty() && files.map_or(0, count) == 0 && !self.sent.get() {
            if known {
                drafts.forget();
            }
        } else {
            let step = self.state.steps.current.get_untracked();
            drafts.save(&Draft { reference, revision: self.state.revision(), texts, step });
        }
    }

    /// Nothing of the draft is kept any more.
    pub(super) fn forget(&self) {
        self.sent.set(false);
        if let Some(drafts) = &self.drafts {
            drafts.forget();
            keep_files(&self.state.reference(), std::iter::empty());
        }
    }

    /// Turns the current answers into another draft.
    pub(super) fn begin_another_draft(self: &Rc<Self>) {
        self.forget();
        release(&self.state.reference());
        self.state.set_draft(new_draft());
        self.own();
    }

    /// Keeps the draft one last time and releases it for the next form, even if something still
    /// holds this session.
    pub(super) fn close_draft(&self) {
        self.save();
        self.saving.take();
        if let Some(drafts) = &self.drafts {
            drafts.close();
            release(&self.state.reference());
        }
    }

    /// Makes the draft this page's own. Where another tab has it, this one goes on with a copy.
    pub(super) fn own(self: &Rc<Self>) {
        if self.drafts.as_ref().is_none_or(DraftStore::is_closed) {
            return;
        }
        let session = Rc::downgrade(self);
        let reference = self.state.reference();
        own(&reference.clone(), move || {
            let Some(session) = session.upgrade() else { return };
            // Meanwhile the draft may be being sent, another draft may have begun, or the form may
            // be gone.
            if session.attempt.is_sending()
                || !session.state.is_draft(&reference)
                || session.drafts.as_ref().is_none_or(DraftStore::is_closed)
            {
                return;
            }
            session.state.set_draft(new_draft());
            session.save();
            session.own();
        });
    }

    /// Brings the files of the draft back.
    pub(super) fn bring_back_files(self: &Rc<Self>) {
        // A form without files has none to bring back, and opens no database.
        if files(&self.state.fields).is_none() {
            return;
        }
        let session = Rc::downgrade(self);
        let reference = self.state.reference();
        load_files(&reference.clone(), move |kept| {
            let Some(session) = session.upgrade() else { return };
            let kept = attachments(&kept);
            session.files_known.set(true);
            let Some(field) = files(&session.state.fields) else { return };
            let added = count(field) > 0;
            // Meanwhile another draft may have begun.
            if !kept.is_empty() && session.state.is_draft(&reference) {
                field.add_files(kept);
                session.elements.restored.show(true);
            }
            if added {
                session.save();
            }
        });
    }
}

/// The question for files. A form has one at most.
fn files(fields: &[Field]) -> Option<&Field> {
    fields.iter().find(|field| field.question().kind == FieldKind::Attachments)
}

fn count(field: &Field) -> usize {
    field.answer.with_untracked(|answer| answer.files.len())
}
