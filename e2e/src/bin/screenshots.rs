//! Takes pictures of the form in its states: `cargo xtask screenshots`.
//!
//! The page is the proxy's own, in front of the real servers. What would differ from time to time
//! is made the same, so that a picture changes only when the form does; but for the moving bar of
//! `sending`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a camera fails loudly"
)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use e2e::{Browser, Example, Scheme, State, Tour};

/// How a state is looked at.
type View = (u32, Scheme);

/// Phones have every state in light and dark, desktops in light.
const ALWAYS: [View; 3] = [(390, Scheme::Light), (390, Scheme::Dark), (1280, Scheme::Light)];

/// And the empty form as phones that magnify and tablets show it.
const EMPTY: [View; 5] = [
    (280, Scheme::Light),
    (280, Scheme::Dark),
    (768, Scheme::Light),
    (768, Scheme::Dark),
    (1280, Scheme::Dark),
];

/// And what has most to say in one line, where lines are shortest.
const FULL: [View; 1] = [(280, Scheme::Light)];

/// Takes away the caret, which blinks, and the draft's reference, which is drawn by lot.
const STILL: &str = "const root = document.querySelector('deal-form').shadowRoot;
    root.activeElement?.matches('input, textarea') && root.activeElement.blur();
    const countdown = root.querySelector('.df-countdown:not([hidden]) .df-said');
    if (countdown) countdown.innerText = 'Trying again in 5 sec …';
    for (const told of root.querySelectorAll('dd')) {
        if (told.innerText.startsWith('web-')) told.innerText = 'web-' + '0123456789abcdef'.repeat(2);
    }";

fn main() {
    let folder = PathBuf::from(env::args_os().nth(1).expect("the folder for the pictures"));
    fs::create_dir_all(&folder).unwrap();
    Tour::start(Example::Quote).go(|browser, state| take(browser, state, &folder));
}

fn take(browser: &Browser, state: State, folder: &Path) {
    let more: &[View] = match state {
        State::Empty => &EMPTY,
        State::Invalid | State::Files => &FULL,
        // It looks like `failed`.
        State::Cancelled => return,
        _ => &[],
    };
    browser.script(STILL, &[]);
    for (width, scheme) in ALWAYS.iter().chain(more) {
        browser.screen(*width);
        browser.prefer(*scheme);
        let name = format!("{}-{width}-{}.png", state.name(), scheme.name());
        fs::write(folder.join(&name), browser.picture()).unwrap();
        println!("{name}");
    }
}
