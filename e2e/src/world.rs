use std::fs;

use crate::browser::Browser;
use crate::servers::{Proxy, Sandbox, Settings};
use crate::wait::eventually;
use crate::{
    programs,
    site::{self, Site},
};

/// A CRM, a proxy before it, a browser, and a landing page of the proxy's origin.
#[derive(Debug)]
pub struct World {
    /// The CRM, without deals.
    pub crm: Sandbox,
    /// The proxy, with the usual limits. It brings the page.
    pub proxy: Proxy,
    /// The browser.
    pub browser: Browser,
}

/// A landing page of a test's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Landing<'a> {
    /// What stands on it.
    pub body: &'a str,
    /// A script that runs before the widget's.
    pub script: &'a str,
    /// Whether the widget comes only when that script brings it.
    pub late: bool,
    /// The definition, in TOML, of the one form that there is, at `/forms/own`. Without one there are
    /// those of `examples/forms`.
    pub form: Option<&'a str>,
}

impl World {
    /// Where the landing page is, at the proxy.
    pub const LANDING: &'static str = "/landing.html";

    /// Starts all of them, opens the landing page and waits until it knows the element, where it
    /// has the widget.
    #[track_caller]
    pub fn open(landing: Landing<'_>) -> Self {
        let world = Self::with(landing);
        world.browser.open(&world.proxy.url(Self::LANDING));
        if !landing.late {
            let known = "return Boolean(customElements.get('deal-form'));";
            eventually("definition of the element", || {
                (world.browser.script(known, &[]) == true).then_some(())
            });
        }
        world
    }

    /// Starts all of them with the usual forms and settings. Nothing is opened yet.
    pub fn start() -> Self {
        Self::with_settings(Settings::default())
    }

    /// Starts all of them with the usual forms and settings, and opens a page of the proxy.
    #[track_caller]
    pub fn at(path: &str) -> Self {
        let world = Self::start();
        world.browser.open(&world.proxy.url(path));
        world
    }

    /// Starts all of them. The proxy serves that site. Nothing is opened yet.
    pub fn on(site: &Site) -> Self {
        Self::with_settings(Settings { site: site.path().to_owned(), ..Settings::default() })
    }

    /// Starts all of them. The proxy has these settings. Nothing is opened yet.
    pub fn with_settings(settings: Settings) -> Self {
        let crm = Sandbox::start();
        let proxy = Proxy::with(&crm, settings);
        Self { crm, proxy, browser: Browser::start() }
    }

    /// Starts all of them, with nothing opened yet.
    pub fn with(landing: Landing<'_>) -> Self {
        let crm = Sandbox::start();
        let proxy = landing.served(&crm);
        Self { crm, proxy, browser: Browser::start() }
    }
}

impl<'a> Landing<'a> {
    /// A page with the widget and that in its body.
    pub fn of(body: &'a str) -> Self {
        Self { body, ..Self::default() }
    }

    /// The proxy that serves it, from a folder of its own.
    fn served(self, crm: &Sandbox) -> Proxy {
        let Self { body, script, late, form } = self;
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { site: folder.path().join("site"), ..Settings::default() };
        site::copy(&programs::site(), &settings.site);
        let mut head = String::from("<script src=\"/own.js\"></script>");
        if !late {
            head += "<script type=\"module\" src=\"/deal-form.js\"></script>";
        }
        fs::write(settings.site.join("own.js"), script).unwrap();
        fs::write(settings.site.join("landing.html"), site::page("Landing", &head, body)).unwrap();
        let forms = form.map(|form| {
            let forms = folder.path().join("forms");
            fs::create_dir(&forms).unwrap();
            fs::write(forms.join("own.toml"), form).unwrap();
            forms
        });
        let forms = forms.unwrap_or_else(|| settings.forms.clone());
        Proxy::in_folder(folder, crm, Settings { forms, ..settings })
    }
}
