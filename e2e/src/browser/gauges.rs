//! What can be measured of a page.

use serde_json::{Value, json};

use super::chromium;
use super::session::Browser;

impl Browser {
    /// How far the parts of the page have jumped so far: the sum of all layout shifts that no visitor
    /// caused, which is what Cumulative Layout Shift counts within its worst five seconds.
    #[track_caller]
    pub fn layout_shift(&self) -> f64 {
        let script = "return new Promise((done) => {
            const observer = new PerformanceObserver((list) => done(list.getEntries()
                .filter(({ entryType, hadRecentInput }) =>
                    entryType === 'layout-shift' && !hadRecentInput)
                .reduce((sum, { value }) => sum + value, 0)));
            observer.observe({ type: 'layout-shift', buffered: true });
            // An observer of nothing is never called.
            performance.mark('looked');
            observer.observe({ type: 'mark', buffered: true });
        });";
        self.script(script, &[]).as_f64().unwrap()
    }

    /// The WebAssembly memory of the page's widget.
    #[track_caller]
    pub fn wasm_bytes(&self) -> u64 {
        // Started once, the widget's module gives the same instance to whoever starts it again.
        let script = "return import('/deal-form-widget.js').then((widget) => widget.default())
            .then(({ memory }) => memory.buffer.byteLength);";
        self.script(script, &[]).as_u64().unwrap()
    }

    /// What the page's scripts hold, garbage included.
    #[track_caller]
    pub fn heap_bytes(&self) -> f64 {
        self.devtools("Performance.enable", json!({}));
        let metrics = self.devtools("Performance.getMetrics", json!({}));
        let metrics = metrics["metrics"].as_array().unwrap();
        let heap = metrics.iter().find(|metric| metric["name"] == "JSHeapUsedSize").unwrap();
        heap["value"].as_f64().unwrap()
    }

    /// What a recording browser did, as events of Chromium's trace format: at least those of these
    /// names. A second call gives nothing more: the driver has ended the record.
    #[track_caller]
    pub fn trace(&self, names: &[&str]) -> Vec<Value> {
        let log = self.wait(self.session.get_log(chromium::TRACE));
        // Most of a record is about something else, and to read all of it takes long.
        let is_named = |message: &str| names.iter().any(|name| message.contains(name));
        log.iter()
            .filter(|entry| is_named(&entry.message))
            .map(|entry| serde_json::from_str::<Value>(&entry.message).unwrap())
            .map(|mut entry| entry["message"]["params"].take())
            .collect()
    }
}
