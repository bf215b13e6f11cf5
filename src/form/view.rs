//! Shows the form: its fields, the current step, the phase of the submission.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use deal_contract::definition::QuestionState;
use deal_contract::input::enter_key_hint;
use deal_contract::messages::MessageKey;
use reactive_graph::traits::Track;
use web_sys::Document;

use super::elements::{
    ACTION, Elements, ResultPanel, START_OVER, focus_in_place, scroll_into_view,
};
use super::leave_warning::LeaveWarning;
use super::root::Root;
use super::{render, summary};
use crate::browser::{Timer, document, later};
use crate::controls::{Announcer, Control, append, set};
use crate::scope::Scope;
use crate::state::{FormState, Position, Tracked, follow};
use crate::submission::{Origin, Phase, Progress};

/// How long sending takes before the form shows its progress. A form without files usually arrives
/// sooner.
const PROGRESS_DELAY: Duration = Duration::from_millis(600);

/// How long the visitor pauses before the number of characters left is announced.
const TYPING_PAUSE: Duration = Duration::from_secs(1);

/// The elements of a form and the controls of its fields.
pub(super) struct View {
    state: Rc<FormState>,
    phase: Tracked<Phase>,
    elements: Elements,
    controls: Vec<Control>,
    announcer: Announcer,
    leave_warning: LeaveWarning,
    /// Whether questions are shown or required only under a condition.
    has_conditions: bool,
    /// The step that is shown.
    shown_step: RefCell<Option<ShownStep>>,
    /// The phase that is shown.
    shown_phase: Cell<ShownPhase>,
    /// Whether the seconds until the next retry are shown.
    is_counting_down: Cell<bool>,
    /// The sentence about the progress that was announced last.
    announced_stage: RefCell<String>,
    /// The timer after which the progress is shown.
    progress_timer: RefCell<Option<Timer>>,
    /// The timer after which the number of characters left is announced.
    typing_timer: RefCell<Option<Timer>>,
}

/// The values that determine how the step is rendered.
type ShownStep = (Vec<QuestionState>, Position, render::SubmitState);

/// The kind of the phase that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ShownPhase {
    Editing,
    Sending,
    Failed,
    Done,
}

impl View {
    /// Puts the form into `root`. All ids begin with `prefix`. `level` is the level of its title.
    pub(super) fn new(
        document: &Document,
        root: &Root,
        prefix: &str,
        level: u8,
        state: Rc<FormState>,
        phase: Tracked<Phase>,
    ) -> Self {
        let elements =
            Elements::new(document, &root.element, prefix, level, &state.definition, &state.locale);
        let fields = state.fields.iter().enumerate();
        let controls = fields.map(|(index, field)| {
            let (question, locale) = (field.question(), &state.locale);
            let control = Control::new(document, prefix, index, question, locale, &root.announcer);
            control.label_enter_key(enter_key_hint(&state.definition, index));
            append(&elements.fields, control.above.as_ref().as_slice());
            append(&elements.fields, &[&control.frame]);
            control
        });
        let controls = controls.collect();
        Self {
            has_conditions: state.has_conditions(),
            state,
            phase,
            elements,
            controls,
            announcer: root.announcer.clone(),
            leave_warning: LeaveWarning::new(),
            shown_step: RefCell::default(),
            shown_phase: Cell::new(ShownPhase::Editing),
            is_counting_down: Cell::default(),
            announced_stage: RefCell::default(),
            progress_timer: RefCell::default(),
            typing_timer: RefCell::default(),
        }
    }

    /// Returns the control of each field.
    pub(super) fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// Returns whether the form is being sent, so that its fields are disabled.
    pub(super) fn is_sending(&self) -> bool {
        self.phase.with_untracked(Phase::is_sending)
    }

    /// Renders all fields, and then each field that changes; the step when the visitor or a condition
    /// changes it; and the summary of problems.
    pub(super) fn follow(self: &Rc<Self>, scope: &Scope) {
        (0..self.controls.len()).for_each(|index| self.render_field(index));
        self.typing_timer.take();
        let view = Rc::clone(self);
        follow(scope, move || {
            view.state.changes.take().into_iter().for_each(|index| view.render_field(index));
        });
        let view = Rc::clone(self);
        follow(scope, move || {
            if view.has_conditions {
                view.state.edited.track();
            }
            view.render_step();
        });
        let view = Rc::clone(self);
        follow(scope, move || view.render_summary());
    }

