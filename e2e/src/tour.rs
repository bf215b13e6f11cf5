//! Brings a form into each of its states, one after the other.

use serde_json::json;

use crate::browser::Browser;
use crate::files::Samples;
use crate::fill_in;
use crate::form_page::FormPage;
use crate::freeze::{freeze_timers, hold_responses};
use crate::servers::{Proxy, Sandbox};
use crate::wait::{wait_for, wait_until};

/// A form from `examples/forms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    /// The shortest form, without files.
    Callback,
    /// The form on the showcase page.
    Quote,
    /// The form with every kind of question.
    Everything,
}

/// A state in which the form looks different from all other states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The form is being loaded.
    Loading,
    /// The form could not be loaded.
    NotLoaded,
    /// The visitor has not entered anything.
    Empty,
    /// The visitor tried to send invalid answers, and the summary lists the problems.
    Invalid,
    /// The page was reloaded, and the draft is restored.
    Restored,
    /// The form has files, and one of them cannot be sent. Forms without files do not have this state.
    Files,
    /// The form is being sent, and a bar shows the progress. Forms without files do not have this state.
    Uploading,
    /// The proxy has received the form and waits for the CRM.
    Sending,
    /// The response was lost, and the form asks the proxy for the status.
    CheckingStatus,
    /// The visitor cancelled the submission.
    Cancelled,
    /// The proxy cannot be reached.
    Failed,
    /// The proxy has the submission but cannot reach the CRM.
    Received,
    /// The CRM refused the deal.
    Refused,
    /// The CRM has the deal.
    Success,
}

/// A form in a browser, with the servers that are needed to bring the form into all states.
#[derive(Debug)]
pub struct Tour {
    example: Example,
    crm: Sandbox,
    proxy: Proxy,
    browser: Browser,
    samples: Samples,
}

impl Example {
    /// All examples.
    pub const ALL: [Self; 3] = [Self::Callback, Self::Quote, Self::Everything];

    /// Returns the path of the form's page on the proxy.
    pub fn path(self) -> &'static str {
        match self {
            Self::Callback => "/forms/callback",
            Self::Quote => "/forms/quote",
            Self::Everything => "/forms/everything",
        }
    }

    /// Returns the label of the file field, or `None` if the form has no file field.
    fn files_label(self) -> Option<&'static str> {
        match self {
            Self::Callback => None,
            Self::Quote => Some(fill_in::QUOTE_FILES),
            Self::Everything => Some("Files"),
        }
    }

    /// Returns the label of a text field.
    fn text_label(self) -> &'static str {
        match self {
            Self::Callback | Self::Quote => "Your name",
            Self::Everything => "Text",
        }
    }

    #[track_caller]
    fn fill_in(self, form: FormPage<'_>) {
        match self {
            Self::Callback => fill_in::callback(form),
            Self::Quote => fill_in::quote(form, &[]),
            Self::Everything => fill_in::everything(form),
        }
    }
}

impl State {
    /// Returns the state's name in reports and in the file names of screenshots.
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
            Self::CheckingStatus => "checking-status",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Received => "received",
            Self::Refused => "refused",
            Self::Success => "success",
        }
    }
}

impl Tour {
    /// Starts the servers and the browser, and opens the form.
    pub fn start(example: Example) -> Self {
        let crm = Sandbox::start();
        let proxy = Proxy::with_toml(&crm, "delivery.retry_first = \"200 ms\"\n");
        let browser = Browser::start();
        let tour = Self { example, crm, proxy, browser, samples: Samples::new() };
        tour.open();
        tour
    }

    #[track_caller]
    fn open(&self) {
        self.browser.open(&self.proxy.url(self.example.path()));
        freeze_timers(&self.browser);
    }

