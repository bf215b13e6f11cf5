//! What a visitor's hands do: the mouse, the keyboard, files that are dragged.

use thirtyfour::{Key, TypingData, WebElement};

use super::engine::Engine;
use super::session::Browser;
use super::{chromium, dragged, webkit};
use crate::files::Sample;

impl Browser {
    /// Clicks with the mouse, where the element is.
    #[track_caller]
    pub fn click(&self, element: &WebElement) {
        if self.engine == Engine::WebKit {
            return webkit::click(self, element);
        }
        self.wait(element.click());
    }

    /// Clicks twice, as fast as hands do.
    #[track_caller]
    pub fn double_click(&self, element: &WebElement) {
        self.wait(element.scroll_into_view());
        self.wait(self.session.action_chain().double_click_element(element).perform());
    }

    /// Types into the element, or, for a chooser of files, gives it their paths.
    #[track_caller]
    pub fn type_into(&self, element: &WebElement, keys: impl Into<TypingData>) {
        self.wait(element.send_keys(keys));
    }

    /// Types a day, written as `2028-02-29`, into a field of the browser's own for days.
    #[track_caller]
    pub fn pick_day(&self, element: &WebElement, day: &str) {
        if self.engine == Engine::Firefox {
            // Its driver sets the day itself.
            return self.type_into(element, day);
        }
        let (year, month_and_day) = day.split_once('-').unwrap();
        self.type_into(element, format!("{}/{year}", month_and_day.replace('-', "/")));
    }

    /// What stands in a control; it needs no scripts.
    #[track_caller]
    pub fn value(&self, control: &WebElement) -> String {
        self.wait(control.value()).unwrap_or_default()
    }

    /// Empties a control.
    #[track_caller]
    pub fn clear(&self, control: &WebElement) {
        self.wait(control.clear());
    }

    /// Presses keys wherever the focus is.
    #[track_caller]
    pub fn press(&self, keys: impl Into<TypingData>) {
        self.wait(self.session.action_chain().send_keys(keys).perform());
    }

    /// Presses a key while Shift is held.
    #[track_caller]
    pub fn press_with_shift(&self, key: Key) {
        let chain = self.session.action_chain().key_down(Key::Shift);
        self.wait(chain.send_keys(key).key_up(Key::Shift).perform());
    }

    /// Drags files from the desktop and drops them there.
    #[track_caller]
    pub fn drop_files(&self, place: &WebElement, files: &[&Sample]) {
        match self.engine {
            Engine::Chromium => chromium::drop_files(self, place, files),
            Engine::Firefox | Engine::WebKit => dragged::drop_files(self, place, files),
        }
    }
}