    fn render_field(self: &Rc<Self>, index: usize) {
        let Self { state, controls, .. } = &**self;
        if let (Some(field), Some(control)) = (state.fields.get(index), controls.get(index)) {
            // Copy the answer: rendering may take the focus from the control, and losing the focus
            // writes the answer.
            let (answer, problems) = (field.answer(), field.problems());
            let text = control.render(field.question(), &answer, problems, &state.locale);
            if let Some(text) = text {
                let announcer = self.announcer.clone();
                let announce = move || announcer.say(&text);
                *self.typing_timer.borrow_mut() = later(TYPING_PAUSE, announce);
            }
        }
    }

    /// Calls `change`, and announces the problems that the field shows after it but not before.
    pub(super) fn announce_problems(&self, index: usize, change: impl FnOnce()) {
        let Some(field) = self.state.fields.get(index) else { return };
        let before = field.problems();
        change();
        for message in field.problems().messages.all() {
            if !before.messages.all().any(|known| known == message) {
                self.announcer.say(message);
            }
        }
    }

    /// Removes the sentences about an attempt that has ended.
    pub(super) fn clear_announcements(&self) {
        self.announcer.clear();
    }

    /// Shows the questions of the current step that are asked.
    pub(super) fn render_step(&self) {
        let Self { state, controls, elements, .. } = self;
        let states = state.question_states();
        let asked: Vec<bool> = states.iter().map(|state| state.is_shown()).collect();
        let position = state.steps.position(&asked);
        let submit = self.phase.with(render::SubmitState::of);
        let step = Some((states, position, submit));
        if *self.shown_step.borrow() == step {
            return;
        }
        let Some((states, ..)) = &step else { return };
        for (index, (control, state_now)) in controls.iter().zip(states).enumerate() {
            let is_current = state.steps.of_field(index) == position.step;
            control.set_visible(state_now.is_shown() && is_current);
            control.show_required(state_now.is_required());
        }
        render::step(elements, state, position, submit);
        *self.shown_step.borrow_mut() = step;
    }

    /// Shows the panels of this phase. While the form is being sent, the browser asks before the
    /// visitor leaves the page.
    pub(super) fn render_phase(self: &Rc<Self>, phase: &Phase, origin: Origin) {
        let Self { elements, state, .. } = &**self;
        self.leave_warning.set_active(phase.is_sending());
        let now = ShownPhase::of(phase);
        let is_new = self.shown_phase.replace(now) != now;
        if now == ShownPhase::Sending {
            self.hide_note();
        } else {
            self.progress_timer.take();
            self.announced_stage.take();
        }
        let had_focus = elements.form.matches(":focus-within").unwrap_or_default();
        if is_new && origin == Origin::Visitor && now == ShownPhase::Sending && had_focus {
            // The fields and panels that may have the focus are disabled or hidden next.
            focus_in_place(&elements.submit);
        }
        let heading_before = elements.failure.heading.text_content();
        render::phase(&document(), elements, state, phase, origin);
        match phase {
            Phase::Sending(progress) => self.show_progress(*progress),
            Phase::Failed(_) if is_new => {
                self.hide_activity();
                let heading = elements.failure.heading.text_content();
                if origin == Origin::Visitor {
                    self.focus_failure();
                } else if heading != heading_before {
                    self.announcer.say(&heading.unwrap_or_default());
                }
            }
            _ if is_new => {
                self.hide_activity();
                if now == ShownPhase::Done {
                    self.show_result(origin, had_focus);
                }
            }
            _ => {}
        }
    }

    /// Moves the focus to the result, or announces it if the visitor is elsewhere on the page.
    fn show_result(&self, origin: Origin, had_focus: bool) {
        let ResultPanel { panel, title, thanks, .. } = &self.elements.result;
        if origin == Origin::Visitor || had_focus {
            panel.focus();
        } else {
            for element in [title, thanks] {
                self.announcer.say(&element.text_content().unwrap_or_default());
            }
        }
    }

