//! What only Chromium's own protocol can do: other lines and processors than this machine's.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use thirtyfour::WebElement;

use super::engine::Engine;
use super::session::Browser;

/// The connection between the browser and everything else.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Milliseconds until an answer begins.
    pub latency: u32,
    /// Bytes a second towards the browser; `None` for as many as there are.
    pub down: Option<u32>,
    /// Bytes a second from the browser.
    pub up: Option<u32>,
}

impl Line {
    /// As fast as this machine is.
    pub const FAST: Self = Self { latency: 0, down: None, up: None };

    /// A phone with a bad signal: what Lighthouse calls "slow 4G", 1.6 Mbit/s down, 750 kbit/s up,
    /// 150 ms.
    pub const SLOW_4G: Self = Self { latency: 150, down: Some(200_000), up: Some(93_750) };
}

impl Browser {
    /// Calls a method of the browser's own protocol, and gives what it returns.
    #[track_caller]
    pub fn devtools(&self, method: &str, parameters: Value) -> Value {
        assert_eq!(self.engine, Engine::Chromium, "{method} is of Chromium's protocol");
        self.wait(self.session.cdp().send_raw(method, parameters))
    }

    /// Gives pages another connection from now on.
    #[track_caller]
    pub fn line(&self, line: Line) {
        let unlimited = -1.0;
        let rate = |bytes: Option<u32>| bytes.map_or(unlimited, f64::from);
        self.devtools("Network.enable", json!({}));
        let conditions = json!({
            "offline": false, "latency": line.latency,
            "downloadThroughput": rate(line.down), "uploadThroughput": rate(line.up),
        });
        self.devtools("Network.emulateNetworkConditions", conditions);
    }

    /// Makes everything that pages compute take so many times as long.
    #[track_caller]
    pub fn slow_down_processor(&self, times: u32) {
        self.devtools("Emulation.setCPUThrottlingRate", json!({"rate": times}));
    }

    /// Runs a script at the beginning of every page that is opened from now on.
    #[track_caller]
    pub fn before_every_page(&self, script: &str) {
        self.devtools("Page.enable", json!({}));
        let script = json!({"source": script});
        self.devtools("Page.addScriptToEvaluateOnNewDocument", script);
    }

    /// Presses and releases the key of a small letter or of a space, and nothing around it: the
    /// driver's own keys come with questions to the page.
    #[track_caller]
    pub fn key(&self, key: char) {
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

    /// Taps with a finger, where the element is.
    #[track_caller]
    pub fn tap(&self, element: &WebElement) {
        let place = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });
            const { x, y, width, height } = arguments[0].getBoundingClientRect();
            return { x: x + width / 2, y: y + height / 2 };";
        let place = self.script(place, &[element.to_json().unwrap()]);
        self.devtools("Emulation.setTouchEmulationEnabled", json!({"enabled": true}));
        for (event, fingers) in [("touchStart", json!([place])), ("touchEnd", json!([]))] {
            let touch = json!({"type": event, "touchPoints": fingers});
            self.devtools("Input.dispatchTouchEvent", touch);
        }
    }

    /// The whole page as PNG, also what has to be scrolled to.
    #[track_caller]
    pub fn picture(&self) -> Vec<u8> {
        let whole = json!({"format": "png", "captureBeyondViewport": true});
        let picture = self.devtools("Page.captureScreenshot", whole);
        BASE64_STANDARD.decode(picture["data"].as_str().unwrap()).unwrap()
    }
}