    /// Brings the form into each state and calls `visit`.
    #[track_caller]
    pub fn visit_states(mut self, mut visit: impl FnMut(&Browser, State)) {
        FormPage::ready(&self.browser);
        self.fail_to_load(&mut visit);
        self.open();
        let form = FormPage::ready(&self.browser);
        visit(&self.browser, State::Empty);
        form.submit();
        assert!(!form.summary().is_empty());
        visit(&self.browser, State::Invalid);

        self.example.fill_in(form);
        self.open();
        let form = FormPage::ready(&self.browser);
        wait_for("the note about the restored draft", || form.read(".df-restored .df-message"));
        visit(&self.browser, State::Restored);
        form.press_button("Start over");
        self.example.fill_in(form);

        if let Some(label) = self.example.files_label() {
            let offer = self.samples.pdf("Offer.pdf", 1_300_000);
            let sketch = self.samples.file("Sketch.png", b"\x89PNG");
            form.field(label).attach(&[&offer, &sketch]);
            visit(&self.browser, State::Files);
            form.remove_file(&sketch.name);
            self.upload_slowly(&mut visit);
        }

        self.crm.delay_responses();
        form.submit();
        form.wait_until_uploaded();
        visit(&self.browser, State::Sending);
        hold_responses(&self.browser, "/submissions/");
        self.proxy.stop();
        wait_for("the status check", || {
            form.progress().filter(|text| text.starts_with("Checking"))
        });
        visit(&self.browser, State::CheckingStatus);
        form.press_button("Cancel");
        form.wait_for_failure();
        visit(&self.browser, State::Cancelled);

        form.press_button("Try again");
        form.wait_for_failure_titled("The connection was lost");
        visit(&self.browser, State::Failed);
        self.crm.stop();
        self.proxy.start_again();
        form.press_button("Try again");
        let reference = form.wait_until_received();
        visit(&self.browser, State::Received);

        self.crm.start_again();
        // Otherwise the fault for the next submission would affect this delivery.
        self.proxy.wait_for_delivery(self.example.path().trim_start_matches("/forms/"), &reference);
        form.press_button("Send another request");
        self.example.fill_in(form);
        let message = "This account has no funnel called “Sales”.";
        self.crm.inject_fault(&json!({"kind": "refuse", "error_message": message}));
        form.submit();
        form.wait_for_failure_titled("We could not pass on your request");
        visit(&self.browser, State::Refused);
        form.field(self.example.text_label()).write("Ada");
        form.press_button("Try again");
        form.wait_for_deal();
        visit(&self.browser, State::Success);
    }

    /// Replaces the form with one that keeps loading, then with one whose address cannot be reached.
    #[track_caller]
    fn fail_to_load(&mut self, visit: &mut impl FnMut(&Browser, State)) {
        // The loader reuses a recent response, so the address must be new. The copy contains no plain
        // form, so the form shows that it is loading.
        let replace = "const form = document.querySelector('deal-form');
            const another = form.cloneNode();
            another.removeAttribute('ready');
            another.src = arguments[0];
            form.replaceWith(another);";
        let wait_for = |css: &str| {
            let is_visible = "return document.querySelector('deal-form').shadowRoot
                ?.querySelector(arguments[0])?.checkVisibility() ?? false;";
            wait_until(css, || self.browser.script(is_visible, &[json!(css)]) == true);
        };
        let replace_form = |query: &str| {
            let address = format!("{}{query}", self.example.path());
            self.browser.script(replace, &[json!(address)]);
        };
        hold_responses(&self.browser, "?held");
        replace_form("?held");
        wait_for(".df-loading");
        visit(&self.browser, State::Loading);
        self.proxy.stop();
        replace_form("?gone");
        wait_for(".df-failure button");
        visit(&self.browser, State::NotLoaded);
        self.proxy.start_again();
    }

    /// Sends the form over a slow connection, and cancels the upload.
    #[track_caller]
    fn upload_slowly(&self, visit: &mut impl FnMut(&Browser, State)) {
        let form = FormPage::ready(&self.browser);
        let progress = || form.progress().filter(|text| text.contains(" of 1.3 MB sent"));
        // The upload must last longer than `visit`.
        self.browser.limit_upload_speed(Some(10_000));
        form.submit();
        wait_for("progress", || progress().filter(|text| !text.starts_with('0')));
        visit(&self.browser, State::Uploading);
        assert!(progress().is_some(), "the upload ended too early");
        form.press_button("Cancel");
        form.wait_for_failure();
        self.browser.limit_upload_speed(None);
    }
}
