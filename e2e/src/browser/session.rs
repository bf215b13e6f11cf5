//! A running browser: runs scripts in its page, and quits.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{WebDriver, WebElement};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::engine::Engine;
use super::socks_proxy::SocksProxy;
use crate::process::Process;
use crate::wait::wait_until;

/// How long the browser may take to quit.
const QUIT_TIMEOUT: Duration = Duration::from_secs(60);

/// Returns all text of a page, to explain why a journey failed.
const ALL_TEXT: &str =
    "const hosts = [...document.querySelectorAll('*')].filter((e) => e.shadowRoot);
    const contents = hosts.flatMap((host) => [...host.shadowRoot.children]);
    return [location, ...[document.body, ...contents].map((e) => e.innerText)].join('\\n');";

/// A browser with its own profile. Each call waits until the driver has finished, and panics if the
/// driver reports a failure, including an unexpected dialog.
#[derive(Debug)]
pub struct Browser {
    // The fields are in the order in which they must be dropped.
    pub(super) session: WebDriver,
    pub(super) driver: Process,
    pub(super) _display: Option<Process>,
    pub(super) socks_proxy: Option<SocksProxy>,
    pub(super) _profile: TempDir,
    pub(super) runtime: Runtime,
    pub(super) engine: Engine,
}

impl Browser {
    /// Runs a script in the page with `arguments` and returns its result.
    #[track_caller]
    pub fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.block_on(self.session.execute(script, arguments)).json().clone()
    }

    /// Runs a script that returns an element. Returns `None` if the script returns null.
    #[track_caller]
    pub fn element(&self, script: &str, arguments: &[Value]) -> Option<WebElement> {
        let returned = self.block_on(self.session.execute(script, arguments));
        if returned.json().is_null() {
            None
        } else {
            Some(self.block_on(async { returned.element() }))
        }
    }

    /// Waits until the page has this width.
    #[track_caller]
    pub(super) fn wait_for_width(&self, width: u32) {
        let is_set = || self.script("return innerWidth;", &[]) == json!(width);
        wait_until(&format!("a width of {width}"), is_set);
    }

    #[track_caller]
    pub(super) fn block_on<T>(&self, call: impl Future<Output = WebDriverResult<T>>) -> T {
        match self.runtime.block_on(call) {
            Ok(done) => done,
            // Do not use `unwrap`: `Debug` would show the line breaks of the driver's message as
            // `\n`.
            Err(error) => panic!("{error}"),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if thread::panicking() {
            let text = self.session.execute(ALL_TEXT, Vec::new());
            if let Ok(Ok(text)) = self.runtime.block_on(async { timeout(QUIT_TIMEOUT, text).await })
            {
                eprintln!("--- text of the page:\n{}", text.json().as_str().unwrap_or_default());
            }
        }
        // Quit the browser first: if only the driver ended, the browser would keep running.
        let quit = self.session.clone().quit();
        let quit = self.runtime.block_on(async { timeout(QUIT_TIMEOUT, quit).await });
        if !matches!(quit, Ok(Ok(()))) {
            eprintln!("the browser did not quit: {quit:?}");
        }
    }
}
