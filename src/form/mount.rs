//! Puts a form on the page: makes its services and connects them.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use deal_contract::check::{Today, check_field};
use deal_contract::definition::{PublicDefinition, QuestionState};

use super::actions::{Actions, prefill};
use super::adopt_fallback::{Adopted, adopt_fallback};
use super::draft_keeper::DraftKeeper;
use super::events::{Listener, Press, listen};
use super::root::Root;
use super::screen_keyboard::keep_field_visible;
use super::submitter::Submitter;
use super::view::View;
use super::{FormEvent, Host, Remote};
use crate::browser::{NextFrame, document, url_parameter, window};
use crate::clock::today;
use crate::controls::{Control, set};
use crate::draft::{Draft, DraftStore, OpenDraft, new_draft};
use crate::locale::Locale;
use crate::scope::Scope;
use crate::state::{Field, FormState};
use crate::submission::{Attempt, Endpoint};

thread_local! {
    /// The number of the next form, so that all ids on a page are unique.
    static FORMS: Cell<usize> = const { Cell::new(0) };
}

/// Puts the form into `root`, and connects it with the page's code.
pub(super) fn mount(
    scope: &Scope,
    root: &Root,
    definition: Arc<PublicDefinition>,
    locale: Locale,
    endpoint: Endpoint,
    host: Host,
    remote: &Remote,
) {
    let number = FORMS.get();
    FORMS.set(number.wrapping_add(1));
    set(&root.element, "lang", locale.lang());
    set(&root.element, "dir", locale.direction());
    let state = Rc::new(FormState::new(definition, locale, new_draft()));
    let store = host.keep_draft.then(|| DraftStore::open(&endpoint.url)).flatten();
    let kept = store.as_ref().and_then(DraftStore::load);
    // An open draft is at least as new as the kept draft, and exists even if drafts are not kept.
    let open = host.open_draft.as_ref().and_then(|open_draft| open_draft());
    let is_open = open.is_some();
    let (kept, open_files) = match open {
        Some(OpenDraft { draft, files }) => (Some(draft), files),
        None => (kept, Vec::new()),
    };
    let restored = kept.is_some();
    let adopted = fill(&state, &host, kept);
    if let Some(field) = state.fields.iter().find(|field| field.question().takes_files())
        && !open_files.is_empty()
    {
        field.add_files(open_files);
    }
    // A visitor who sees the form in another language knows that the answers are still there.
    let has_typed_text = !is_open && state.has_typed_text();

    let (attempt, host) = (Attempt::new(), Rc::new(host));
    let prefix = format!("df{number}");
    let view = View::new(
        &document(),
        root,
        &prefix,
        host.heading_level,
        Rc::clone(&state),
        attempt.phase.clone(),
    );
    let view = Rc::new(view);
    let drafts = DraftKeeper::new(Rc::clone(&state), attempt.phase.clone(), store, restored);
    let drafts = Rc::new(drafts);
    let submitter = Rc::new(Submitter::new(
        Rc::clone(&state),
        Rc::clone(&view),
        Rc::clone(&drafts),
        Rc::clone(&host),
        attempt,
        endpoint,
    ));
    let edited = Rc::clone(&state);
    let next_frame = NextFrame::new(move || {
        edited.hide_solved(today);
        edited.notify_edited();
    });
    let listener = Rc::new(Listener {
        state: Rc::clone(&state),
        view: Rc::clone(&view),
        root: root.element.clone(),
        press: Press::default(),
        pending_files: Rc::default(),
        host: Rc::clone(&host),
        next_frame,
    });
    let actions = Rc::new(Actions::new(
        state,
        Rc::clone(&view),
        Rc::clone(&submitter),
        host,
        Rc::clone(&listener.pending_files),
    ));
    scope.keep(CloseOnDrop(Rc::clone(&actions)));

    view.follow(scope);
    submitter.follow(scope);
    drafts.autosave(scope);
    if restored && has_typed_text {
        view.show_restored();
    }
    // A weak reference, because the files may never arrive.
    let weak = Rc::downgrade(&view);
    drafts.restore_files(move || {
        weak.upgrade().iter().filter(|_| !is_open).for_each(|view| view.show_restored());
    });
    drafts.lock();
    keep_field_visible(scope, &view);
    listen_to_form(scope, &listener, Rc::clone(&actions));
    if let Some((index, files)) = adopted.files {
        listener.add_files(index, &files);
    }
    if let Some(control) = adopted.typing_in.and_then(|index| view.controls().get(index)) {
        control.continue_typing();
    }
    remote.attach(&actions);
    (listener.host.on_event)(FormEvent::Ready);
}

/// Writes the initial answers. The kept draft replaces answers that the page has set, and answers that
/// the visitor has typed into the fallback replace those of the draft.
///
/// Returns the parts of the fallback that are adopted only when the form is on the page.
fn fill(state: &FormState, host: &Host, kept: Option<Draft>) -> Adopted {
    let _ = state.write(&address_values(state));
    prefill(state, &(host.prefilled)());
    state.fields.iter().for_each(Field::mark_initial);
    if let Some(kept) = &kept {
        // Answers to questions that the form no longer asks are dropped.
        let _ = state.write(&kept.texts);
        state.steps.go_to(kept.step);
    }
    let plain = host.plain_form.as_ref().and_then(|plain_form| plain_form());
    let adopted = plain.and_then(|plain| adopt_fallback(state, &plain, kept.is_some()));
    if let Some(kept) = kept {
        state.restore_draft(kept.reference, &kept.revision);
    }
    adopted.unwrap_or_default()
}

/// Returns the valid answers in the page's address. Ignores invalid answers, because the visitor
/// did not type them.
fn address_values(state: &FormState) -> Vec<(String, String)> {
    let mut values = Vec::new();
    for question in &state.definition.fields {
        if let Some(value) = question.prefill.as_ref().and_then(|name| url_parameter(name)) {
            let value = state.locale.read_given(question, &value);
            let value = state.locale.normalize(question, &value);
            if check_field(question, QuestionState::Required, &value, Today::exactly(today()))
                .is_none()
            {
                values.push((question.parameter.clone(), value));
            }
        }
    }
    values
}

/// Listens to all events of the form.
fn listen_to_form(scope: &Scope, listener: &Rc<Listener>, actions: Rc<Actions>) {
    let root = listener.root.clone();
    let press_listener = Rc::clone(listener);
    listen(scope, window().into(), Listener::PRESS_EVENTS, move |event| {
        press_listener.track_press(event);
    });
    if listener.view.controls().iter().any(Control::handles_keys) {
        let listener = Rc::clone(listener);
        listen(scope, root.clone().into(), Listener::KEY_EVENTS, move |event| {
            listener.handle_event(event);
        });
    }
    let listener = Rc::clone(listener);
    listen(scope, root.into(), Listener::EVENTS, move |event| {
        match event.type_().as_str() {
            "submit" => {
                event.prevent_default();
                actions.submit();
            }
            "click" => actions.click(event),
            _ => {}
        }
        listener.handle_event(event);
    });
}

/// Closes the form when it is removed from the page. The destructors of the services could be too late,
/// because a promise that never settles may hold the services.
struct CloseOnDrop(Rc<Actions>);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close();
    }
}
