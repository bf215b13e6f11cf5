//! A page's environment: tabs, console, file storage, network, screen.

use super::color_scheme::ColorScheme;
use super::devtools::Network;
use super::engine::{Engine, part_runs_outside};
use super::session::Browser;
use super::{chromium, firefox, webkit};
use crate::wait::{wait_for, wait_until};

/// Why files do not survive a reload in WebKit.
pub const NO_FILE_STORAGE: &str = "its driver opens private windows, which do not store files";

/// The height of the screen if a journey sets only the width.
pub(super) const HEIGHT: u32 = 800;

impl Browser {
    /// Opens the page in a second tab and switches to that tab. Like a duplicated tab, the new tab
    /// gets a copy of the session storage.
    #[track_caller]
    pub fn duplicate_tab(&self) {
        self.script("window.open(location.href);", &[]);
        self.switch_to_tab(1);
    }

    /// Opens a page in a new tab with an empty session storage, and switches to it.
    #[track_caller]
    pub fn open_tab(&self, url: &str) {
        let tab = self.block_on(self.session.new_tab());
        self.block_on(self.session.switch_to_window(tab));
        self.open(url);
    }

    /// Closes the tab. The caller has to switch to another tab.
    #[track_caller]
    pub fn close_tab(&self) {
        self.block_on(self.session.close_window());
    }

    /// Switches to a tab by its index, in the order in which the tabs were opened.
    #[track_caller]
    pub fn switch_to_tab(&self, index: usize) {
        let tab = wait_for("the tab", || self.block_on(self.session.windows()).get(index).cloned());
        self.block_on(self.session.switch_to_window(tab));
    }

    /// Returns the warnings and errors in the console since the last call. In Chromium, also
    /// returns other messages. In WebKit, returns only those that scripts on the page can observe:
    /// see [`Browser::has_full_console`].
    #[track_caller]
    pub fn take_console(&self) -> Vec<String> {
        match self.engine {
            Engine::Chromium => chromium::take_console(self),
            Engine::Firefox => firefox::take_console(self),
            Engine::WebKit => webkit::take_console(self),
        }
    }

    /// Asserts that the console has no warnings or errors since the last call.
    #[track_caller]
    pub fn assert_console_is_empty(&self) {
        assert_eq!(self.take_console(), Vec::<String>::new());
    }

    /// Waits until warnings and errors in the console contain all these parts.
    #[track_caller]
    pub fn wait_for_console(&self, parts: &[&str]) {
        let mut console = String::new();
        wait_until(&format!("{parts:?} in the console"), || {
            console.extend(self.take_console().into_iter().map(|line| line + "\n"));
            parts.iter().all(|part| console.contains(part))
        });
    }

    /// Returns whether [`Browser::take_console`] includes messages from the browser itself, for
    /// example about blocked requests. If not, prints that a part of the test is skipped.
    pub fn has_full_console(&self) -> bool {
        part_runs_outside(Engine::WebKit, "its driver does not report the browser's messages")
    }

    /// Returns whether files survive a reload. If not, prints that a part of the test is skipped.
    pub fn has_file_storage(&self) -> bool {
        part_runs_outside(Engine::WebKit, NO_FILE_STORAGE)
    }

    /// Limits the upload speed of pages; `None` removes the limit.
    #[track_caller]
    pub fn limit_upload_speed(&self, bytes_per_second: Option<u32>) {
        match &self.socks_proxy {
            Some(proxy) => proxy.limit_upload_speed(bytes_per_second),
            None => self.emulate_network(Network { up: bytes_per_second, ..Network::FAST }),
        }
    }

    /// Connects pages to the network or disconnects them. Pages receive the `online` or `offline`
    /// event.
    #[track_caller]
    pub fn set_online(&self, online: bool) {
        if let Some(proxy) = &self.socks_proxy {
            proxy.cut_connections(!online);
        }
        match self.engine {
            Engine::Chromium => chromium::set_online(self, online),
            Engine::Firefox => firefox::set_online(self, online),
            Engine::WebKit => webkit::set_online(self, online),
        }
    }

    /// Sets the screen's width. If the screen is narrow, Chromium emulates a phone. Scroll bars do
    /// not reduce the page's width.
    #[track_caller]
    pub fn set_width(&self, width: u32) {
        match self.engine {
            Engine::Chromium => chromium::set_size(self, width, HEIGHT),
            Engine::Firefox => firefox::set_width(self, width),
            Engine::WebKit => webkit::set_size(self, width, HEIGHT),
        }
    }

    /// Sets the screen's width as [`Browser::set_width`] does, and its height.
    #[track_caller]
    pub fn set_size(&self, width: u32, height: u32) {
        match self.engine {
            Engine::Chromium => chromium::set_size(self, width, height),
            Engine::Firefox => firefox::set_size(self, width, height),
            Engine::WebKit => webkit::set_size(self, width, height),
        }
    }

    /// Sets the color scheme that the visitor prefers.
    #[track_caller]
    pub fn set_color_scheme(&self, scheme: ColorScheme) {
        match self.engine {
            Engine::Chromium => chromium::set_color_scheme(self, scheme),
            Engine::Firefox => firefox::set_color_scheme(self, scheme),
            Engine::WebKit => webkit::set_color_scheme(self, scheme),
        }
    }
}
