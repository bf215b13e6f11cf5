//! What a screen reader announces: sentences in the live region, and panels that take the focus.

use super::{FormPage, texts};

impl FormPage<'_> {
    /// Records what a screen reader announces from now on, until the form is rendered again.
    #[track_caller]
    pub fn record_announcements(self) {
        let record = "window.announced = [];
            const region = root.querySelector('[aria-live]');
            const say = (text) => announced.push(text.replaceAll('\u{a0}', ' '));
            new MutationObserver((changes) => {
                for (const { addedNodes } of changes) addedNodes.forEach((added) => say(added.textContent));
            }).observe(region, { childList: true, characterData: true, subtree: true });
            root.addEventListener('focusin', ({ target }) => {
                if (target.tabIndex !== -1 || target.matches('input')) return;
                const id = target.getAttribute('aria-labelledby');
                say(`focus: ${(id ? root.getElementById(id) : target).innerText.trim()}`);
            });";
        self.script(record, &[]);
    }

    /// Returns the recorded announcements in their order. `focus: Name` means that the panel with this
    /// name has taken the focus.
    #[track_caller]
    pub fn announced(self) -> Vec<String> {
        texts(&self.script("return window.announced;", &[]))
    }

    /// Returns the recorded announcements, and removes them from the record.
    #[track_caller]
    pub fn take_announced(self) -> Vec<String> {
        texts(&self.script("return window.announced.splice(0);", &[]))
    }
}
