//! One form on one page, from its first field to the CRM's reply.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use deal_contract::definition::PublicDefinition;
use web_sys::{Element, Event};

use super::elements::{ACTION, AGAIN, BACK, CANCEL, Elements, START_OVER};
use super::events::{Listener, listen};
use super::leaving::Leaving;
use super::retrying::Retrying;
use super::{FormEvent, Host, keeping, show, summary, take_over};
use crate::browser::{document, later, warn_developer, window};
use crate::controls::{Control, append, closest, set};
use crate::draft::{DraftStore, new_reference};
use crate::life::Life;
use crate::locale::Locale;
use crate::state::{Field, FormState, follow};
use crate::submission::{Attempt, Endpoint, Gathering, Phase, Progress};
use crate::transport::failure::Outcome;

thread_local! {
    /// Numbers the forms of a page, so that no two ids are the same.
    static FORMS: Cell<usize> = const { Cell::new(0) };
}

/// How soon it is looked again whether a picture is made.
const SOON: Duration = Duration::from_millis(50);

/// A form that is filled in.
pub(super) struct Session {
    pub(super) state: Rc<FormState>,
    pub(super) elements: Elements,
    pub(super) drafts: Option<DraftStore>,
    /// Whether the files of the draft are known: they come after the form is on the page.
    pub(super) files_known: Cell<bool>,
    /// Whether somebody may have the draft's reference already.
    pub(super) sent: Cell<bool>,
    controls: Rc<[Control]>,
    /// How many pictures that were pasted are still being made.
    making: Rc<Cell<usize>>,
    pub(super) attempt: Attempt,
    endpoint: Endpoint,
    proof: Gathering,
    leaving: Leaving,
    pub(super) retrying: Retrying,
    host: Host,
}

