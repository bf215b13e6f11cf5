//! The files of a draft that is brought back.

use e2e::{Engine, FormPage, Landing, PRIVATE, Samples, World, eventually, not_in};

use crate::answers;

const QUOTE: &str = "<deal-form src='/forms/quote'></deal-form>";
const FILES: &str = "Briefing, sketches, tables";

#[test]
fn files_are_announced_and_those_removed_or_sent_are_not_kept() {
    if !not_in(Engine::WebKit, PRIVATE) {
        return;
    }
    let World { crm, proxy, browser } = &World::open(Landing::of(QUOTE));
    let samples = Samples::new();
    let (offer, plan) = (samples.pdf("Offer.pdf", 1_000), samples.pdf("Plan.pdf", 2_000));
    let form = FormPage::ready(browser);
    form.field(FILES).attach(&[&offer, &plan]);
    form.keeps_files(2);
    form.remove_file("Offer.pdf");
    form.keeps_files(1);

    // Files alone are worth a word, too.
    browser.open(&proxy.url(World::LANDING));
    let form = FormPage::ready(browser);
    eventually("word of it", || form.read(".df-restored .df-said"));
    assert_eq!(form.files(), [("Plan.pdf".to_owned(), "2 kB".to_owned())]);
    answers::quote(form, &[]);
    form.submit();
    form.arrives();
    crm.assert_files(&crm.deal(), &[plan]);
    form.keeps_files(0);
}

#[test]
fn stored_files_expire_after_a_day() {
    if !not_in(Engine::WebKit, PRIVATE) {
        return;
    }
    let World { proxy, browser, .. } = &World::open(Landing::of(QUOTE));
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 1_000);
    let form = FormPage::ready(browser);
    form.field(FILES).attach(&[&offer]);
    form.keeps_files(1);

    browser.open(&proxy.url("/forms/callback"));
    FormPage::ready(browser);
    let age = "return new Promise((done, fail) => {
        const opened = indexedDB.open('deal-form');
        opened.onerror = fail;
        opened.onsuccess = () => {
            const database = opened.result;
            const transaction = database.transaction('files', 'readwrite');
            transaction.oncomplete = () => { database.close(); done(); };
            transaction.onabort = fail;
            transaction.objectStore('files').openCursor().onsuccess = ({ target }) => {
                const { file, saved } = target.result?.value ?? {};
                if (file) target.result.update({ file, saved: saved - 25 * 3_600_000 });
            };
        };
    });";
    browser.script(age, &[]);
    // Also where another form is shown, or none.
    browser.open(&proxy.url("/forms/callback"));
    FormPage::ready(browser).keeps_files(0);
    browser.open(&proxy.url(World::LANDING));
    assert_eq!(FormPage::ready(browser).files(), []);
}

#[test]
fn files_of_a_closed_tab_are_removed_and_those_of_an_open_one_are_not() {
    if !not_in(Engine::WebKit, PRIVATE) {
        return;
    }
    let World { proxy, browser, .. } = &World::open(Landing::of(QUOTE));
    let samples = Samples::new();
    let form = FormPage::ready(browser);
    form.field(FILES).attach(&[&samples.pdf("Offer.pdf", 1_000)]);
    form.keeps_files(1);
    // Removed from its page like a closed dialog, which the page may show again.
    browser.script("document.querySelector('deal-form').remove();", &[]);

    browser.open_tab(&proxy.url("/forms/callback"));
    let other = FormPage::ready(browser);
    // The script has finished its search by then.
    browser.script("return new Promise((done) => setTimeout(done, 1000));", &[]);
    other.keeps_files(1);
    browser.go_to_tab(0);
    browser.close_tab();
    browser.go_to_tab(0);
    eventually("page without the files of another tab", || {
        browser.open(&proxy.url("/forms/callback"));
        let form = FormPage::ready(browser);
        browser.script("return new Promise((done) => setTimeout(done, 500));", &[]);
        (form.kept_files() == 0).then_some(())
    });
}

/// A page that is being left copies no more: they are kept the moment they are there.
#[test]
fn files_are_kept_without_waiting() {
    if !not_in(Engine::WebKit, PRIVATE) {
        return;
    }
    let World { browser, .. } = &World::open(Landing::of(QUOTE));
    let samples = Samples::new();
    let form = FormPage::ready(browser);
    browser.script("window.setTimeout = () => 0;", &[]);
    form.field(FILES).attach(&[&samples.pdf("Offer.pdf", 1_000)]);
    form.keeps_files(1);
}

#[test]
fn each_form_has_its_own_files_back() {
    if !not_in(Engine::WebKit, PRIVATE) {
        return;
    }
    let World { proxy, browser, .. } = &World::open(Landing::of(QUOTE));
    let samples = Samples::new();
    let (offer, plan) = (samples.pdf("Offer.pdf", 1_000), samples.pdf("Plan.pdf", 2_000));
    let form = FormPage::ready(browser);
    form.field(FILES).attach(&[&offer]);
    form.keeps_files(1);
    browser.open(&proxy.url("/forms/everything"));
    let form = FormPage::ready(browser);
    form.field("Files").attach(&[&plan]);
    form.keeps_files(2);

    browser.open(&proxy.url("/forms/everything"));
    let form = FormPage::ready(browser);
    eventually("word of it", || form.read(".df-restored .df-said"));
    assert_eq!(form.files(), [("Plan.pdf".to_owned(), "2 kB".to_owned())]);
}

/// Whoever adds a file on a slow device before those of the draft are back keeps both.
#[test]
fn a_file_that_is_added_before_the_others_are_back_is_kept_too() {
    if !not_in(Engine::WebKit, PRIVATE) {
        return;
    }
    let slow = "{
            const { open } = IDBFactory.prototype;
            const release = new Promise((done) => addEventListener('release', done));
            IDBFactory.prototype.open = function (...all) {
                const request = open.apply(this, all);
                if (location.search !== '?slow') return request;
                Object.defineProperty(request, 'onsuccess', {
                    set: (then) =>
                        request.addEventListener('success', () => release.then(() => then())),
                });
                return request;
            };
        }";
    let World { proxy, browser, .. } = &World::open(Landing { script: slow, ..Landing::of(QUOTE) });
    let samples = Samples::new();
    let (offer, plan) = (samples.pdf("Offer.pdf", 1_000), samples.pdf("Plan.pdf", 2_000));
    let form = FormPage::ready(browser);
    form.field(FILES).attach(&[&offer]);
    form.keeps_files(1);

    browser.open(&proxy.url(&format!("{}?slow", World::LANDING)));
    let form = FormPage::ready(browser);
    form.field(FILES).attach(&[&plan]);
    browser.script("dispatchEvent(new Event('release'));", &[]);
    eventually("both", || (form.files().len() == 2).then_some(()));
    form.keeps_files(2);
}
