//! The form in every language, from the first problem to the deal.

use std::fs;
use std::path::Path;

use e2e::{Browser, FormPage, LandingPage, Proxy, Sandbox, Site, World, fill_in};
use serde_json::{Value, json};

/// Returns each language in `contract/locales` with its messages.
fn translations() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract/locales");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let read = |file: &Path| serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let lang = |file: &Path| file.file_stem().unwrap().to_str().unwrap().to_owned();
    files.map(|file| (lang(&file), read(&file))).collect()
}

/// Removes the Unicode characters that isolate text with another direction.
fn without_isolates(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

#[test]
fn shows_problems_and_the_confirmation_in_every_language() {
    let translations = translations();
    assert!(translations.len() >= 6, "{translations:?}");
    let crm = Sandbox::start();
    let site = Site::new();
    for (lang, _) in &translations {
        site.add_page(
            &format!("{lang}.html"),
            Site::LOADER,
            &format!("<deal-form lang=\"{lang}\" src=\"/forms/callback\"></deal-form>"),
        );
    }
    let proxy = Proxy::with_site(&crm, &site);
    let browser = Browser::start();

    for (lang, messages) in translations {
        let message = |key: &str| messages[key].as_str().unwrap();
        browser.open(&proxy.url(&format!("/{lang}.html")));
        let form = FormPage::ready(&browser);
        let language = "const { lang, dir } = root.querySelector('.df'); return [lang, dir];";
        let direction = if lang == "ar" { "rtl" } else { "ltr" };
        // The form declares informal German as German, for screen readers.
        let declared = lang.trim_end_matches("-informal");
        assert_eq!(form.script(language, &[]), json!([declared, direction]));

        form.submit();
        assert_eq!(form.read(".df-summary .df-heading").as_deref(), Some(message("summary")));
        let required = |label| message("problems.required").replace("{label}", label);
        let summary: Vec<String> =
            form.summary().iter().map(|problem| without_isolates(problem)).collect();
        assert_eq!(summary, [required("Your name"), required("Phone")]);

        fill_in::callback(form);
        form.submit();
        assert!(form.wait_for_result().contains(message("success")), "{lang}");
        let number = form.result_value(message("deal.deal_id")).unwrap();
        let deal = crm.deal();
        assert_eq!(deal["deal_id"], json!(number), "{lang}");
        assert_eq!(deal["parameters"]["contact_name"], "Ana Größe");
        assert_eq!(crm.finished_calls().len(), 1, "{lang}");
        crm.reset();
    }
    browser.assert_console_is_empty();
}

/// The widget has no messages in Finnish.
#[test]
fn a_language_without_messages_falls_back_to_the_language_of_the_form_file() {
    e2e::run_in_one_engine!();
    let form = "title = 'Rückruf'\nlang = 'de'\n[[field]]\nparameter = 'contact_name'\n\
                label = 'Name'\nrequired = true\n[presets]\nname = 'Rückruf'\n";
    let body = "<deal-form lang='fi' src='/forms/own'></deal-form>";
    let World { browser, .. } =
        &World::open(LandingPage { form: Some(form), ..LandingPage::with_body(body) });
    let form = FormPage::ready(browser);
    form.submit();
    let translations = translations();
    let (_, german) = translations.iter().find(|(lang, _)| lang == "de").unwrap();
    assert_eq!(form.read(".df-summary .df-heading").as_deref(), german["summary"].as_str());
    assert_eq!(form.script("return root.querySelector('.df').lang;", &[]), "de");
}
