//! Functions that use Chromium's own protocol, for example to slow down the network, to tap, and to
//! take screenshots.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use thirtyfour::WebElement;

use super::engine::Engine;
use super::session::Browser;

/// The network between the browser and all servers.
#[derive(Debug, Clone, Copy)]
pub struct Network {
    /// Milliseconds until a response begins.
    pub latency: u32,
    /// Bytes per second to the browser; `None` is unlimited.
    pub down: Option<u32>,
    /// Bytes per second from the browser; `None` is unlimited.
    pub up: Option<u32>,
}

impl Network {
    /// No limits: as fast as this machine.
    pub const FAST: Self = Self { latency: 0, down: None, up: None };

    /// A phone with a weak signal, Lighthouse's "slow 4G": 1.6 Mbit/s down, 750 kbit/s up, 150 ms.
    pub const SLOW_4G: Self = Self { latency: 150, down: Some(200_000), up: Some(93_750) };
}

impl Browser {
    /// Calls a method of Chromium's own protocol and returns its result.
    #[track_caller]
    pub fn devtools(&self, method: &str, parameters: Value) -> Value {
        assert_eq!(self.engine, Engine::Chromium, "{method} needs Chromium");
        self.block_on(self.session.cdp().send_raw(method, parameters))
    }

    /// Sets the network speed for the pages in the current tab.
    #[track_caller]
    pub fn emulate_network(&self, network: Network) {
        let unlimited = -1.0;
        let rate = |bytes: Option<u32>| bytes.map_or(unlimited, f64::from);
        self.devtools("Network.enable", json!({}));
        let conditions = json!({
            "offline": false, "latency": network.latency,
            "downloadThroughput": rate(network.down), "uploadThroughput": rate(network.up),
        });
        self.devtools("Network.emulateNetworkConditions", conditions);
    }

    /// Slows down the scripts in the current tab by this factor.
    #[track_caller]
    pub fn slow_down_cpu(&self, factor: u32) {
        self.devtools("Emulation.setCPUThrottlingRate", json!({"rate": factor}));
    }

    /// Runs a script on each page that the current tab opens later, before the page's own scripts.
    #[track_caller]
    pub fn run_before_every_page(&self, script: &str) {
        self.devtools("Page.enable", json!({}));
        let script = json!({"source": script});
        self.devtools("Page.addScriptToEvaluateOnNewDocument", script);
    }

    /// Presses and releases the key of a lowercase letter or the space bar. Unlike the driver's keys,
    /// this runs no scripts in the page.
    #[track_caller]
    pub fn press_key(&self, key: char) {
        let code = if key == ' ' {
            "Space".to_owned()
        } else {
            format!("Key{}", key.to_ascii_uppercase())
        };
        for (event, text) in [("keyDown", key.to_string()), ("keyUp", String::new())] {
            let key = json!({"type": event, "key": key, "code": code, "text": text});
            self.devtools("Input.dispatchKeyEvent", key);
        }
    }

    /// Taps the element with a finger.
    #[track_caller]
    pub fn tap(&self, element: &WebElement) {
        let find_center = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });
            const { x, y, width, height } = arguments[0].getBoundingClientRect();
            return { x: x + width / 2, y: y + height / 2 };";
        let center = self.script(find_center, &[element.to_json().unwrap()]);
        self.devtools("Emulation.setTouchEmulationEnabled", json!({"enabled": true}));
        for (event, fingers) in [("touchStart", json!([center])), ("touchEnd", json!([]))] {
            let touch = json!({"type": event, "touchPoints": fingers});
            self.devtools("Input.dispatchTouchEvent", touch);
        }
    }

    /// Shows the page as it is printed.
    #[track_caller]
    pub fn emulate_print(&self) {
        self.devtools("Emulation.setEmulatedMedia", json!({"media": "print"}));
    }

    /// Prints the page on A4 paper, and returns the number of sheets.
    #[track_caller]
    pub fn printed_pages(&self) -> usize {
        let a4 = json!({"paperWidth": 8.27, "paperHeight": 11.69});
        let printed = self.devtools("Page.printToPDF", a4);
        let pdf = BASE64_STANDARD.decode(printed["data"].as_str().unwrap()).unwrap();
        // Chromium compresses the content of pages, but not the objects around it.
        let pdf = String::from_utf8_lossy(&pdf);
        let is_page = |after: &&str| !after.starts_with('s');
        pdf.split("/Type /Page").skip(1).filter(is_page).count()
    }

    /// Returns a PNG of the whole page, including the parts outside the window.
    #[track_caller]
    pub fn screenshot(&self) -> Vec<u8> {
        let whole = json!({"format": "png", "captureBeyondViewport": true});
        let screenshot = self.devtools("Page.captureScreenshot", whole);
        BASE64_STANDARD.decode(screenshot["data"].as_str().unwrap()).unwrap()
    }
}
