//! A page of one screen after the other, as applications are, that shows its form again and again.

use std::time::{Duration, Instant};

use e2e::{Browser, LandingPage, World, wait_until};
use serde_json::{Value, json};

/// Shows and removes a form that many times: after a click and a submission, after a tap whose
/// click is still to come, and before the form was loaded.
const SHOW_AND_HIDE: &str = "const main = document.querySelector('main');
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

/// By then nothing is on its way any more.
const SETTLED: Duration = Duration::from_secs(30);

/// What the page holds once the garbage has been collected.
#[derive(Debug)]
struct Held {
    nodes: u64,
    listeners: u64,
    wasm_bytes: u64,
}

#[track_caller]
fn show_and_hide(browser: &Browser, times: u32) {
    browser.script(&format!("return (async () => {{ {SHOW_AND_HIDE} }})();"), &[json!(times)]);
}

#[track_caller]
fn held(browser: &Browser) -> Held {
    browser.devtools("HeapProfiler.collectGarbage", json!({}));
    let counters = browser.devtools("Memory.getDOMCounters", json!({}));
    Held {
        nodes: counters["nodes"].as_u64().unwrap(),
        listeners: counters["jsEventListeners"].as_u64().unwrap(),
        wasm_bytes: browser.wasm_bytes(),
    }
}

#[test]
fn a_hundred_removed_forms_leave_no_nodes_listeners_or_memory() {
    e2e::run_only_in!(Chromium, "no other driver counts what a page holds");
    let World { browser, .. } = &World::open(LandingPage::with_body("<main></main>"));

    // The first ones bring the widget, its styles and what it keeps for all forms.
    show_and_hide(browser, 6);
    let before = held(browser);
    show_and_hide(browser, 102);
    // The last form is held until what was fetched for it has come.
    let (mut after, begun) = (held(browser), Instant::now());
    let all =
        |after: &Held| after.nodes <= before.nodes + 50 && after.listeners <= before.listeners + 5;
    while !all(&after) && begun.elapsed() < SETTLED {
        after = held(browser);
    }
    let growth = format!("{before:?} became {after:?}");
    assert!(all(&after), "{growth}");
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
    window.heard = [];
    window.addEventListener = (type, hear, ...rest) => {
        heard.push([type, hear]);
        addEventListener(type, hear, ...rest);
    };
    window.removeEventListener = (type, hear, ...rest) => {
        heard = heard.filter(([known, by]) => known !== type || by !== hear);
        removeEventListener(type, hear, ...rest);
    };";

/// The pending timers, the listeners, and the locked drafts.
fn counted(browser: &Browser) -> Value {
    let count = "return (async () => {
        const held = await navigator.locks?.query();
        return [timers.size, heard.map(([type]) => type).sort(), held?.held.length ?? 0];
    })();";
    browser.script(count, &[])
}

#[test]
fn a_hundred_removed_forms_leave_no_timer_window_listener_or_lock() {
    let landing = LandingPage { script: COUNT, ..LandingPage::with_body("<main></main>") };
    let World { browser, .. } = &World::open(landing);
    show_and_hide(browser, 3);
    wait_until("end of what the first forms began", || {
        let counted = counted(browser);
        counted[0] == 0 && counted[2] == 0
    });
    let before = counted(browser);
    show_and_hide(browser, 100);
    wait_until("end of what the others began", || counted(browser) == before);
}
