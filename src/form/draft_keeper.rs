//! Saves the draft while the visitor fills in the form, and restores it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use reactive_graph::traits::Track;

use super::events::listen;
use crate::browser::{Timer, later, window};
use crate::clock::today;
use crate::controls::attachments;
use crate::draft::{
    Draft, DraftStore, OpenDraft, keep_files, load_files, lock, new_draft, release,
};
use crate::scope::Scope;
use crate::state::{Attachment, Field, FormState, Tracked, follow};
use crate::submission::Phase;

/// How long the visitor pauses before the draft is saved, so that saving does not delay a keystroke.
/// Changed files are saved immediately, because browsers stop copying files when the visitor leaves the
/// page.
const PAUSE: Duration = Duration::from_millis(250);

/// The number of pauses after which the draft is saved even if the visitor keeps typing.
const MAX_PAUSES: u32 = 8;

/// The only owner of a form's draft: its answers, its files and its lock.
pub(super) struct DraftKeeper {
    state: Rc<FormState>,
    /// While the form is being sent, the draft keeps its reference. Once the submission has arrived,
    /// nothing is saved.
    phase: Tracked<Phase>,
    /// `None` if the draft is not kept.
    store: Option<DraftStore>,
    /// Whether the kept files are loaded. Loading starts after the form is on the page.
    files_loaded: Cell<bool>,
    /// Whether the proxy may know the draft's reference.
    sent: Cell<bool>,
    /// The timer after which the draft is saved.
    saving: RefCell<Option<Timer>>,
    /// Whether an answer has changed since the timer was set.
    has_new_changes: Cell<bool>,
}

impl DraftKeeper {
    /// Creates the keeper of a form's draft. `restored` is true for a restored draft: an earlier
    /// page may have sent it.
    pub(super) fn new(
        state: Rc<FormState>,
        phase: Tracked<Phase>,
        store: Option<DraftStore>,
        restored: bool,
    ) -> Self {
        let (files_loaded, saving, has_new_changes) = Default::default();
        Self {
            state,
            phase,
            store,
            files_loaded,
            sent: Cell::new(restored),
            saving,
            has_new_changes,
        }
    }

    /// Saves the draft after each change, and when the visitor leaves the page.
    pub(super) fn autosave(self: &Rc<Self>, scope: &Scope) {
        if self.store.is_none() {
            return;
        }
        let keeper = Rc::clone(self);
        let mut first = true;
        let mut before = 0;
        follow(scope, move || {
            keeper.state.edited.track();
            let count = files(&keeper.state.fields).map_or(0, count);
            let files_changed = std::mem::replace(&mut before, count) != count;
            // The first run is not the result of a change.
            if std::mem::take(&mut first) {
                return;
            }
            keeper.has_new_changes.set(true);
            if files_changed {
                keeper.save();
            } else if keeper.saving.borrow().is_none() {
                keeper.save_after_pause(MAX_PAUSES);
            }
        });
        let keeper = Rc::clone(self);
        listen(scope, window().into(), &["pagehide", "pageshow"], move |event| {
            // Lock the draft again if the visitor returns by the Back button: leaving the page released
            // it.
            if event.type_() == "pageshow" {
                keeper.lock();
            }
            keeper.save();
        });
    }

    /// Saves the draft when the visitor pauses, but after this number of pauses at the latest.
    fn save_after_pause(self: &Rc<Self>, pauses: u32) {
        self.has_new_changes.set(false);
        let keeper = Rc::downgrade(self);
        let save = move || {
            let Some(keeper) = keeper.upgrade() else { return };
            if keeper.has_new_changes.get() && pauses > 0 {
                return keeper.save_after_pause(pauses.saturating_sub(1));
            }
            keeper.saving.take();
            keeper.save();
        };
        *self.saving.borrow_mut() = later(PAUSE, save);
    }

    /// Saves the current draft, unless the submission has arrived. A draft that has no answers and
    /// was never sent is deleted instead.
    pub(super) fn save(&self) {
        let store = self.store.as_ref().filter(|store| !store.is_closed());
        let has_arrived = self.phase.with_untracked(Phase::is_done);
        let Some(store) = store.filter(|_| !has_arrived) else { return };
        let files = files(&self.state.fields);
        // Until the kept files are loaded, saving would remove them.
        let files_loaded = files.is_none() || self.files_loaded.get();
        if let Some(field) = files.filter(|_| files_loaded) {
            let files = field.answer().files;
            let files = files.iter().map(|attachment| &*attachment.file);
            keep_files(&self.state.reference(), files);
        }
        if self.state.typed_texts().is_empty() && files.map_or(0, count) == 0 && !self.sent.get() {
            if files_loaded {
                store.forget();
            }
        } else {
            store.save(&self.draft());
        }
    }

