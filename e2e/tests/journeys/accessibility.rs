//! Labels, descriptions and live regions for screen readers.

use e2e::{FormPage, Samples, World, fill_in};
use serde_json::{Value, json};

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
        // A file's problem is in the file's row, which is a live region.
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
    return faults;
";

#[track_caller]
fn assert_no_faults(form: FormPage<'_>) {
    assert_eq!(form.script(FAULTS, &[]), json!([]));
}

/// Returns the number of visible parts with this role that contain text.
#[track_caller]
fn visible_count(form: FormPage<'_>, role: &str) -> Value {
    let count = "return [...root.querySelectorAll(`[role=${arguments[1]}]`)]
        .filter((part) => seen(part) && part.innerText.trim()).length;";
    form.script(count, &[json!(role)])
}

#[test]
fn labels_descriptions_and_states_are_correct_from_the_empty_form_to_the_result() {
    let World { crm, browser, .. } = &World::at("/forms/everything");
    let samples = Samples::new();
    let form = FormPage::ready(browser);

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
    assert_eq!(visible_count(form, "status"), 1, "the new total size is announced");
    form.field("Date").write("2024-02-29");
    form.field("Text").write("A");
    assert_no_faults(form);
    crm.inject_fault(&json!({"kind": "refuse"}));
    form.submit();
    form.wait_for_failure();
    assert_eq!(visible_count(form, "alert"), 1);
    assert_no_faults(form);

    form.field("Phone").write("+49 30 654321");
    form.press_button("Try again");
    form.wait_for_deal();
    assert_eq!((visible_count(form, "status"), visible_count(form, "alert")), (json!(1), json!(0)));
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
    let record = "const stage = root.querySelector('.df-progress [role=status]');
        window.announced = [];
        window.progressCount = 0;
        addEventListener('deal-form-progress', () => { window.progressCount += 1; });
        new MutationObserver(() => announced.push(stage.textContent)).observe(stage,
            { childList: true, characterData: true, subtree: true });";
    form.script(record, &[]);
    browser.limit_upload_speed(Some(1_000_000));
    form.submit();
    form.wait_for_deal();
    let recorded = browser.script("return [announced, progressCount > announced.length];", &[]);
    let expected = ["Sending", "Everything is sent. Waiting for confirmation…"];
    assert_eq!(recorded, json!([expected, true]));
}
