//! The browser that journeys run in, and the driver that remote-controls it.

mod chromium;
mod devtools;
mod gauges;
mod processes;

use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use thirtyfour::error::{WebDriverErrorInner, WebDriverResult};
use thirtyfour::{By, ChromeCapabilities, Key, TypingData, WebDriver, WebElement};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::http::{self, PlainHttp};
use crate::process::Process;
use crate::programs;
pub use devtools::{Line, Scheme};

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

/// A browser with a profile of its own. Every call waits for its end and panics when the driver
/// reports a failure, an unexpected dialog included.
#[derive(Debug)]
pub struct Browser {
    // In the order in which they have to end.
    session: WebDriver,
    driver: Process,
    _profile: TempDir,
    runtime: Runtime,
}

impl Browser {
    /// Starts the browser.
    pub fn start() -> Self {
        Self::with(Scripts::On)
    }

    /// Starts the browser with scripts or without.
    ///
    /// Which browser it is, is decided in this folder alone: another one has another driver, other
    /// capabilities, neither [`Browser::console`] nor what `devtools.rs` does.
    pub fn with(scripts: Scripts) -> Self {
        Self::launch(|wanted| match scripts {
            Scripts::On => Ok(()),
            Scripts::Off => chromium::forbid_scripts(wanted),
        })
    }

    /// Starts a browser that records what it does, for [`Browser::trace`].
    pub fn recording() -> Self {
        Self::launch(chromium::trace)
    }

    fn launch(change: impl FnOnce(&mut ChromeCapabilities) -> WebDriverResult<()>) -> Self {
        let mut driver = std::process::Command::new(programs::chromedriver());
        driver.arg("--port=0");
        let (driver, port) = Process::start(driver, |line| {
            line.strip_prefix("ChromeDriver was started successfully on port ")?
                .trim_end_matches('.')
                .parse::<u16>()
                .ok()
        });
        let profile = tempfile::tempdir().unwrap();
        let mut wanted = chromium::usual(profile.path()).unwrap();
        change(&mut wanted).unwrap();
        let runtime = http::runtime();
        let session = runtime
            .block_on(async {
                WebDriver::builder(format!("http://127.0.0.1:{port}"), wanted)
                    .client(PlainHttp::new())
                    .await
            })
            .unwrap_or_else(|error| panic!("the browser does not start: {error}"));
        Self { session, driver, _profile: profile, runtime }
    }

    /// Goes to an address and waits until it is loaded.
    #[track_caller]
    pub fn open(&self, url: &str) {
        self.wait(self.session.goto(url));
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

    /// The first element that the selector finds outside of shadow roots; it needs no scripts.
    #[track_caller]
    pub fn find(&self, css: &str) -> WebElement {
        self.wait(self.session.find(By::Css(css)))
    }

    /// All elements that the selector finds outside of shadow roots, with the text that is seen.
    #[track_caller]
    pub fn texts(&self, css: &str) -> Vec<String> {
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

    /// What the console, the policy and the network complained of since the last call.
    #[track_caller]
    pub fn console(&self) -> Vec<String> {
        let log = self.wait(self.session.browser_log());
        log.into_iter().map(|entry| format!("{}: {}", entry.level, entry.message)).collect()
    }

    #[track_caller]
    fn wait<T>(&self, call: impl Future<Output = WebDriverResult<T>>) -> T {
        // Not `unwrap`: the driver's message has lines, `Debug` shows them as `\n`.
        self.runtime.block_on(call).unwrap_or_else(|error| panic!("{error}"))
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
