//! A running browser: scripts in its page, and its end.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{WebDriver, WebElement};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::engine::Engine;
use super::line::Line;
use crate::process::Process;
use crate::wait::eventually;

/// How long the browser may take to end by itself.
const END: Duration = Duration::from_secs(60);

/// All that can be read on a page, for whoever wonders why a journey failed.
const ALL_TEXT: &str =
    "const hosts = [...document.querySelectorAll('*')].filter((e) => e.shadowRoot);
    const insides = hosts.flatMap((host) => [...host.shadowRoot.children]);
    return [location, ...[document.body, ...insides].map((e) => e.innerText)].join('\\n');";

/// A browser with a profile of its own. Every call waits for its end and panics when the driver
/// reports a failure, an unexpected dialog included.
#[derive(Debug)]
pub struct Browser {
    // In the order in which they have to end.
    pub(super) session: WebDriver,
    pub(super) driver: Process,
    pub(super) _display: Option<Process>,
    pub(super) line: Option<Line>,
    pub(super) _profile: TempDir,
    pub(super) runtime: Runtime,
    pub(super) engine: Engine,
}

impl Browser {
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

    /// Waits until pages have a screen of that width.
    #[track_caller]
    pub(super) fn wait_for_width(&self, width: u32) {
        let wide = || self.script("return innerWidth;", &[]);
        eventually("screen of that width", || (wide() == json!(width)).then_some(()));
    }

    #[track_caller]
    pub(super) fn wait<T>(&self, call: impl Future<Output = WebDriverResult<T>>) -> T {
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