    fn draft(&self) -> Draft {
        let state = &self.state;
        Draft {
            reference: state.reference(),
            revision: state.revision(),
            texts: state.typed_texts(),
            step: state.steps.current.get_untracked(),
        }
    }

    /// Returns the draft with its files. Returns `None` if the submission has arrived.
    pub(super) fn hand_over(&self) -> Option<OpenDraft> {
        let Self { state, phase, .. } = self;
        let mut draft = self.draft();
        draft.texts.extend(state.page_values());
        let files = files(&state.fields).map(|field| field.answer().files);
        let files = files.unwrap_or_default();
        (!phase.with_untracked(Phase::is_done)).then_some(OpenDraft { draft, files })
    }

    /// Numbers the next request and saves the number before the request is sent.
    pub(super) fn begin_request(&self) {
        self.sent.set(true);
        self.state.number_request();
        self.save();
    }

    /// Deletes the kept draft.
    pub(super) fn forget(&self) {
        self.sent.set(false);
        if let Some(store) = &self.store {
            store.forget();
            keep_files(&self.state.reference(), std::iter::empty());
        }
    }

    /// Continues with the same answers under another reference.
    pub(super) fn replace(self: &Rc<Self>) {
        self.end();
        self.state.set_draft(new_draft());
        self.lock();
    }

    /// Empties the form for a new draft.
    pub(super) fn reset(self: &Rc<Self>) {
        self.end();
        self.state.start_over(new_draft());
        self.lock();
    }

    /// Continues an earlier draft instead of the current one. An earlier request may have sent it, so it
    /// keeps its reference.
    pub(super) fn restore(self: &Rc<Self>, OpenDraft { draft, files }: OpenDraft) {
        self.end();
        self.sent.set(true);
        let field = self.state.fields.iter().find(|field| field.question().takes_files());
        if let Some(field) = field.filter(|_| !files.is_empty()) {
            field.add_files(files);
        }
        self.state.steps.go_to(draft.step);
        self.state.restore_draft(draft.reference, &draft.revision);
        let _ = self.state.write(&draft.texts);
        self.lock();
        self.save();
    }

    fn end(&self) {
        self.forget();
        release(&self.state.reference());
    }

    /// Saves the draft one last time and releases it for the next form, even if promises still hold this
    /// keeper.
    pub(super) fn close(&self) {
        self.save();
        self.saving.take();
        if let Some(store) = &self.store {
            store.close();
            release(&self.state.reference());
        }
    }

    /// Locks the draft for this page. If another tab has the lock, this page continues with a copy.
    pub(super) fn lock(self: &Rc<Self>) {
        if self.is_closed() {
            return;
        }
        let keeper = Rc::downgrade(self);
        let reference = self.state.reference();
        lock(&reference.clone(), move || {
            let Some(keeper) = keeper.upgrade() else { return };
            // The form may have sent the draft, started another draft, or been removed in the
            // meantime.
            if keeper.phase.with_untracked(Phase::is_sending)
                || !keeper.state.is_draft(&reference)
                || keeper.is_closed()
            {
                return;
            }
            keeper.state.set_draft(new_draft());
            keeper.save();
            keeper.lock();
        });
    }

    /// Loads the kept files, and calls `restored` if there are any. Call this for a new draft as
    /// well, because it also deletes outdated files of other drafts.
    pub(super) fn restore_files(self: &Rc<Self>, restored: impl FnOnce() + 'static) {
        // Do not open the database for a form without files.
        if self.store.is_none() || files(&self.state.fields).is_none() {
            return;
        }
        let keeper = Rc::downgrade(self);
        let reference = self.state.reference();
        load_files(&reference.clone(), move |kept| {
            let Some(keeper) = keeper.upgrade() else { return };
            let kept = attachments(&kept);
            keeper.files_loaded.set(true);
            let mut fields = keeper.state.fields.iter().enumerate();
            let Some((index, field)) = fields.find(|(_, field)| field.question().takes_files())
            else {
                return;
            };
            let added = count(field) > 0;
            // Another draft may have started in the meantime.
            if !kept.is_empty() && keeper.state.is_draft(&reference) {
                field.add_files(kept);
                keeper.state.show_problems(index, today());
                restored();
            }
            if added {
                keeper.save();
            }
        });
    }

    fn is_closed(&self) -> bool {
        self.store.as_ref().is_none_or(DraftStore::is_closed)
    }
}

/// Returns the question that takes files. A form has at most one.
fn files(fields: &[Field]) -> Option<&Field> {
    fields.iter().find(|field| field.question().takes_files())
}

fn count(field: &Field) -> usize {
    field.with_files(<[Attachment]>::len)
}
