//! All that a form can look like, one state after the other.

use serde_json::json;

use crate::{
    Browser, FormPage, Proxy, Samples, Sandbox, Settings, answers, eventually, stop_clock,
};

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
    /// Before anything was typed.
    Empty,
    /// Sent with mistakes, which the summary lists.
    Invalid,
    /// With files, one of which is refused. Not every form takes files.
    Files,
    /// On its way.
    Sending,
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
            Self::Empty => "empty",
            Self::Invalid => "invalid",
            Self::Files => "files",
            Self::Sending => "sending",
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
        browser.open(&proxy.url(example.path()));
        stop_clock(&browser);
        Self { example, crm, proxy, browser, samples: Samples::new() }
    }

    /// Brings the form into each state and calls `look`.
    #[track_caller]
    pub fn go(mut self, mut look: impl FnMut(&Browser, State)) {
        let form = FormPage::ready(&self.browser);
        look(&self.browser, State::Empty);
        form.submit();
        assert!(!form.summary().is_empty());
        look(&self.browser, State::Invalid);

        self.example.fill_in(form);
        if let Some(label) = self.example.files() {
            let offer = self.samples.pdf("Offer.pdf", 1_300_000);
            let sketch = self.samples.file("Sketch.png", b"\x89PNG");
            form.field(label).attach(&[&offer, &sketch]);
            look(&self.browser, State::Files);
            form.remove_file(&sketch.name);
        }

        self.crm.go_wrong(&json!({"kind": "delay", "before_answering_ms": 600_000}));
        form.submit();
        eventually("word that all is sent", || {
            form.progress().filter(|said| said.starts_with("All sent"))
        });
        look(&self.browser, State::Sending);
        form.press_button("Cancel");
        form.fails();
        look(&self.browser, State::Cancelled);

        self.proxy.stop();
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
}
