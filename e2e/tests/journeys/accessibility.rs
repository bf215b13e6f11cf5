//! Labels, descriptions and live regions for screen readers.

use e2e::{FormPage, Samples, World, fill_in};
use serde_json::json;

/// Returns a sentence for each missing or wrong name, reference and state in the form.
const FAULTS: &str = r"
    const faults = [];
    const name = (element) => element.outerHTML.slice(0, 120);
    const ids = [...root.querySelectorAll('[id]')].map((element) => element.id);
    for (const id of new Set(ids)) {
        if (ids.filter((other) => other === id).length > 1) faults.push(`duplicate id: ${id}`);
    }
    for (const input of root.querySelectorAll('input, textarea, select')) {
        if (input.getAttribute('aria-hidden') === 'true') {
            if (input.tabIndex >= 0) faults.push(`hidden but focusable: ${name(input)}`);
            continue;
        }
        const label = input.labels[0]?.innerText ?? input.getAttribute('aria-label');
        if (!label?.trim()) faults.push(`no label: ${name(input)}`);
        const described = (input.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean);
        for (const id of described) {
            if (!root.getElementById(id)) faults.push(`aria-describedby names the missing id ${id}: ${name(input)}`);
        }
        const problem = input.closest('[data-df-field]').querySelector('.df-problem');
        // A file's problem is in the file's row.
        const hasFileProblem = [...problem.parentElement.querySelectorAll('.df-why')].some(seen);
        const hasProblem = Boolean(seen(problem)) || hasFileProblem;
        if (hasProblem !== (input.getAttribute('aria-invalid') === 'true')) {
            faults.push(`has a problem: ${hasProblem}, but aria-invalid says the opposite: ${name(input)}`);
        }
        if (seen(problem) && !described.includes(problem.id)) faults.push(`problem missing in aria-describedby: ${name(input)}`);
    }
    for (const element of root.querySelectorAll('button, a, progress, [role=group]')) {
        const text = element.getAttribute('aria-label') ?? element.innerText;
        if (seen(element) && !text?.trim()) faults.push(`no name: ${name(element)}`);
    }
    for (const element of root.querySelectorAll('[tabindex]')) {
        if (element.tabIndex > 0) faults.push(`positive tabindex: ${name(element)}`);
    }
    // A screen reader may announce a change twice if there is another live region.
    const live = [...root.querySelectorAll('[aria-live], [role=status], [role=alert], [role=log], output')];
    if (live.length !== 1 || live[0].ariaLive !== 'polite') faults.push(`live regions: ${live.map(name)}`);
    for (const panel of root.querySelectorAll('[aria-labelledby]')) {
        const named = panel.getAttribute('aria-labelledby').split(' ').map((id) => root.getElementById(id));
        if (seen(panel) && !named.some((by) => by?.textContent.trim())) faults.push(`no name: ${name(panel)}`);
    }
    return faults;
";

#[track_caller]
fn assert_no_faults(form: FormPage<'_>) {
    assert_eq!(form.script(FAULTS, &[]), json!([]));
}

#[test]
fn labels_descriptions_and_states_are_correct_from_the_empty_form_to_the_result() {
    let World { crm, browser, .. } = &World::at("/forms/everything");
    let samples = Samples::new();
    let form = FormPage::ready(browser);

    form.record_announcements();
    assert_no_faults(form);
    let required = "return [...root.querySelectorAll('[aria-required=true]')]
        .map((input) => words(input.labels[0]));";
    assert_eq!(form.script(required, &[]), json!(["Text"]));
    let invalid_count = "return [...root.querySelectorAll('[aria-invalid=true]')].length;";
    assert_eq!(form.script(invalid_count, &[]), 0, "an empty form shows no problem");

    form.field("Date").write("2023-02-29");
    form.field("Files").attach(&[&samples.file("a.png", b"1"), &samples.file("b.txt", b"2")]);
    form.submit();
    assert_eq!(form.summary().len(), 3);
    assert_eq!(form.script(invalid_count, &[]), 3);
    assert_no_faults(form);

    form.remove_file("a.png");
    let announced = form.announced();
    assert!(announced.last().unwrap().ends_with("1 byte of 20 MB"), "{announced:?}");
    form.field("Date").write("2024-02-29");
    form.field("Text").write("A");
    assert_no_faults(form);
    crm.inject_fault(&json!({"kind": "refuse"}));
    form.submit();
    form.wait_for_failure();
    assert_eq!(form.focused(), "We could not pass on your request");
    assert_no_faults(form);

    form.field("Phone").write("+49 30 654321");
    form.press_button("Try again");
    form.wait_for_deal();
    assert_eq!(form.focused(), "Thank you");
    assert_no_faults(form);
}

/// Screen readers announce each stage of the submission, but not the progress in bytes.
#[test]
fn screen_readers_announce_each_stage_of_sending_once() {
    let World { proxy, browser, .. } = &World::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 3_000_000);
    let form = fill_in::quote_at(browser, &proxy.url("/forms/quote"), &[&offer]);
    form.record_announcements();
    let count = "window.progressCount = 0;
        addEventListener('deal-form-progress', () => { window.progressCount += 1; });";
    browser.script(count, &[]);
    browser.limit_upload_speed(Some(1_000_000));
    form.submit();
    form.wait_for_deal();
    let expected = ["Sending", "Everything is sent. Waiting for confirmation…", "focus: Thank you"];
    assert_eq!(form.announced(), expected);
    assert_eq!(browser.script("return progressCount > 2;", &[]), true);
}
