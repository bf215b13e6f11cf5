//! What is around a page: its console, its line, its screen.

use super::devtools::Line;
use super::engine::{Engine, part_not_in};
use super::session::Browser;
use super::settings::Scheme;
use super::{chromium, firefox, webkit};
use crate::wait::eventually;

/// Why files do not survive a reload in WebKit.
pub const PRIVATE: &str = "under its driver it is a private window, and those keep no files";

impl Browser {
    /// Opens the page in another tab and goes there. As in a tab that is duplicated, what the page
    /// keeps for a tab is there in a copy.
    #[track_caller]
    pub fn duplicate_tab(&self) {
        self.script("window.open(location.href);", &[]);
        self.go_to_tab(1);
    }

    /// Opens a page in a new tab with a session storage of its own, and switches to it.
    #[track_caller]
    pub fn open_tab(&self, url: &str) {
        let tab = self.wait(self.session.new_tab());
        self.wait(self.session.switch_to_window(tab));
        self.open(url);
    }

    /// Closes the tab. The caller has to switch to another one.
    #[track_caller]
    pub fn close_tab(&self) {
        self.wait(self.session.close_window());
    }

    /// Goes to the tab of that place, by the order in which they were opened.
    #[track_caller]
    pub fn go_to_tab(&self, place: usize) {
        let tab = eventually("tab", || self.wait(self.session.windows()).get(place).cloned());
        self.wait(self.session.switch_to_window(tab));
    }

    /// What the console, the policy and the network complained of since the last call. Of WebKit it
    /// is only what scripts of the page can hear: see [`Browser::tells_everything`].
    #[track_caller]
    pub fn console(&self) -> Vec<String> {
        match self.engine {
            Engine::Chromium => chromium::console(self),
            Engine::Firefox => firefox::console(self),
            Engine::WebKit => webkit::console(self),
        }
    }

    /// Waits until the console has complained in all these words, and gives what it said.
    #[track_caller]
    pub fn complains(&self, words: &[&str]) -> String {
        let mut said = String::new();
        eventually(&format!("complaint of {words:?}"), || {
            said.extend(self.console().into_iter().map(|line| line + "\n"));
            words.iter().all(|word| said.contains(word)).then_some(())
        });
        said
    }

    /// Whether [`Browser::console`] has also what the browser itself says, about requests that it
    /// does not allow, for example. Where it has not, this says aloud that a part is left out.
    pub fn tells_everything(&self) -> bool {
        part_not_in(Engine::WebKit, "its driver does not tell what the browser itself complains of")
    }

    /// Whether files survive a reload. Where they do not, this says aloud that a part is left out.
    pub fn keeps_files(&self) -> bool {
        part_not_in(Engine::WebKit, PRIVATE)
    }

    /// Lets pages send only so many bytes a second from now on; `None` ends it.
    #[track_caller]
    pub fn slow_down_uploads(&self, bytes_per_second: Option<u32>) {
        match &self.line {
            Some(line) => line.slow_down_uploads(bytes_per_second),
            None => self.line(Line { up: bytes_per_second, ..Line::FAST }),
        }
    }

    /// Whether pages have a connection from now on; they hear of the change.
    #[track_caller]
    pub fn online(&self, online: bool) {
        if let Some(line) = &self.line {
            line.cut(!online);
        }
        match self.engine {
            Engine::Chromium => chromium::online(self, online),
            Engine::Firefox => firefox::online(self, online),
            Engine::WebKit => webkit::online(self, online),
        }
    }

    /// Gives pages a screen of that width; a narrow one is a phone's. Scroll bars take nothing of
    /// it.
    #[track_caller]
    pub fn screen(&self, width: u32) {
        match self.engine {
            Engine::Chromium => chromium::screen(self, width),
            Engine::Firefox => firefox::screen(self, width),
            Engine::WebKit => webkit::screen(self, width),
        }
    }

    /// Tells pages what the visitor's system looks like.
    #[track_caller]
    pub fn prefer(&self, scheme: Scheme) {
        match self.engine {
            Engine::Chromium => chromium::prefer(self, scheme),
            Engine::Firefox => firefox::prefer(self, scheme),
            Engine::WebKit => webkit::prefer(self, scheme),
        }
    }
}
