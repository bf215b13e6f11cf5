//! Pictures of the form in its states, as `docs/screenshots` has them.

use serde_json::json;

use crate::browser::{Browser, Scheme};
use crate::programs;
use crate::tour::State;

/// How a state is looked at: the screen's width, and what its visitor likes.
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

/// Makes the same what differs from time to time: the caret, which blinks; the bar that moves as long
/// as nobody knows how long it takes; and what is drawn by lot, the pause before the next try and
/// the draft's reference.
const STILL: &str = "const root = document.querySelector('deal-form').shadowRoot;
    root.activeElement?.matches('input, textarea') && root.activeElement.blur();
    for (const bar of root.querySelectorAll('.df-bar')) bar.value = bar.max;
    const countdown = root.querySelector('.df-countdown:not([hidden]) .df-said');
    if (countdown) countdown.innerText = 'Trying again in 5 sec …';
    for (const told of root.querySelectorAll('dd')) {
        if (told.innerText.startsWith('web-')) told.innerText = 'web-' + '0123456789abcdef'.repeat(2);
    }";

/// A font that is the same on all machines.
const FONT: &str =
    "if ([...document.fonts].some(({ family }) => family.includes('Pictures'))) return;
    const bytes = Uint8Array.from(atob(arguments[0]), (byte) => byte.charCodeAt(0));
    const face = new FontFace('Pictures', bytes, { weight: '100 900' });
    return face.load().then(() => {
        document.fonts.add(face);
        document.body.style.fontFamily = 'Pictures';
        return document.fonts.ready.then(() => null);
    });";

/// Gives the pictures of the state that the form of the open page is in, each with its name.
#[track_caller]
pub fn pictures(browser: &Browser, state: State, mut give: impl FnMut(&str, &[u8])) {
    let more: &[View] = match state {
        State::Empty => &EMPTY,
        State::Invalid | State::Files => &FULL,
        // These look like `failed` and `sending`; of the rest there is little to see, or it is never
        // twice the same.
        State::NotLoaded
        | State::Cancelled
        | State::Asking
        | State::Loading
        | State::Restored
        | State::Uploading => return,
        _ => &[],
    };
    browser.script(FONT, &[json!(programs::font())]);
    browser.script(STILL, &[]);
    for (width, scheme) in ALWAYS.iter().chain(more) {
        browser.screen(*width);
        browser.prefer(*scheme);
        give(&format!("{}-{width}-{}.png", state.name(), scheme.name()), &browser.picture());
    }
}
