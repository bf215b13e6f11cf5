//! Single-page applications that add and remove the form many times.

use std::time::{Duration, Instant};

use e2e::{Browser, LandingPage, World, wait_until};
use serde_json::{Value, json};

/// Adds and removes a form `arguments[0]` times. Removes it in turn after a click and a submission,
/// between a tap and its click, and before the form is loaded.
const ADD_AND_REMOVE: &str = "const main = document.querySelector('main');
    for (let time = 0; time < arguments[0]; time += 1) {
        const form = document.createElement('deal-form');
        form.setAttribute('src', '/forms/everything');
        const ready = new Promise((done) => form.addEventListener('deal-form-ready', done));
        main.append(form);
        if (time % 3 < 2) await ready;
        const title = form.shadowRoot?.querySelector('.df-title');
        const press = (...types) => types.forEach((type) =>
            title.dispatchEvent(new PointerEvent(type, { bubbles: true, composed: true })));
        if (time % 3 === 0) {
            const input = form.shadowRoot.querySelector('[name=contact_email]');
            input.focus();
            input.dispatchEvent(new KeyboardEvent('keydown', { key: 'x', bubbles: true }));
            form.prefill({ contact_email: 'ana@example' });
            press('pointerdown', 'pointerup', 'click');
            form.submit();
        } else if (time % 3 === 1) {
            press('pointerdown', 'pointerup');
        }
        await new Promise(requestAnimationFrame);
        form.remove();
        await new Promise(requestAnimationFrame);
    }";

/// The maximum wait for all requests to end.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// The resources that the page uses after garbage collection.
#[derive(Debug)]
struct Usage {
    nodes: u64,
    listeners: u64,
    wasm_bytes: u64,
}

#[track_caller]
fn add_and_remove(browser: &Browser, times: u32) {
    browser.script(&format!("return (async () => {{ {ADD_AND_REMOVE} }})();"), &[json!(times)]);
}

#[track_caller]
fn usage(browser: &Browser) -> Usage {
    browser.devtools("HeapProfiler.collectGarbage", json!({}));
    let counters = browser.devtools("Memory.getDOMCounters", json!({}));
    Usage {
        nodes: counters["nodes"].as_u64().unwrap(),
        listeners: counters["jsEventListeners"].as_u64().unwrap(),
        wasm_bytes: browser.wasm_bytes(),
    }
}

#[test]
fn a_hundred_removed_forms_leave_no_nodes_listeners_or_memory() {
    e2e::run_only_in!(Chromium, "no other driver reports nodes and listeners");
    let World { browser, .. } = &World::open(LandingPage::with_body("<main></main>"));

    // The first forms load the widget, its styles and the values that all forms share.
    add_and_remove(browser, 6);
    let before = usage(browser);
    add_and_remove(browser, 102);
    // The last form is in memory until its requests have ended.
    let (mut after, begun) = (usage(browser), Instant::now());
    let is_freed =
        |after: &Usage| after.nodes <= before.nodes + 50 && after.listeners <= before.listeners + 5;
    while !is_freed(&after) && begun.elapsed() < MAX_WAIT {
        after = usage(browser);
    }
    let growth = format!("{before:?} became {after:?}");
    assert!(is_freed(&after), "{growth}");
    assert_eq!(after.wasm_bytes, before.wasm_bytes, "{growth}");
}

/// Counts pending timers and listeners on the window.
const COUNT: &str = "window.timers = new Set();
    const { setTimeout, clearTimeout, addEventListener, removeEventListener } = window;
    window.setTimeout = (work, ...rest) => {
        const id = setTimeout(() => { timers.delete(id); work(); }, ...rest);
        timers.add(id);
        return id;
    };
    window.clearTimeout = (id) => { timers.delete(id); clearTimeout(id); };
    window.listeners = [];
    window.addEventListener = (type, listener, ...rest) => {
        listeners.push([type, listener]);
        addEventListener(type, listener, ...rest);
    };
    window.removeEventListener = (type, listener, ...rest) => {
        listeners = listeners.filter(([known, other]) => known !== type || other !== listener);
        removeEventListener(type, listener, ...rest);
    };";

/// Returns the number of pending timers, the types of the listeners, and the number of locked drafts.
fn count(browser: &Browser) -> Value {
    let script = "return (async () => {
        const locks = await navigator.locks?.query();
        return [timers.size, listeners.map(([type]) => type).sort(), locks?.held.length ?? 0];
    })();";
    browser.script(script, &[])
}

#[test]
fn a_hundred_removed_forms_leave_no_timer_window_listener_or_lock() {
    let landing = LandingPage { script: COUNT, ..LandingPage::with_body("<main></main>") };
    let World { browser, .. } = &World::open(landing);
    add_and_remove(browser, 3);
    wait_until("the end of the timers and locks of the first forms", || {
        let count = count(browser);
        count[0] == 0 && count[2] == 0
    });
    let before = count(browser);
    add_and_remove(browser, 100);
    wait_until("the end of the timers, listeners and locks of the other forms", || {
        count(browser) == before
    });
}