    /// Shows the progress at once if it is visible already or if there are files, and otherwise after a
    /// delay.
    fn show_progress(self: &Rc<Self>, progress: Progress) {
        let Self { elements, state, .. } = &**self;
        let stage = render::progress(elements, &state.locale, progress);
        if *self.announced_stage.borrow() != stage {
            self.announcer.say(&stage);
            *self.announced_stage.borrow_mut() = stage;
        }
        if state.fields.iter().any(|field| field.with_files(|files| !files.is_empty())) {
            elements.activity.panel.set_visible(true);
        } else if self.progress_timer.borrow().is_none() {
            let view = Rc::downgrade(self);
            let show = move || {
                view.upgrade()
                    .iter()
                    .for_each(|view| view.elements.activity.panel.set_visible(true));
            };
            *self.progress_timer.borrow_mut() = later(PROGRESS_DELAY, show);
        }
    }

    /// Hides the panel with the progress, unless it shows the seconds until the next retry. Keeps the
    /// focus in the form.
    fn hide_activity(&self) {
        if !self.is_counting_down.get() {
            if self.elements.activity.panel.has_focus() {
                focus_in_place(&self.elements.submit);
            }
            self.elements.activity.panel.set_visible(false);
        }
    }

    /// Renders the summary.
    pub(super) fn render_summary(&self) {
        let Elements { summary, summary_list, .. } = &self.elements;
        self.state.summary.with(|problems| {
            summary::fill(&document(), summary_list, problems);
            summary.set_visible(!problems.is_empty());
        });
    }

    /// Shows the note that a draft was restored.
    pub(super) fn show_restored(&self) {
        self.show_note(MessageKey::Restored, MessageKey::StartOver, START_OVER);
    }

    pub(super) fn hide_note(&self) {
        self.elements.note.panel.set_visible(false);
    }

    /// Shows a note above the form, with a button for this action.
    pub(super) fn show_note(&self, text: MessageKey, button: MessageKey, action: &str) {
        let note = &self.elements.note;
        let say = |key| self.state.locale.say(key);
        note.text.set_text_content(Some(&say(text)));
        note.button.set_text_content(Some(&say(button)));
        set(&note.button, ACTION, action);
        set(&note.button, "disabled", "");
        note.panel.set_visible(true);
        self.announcer.say(&say(text));
    }

    /// Disables the button of the note. The note stays, because the fields below it would move.
    pub(super) fn end_note(&self) {
        set(&self.elements.note.button, "disabled", "disabled");
    }

    /// Shows the seconds until the next retry, and announces them once.
    pub(super) fn show_countdown(&self, seconds: u64) {
        let text = render::countdown(&self.elements, &self.state.locale, seconds);
        self.elements.activity.panel.set_visible(true);
        if !self.is_counting_down.replace(true) {
            self.announcer.say(&text);
        }
    }

    /// Ends the countdown, because the form is sent again. The panel stays and shows the progress.
    pub(super) fn end_countdown(&self) {
        self.is_counting_down.set(false);
    }

    /// Ends the countdown and hides it.
    pub(super) fn cancel_countdown(&self) {
        if self.is_counting_down.replace(false) {
            self.hide_activity();
        }
    }

    /// Stops the warning about leaving the page, because the form is removed or opens another page.
    pub(super) fn close(&self) {
        self.leave_warning.set_active(false);
        self.progress_timer.take();
        self.typing_timer.take();
    }

    /// Moves the focus to the first field.
    pub(super) fn focus_first_field(&self) {
        self.controls.first().iter().for_each(|control| control.focus());
    }

    pub(super) fn focus_step(&self) {
        self.elements.step.panel.focus();
    }

    pub(super) fn focus_summary(&self) {
        self.elements.summary.focus();
    }

    /// Moves the focus to the failure, and scrolls until the failure and its buttons are in view.
    pub(super) fn focus_failure(&self) {
        let Elements { failure, submit, .. } = &self.elements;
        focus_in_place(&failure.panel);
        scroll_into_view(submit);
        scroll_into_view(&failure.panel);
    }
}

impl ShownPhase {
    fn of(phase: &Phase) -> Self {
        match phase {
            Phase::Editing => Self::Editing,
            Phase::Sending(_) => Self::Sending,
            Phase::Failed(_) => Self::Failed,
            Phase::Arrived(_) | Phase::Kept(_) => Self::Done,
        }
    }
}
