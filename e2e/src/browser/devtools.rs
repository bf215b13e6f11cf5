//! What only Chromium's own protocol can do: other screens, lines and tastes than this machine's.

use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use thirtyfour::WebElement;

use super::Browser;
use crate::Sample;

/// Screens narrower than that are phones.
const PHONE: u32 = 600;

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

impl Browser {
    /// Calls a method of the browser's own protocol, and gives what it returns.
    #[track_caller]
    pub fn devtools(&self, method: &str, parameters: Value) -> Value {
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

    /// Lets pages make no connection from now on; [`Browser::line`] ends it.
    #[track_caller]
    pub fn go_offline(&self) {
        self.devtools("Network.enable", json!({}));
        let conditions = json!({
            "offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0,
        });
        self.devtools("Network.emulateNetworkConditions", conditions);
    }

    /// Lets pages send only so many bytes a second from now on; `None` ends it.
    #[track_caller]
    pub fn slow_down_uploads(&self, bytes_per_second: Option<u32>) {
        self.line(Line { up: bytes_per_second, ..Line::FAST });
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

    /// Gives pages a screen of that width; a narrow one is a phone's. Scroll bars take nothing of
    /// it.
    #[track_caller]
    pub fn screen(&self, width: u32) {
        self.devtools("Emulation.setScrollbarsHidden", json!({"hidden": true}));
        let screen = json!({
            "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < PHONE,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", screen);
    }

    /// Tells pages what the visitor's system looks like.
    #[track_caller]
    pub fn prefer(&self, scheme: Scheme) {
        let feature = json!({"name": "prefers-color-scheme", "value": scheme.name()});
        self.devtools("Emulation.setEmulatedMedia", json!({"features": [feature]}));
    }

    /// The whole page as PNG, also what has to be scrolled to.
    #[track_caller]
    pub fn picture(&self) -> Vec<u8> {
        let whole = json!({"format": "png", "captureBeyondViewport": true});
        let picture = self.devtools("Page.captureScreenshot", whole);
        BASE64_STANDARD.decode(picture["data"].as_str().unwrap()).unwrap()
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
            self.devtools("Input.dispatchDragEvent", drag);
        }
    }
}