/// Puts the form into `root`.
pub(super) fn open(
    life: &Life,
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
    let state = Rc::new(FormState::new(definition, locale, new_reference()));
    let drafts = host.keep_draft.then(|| DraftStore::open(&endpoint.url)).flatten();
    let kept = drafts.as_ref().and_then(DraftStore::load);
    // What the page writes gives way to what the visitor wrote, and that to what they wrote last;
    // the draft is the same.
    warn_of_unknown(&state.write(&(host.prefilled)()));
    state.fields.iter().for_each(Field::begin);
    if let Some(kept) = &kept {
        // A question that the form no longer asks is forgotten.
        let _ = state.write(&kept.texts);
        state.steps.go_to(kept.step);
    }
    if let Some(plain) = host.plain.as_ref().and_then(|plain| plain()) {
        take_over::take_over(&state, &plain, kept.is_some());
    }
    let restored = kept.is_some();
    if let Some(kept) = kept {
        state.reference.set(kept.reference);
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
    let proof = Gathering::new(&state.definition, &endpoint.url);
    let session = Rc::new(Session {
        state,
        elements,
        drafts,
        files_known: Cell::default(),
        // Of one that was kept nobody knows any more.
        sent: Cell::new(restored),
        controls,
        making: Rc::default(),
        attempt,
        endpoint,
        proof,
        leaving,
        retrying,
        host,
    });
    life.keep(OnPage(Rc::clone(&session)));
    session.follow(life);
    if session.drafts.is_some() {
        keeping::keep(life, &session);
    }
    if restored {
        session.elements.restored.show(session.state.has_typed());
    }
    if session.drafts.is_some() {
        // Also for a new draft: files of others that are too old go.
        session.bring_back_files();
    }
    session.own();
    session.retry_by_itself(life);
    session.hear(life, root);
    if let Some(handle) = &session.host.handle {
        handle.attach(&session);
    }
    session.tell(FormEvent::Ready);
}

fn warn_of_unknown(names: &[&str]) {
    for name in names {
        warn_developer(&format!("this form does not ask for {name}"));
    }
}

/// A form that is taken off the page sends no longer, and leaves its draft behind.
struct OnPage(Rc<Session>);

impl Drop for OnPage {
    fn drop(&mut self) {
        self.0.save();
        self.0.stop_retrying();
        self.0.attempt.abort();
    }
}

impl Session {
    /// Effects: each field follows its answer; which fields are there, the step and the answers
    /// that this hangs on; the panels, the phase; the summary, all answers.
    fn follow(self: &Rc<Self>, life: &Life) {
        for index in 0..self.controls.len() {
            let session = Rc::clone(self);
            follow(life, move || {
                let Self { state, controls, .. } = &*session;
                if let (Some(field), Some(control)) = (state.fields.get(index), controls.get(index))
                {
                    // A copy: what is redrawn may lose the focus, and hearing of that writes.
                    let (answer, said) = (field.answer.get(), field.said(&state.locale));
                    control.show(field.question(), &answer, said, &state.locale);
                }
            });
        }
        let session = Rc::clone(self);
        follow(life, move || session.show_place());
        let session = Rc::clone(self);
        // A copy: a page that hears of it may write it.
        follow(life, move || session.show_phase(&session.attempt.phase.get()));
        let session = Rc::clone(self);
        let mut before = Vec::new();
        follow(life, move || {
            let Self { state, elements, .. } = &*session;
            let problems = if state.summary.get() { summary::problems(state) } else { Vec::new() };
            let some = !problems.is_empty();
            // Redrawn only when it says something else: a link may be pressed just now.
            if before != problems {
                summary::fill(&document(), &elements.summary_list, &problems);
                before = problems;
            }
            if elements.summary.show(some) {
                elements.summary.focus();
            }
            // All mended, it closes until the next Submit: opened by a keystroke, it would take
            // the focus from the field.
            if !some && state.summary.get_untracked() {
                state.summary.set(false);
            }
        });
    }

    /// Which fields are on the page, and where among the steps that is.
    fn show_place(&self) {
        let Self { state, controls, elements, .. } = self;
        let asked = state.asked();
        let place = state.steps.place(&asked);
        for (index, (control, asked)) in controls.iter().zip(asked).enumerate() {
            let here = asked && state.steps.of_field(index) == place.step;
            crate::controls::show(&control.frame, here);
        }
        let failed = self.attempt.phase.with(|phase| matches!(phase, Phase::Failed(_)));
        show::place(elements, state, place, failed);
    }

    fn show_phase(&self, phase: &Phase) {
        self.leaving.ask(phase.is_sending());
        let by_itself = self.retrying.is_by_itself();
        show::phase(&document(), &self.elements, &self.state, phase, by_itself);
        if let Phase::Sending(Progress::Upload { sent, total, .. }) = *phase
            && total > 0
        {
            self.tell(FormEvent::Progress { sent, total });
        }
    }

    fn hear(self: &Rc<Self>, life: &Life, root: &Element) {
        let listener = Listener {
            state: Rc::clone(&self.state),
            controls: Rc::clone(&self.controls),
            attempt: self.attempt.clone(),
            root: root.clone(),
            press: Rc::default(),
            making: Rc::clone(&self.making),
            changed: {
                let session = Rc::clone(self);
                Rc::new(move |field| {
                    session.tell(FormEvent::Change(field.question().parameter.clone()));
                })
            },
        };
        let pressed = listener.clone();
        listen(life, window().into(), Listener::PRESSES, move |event| pressed.press(event));
        let session = Rc::clone(self);
        listen(life, window().into(), &["pagehide"], move |_| session.save());
        let session = Rc::clone(self);
        listen(life, root.clone().into(), Listener::EVENTS, move |event| {
            match event.type_().as_str() {
                "submit" => {
                    event.prevent_default();
                    session.submit();
                }
                "click" => session.act(event),
                _ => {}
            }
            listener.hear(event);
        });
    }

    /// What the buttons and links of the form itself do.
    fn act(self: &Rc<Self>, event: &Event) {
        if let Some((_, action)) = closest(event.target(), ACTION) {
            match action.as_str() {
                CANCEL if self.retrying.is_waiting() => {
                    self.stop_retrying();
                    self.elements.failure.focus();
                }
                CANCEL => {
                    if let Some(failure) = self.attempt.cancel(&self.state) {
                        self.tell(FormEvent::Error(failure.code()));
                    }
                }
                BACK => {
                    if let Some(step) = self.state.place().before {
                        self.go_to_step(step);
                    }
                }
                AGAIN | START_OVER => self.start_anew(),
                _ => {}
            }
        } else if let Some((_, index)) = closest(event.target(), summary::GO_TO) {
            event.prevent_default();
            if let Some((control, index)) =
                index.parse().ok().and_then(|index: usize| Some((self.controls.get(index)?, index)))
            {
                self.state.steps.current.set(self.state.steps.of_field(index));
                // Shown at once, or it could not take the focus.
                self.show_place();
                control.focus();
            }
        }
    }

    fn go_to_step(&self, step: usize) {
        self.state.summary.set(false);
        self.edit();
        self.state.steps.current.set(step);
        self.show_place();
        self.elements.step.focus();
    }

    /// Goes on to the next step, or sends the form; or shows what is wrong. Pressed while a
    /// request is under way, the button does nothing: one request at a time.
    pub(super) fn submit(self: &Rc<Self>) {
        if self.attempt.is_sending() {
            return;
        }
        if self.making.get() > 0 {
            // Pasted before the button was pressed, it goes with the form.
            let session = Rc::downgrade(self);
            let _ = later(SOON, move || session.upgrade().iter().for_each(Self::submit));
            return;
        }
        let state = &self.state;
        let place = state.place();
        let mut names = Vec::new();
        for (index, field) in state.fields.iter().enumerate() {
            // What lies ahead is not judged yet.
            if state.steps.of_field(index) <= place.step {
                field.leave();
                field.forget_told();
                names.push(field.question().parameter.as_str());
            }
        }
        let mut problems = state.check();
        problems.retain(|problem| place.after.is_none() || names.contains(&problem.field.as_str()));
        if !problems.is_empty() {
            self.tell(FormEvent::Invalid(problems));
            self.edit();
            state.summary.set(true);
            // Open already, it would not take the focus by itself.
            self.elements.summary.focus();
        } else if let Some(step) = place.after {
            self.go_to_step(step);
        } else {
            state.summary.set(false);
            if self.host.before_send.as_ref().is_none_or(|ask| ask()) {
                self.send_by_hand();
            }
        }
    }

    /// Back to filling in.
    fn edit(&self) {
        self.stop_retrying();
        self.attempt.phase.set(Phase::Editing);
    }

    pub(super) fn send(self: &Rc<Self>) {
        // The reference is kept before anybody else can have it.
        self.sent.set(true);
        self.save();
        self.elements.restored.show(false);
        let session = Rc::clone(self);
        let done = move |outcome: &Outcome| {
            let event = match outcome {
                Outcome::Arrived(deal) => FormEvent::Success(deal.clone()),
                Outcome::Kept(reference) => FormEvent::Kept(reference.clone()),
                Outcome::Failed(failure) => {
                    session.proof.begin_anew();
                    session.try_again_later(failure);
                    return session.tell(FormEvent::Error(failure.code()));
                }
            };
            session.forget();
            session.tell(event);
        };
        let brought = self.proof.parts();
        self.attempt.start(&self.state, &self.endpoint, brought, Rc::new(done));
    }

    pub(super) fn has_arrived(&self) -> bool {
        self.attempt.phase.with_untracked(Phase::is_settled)
    }

    /// Whether nothing is wrong with the answers.
    pub(super) fn is_valid(&self) -> bool {
        self.state.check().is_empty()
    }

    /// Writes answers, and names what the form does not ask for on the console.
    pub(super) fn prefill(&self, values: &[(String, String)]) {
        warn_of_unknown(&self.state.write(values));
    }

    /// Stops what is under way and begins a new draft.
    pub(super) fn reset(self: &Rc<Self>) {
        self.attempt.abort();
        self.forget();
        self.state.start_anew(new_reference());
        self.own();
        self.proof.begin_anew();
        self.elements.restored.show(false);
        self.edit();
    }

    fn start_anew(self: &Rc<Self>) {
        self.reset();
        // Shown at once, or its first field could not take the focus.
        self.show_phase(&Phase::Editing);
        self.show_place();
        if let Some(first) = self.controls.first() {
            first.focus();
        }
    }

    fn tell(&self, event: FormEvent) {
        if let Some(on_event) = &self.host.on_event {
            on_event(event);
        }
    }
}
