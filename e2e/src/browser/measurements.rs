//! Measurements of a page.

use serde_json::{Value, json};

use super::chromium;
use super::session::Browser;

impl Browser {
    /// Returns the sum of all layout shifts so far that the visitor did not cause. (The metric
    /// Cumulative Layout Shift counts only the worst five seconds.)
    #[track_caller]
    pub fn layout_shift(&self) -> f64 {
        let script = "return new Promise((done) => {
            const observer = new PerformanceObserver((list) => done(list.getEntries()
                .filter(({ entryType, hadRecentInput }) =>
                    entryType === 'layout-shift' && !hadRecentInput)
                .reduce((sum, { value }) => sum + value, 0)));
            observer.observe({ type: 'layout-shift', buffered: true });
            // Without any entry, the observer would not be called.
            performance.mark('measured');
            observer.observe({ type: 'mark', buffered: true });
        });";
        self.script(script, &[]).as_f64().unwrap()
    }

    /// Returns the size of the widget's WebAssembly memory.
    #[track_caller]
    pub fn wasm_bytes(&self) -> u64 {
        // The widget's module is initialized only once; later calls return the same instance.
        let script = "return import('/deal-form-widget.js').then((widget) => widget.default())
            .then(({ memory }) => memory.buffer.byteLength);";
        self.script(script, &[]).as_u64().unwrap()
    }

    /// Returns the size of the JavaScript heap, including garbage.
    #[track_caller]
    pub fn heap_bytes(&self) -> f64 {
        self.devtools("Performance.enable", json!({}));
        let metrics = self.devtools("Performance.getMetrics", json!({}));
        let metrics = metrics["metrics"].as_array().unwrap();
        let heap = metrics.iter().find(|metric| metric["name"] == "JSHeapUsedSize").unwrap();
        heap["value"].as_f64().unwrap()
    }

    /// Returns the trace as events in Chromium's format. It contains all events with these names, and may
    /// contain other events. The driver then ends the trace, so a second call returns nothing.
    #[track_caller]
    pub fn take_trace(&self, names: &[&str]) -> Vec<Value> {
        let log = self.block_on(self.session.get_log(chromium::TRACE));
        // Skip the other events, because parsing them would take a long time.
        let is_named = |message: &str| names.iter().any(|name| message.contains(name));
        log.iter()
            .filter(|entry| is_named(&entry.message))
            .map(|entry| serde_json::from_str::<Value>(&entry.message).unwrap())
            .map(|mut entry| entry["message"]["params"].take())
            .collect()
    }
}
