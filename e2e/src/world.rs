use std::fs;

use crate::browser::Browser;
use crate::servers::{Proxy, Sandbox, Settings};
use crate::wait::wait_until;
use crate::{
    programs,
    site::{self, Site},
};

/// A CRM, a proxy and a browser. Landing pages are on the proxy's origin.
#[derive(Debug)]
pub struct World {
    /// The sandbox CRM. At first it has no deals.
    pub crm: Sandbox,
    /// The proxy.
    pub proxy: Proxy,
    /// The browser of this run's engine.
    pub browser: Browser,
}

/// A landing page for one test.
#[derive(Debug, Clone, Copy, Default)]
pub struct LandingPage<'a> {
    /// The HTML of its body.
    pub body: &'a str,
    /// A script that runs before the loader.
    pub script: &'a str,
    /// Whether to leave out the loader, because `script` or the test loads it later.
    pub without_loader: bool,
    /// The form file for the proxy's only form, at `/forms/own`. If this is `None`, the proxy has
    /// the forms from `examples/forms`.
    pub form: Option<&'a str>,
}

impl World {
    /// The landing page's path on the proxy.
    pub const LANDING_PAGE: &'static str = "/landing.html";

    /// Starts everything, opens the landing page and, if it has the loader, waits until the element
    /// is defined.
    #[track_caller]
    pub fn open(landing_page: LandingPage<'_>) -> Self {
        let world = Self::with_landing_page(landing_page);
        world.browser.open(&world.proxy.url(Self::LANDING_PAGE));
        if !landing_page.without_loader {
            let is_defined = "return Boolean(customElements.get('deal-form'));";
            wait_until("the definition of the element", || {
                world.browser.script(is_defined, &[]) == true
            });
        }
        world
    }

    /// Starts everything with the forms from `examples/forms` and the default settings, and opens
    /// no page.
    pub fn start() -> Self {
        Self::with_settings(Settings::default())
    }

    /// Starts everything as [`World::start`] does, and opens a page on the proxy.
    #[track_caller]
    pub fn at(path: &str) -> Self {
        let world = Self::start();
        world.browser.open(&world.proxy.url(path));
        world
    }

    /// Starts everything with a proxy that serves `site`, and opens no page.
    pub fn with_site(site: &Site) -> Self {
        Self::with_settings(Settings { site: site.path().to_owned(), ..Settings::default() })
    }

    /// Starts everything with these proxy settings, and opens no page.
    pub fn with_settings(settings: Settings) -> Self {
        let crm = Sandbox::start();
        let proxy = Proxy::with_settings(&crm, settings);
        Self { crm, proxy, browser: Browser::start() }
    }

    /// Starts everything with a proxy that serves the landing page, and opens no page.
    pub fn with_landing_page(landing_page: LandingPage<'_>) -> Self {
        let crm = Sandbox::start();
        let proxy = landing_page.serve(&crm);
        Self { crm, proxy, browser: Browser::start() }
    }
}

impl LandingPage<'_> {
    /// A script that loads the widget when F2 is pressed, as if the network were slow until then.
    pub const LOAD_ON_F2: &'static str = "addEventListener('keydown', ({ key }) => {
        if (key === 'F2') import('/deal-form.js');
    });";

    /// A page with the form `callback`.
    pub const CALLBACK: LandingPage<'static> =
        LandingPage::with_body("<deal-form src='/forms/callback'></deal-form>");

    /// A page with the form `quote`.
    pub const QUOTE: LandingPage<'static> =
        LandingPage::with_body("<deal-form src='/forms/quote'></deal-form>");

    /// A page with the form at `/forms/own`. The test provides the form file in `form`.
    pub const OWN: LandingPage<'static> =
        LandingPage::with_body("<deal-form src='/forms/own'></deal-form>");
}

impl<'a> LandingPage<'a> {
    /// Returns a page with the loader, and with `body` as its body.
    pub const fn with_body(body: &'a str) -> Self {
        Self { body, script: "", without_loader: false, form: None }
    }

    /// Starts a proxy that serves this page from a temporary folder.
    fn serve(self, crm: &Sandbox) -> Proxy {
        let Self { body, script, without_loader, form } = self;
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { site: folder.path().join("site"), ..Settings::default() };
        site::copy(&programs::site(), &settings.site);
        let mut head = String::from("<script src=\"/own.js\"></script>");
        if !without_loader {
            head += Site::LOADER;
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
