//! The browser that journeys run in, and the driver that remote-controls it.
//!
//! What differs from engine to engine is in a file for each; nobody outside needs to know which it is,
//! but for what only Chromium can do: `devtools.rs`, `gauges.rs`.

mod chromium;
mod devtools;
mod dragged;
mod engine;
mod firefox;
mod gauges;
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
use thirtyfour::{By, Capabilities, Key, TypingData, WebDriver, WebElement};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::http::{self, PlainHttp};
use crate::process::Process;
use crate::{Sample, eventually};
pub use devtools::Line;
pub use engine::{Engine, only_in, skip};

/// How long the browser may take to end by itself.
const END: Duration = Duration::from_secs(10);

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

/// What the visitor's system wishes pages to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

impl Scheme {
    /// Its name in CSS.
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
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

    /// Opens the page in another tab and goes there. As in a tab that is duplicated, what the page
    /// keeps for a tab is there in a copy.
    #[track_caller]
    pub fn duplicate_tab(&self) {
        self.script("window.open(location.href);", &[]);
        self.go_to_tab(1);
    }

    /// Goes to the tab of that place, by the order in which they were opened.
    #[track_caller]
    pub fn go_to_tab(&self, place: usize) {
        let tab = eventually("tab", || self.wait(self.session.windows()).get(place).cloned());
        self.wait(self.session.switch_to_window(tab));
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

    /// The first element that the selector finds outside of shadow roots; it needs no scripts.
    #[track_caller]
    pub fn find(&self, css: &str) -> WebElement {
        self.wait(self.session.find(By::Css(css)))
    }

    /// All elements that the selector finds outside of shadow roots, with the text that is seen.
    #[track_caller]
    pub fn texts(&self, css: &str) -> Vec<String> {
        if self.engine == Engine::WebKit {
            return webkit::texts(self, css);
        }
        self.wait(async {
            match self.read_texts(css).await {
                // The page has gone elsewhere meanwhile.
                Err(error) if matches!(*error, WebDriverErrorInner::StaleElementReference(_)) => {
                    self.read_texts(css).await
                }
                texts => texts,
            }
        })
    }

    async fn read_texts(&self, css: &str) -> WebDriverResult<Vec<String>> {
        let mut texts = Vec::new();
        for element in self.session.find_all(By::Css(css)).await? {
            texts.push(element.text().await?);
        }
        Ok(texts)
    }

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

    /// Whether [`Browser::console`] has also what the browser itself says, about requests that it
    /// does not allow, for example.
    pub fn tells_everything(&self) -> bool {
        self.engine != Engine::WebKit
    }

    /// Lets pages send only so many bytes a second from now on; `None` ends it.
    #[track_caller]
    pub fn slow_down_uploads(&self, bytes_per_second: Option<u32>) {
        match &self.line {
            Some(line) => line.slow_down_uploads(bytes_per_second),
            None => self.line(Line { up: bytes_per_second, ..Line::FAST }),
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

    /// Waits until pages have a screen of that width.
    #[track_caller]
    fn comes_to_be(&self, width: u32) {
        let wide = || self.script("return innerWidth;", &[]);
        eventually("screen of that width", || (wide() == json!(width)).then_some(()));
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

    /// Drags files from the desktop and drops them there.
    #[track_caller]
    pub fn drop_files(&self, place: &WebElement, files: &[&Sample]) {
        match self.engine {
            Engine::Chromium => chromium::drop_files(self, place, files),
            Engine::Firefox | Engine::WebKit => dragged::drop_files(self, place, files),
        }
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

/// What a driver is asked for.
fn capabilities<const N: usize>(wanted: [(&str, Value); N]) -> Capabilities {
    let wanted = wanted.map(|(name, value)| (name.to_owned(), value));
    Capabilities::from(serde_json::Map::from_iter(wanted))
}
