//! Finds the programs and files that journeys need. The message about a missing program explains
//! how to install or build it.

use std::path::{Path, PathBuf};
use std::{env, fs};

use base64::prelude::{BASE64_STANDARD, Engine as _};

/// Finds the driver for Chromium.
pub(crate) fn chromedriver() -> PathBuf {
    from_variable("CHROMEDRIVER").or_else(|| find_on_path(&["chromedriver"])).unwrap_or_else(|| {
        panic!(
            "chromedriver is missing; install it (Debian: apt-get install chromium-driver), or set \
             CHROMEDRIVER to its path"
        )
    })
}

/// Finds Chromium. If the result is `None`, the driver searches for Chrome.
pub(crate) fn chromium() -> Option<PathBuf> {
    const NAMES: &[&str] =
        &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    from_variable("CHROME").or_else(|| find_on_path(NAMES))
}

/// Finds the driver for Firefox.
pub(crate) fn geckodriver() -> PathBuf {
    from_variable("GECKODRIVER").or_else(|| find_on_path(&["geckodriver"])).unwrap_or_else(|| {
        panic!(
            "geckodriver is missing; install it (cargo install geckodriver), or set GECKODRIVER to \
             its path"
        )
    })
}

/// Finds Firefox. If the result is `None`, the driver searches for Firefox.
pub(crate) fn firefox() -> Option<PathBuf> {
    from_variable("FIREFOX").or_else(|| find_on_path(&["firefox-esr", "firefox"]))
}

/// Finds the driver for WebKitGTK.
pub(crate) fn webkit_driver() -> PathBuf {
    from_variable("WEBKITDRIVER").or_else(|| find_on_path(&["WebKitWebDriver"])).unwrap_or_else(
        || {
            panic!(
                "WebKitWebDriver is missing; install it (Debian: apt-get install webkit2gtk-driver \
             libwebkit2gtk-4.1-0 xvfb), or set WEBKITDRIVER to its path"
            )
        },
    )
}

/// Finds WebKitGTK's browser. If the result is `None`, the driver searches for it.
pub(crate) fn mini_browser() -> Option<PathBuf> {
    from_variable("MINIBROWSER")
}

/// Finds the proxy.
pub(crate) fn deal_proxy() -> PathBuf {
    built_program("DEAL_FORM_PROXY", "deal-proxy")
}

/// Finds the sandbox CRM.
pub(crate) fn crm_sandbox() -> PathBuf {
    built_program("DEAL_FORM_SANDBOX", "crm-sandbox")
}

/// Returns the path of the axe-core script, or `None` if `DEAL_FORM_AXE` is not set.
pub(crate) fn axe() -> Option<PathBuf> {
    from_variable("DEAL_FORM_AXE")
}

/// Returns the path of the Turbo script, or `None` if `DEAL_FORM_TURBO` is not set.
pub(crate) fn turbo() -> Option<PathBuf> {
    from_variable("DEAL_FORM_TURBO")
}

/// Returns the font for the screenshots, in Base64.
pub(crate) fn font() -> String {
    let font = from_variable("DEAL_FORM_FONT").unwrap_or_else(|| {
        panic!(
            "DEAL_FORM_FONT is not set; run `cargo xtask test --only e2e`, which sets it, or \
             `cargo xtask setup` and then eval \"$(cargo xtask env)\""
        )
    });
    let bytes = fs::read(&font).unwrap_or_else(|error| panic!("{}: {error}", font.display()));
    BASE64_STANDARD.encode(bytes)
}

/// Finds the folder with the built widget.
pub(crate) fn site() -> PathBuf {
    let site = from_variable("DEAL_FORM_SITE").unwrap_or_else(|| repository().join("dist"));
    for file in ["index.html", "deal-form.js", "deal-form-widget_bg.wasm"] {
        assert!(
            site.join(file).is_file(),
            "{file} is missing from {}; build the widget with `cargo xtask dist`, or set DEAL_FORM_SITE \
             to the folder of the built widget",
            site.display()
        );
    }
    site
}

/// Finds the folder with the built application of `examples/leptos`.
pub(crate) fn leptos_page() -> PathBuf {
    built_example("DEAL_FORM_LEPTOS_PAGE")
}

/// Finds the server of `examples/leptos-server`.
pub(crate) fn leptos_server() -> PathBuf {
    built_example("DEAL_FORM_LEPTOS_SERVER")
}

/// Finds the folder with the scripts and the WebAssembly module of `examples/leptos-server`.
pub(crate) fn leptos_server_site() -> PathBuf {
    built_example("DEAL_FORM_LEPTOS_SITE")
}

fn built_example(variable: &str) -> PathBuf {
    from_variable(variable).unwrap_or_else(|| {
        panic!(
            "{variable} is not set; run `cargo xtask test --only e2e`, which builds the example \
             applications and sets it"
        )
    })
}

/// Returns the folder `examples/forms`.
pub(crate) fn example_forms() -> PathBuf {
    repository().join("examples/forms")
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn from_variable(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn find_on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let files = names.iter().map(|name| format!("{name}{}", env::consts::EXE_SUFFIX));
    files.flat_map(|file| folders.iter().map(move |at| at.join(&file))).find(|path| path.is_file())
}

/// Finds a program from this workspace. Cargo puts it in the same folder as the running program, or, if
/// the running program is a test, in the parent folder.
fn built_program(variable: &str, name: &str) -> PathBuf {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let this = env::current_exe().unwrap();
    let mut folders = this.ancestors().skip(1).take(2).map(|folder| folder.join(&file));
    let built = || folders.find(|path| path.is_file());
    from_variable(variable).or_else(built).filter(|path| path.is_file()).unwrap_or_else(|| {
        panic!(
            "{name} is missing; build it with `cargo build -p deal-proxy -p crm-sandbox`, or set \
             {variable} to its path"
        )
    })
}
