//! What a form shows of what is known: its fields, its place among the steps, how the sending goes.

use std::rc::Rc;

use super::session::Session;
use super::{FormEvent, show, summary};
use crate::browser::document;
use crate::clock::today;
use crate::scope::Scope;
use crate::state::follow;
use crate::submission::{Phase, Progress};

impl Session {
    /// Effects: each field follows its answer; which fields are there, the step and the answers
    /// that this hangs on; the panels, the phase; the summary, all answers.
    pub(super) fn follow(self: &Rc<Self>, scope: &Scope) {
        for index in 0..self.controls.len() {
            let session = Rc::clone(self);
            follow(scope, move || {
                let Self { state, controls, .. } = &*session;
                if let (Some(field), Some(control)) = (state.fields.get(index), controls.get(index))
                {
                    // A copy: what is redrawn may lose the focus, and hearing of that writes.
                    let messages = field.messages(&state.locale, today());
                    control.show(field.question(), &field.answer.get(), messages, &state.locale);
                }
            });
        }
        let session = Rc::clone(self);
        follow(scope, move || session.show_place());
        let session = Rc::clone(self);
        // A copy: a page that hears of it may write it.
        follow(scope, move || session.show_phase(&session.attempt.phase.get()));
        let session = Rc::clone(self);
        let mut before = Vec::new();
        follow(scope, move || {
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
    pub(super) fn show_place(&self) {
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

    pub(super) fn show_phase(&self, phase: &Phase) {
        self.leaving.ask(phase.is_sending());
        let by_itself = self.retrying.is_by_itself();
        show::phase(&document(), &self.elements, &self.state, phase, by_itself);
        if let Phase::Sending(Progress::Upload { sent, total, .. }) = *phase
            && total > 0
        {
            self.tell(FormEvent::Progress { sent, total });
        }
    }
}
