//! All that a form can look like, one state after the other.

use serde_json::json;

use crate::answers;
use crate::browser::Browser;
use crate::clock::{hold_answers, stop_clock};
use crate::files::Samples;
use crate::form_page::FormPage;
use crate::servers::{Proxy, Sandbox, Settings};
use crate::wait::eventually;

/// A form of `examples/forms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    /// The shortest, without files.
    Callback,
    /// The one of the standalone page.
    Quote,
    /// Every kind of question.
    Everything,
}

/// What a form looks like at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not there yet.
    Loading,
    /// It could not be loaded.
    NotLoaded,
    /// Before anything was typed.
    Empty,
    /// Sent with mistakes, which the summary lists.
    Invalid,
    /// Come back to, with what was typed before.
    Restored,
    /// With files, one of which is refused. Not every form takes files.
    Files,
    /// On its way; a bar says how much of it. Not every form takes as long.
    Uploading,
    /// With the proxy, which waits for the CRM.
    Sending,
    /// The answer was lost, and the proxy is asked for it.
    Asking,
    /// The visitor stopped the sending.
    Cancelled,
    /// There is no connection to the proxy.
    Failed,
    /// There is no connection from the proxy to the CRM.
    Received,
    /// The CRM said no.
    Refused,
    /// The deal is there.
    Success,
}

/// A visitor to whom everything happens.
#[derive(Debug)]
pub struct Tour {
    example: Example,
    crm: Sandbox,
    proxy: Proxy,
    browser: Browser,
    samples: Samples,
}

impl Example {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Callback, Self::Quote, Self::Everything];

    /// Its page at the proxy.
    pub fn path(self) -> &'static str {
        match self {
            Self::Callback => "/forms/callback",
            Self::Quote => "/forms/quote",
            Self::Everything => "/forms/everything",
        }
    }

    /// The label of the question for files.
    fn files(self) -> Option<&'static str> {
        match self {
            Self::Callback => None,
            Self::Quote => Some("Briefing, sketches, tables"),
            Self::Everything => Some("Files"),
        }
    }

    /// The label of a question for text.
    fn text(self) -> &'static str {
        match self {
            Self::Callback | Self::Quote => "Your name",
            Self::Everything => "Text",
        }
    }

    #[track_caller]
    fn fill_in(self, form: FormPage<'_>) {
        match self {
            Self::Callback => answers::callback(form),
            Self::Quote => answers::quote(form, &[]),
            Self::Everything => answers::everything(form, &[]),
        }
    }
}

impl State {
    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::NotLoaded => "not-loaded",
            Self::Empty => "empty",
            Self::Invalid => "invalid",
            Self::Restored => "restored",
            Self::Files => "files",
            Self::Uploading => "uploading",
            Self::Sending => "sending",
            Self::Asking => "asking",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Received => "received",
            Self::Refused => "refused",
            Self::Success => "success",
        }
    }
}

impl Tour {
    /// Opens the form.
    pub fn start(example: Example) -> Self {
        let crm = Sandbox::start();
        let toml = "delivery.retry_first = \"200 ms\"\n".to_owned();
        let proxy = Proxy::with(&crm, Settings { toml, ..Settings::default() });
        let browser = Browser::start();
        let tour = Self { example, crm, proxy, browser, samples: Samples::new() };
        tour.open();
        tour
    }

    #[track_caller]
    fn open(&self) {
        self.browser.open(&self.proxy.url(self.example.path()));
        stop_clock(&self.browser);
    }

