//! Where the programs and folders are that journeys need, and which command makes a missing one.

use std::path::{Path, PathBuf};
use std::{env, fs};

use base64::prelude::{BASE64_STANDARD, Engine as _};

/// The driver of Chromium.
pub(crate) fn chromedriver() -> PathBuf {
    named("CHROMEDRIVER").or_else(|| on_path(&["chromedriver"])).unwrap_or_else(|| {
        panic!(
            "there is no chromedriver: install it (Debian: apt-get install chromium-driver), or \
             name it in CHROMEDRIVER"
        )
    })
}

/// Chromium itself; without it the driver looks for Chrome.
pub(crate) fn chromium() -> Option<PathBuf> {
    const NAMES: &[&str] =
        &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    named("CHROME").or_else(|| on_path(NAMES))
}

/// The driver of Firefox.
pub(crate) fn geckodriver() -> PathBuf {
    named("GECKODRIVER").or_else(|| on_path(&["geckodriver"])).unwrap_or_else(|| {
        panic!(
            "there is no geckodriver: install it (cargo install geckodriver), or name it in \
             GECKODRIVER"
        )
    })
}

/// Firefox itself; without it the driver looks for it.
pub(crate) fn firefox() -> Option<PathBuf> {
    named("FIREFOX").or_else(|| on_path(&["firefox-esr", "firefox"]))
}

/// The driver of WebKitGTK.
pub(crate) fn webkit_driver() -> PathBuf {
    named("WEBKITDRIVER").or_else(|| on_path(&["WebKitWebDriver"])).unwrap_or_else(|| {
        panic!(
            "there is no WebKitWebDriver: install it (Debian: apt-get install webkit2gtk-driver \
             libwebkit2gtk-4.1-0 xvfb), or name it in WEBKITDRIVER"
        )
    })
}

/// The browser that comes with WebKitGTK; without it the driver looks for its own.
pub(crate) fn mini_browser() -> Option<PathBuf> {
    named("MINIBROWSER")
}

/// The proxy.
pub(crate) fn deal_proxy() -> PathBuf {
    server("DEAL_FORM_PROXY", "deal-proxy")
}

/// The sandbox CRM.
pub(crate) fn crm_sandbox() -> PathBuf {
    server("DEAL_FORM_SANDBOX", "crm-sandbox")
}

/// The script of axe-core, which is not everywhere.
pub(crate) fn axe() -> Option<PathBuf> {
    named("DEAL_FORM_AXE")
}

/// The path of Turbo's script, if it is installed.
pub(crate) fn turbo() -> Option<PathBuf> {
    named("DEAL_FORM_TURBO")
}

/// The font of the pictures, in Base64.
pub(crate) fn font() -> String {
    let font = named("DEAL_FORM_FONT").unwrap_or_else(|| {
        panic!(
            "DEAL_FORM_FONT names no font: `cargo xtask test --only e2e` sets it, and so does \
             eval \"$(cargo xtask env)\" after `cargo xtask setup`"
        )
    });
    let bytes = fs::read(&font).unwrap_or_else(|error| panic!("{}: {error}", font.display()));
    BASE64_STANDARD.encode(bytes)
}

/// The folder of the built widget.
pub(crate) fn site() -> PathBuf {
    let site = named("DEAL_FORM_SITE").unwrap_or_else(|| repository().join("dist"));
    for file in ["index.html", "deal-form.js", "deal-form-widget_bg.wasm"] {
        assert!(
            site.join(file).is_file(),
            "there is no {file} in {}: build the widget by `cargo xtask dist`, or name its folder \
             in DEAL_FORM_SITE",
            site.display()
        );
    }
    site
}

/// The forms that the repository shows.
pub(crate) fn example_forms() -> PathBuf {
    repository().join("examples/forms")
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let files = names.iter().map(|name| format!("{name}{}", env::consts::EXE_SUFFIX));
    files.flat_map(|file| folders.iter().map(move |at| at.join(&file))).find(|path| path.is_file())
}

/// One of ours: cargo puts it beside our own programs, a folder above tests.
fn server(variable: &str, name: &str) -> PathBuf {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let this = env::current_exe().unwrap();
    let mut folders = this.ancestors().skip(1).take(2).map(|folder| folder.join(&file));
    let built = || folders.find(|path| path.is_file());
    named(variable).or_else(built).filter(|path| path.is_file()).unwrap_or_else(|| {
        panic!(
            "there is no {name}: build it by `cargo build -p deal-proxy -p crm-sandbox`, or name it \
             in {variable}"
        )
    })
}
