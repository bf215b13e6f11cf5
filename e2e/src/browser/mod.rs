//! The browser that journeys run in, and the driver that remote-controls it.
//!
//! What differs from engine to engine is in a file for each; nobody outside needs to know which it is,
//! but for what only Chromium can do: `devtools.rs`, `gauges.rs`.

mod around;
mod chromium;
mod devtools;
mod dragged;
mod engine;
mod firefox;
mod gauges;
mod hands;
mod line;
mod processes;
mod start;
mod webkit;

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use start::{Driver, Setting};
use tempfile::TempDir;
use thirtyfour::error::{WebDriverErrorInner, WebDriverResult};
use thirtyfour::{By, Capabilities, WebDriver, WebElement};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::http::{self, PlainHttp};
use crate::process::Process;
use crate::wait::{PATIENCE, eventually};
pub use around::{PRIVATE, Scheme};
pub use devtools::Line;
pub use engine::{Engine, lack, not_in, only_in};

/// How long the browser may take to end by itself.
const END: Duration = Duration::from_secs(60);

/// All that can be read on a page, for whoever wonders why a journey failed.
const ALL_TEXT: &str =
    "const hosts = [...document.querySelectorAll('*')].filter((e) => e.shadowRoot);
    const insides = hosts.flatMap((host) => [...host.shadowRoot.children]);
    return [location, ...[document.body, ...insides].map((e) => e.innerText)].join('\\n');";

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// As in most browsers.
    On,
    /// As some visitors, and some companies, have it.
    Off,
}

/// A browser with a profile of its own. Every call waits for its end and panics when the driver
/// reports a failure, an unexpected dialog included.
#[derive(Debug)]
pub struct Browser {
    // In the order in which they have to end.
    session: WebDriver,
    driver: Process,
    _display: Option<Process>,
    line: Option<line::Line>,
    _profile: TempDir,
    runtime: Runtime,
    engine: Engine,
}

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
        let Driver { process, port, wanted, display, line } =
            Driver::start(engine, profile.path(), setting);
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

    /// Goes to an address and waits until it is loaded.
    #[track_caller]
    pub fn open(&self, url: &str) {
        self.wait(self.session.goto(url));
        if self.engine == Engine::WebKit {
            webkit::listen(self);
        }
    }

    /// Goes back to the page before, as the browser's button does.
    #[track_caller]
    pub fn go_back(&self) {
        self.wait(self.session.back());
    }

    /// The address of the page.
    #[track_caller]
    pub fn url(&self) -> String {
        self.wait(self.session.current_url()).into()
    }

    /// Runs a script in the page, with `arguments`, and gives what it returns.
    #[track_caller]
    pub fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.wait(self.session.execute(script, arguments)).json().clone()
    }

    /// Runs a script that returns an element; `None` when it returns null.
    #[track_caller]
    pub fn element(&self, script: &str, arguments: &[Value]) -> Option<WebElement> {
        let returned = self.wait(self.session.execute(script, arguments));
        if returned.json().is_null() { None } else { Some(self.wait(async { returned.element() })) }
    }

    /// The first element that the selector finds outside of shadow roots, once there is one: a page
    /// comes in pieces. It needs no scripts.
    #[track_caller]
    pub fn find(&self, css: &str) -> WebElement {
        eventually(css, || match self.runtime.block_on(self.session.find(By::Css(css))) {
            Ok(found) => Some(found),
            Err(error) if matches!(*error, WebDriverErrorInner::NoSuchElement(_)) => None,
            Err(error) => panic!("{error}"),
        })
    }

    /// All elements that the selector finds outside of shadow roots, with the text that is seen.
    #[track_caller]
    pub fn texts(&self, css: &str) -> Vec<String> {
        if self.engine == Engine::WebKit {
            return webkit::texts(self, css);
        }
        eventually("page that stays", || match self.runtime.block_on(self.read_texts(css)) {
            Ok(texts) => Some(texts),
            // The page has gone elsewhere meanwhile.
            Err(error) if matches!(*error, WebDriverErrorInner::StaleElementReference(_)) => None,
            Err(error) => panic!("{error}"),
        })
    }

    async fn read_texts(&self, css: &str) -> WebDriverResult<Vec<String>> {
        let mut texts = Vec::new();
        for element in self.session.find_all(By::Css(css)).await? {
            texts.push(element.text().await?);
        }
        Ok(texts)
    }

    #[track_caller]
    fn wait<T>(&self, call: impl Future<Output = WebDriverResult<T>>) -> T {
        match self.runtime.block_on(call) {
            Ok(done) => done,
            // Not `unwrap`: the driver's message has lines, `Debug` shows them as `\n`.
            Err(error) => panic!("{error}"),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if thread::panicking() {
            let text = self.session.execute(ALL_TEXT, Vec::new());
            if let Ok(Ok(text)) = self.runtime.block_on(async { timeout(END, text).await }) {
                eprintln!("--- the page showed:\n{}", text.json().as_str().unwrap_or_default());
            }
        }
        // Ending the driver alone would leave the browser behind.
        let quit = self.session.clone().quit();
        let quit = self.runtime.block_on(async { timeout(END, quit).await });
        if !matches!(quit, Ok(Ok(()))) {
            eprintln!("the browser did not end by itself: {quit:?}");
        }
    }
}

/// What a driver is asked for. It waits for scripts as long as we do.
fn capabilities<const N: usize>(wanted: [(&str, Value); N]) -> Capabilities {
    let patience = ("timeouts", json!({ "script": PATIENCE.as_secs() * 1000 }));
    let wanted = wanted.into_iter().chain([patience]);
    let wanted = wanted.map(|(name, value)| (name.to_owned(), value));
    Capabilities::from(wanted.collect::<serde_json::Map<_, _>>())
}
