//! The browser that journeys run in, and the driver that remote-controls it.

use std::path::Path;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{
    By, Capabilities, ChromiumLikeCapabilities, DesiredCapabilities, Key, LoggingPrefsLogLevel,
    TypingData, WebDriver, WebElement,
};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::http::{self, PlainHttp};
use crate::process::Process;
use crate::{Sample, programs};

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
    _driver: Process,
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
    /// Which browser it is, is decided here alone: another one has another driver, other
    /// capabilities, and neither [`Browser::console`] nor [`Browser::slow_down_uploads`].
    pub fn with(scripts: Scripts) -> Self {
        let mut driver = std::process::Command::new(programs::chromedriver());
        driver.arg("--port=0");
        let (driver, port) = Process::start(driver, |line| {
            line.strip_prefix("ChromeDriver was started successfully on port ")?
                .trim_end_matches('.')
                .parse::<u16>()
                .ok()
        });
        let profile = tempfile::tempdir().unwrap();
        let wanted = chromium(profile.path(), scripts).unwrap();
        let runtime = http::runtime();
        let session = runtime
            .block_on(async {
                WebDriver::builder(format!("http://127.0.0.1:{port}"), wanted)
                    .client(PlainHttp::new())
                    .await
            })
            .unwrap_or_else(|error| panic!("the browser does not start: {error}"));
        Self { session, _driver: driver, _profile: profile, runtime }
    }

    /// Goes to an address and waits until it is loaded.
    #[track_caller]
    pub fn open(&self, url: &str) {
        self.wait(self.session.goto(url));
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
        let found = self.wait(self.session.find_all(By::Css(css)));
        found.iter().map(|element| self.wait(element.text())).collect()
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

    /// Lets pages send only so many bytes a second from now on; `None` ends it.
    #[track_caller]
    pub fn slow_down_uploads(&self, bytes_per_second: Option<u32>) {
        let devtools = self.session.cdp();
        let unlimited = -1.0;
        let upload = bytes_per_second.map_or(unlimited, f64::from);
        self.wait(devtools.send_raw("Network.enable", json!({})));
        let conditions = json!({
            "offline": false, "latency": 0, "downloadThroughput": unlimited,
            "uploadThroughput": upload,
        });
        self.wait(devtools.send_raw("Network.emulateNetworkConditions", conditions));
    }

    /// Gives pages a screen of that width, as phones do.
    #[track_caller]
    pub fn narrow(&self, width: u32) {
        let screen = json!({"width": width, "height": 640, "deviceScaleFactor": 2, "mobile": true});
        self.wait(self.session.cdp().send_raw("Emulation.setDeviceMetricsOverride", screen));
    }

    /// Drags files from the desktop and drops them there.
    #[track_caller]
    pub fn drop_files(&self, place: &WebElement, files: &[&Sample]) {
        self.wait(place.scroll_into_view());
        let place = self.wait(place.rect());
        let scrolled = self.script("return [scrollX, scrollY];", &[]);
        let scrolled = |axis: usize| scrolled.get(axis).and_then(Value::as_f64).unwrap();
        let paths: Vec<&Path> = files.iter().map(|file| &*file.path).collect();
        for event in ["dragEnter", "dragOver", "drop"] {
            const COPY: u8 = 1;
            let drag = json!({
                "type": event,
                "x": place.x + place.width / 2.0 - scrolled(0),
                "y": place.y + place.height / 2.0 - scrolled(1),
                "data": {"items": [], "files": paths, "dragOperationsMask": COPY},
            });
            self.wait(self.session.cdp().send_raw("Input.dispatchDragEvent", drag));
        }
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

/// Chromium as a visitor has it, but silent about anything that is not the page's.
fn chromium(profile: &Path, scripts: Scripts) -> WebDriverResult<Capabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    if let Some(program) = programs::chromium() {
        wanted.set_binary(&program.to_string_lossy())?;
    }
    for argument in [
        "--headless=new",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Shared memory is small in containers.
        "--disable-dev-shm-usage",
        "--lang=en-US",
        "--window-size=1000,1000",
    ] {
        wanted.add_arg(argument)?;
    }
    wanted.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    if is_root() {
        // Chromium's sandbox does not start as root.
        wanted.add_arg("--no-sandbox")?;
    }
    if scripts == Scripts::Off {
        const BLOCK: u8 = 2;
        let setting = "profile.managed_default_content_settings.javascript";
        wanted.add_experimental_option("prefs", json!({ setting: BLOCK }))?;
    }
    wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(wanted.into())
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}
