//! The files in a restored draft.

use e2e::{FormPage, LandingPage, NO_FILE_STORAGE, Samples, World, fill_in, wait_for, wait_until};

#[test]
fn restored_files_are_announced_but_removed_or_sent_files_are_no_longer_stored() {
    e2e::skip_in!(WebKit, NO_FILE_STORAGE);
    let World { crm, proxy, browser } = &World::open(LandingPage::QUOTE);
    let samples = Samples::new();
    let (offer, plan) = (samples.pdf("Offer.pdf", 1_000), samples.pdf("Plan.pdf", 2_000));
    let form = FormPage::ready(browser);
    form.field(fill_in::QUOTE_FILES).attach(&[&offer, &plan]);
    form.wait_for_stored_files(2);
    form.remove_file("Offer.pdf");
    form.wait_for_stored_files(1);

    // The form also announces a draft that contains only files.
    browser.open(&proxy.url(World::LANDING_PAGE));
    let form = FormPage::ready(browser);
    wait_for("the announcement of the draft", || form.read(".df-restored .df-message"));
    assert_eq!(form.files(), [("Plan.pdf".to_owned(), "2 kB".to_owned())]);
    fill_in::quote(form, &[]);
    form.submit();
    form.wait_for_deal();
    crm.assert_files(&crm.deal(), &[plan]);
    form.wait_for_stored_files(0);
}

#[test]
fn stored_files_expire_after_a_day() {
    e2e::skip_in!(WebKit, NO_FILE_STORAGE);
    let World { proxy, browser, .. } = &World::open(LandingPage::QUOTE);
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 1_000);
    let form = FormPage::ready(browser);
    form.field(fill_in::QUOTE_FILES).attach(&[&offer]);
    form.wait_for_stored_files(1);

    browser.open(&proxy.url("/forms/callback"));
    FormPage::ready(browser);
    let make_older = "return new Promise((done, fail) => {
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
    browser.script(make_older, &[]);
    // A page with another form also removes the expired files.
    browser.open(&proxy.url("/forms/callback"));
    FormPage::ready(browser).wait_for_stored_files(0);
    browser.open(&proxy.url(World::LANDING_PAGE));
    assert_eq!(FormPage::ready(browser).files(), []);
}

#[test]
fn files_of_a_closed_tab_are_removed_but_not_those_of_an_open_tab() {
    e2e::skip_in!(WebKit, NO_FILE_STORAGE);
    let World { proxy, browser, .. } = &World::open(LandingPage::QUOTE);
    let samples = Samples::new();
    let form = FormPage::ready(browser);
    form.field(fill_in::QUOTE_FILES).attach(&[&samples.pdf("Offer.pdf", 1_000)]);
    form.wait_for_stored_files(1);
    // The page removes the form, as it does when it closes a dialog that can be reopened.
    form.remove();

    browser.open_tab(&proxy.url("/forms/callback"));
    let other = FormPage::ready(browser);
    // After this second, the form has finished its cleanup.
    browser.script("return new Promise((done) => setTimeout(done, 1000));", &[]);
    other.wait_for_stored_files(1);
    browser.switch_to_tab(0);
    browser.close_tab();
    browser.switch_to_tab(0);
    wait_until("the removal of the closed tab's files", || {
        browser.open(&proxy.url("/forms/callback"));
        let form = FormPage::ready(browser);
        browser.script("return new Promise((done) => setTimeout(done, 500));", &[]);
        form.stored_files() == 0
    });
}

/// Files cannot be stored while the page is being left, so the form stores them when they are added.
#[test]
fn files_are_stored_immediately() {
    e2e::skip_in!(WebKit, NO_FILE_STORAGE);
    let World { browser, .. } = &World::open(LandingPage::QUOTE);
    let samples = Samples::new();
    let form = FormPage::ready(browser);
    browser.script("window.setTimeout = () => 0;", &[]);
    form.field(fill_in::QUOTE_FILES).attach(&[&samples.pdf("Offer.pdf", 1_000)]);
    form.wait_for_stored_files(1);
}

#[test]
fn each_form_restores_only_its_own_files() {
    e2e::skip_in!(WebKit, NO_FILE_STORAGE);
    let World { proxy, browser, .. } = &World::open(LandingPage::QUOTE);
    let samples = Samples::new();
    let (offer, plan) = (samples.pdf("Offer.pdf", 1_000), samples.pdf("Plan.pdf", 2_000));
    let form = FormPage::ready(browser);
    form.field(fill_in::QUOTE_FILES).attach(&[&offer]);
    form.wait_for_stored_files(1);
    browser.open(&proxy.url("/forms/everything"));
    let form = FormPage::ready(browser);
    form.field("Files").attach(&[&plan]);
    form.wait_for_stored_files(2);

    browser.open(&proxy.url("/forms/everything"));
    let form = FormPage::ready(browser);
    wait_for("the announcement of the draft", || form.read(".df-restored .df-message"));
    assert_eq!(form.files(), [("Plan.pdf".to_owned(), "2 kB".to_owned())]);
}

/// On a slow device, a visitor may add a file before the draft's files are restored.
#[test]
fn a_file_added_before_the_others_are_restored_is_stored_too() {
    e2e::skip_in!(WebKit, NO_FILE_STORAGE);
    let script = "{
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
    let World { proxy, browser, .. } = &World::open(LandingPage { script, ..LandingPage::QUOTE });
    let samples = Samples::new();
    let (offer, plan) = (samples.pdf("Offer.pdf", 1_000), samples.pdf("Plan.pdf", 2_000));
    let form = FormPage::ready(browser);
    form.field(fill_in::QUOTE_FILES).attach(&[&offer]);
    form.wait_for_stored_files(1);

    browser.open(&proxy.url(&format!("{}?slow", World::LANDING_PAGE)));
    let form = FormPage::ready(browser);
    form.field(fill_in::QUOTE_FILES).attach(&[&plan]);
    browser.script("dispatchEvent(new Event('release'));", &[]);
    wait_until("both files", || form.files().len() == 2);
    form.wait_for_stored_files(2);
}
