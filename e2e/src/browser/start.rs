//! Starts the browser of this run's engine.

use thirtyfour::WebDriver;

use super::driver::Driver;
use super::engine::Engine;
use super::session::Browser;
use super::settings::{Scripts, Setting};
use super::{chromium, firefox, webkit};
use crate::http::{self, PlainHttp};

impl Browser {
    /// Starts the browser.
    pub fn start() -> Self {
        Self::with(Scripts::On)
    }

    /// Starts the browser with scripts or without.
    pub fn with(scripts: Scripts) -> Self {
        Self::launch(match scripts {
            Scripts::On => Setting::Usual,
            Scripts::Off => Setting::NoScripts,
        })
    }

    /// Starts a browser that records what it does, for [`Browser::trace`].
    pub fn recording() -> Self {
        Self::launch(Setting::Recording)
    }

    fn launch(setting: Setting) -> Self {
        let engine = Engine::of_this_run();
        let profile = tempfile::tempdir().unwrap();
        let start = match engine {
            Engine::Chromium => chromium::start,
            Engine::Firefox => firefox::start,
            Engine::WebKit => webkit::start,
        };
        let Driver { process, port, wanted, display, line } = start(profile.path(), setting);
        let runtime = http::runtime();
        let session = runtime
            .block_on(async {
                WebDriver::builder(format!("http://127.0.0.1:{port}"), wanted)
                    .client(PlainHttp::new())
                    .await
            })
            .unwrap_or_else(|error| panic!("the browser does not start: {error}"));
        let browser = Self {
            session,
            driver: process,
            _display: display,
            line,
            _profile: profile,
            runtime,
            engine,
        };
        match engine {
            Engine::Chromium => {}
            Engine::Firefox => firefox::listen(&browser),
            Engine::WebKit => webkit::screen(&browser, 1000),
        }
        browser
    }
}
