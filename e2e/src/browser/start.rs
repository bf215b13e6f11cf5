//! Starts the browser for this run's engine.

use thirtyfour::WebDriver;

use super::driver::Driver;
use super::engine::Engine;
use super::environment::HEIGHT;
use super::launch_mode::{LaunchMode, Scripts};
use super::session::Browser;
use super::{chromium, firefox, webkit};
use crate::http::{self, PlainHttp};

impl Browser {
    /// Starts the browser.
    pub fn start() -> Self {
        Self::start_with(Scripts::On)
    }

    /// Starts the browser with or without scripts.
    pub fn start_with(scripts: Scripts) -> Self {
        Self::launch(match scripts {
            Scripts::On => LaunchMode::Default,
            Scripts::Off => LaunchMode::NoScripts,
        })
    }

    /// Starts a browser that records a trace for [`Browser::take_trace`].
    pub fn start_tracing() -> Self {
        Self::launch(LaunchMode::Tracing)
    }

    fn launch(mode: LaunchMode) -> Self {
        let engine = Engine::current();
        let profile = tempfile::tempdir().unwrap();
        let start = match engine {
            Engine::Chromium => chromium::start,
            Engine::Firefox => firefox::start,
            Engine::WebKit => webkit::start,
        };
        let Driver { process, port, capabilities, display, socks_proxy } =
            start(profile.path(), mode);
        let runtime = http::runtime();
        let session = runtime
            .block_on(async {
                WebDriver::builder(format!("http://127.0.0.1:{port}"), capabilities)
                    .client(PlainHttp::new())
                    .await
            })
            .unwrap_or_else(|error| panic!("the browser did not start: {error}"));
        let browser = Self {
            session,
            driver: process,
            _display: display,
            socks_proxy,
            _profile: profile,
            runtime,
            engine,
        };
        match engine {
            Engine::Chromium => {}
            Engine::Firefox => firefox::record_console(&browser),
            Engine::WebKit => webkit::set_size(&browser, 1000, HEIGHT),
        }
        browser
    }
}
