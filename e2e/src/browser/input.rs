//! The visitor's input: mouse, keyboard, dragged files.

use thirtyfour::{Key, TypingData, WebElement};

use super::engine::Engine;
use super::session::Browser;
use super::{chromium, drop_by_script, webkit};
use crate::files::Sample;

impl Browser {
    /// Clicks the element with the mouse.
    #[track_caller]
    pub fn click(&self, element: &WebElement) {
        if self.engine == Engine::WebKit {
            return webkit::click(self, element);
        }
        self.block_on(element.click());
    }

    /// Double-clicks the element.
    #[track_caller]
    pub fn double_click(&self, element: &WebElement) {
        self.block_on(element.scroll_into_view());
        self.block_on(self.session.action_chain().double_click_element(element).perform());
    }

    /// Types into the element. A file chooser takes paths.
    #[track_caller]
    pub fn type_into(&self, element: &WebElement, keys: impl Into<TypingData>) {
        self.block_on(element.send_keys(keys));
    }

    /// Enters a day such as `2028-02-29` into a native date field.
    #[track_caller]
    pub fn pick_day(&self, element: &WebElement, day: &str) {
        if self.engine == Engine::Firefox {
            // Firefox's driver sets the day directly.
            return self.type_into(element, day);
        }
        let (year, month_and_day) = day.split_once('-').unwrap();
        self.type_into(element, format!("{}/{year}", month_and_day.replace('-', "/")));
    }

    /// Returns the text in a control. Works without scripts.
    #[track_caller]
    pub fn value(&self, control: &WebElement) -> String {
        self.block_on(control.value()).unwrap_or_default()
    }

    /// Clears a control.
    #[track_caller]
    pub fn clear(&self, control: &WebElement) {
        self.block_on(control.clear());
    }

    /// Presses keys in the focused element.
    #[track_caller]
    pub fn press(&self, keys: impl Into<TypingData>) {
        self.block_on(self.session.action_chain().send_keys(keys).perform());
    }

    /// Presses a key while Shift is held.
    #[track_caller]
    pub fn press_with_shift(&self, key: Key) {
        let chain = self.session.action_chain().key_down(Key::Shift);
        self.block_on(chain.send_keys(key).key_up(Key::Shift).perform());
    }

    /// Drags files from the desktop and drops them on the element.
    #[track_caller]
    pub fn drop_files(&self, target: &WebElement, files: &[&Sample]) {
        match self.engine {
            Engine::Chromium => chromium::drop_files(self, target, files),
            Engine::Firefox | Engine::WebKit => drop_by_script::drop_files(self, target, files),
        }
    }
}
