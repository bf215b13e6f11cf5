//! One form on one page, from its first field to the CRM's reply.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use deal_contract::definition::PublicDefinition;
use web_sys::Element;

use super::elements::Elements;
use super::events::{Listener, Press, listen};
use super::leaving::Leaving;
use super::retrying::Retrying;
use super::{FormEvent, Host, keeping, take_over};
use crate::browser::{Timer, document, warn_developer, window};
use crate::controls::{Control, append, set};
use crate::draft::{DraftStore, new_draft};
use crate::locale::Locale;
use crate::scope::Scope;
use crate::state::{Field, FormState};
use crate::submission::{Attempt, Endpoint, ProofCollector};

thread_local! {
    /// Numbers the forms of a page, so that no two ids are the same.
    static FORMS: Cell<usize> = const { Cell::new(0) };
}

/// A form that is filled in.
pub(super) struct Session {
    pub(super) state: Rc<FormState>,
    pub(super) elements: Elements,
    pub(super) drafts: Option<DraftStore>,
    /// Whether the files of the draft are known: they come after the form is on the page.
    pub(super) files_known: Cell<bool>,
    /// Whether somebody may have the draft's reference already.
    pub(super) sent: Cell<bool>,
    pub(super) controls: Rc<[Control]>,
    /// How many groups of files are still being prepared.
    pub(super) making: Rc<Cell<usize>>,
    /// The timer after which the draft is kept.
    pub(super) saving: RefCell<Option<Timer>>,
    /// The timer after which Submit checks again whether the files are ready.
    pub(super) submitting: RefCell<Option<Timer>>,
    pub(super) attempt: Attempt,
    /// How many times the form was sent again since the visitor pressed the button, because the
    /// proxy knew its draft in a different state.
    pub(super) realigned: Cell<u32>,
    pub(super) endpoint: Endpoint,
    pub(super) proof: Rc<ProofCollector>,
    pub(super) leaving: Leaving,
    pub(super) retrying: Retrying,
    pub(super) host: Host,
}

/// Puts the form into `root`.
pub(super) fn open(
    scope: &Scope,
    root: &Element,
    definition: Arc<PublicDefinition>,
    locale: Locale,
    endpoint: Endpoint,
    host: Host,
) {
    let document = document();
    let number = FORMS.get();
    FORMS.set(number.wrapping_add(1));
    let prefix = format!("df{number}");
    set(root, "lang", locale.lang());
    set(root, "dir", locale.direction());
    let elements = Elements::new(&document, root, &prefix, &definition, &locale);
    let state = Rc::new(FormState::new(definition, locale, new_draft()));
    let drafts = host.keep_draft.then(|| DraftStore::open(&endpoint.url)).flatten();
    let kept = drafts.as_ref().and_then(DraftStore::load);
    // What the page writes gives way to what the visitor wrote, and that to what they wrote last;
    // the draft is the same.
    warn_of_unknown(&state.write(&(host.prefilled)()));
    state.fields.iter().for_each(Field::mark_initial);
    if let Some(kept) = &kept {
        // A question that the form no longer asks is forgotten.
        let _ = state.write(&kept.texts);
        state.steps.go_to(kept.step);
    }
    let plain = host.plain.as_ref().and_then(|plain| plain());
    let brought = plain.and_then(|plain| take_over::take_over(&state, &plain, kept.is_some()));
    let restored = kept.is_some();
    if let Some(kept) = kept {
        state.restore_draft(kept.reference, &kept.revision);
    }
    let make = |(index, field): (usize, &Field)| {
        let control = Control::new(&document, &prefix, index, field.question(), &state.locale);
        append(&elements.fields, &[&control.frame]);
        control
    };
    let controls = state.fields.iter().enumerate().map(make).collect();
    let attempt = Attempt::new();
    let leaving = Leaving::new();
    let retrying = Retrying::default();
    let proof = Rc::new(ProofCollector::new(&state.definition, &endpoint.url));
    let session = Rc::new(Session {
        state,
        elements,
        drafts,
        files_known: Cell::default(),
        // Of one that was kept nobody knows any more.
        sent: Cell::new(restored),
        controls,
        making: Rc::default(),
        saving: RefCell::default(),
        submitting: RefCell::default(),
        attempt,
        realigned: Cell::default(),
        endpoint,
        proof,
        leaving,
        retrying,
        host,
    });
    scope.keep(OnPage(Rc::clone(&session)));
    session.follow(scope);
    if session.drafts.is_some() {
        keeping::keep(scope, &session);
    }
    if restored {
        session.elements.restored.show(session.state.has_typed());
    }
    if session.drafts.is_some() {
        // Also for a new draft: files of others that are too old go.
        session.bring_back_files();
    }
    session.own();
    session.retry_by_itself(scope);
    let listener = session.hear(scope, root);
    if let Some((index, files)) = brought {
        listener.add(index, &files);
    }
    if let Some(handle) = &session.host.handle {
        handle.attach(&session);
    }
    session.tell(FormEvent::Ready);
}

pub(super) fn warn_of_unknown(names: &[&str]) {
    for name in names {
        warn_developer(&format!("this form does not ask for {name}"));
    }
}

/// A form that is taken off the page sends no longer, and leaves its draft behind.
struct OnPage(Rc<Session>);

impl Drop for OnPage {
    fn drop(&mut self) {
        // Done here because a promise that never settles may keep the session from being dropped.
        self.0.close_draft();
        self.0.stop_retrying();
        self.0.submitting.take();
        self.0.attempt.abort();
        self.0.leaving.ask(false);
    }
}

impl Session {
    fn hear(self: &Rc<Self>, scope: &Scope, root: &Element) -> Rc<Listener> {
        let listener = Rc::new(Listener {
            state: Rc::clone(&self.state),
            controls: Rc::clone(&self.controls),
            attempt: self.attempt.clone(),
            root: root.clone(),
            press: Press::default(),
            making: Rc::clone(&self.making),
            changed: {
                let session = Rc::clone(self);
                Rc::new(move |field| {
                    session.tell(FormEvent::Change(field.question().parameter.clone()));
                })
            },
        });
        let pressed = Rc::clone(&listener);
        listen(scope, window().into(), Listener::PRESSES, move |event| pressed.press(event));
        let session = Rc::clone(self);
        listen(scope, window().into(), &["pagehide"], move |_| session.save());
        let session = Rc::clone(self);
        // The visitor came back by the Back button: the draft was released when the page was left.
        listen(scope, window().into(), &["pageshow"], move |_| {
            session.own();
            session.save();
        });
        let (session, hearing) = (Rc::clone(self), Rc::clone(&listener));
        listen(scope, root.clone().into(), Listener::EVENTS, move |event| {
            match event.type_().as_str() {
                "submit" => {
                    event.prevent_default();
                    session.submit();
                }
                "click" => session.act(event),
                _ => {}
            }
            hearing.hear(event);
        });
        listener
    }

    pub(super) fn tell(&self, event: FormEvent) {
        if let Some(on_event) = &self.host.on_event {
            on_event(event);
        }
    }
}