    /// Brings the form into each state and calls `look`.
    #[track_caller]
    pub fn go(mut self, mut look: impl FnMut(&Browser, State)) {
        FormPage::ready(&self.browser);
        self.does_not_load(&mut look);
        self.open();
        let form = FormPage::ready(&self.browser);
        look(&self.browser, State::Empty);
        form.submit();
        assert!(!form.summary().is_empty());
        look(&self.browser, State::Invalid);

        self.example.fill_in(form);
        self.open();
        let form = FormPage::ready(&self.browser);
        eventually("word that it is back", || form.read(".df-restored .df-said"));
        look(&self.browser, State::Restored);
        form.press_button("Start over");
        self.example.fill_in(form);

        if let Some(label) = self.example.files() {
            let offer = self.samples.pdf("Offer.pdf", 1_300_000);
            let sketch = self.samples.file("Sketch.png", b"\x89PNG");
            form.field(label).attach(&[&offer, &sketch]);
            look(&self.browser, State::Files);
            form.remove_file(&sketch.name);
            self.uploads(&mut look);
        }

        self.crm.go_wrong(&json!({"kind": "delay", "before_answering_ms": 600_000}));
        form.submit();
        eventually("word that all is sent", || {
            form.progress().filter(|said| said.starts_with("Everything is sent"))
        });
        look(&self.browser, State::Sending);
        hold_answers(&self.browser, "/submissions/");
        self.proxy.stop();
        eventually("word that it is looked for", || {
            form.progress().filter(|said| said.starts_with("Checking"))
        });
        look(&self.browser, State::Asking);
        form.press_button("Cancel");
        form.fails();
        look(&self.browser, State::Cancelled);

        form.press_button("Try again");
        form.fails_as("The connection was lost");
        look(&self.browser, State::Failed);
        self.crm.stop();
        self.proxy.start_again();
        form.press_button("Try again");
        let reference = form.keeps();
        look(&self.browser, State::Received);

        self.crm.start_again();
        // Or that delivery would meet what is to befall the next one.
        self.proxy.delivers(self.example.path().trim_start_matches("/forms/"), &reference);
        form.press_button("Send another request");
        self.example.fill_in(form);
        let words = "This account has no funnel called “Sales”.";
        self.crm.go_wrong(&json!({"kind": "refuse", "error_message": words}));
        form.submit();
        form.fails_as("Your request was not accepted");
        look(&self.browser, State::Refused);
        form.field(self.example.text()).write("Ada");
        form.press_button("Try again");
        form.arrives();
        look(&self.browser, State::Success);
    }
    /// Another form in the place of the first, whose address does not answer, and then is gone.
    #[track_caller]
    fn does_not_load(&mut self, look: &mut impl FnMut(&Browser, State)) {
        // What was asked for a minute ago is not asked for again. Without the plain form in it, it
        // has something to say meanwhile.
        let another = "const form = document.querySelector('deal-form');
            const another = form.cloneNode();
            another.removeAttribute('ready');
            another.src = arguments[0];
            form.replaceWith(another);";
        let says = |css: &str| {
            let said = "return document.querySelector('deal-form').shadowRoot
                ?.querySelector(arguments[0])?.checkVisibility() ?? false;";
            eventually(css, || (self.browser.script(said, &[json!(css)]) == true).then_some(()));
        };
        let replace = |query: &str| {
            let address = format!("{}{query}", self.example.path());
            self.browser.script(another, &[json!(address)]);
        };
        hold_answers(&self.browser, "?held");
        replace("?held");
        says(".df-loading");
        look(&self.browser, State::Loading);
        self.proxy.stop();
        replace("?gone");
        says(".df-failure button");
        look(&self.browser, State::NotLoaded);
        self.proxy.start_again();
    }

    /// The form goes out slowly, and is stopped.
    #[track_caller]
    fn uploads(&self, look: &mut impl FnMut(&Browser, State)) {
        let form = FormPage::ready(&self.browser);
        let bar = || form.progress().filter(|said| said.contains(" of 1.3 MB sent"));
        // So that it goes on for longer than anybody looks.
        self.browser.slow_down_uploads(Some(10_000));
        form.submit();
        eventually("progress", || bar().filter(|said| !said.starts_with('0')));
        look(&self.browser, State::Uploading);
        assert!(bar().is_some(), "it has ended meanwhile");
        form.press_button("Cancel");
        form.fails();
        self.browser.slow_down_uploads(None);
    }
}
