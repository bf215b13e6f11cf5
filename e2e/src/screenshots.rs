//! Screenshots of the form in its states, for `docs/screenshots`.

use serde_json::json;

use crate::browser::{Browser, ColorScheme};
use crate::programs;
use crate::tour::State;

/// The screen's width and the visitor's color scheme.
type View = (u32, ColorScheme);

/// The views for every state: a phone in light and dark, and a desktop in light.
const ALWAYS: [View; 3] =
    [(390, ColorScheme::Light), (390, ColorScheme::Dark), (1280, ColorScheme::Light)];

/// Additional views for the empty form: a phone with a magnified page, a tablet, and a dark
/// desktop.
const EMPTY: [View; 5] = [
    (280, ColorScheme::Light),
    (280, ColorScheme::Dark),
    (768, ColorScheme::Light),
    (768, ColorScheme::Dark),
    (1280, ColorScheme::Dark),
];

/// An additional view for the states with the longest lines: the narrowest screen.
const LONG_LINES: [View; 1] = [(280, ColorScheme::Light)];

/// Replaces the parts that differ between runs: animations, the blinking caret, the progress bar
/// without a value, and two random values (the pause before a retry, and the draft's reference).
const REMOVE_DIFFERENCES: &str = "const root = document.querySelector('deal-form').shadowRoot;
    const still = new CSSStyleSheet();
    still.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important; }');
    root.adoptedStyleSheets.push(still);
    root.activeElement?.matches('input, textarea') && root.activeElement.blur();
    for (const bar of root.querySelectorAll('.df-bar')) bar.value = bar.max;
    const countdown = root.querySelector('.df-activity:has(.df-bar[hidden]):not([hidden]) .df-sent');
    if (countdown) countdown.innerText = 'Trying again in 5 sec …';
    for (const value of root.querySelectorAll('dd')) {
        if (value.innerText.startsWith('web-')) value.innerText = 'web-' + '0123456789abcdef'.repeat(2);
    }";

/// Sets a font that is the same on all machines.
const SET_FONT: &str =
    "if ([...document.fonts].some(({ family }) => family.includes('Screenshots'))) return;
    const bytes = Uint8Array.from(atob(arguments[0]), (byte) => byte.charCodeAt(0));
    const face = new FontFace('Screenshots', bytes, { weight: '100 900' });
    return face.load().then(() => {
        document.fonts.add(face);
        document.body.style.fontFamily = 'Screenshots';
        return document.fonts.ready.then(() => null);
    });";

/// Takes the screenshots for `state`, if it has any. The form on the open page must already be in
/// this state. Passes each screenshot with its name to `save`.
#[track_caller]
pub fn take(browser: &Browser, state: State, mut save: impl FnMut(&str, &[u8])) {
    let more: &[View] = match state {
        State::Empty => &EMPTY,
        State::Invalid | State::Files => &LONG_LINES,
        // These states look like `failed` or `sending`, show little, or look different each time.
        State::NotLoaded
        | State::Cancelled
        | State::CheckingStatus
        | State::Loading
        | State::Restored
        | State::Uploading => return,
        _ => &[],
    };
    browser.script(SET_FONT, &[json!(programs::font())]);
    browser.script(REMOVE_DIFFERENCES, &[]);
    for (width, scheme) in ALWAYS.iter().chain(more) {
        browser.set_width(*width);
        browser.set_color_scheme(*scheme);
        save(&format!("{}-{width}-{}.png", state.name(), scheme.name()), &browser.screenshot());
    }
}
