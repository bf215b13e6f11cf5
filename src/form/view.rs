//! Shows the form: its fields, the current step, the phase of the submission.

use std::rc::Rc;

use web_sys::{Document, Element};

use super::elements::Elements;
use super::leave_warning::LeaveWarning;
use super::{render, summary};
use crate::browser::document;
use crate::controls::{Control, append};
use crate::scope::Scope;
use crate::state::{FormState, Tracked, follow};
use crate::submission::Phase;

/// The elements of a form and the controls of its fields.
pub(super) struct View {
    state: Rc<FormState>,
    phase: Tracked<Phase>,
    elements: Elements,
    controls: Vec<Control>,
    leave_warning: LeaveWarning,
}

impl View {
    /// Puts the form into `root`. All ids begin with `prefix`.
    pub(super) fn new(
        document: &Document,
        root: &Element,
        prefix: &str,
        state: Rc<FormState>,
        phase: Tracked<Phase>,
    ) -> Self {
        let elements = Elements::new(document, root, prefix, &state.definition, &state.locale);
        let fields = state.fields.iter().enumerate();
        let controls = fields.map(|(index, field)| {
            let control = Control::new(document, prefix, index, field.question(), &state.locale);
            append(&elements.fields, control.above.as_ref().as_slice());
            append(&elements.fields, &[&control.frame]);
            control
        });
        let controls = controls.collect();
        Self { state, phase, elements, controls, leave_warning: LeaveWarning::new() }
    }

    /// Returns the control of each field.
    pub(super) fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// Returns whether the form is being sent, so that its fields are disabled.
    pub(super) fn is_sending(&self) -> bool {
        self.phase.with_untracked(Phase::is_sending)
    }

    /// Renders each field when its answer changes, the step when the visitor or a condition changes
    /// it, and the summary when any answer changes.
    pub(super) fn follow(self: &Rc<Self>, scope: &Scope) {
        for index in 0..self.controls.len() {
            let view = Rc::clone(self);
            follow(scope, move || view.render_field(index));
        }
        let view = Rc::clone(self);
        follow(scope, move || view.render_step());
        let view = Rc::clone(self);
        let mut before = Vec::new();
        follow(scope, move || view.render_summary(&mut before));
    }

    fn render_field(&self, index: usize) {
        let Self { state, controls, .. } = self;
        if let (Some(field), Some(control)) = (state.fields.get(index), controls.get(index)) {
            let question = state.asked_state(index);
            let messages = field.messages(question, &state.locale, crate::clock::today());
            control.show_required(question.is_required());
            // Copy the answer: rendering may take the focus from the control, and losing the focus
            // writes the answer.
            control.render(field.question(), &field.answer.get(), messages, &state.locale);
        }
    }

    /// Shows the questions of the current step that are asked.
    pub(super) fn render_step(&self) {
        let Self { state, controls, elements, .. } = self;
        let asked = state.asked();
        let position = state.steps.position(&asked);
        for (index, (control, asked)) in controls.iter().zip(asked).enumerate() {
            let visible = asked && state.steps.of_field(index) == position.step;
            control.set_visible(visible);
        }
        let failed = self.phase.with(|phase| matches!(phase, Phase::Failed(_)));
        render::step(elements, state, position, failed);
    }

    /// Shows the panels of this phase. While the form is being sent, the browser asks before the
    /// visitor leaves the page. During an automatic retry, a panel takes the focus only if the
    /// focus is in the form already.
    pub(super) fn render_phase(&self, phase: &Phase, automatic: bool) {
        let sending = phase.is_sending();
        self.leave_warning.set_active(sending);
        if sending {
            self.show_restored(false);
        }
        render::phase(&document(), &self.elements, &self.state, phase, automatic);
    }

    /// Renders the summary. `before` holds the problems that the summary shows now, and is updated.
    fn render_summary(&self, before: &mut Vec<(usize, String)>) {
        let Self { state, elements, .. } = self;
        let problems = if state.summary.get() { summary::problems(state) } else { Vec::new() };
        let has_problems = !problems.is_empty();
        // Render only on change, because the visitor may be pressing a link.
        if *before != problems {
            summary::fill(&document(), &elements.summary_list, &problems);
            *before = problems;
        }
        if elements.summary.set_visible(has_problems) {
            elements.summary.focus();
        }
        // A summary without problems stays closed until the next Submit: if a keystroke opened it,
        // the summary would take the focus from the field.
        if !has_problems && state.summary.get_untracked() {
            state.summary.set(false);
        }
    }

    /// Shows or hides the note that a draft was restored.
    pub(super) fn show_restored(&self, shown: bool) {
        self.elements.restored.set_visible(shown);
    }

    /// Shows the seconds until the next retry, or hides the countdown.
    pub(super) fn show_countdown(&self, seconds: Option<u64>) {
        let Elements { countdown, countdown_text, .. } = &self.elements;
        if let Some(seconds) = seconds {
            render::countdown(countdown_text, &self.state.locale, seconds);
        }
        countdown.set_visible(seconds.is_some());
    }

    /// Stops the warning about leaving the page, because the form is removed or opens another page.
    pub(super) fn close(&self) {
        self.leave_warning.set_active(false);
    }

    /// Moves the focus to the first field.
    pub(super) fn focus_first_field(&self) {
        self.controls.first().iter().for_each(|control| control.focus());
    }

    pub(super) fn focus_step(&self) {
        self.elements.step.focus();
    }

    pub(super) fn focus_summary(&self) {
        self.elements.summary.focus();
    }

    pub(super) fn focus_failure(&self) {
        self.elements.failure.focus();
    }
}
