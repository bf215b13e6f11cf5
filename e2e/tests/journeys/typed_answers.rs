//! How typed and pasted text is normalized and sent.

use e2e::{FormPage, LandingPage, Samples, World};
use serde_json::{Value, json};

/// Returns a form file in this language with fields that visitors type into, and a file field.
fn form(lang: &str) -> String {
    let fields = [
        ("contact_name", "Name"),
        ("contact_email", "Address"),
        ("contact_phone", "Number"),
        ("expected_closing_date", "Day"),
        ("expected_closing_amount", "Amount"),
        ("note", "Note"),
        ("attachments", "Files"),
    ];
    let fields = fields
        .map(|(name, label)| format!("[[field]]\nparameter = '{name}'\nlabel = '{label}'\n"))
        .concat();
    format!("title = 'T'\nlang = '{lang}'\n{fields}[presets]\nname = 'Typed'\n")
}

const ELEMENT: &str = "<deal-form src='/forms/own'></deal-form>";

fn open(definition: &str) -> World {
    World::open(LandingPage { form: Some(definition), ..LandingPage::with_body(ELEMENT) })
}

/// Pastes text and leaves the field.
#[track_caller]
fn paste(form: FormPage<'_>, label: &str, text: &str) {
    let paste = "const input = control(arguments[1]);
        input.focus();
        input.value = arguments[2];
        input.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));";
    form.script(paste, &[json!(label), json!(text)]);
    form.field(label).leave();
}

/// Returns the text below an input, such as the interpretation of a date.
#[track_caller]
fn feedback(form: FormPage<'_>, label: &str) -> String {
    let feedback = "return frame(arguments[1]).querySelector('.df-feedback').innerText.trim();";
    form.script(feedback, &[json!(label)]).as_str().unwrap().to_owned()
}

/// Sends the form and returns the parameters that the CRM received.
#[track_caller]
fn send(world: &World, form: FormPage<'_>) -> Value {
    form.submit();
    form.wait_for_result();
    world.crm.deal()["parameters"].clone()
}

#[test]
fn pasted_control_characters_become_line_breaks_or_spaces_or_are_removed() {
    let world = &open(&form("en"));
    let form = FormPage::ready(&world.browser);
    paste(form, "Name", "Ada\tLove\u{ad}lace\u{85}of\u{2028}London\u{0}");
    paste(form, "Note", "First\u{b}second\u{c}third\u{2029}fourth\u{8}\tend");
    for label in ["Name", "Note"] {
        assert_eq!(form.field(label).problem(), "");
    }
    assert_eq!(form.field("Name").value(), "Ada Lovelace of London");
    assert_eq!(form.field("Note").value(), "First\nsecond\nthird\nfourth\tend");
    let deal = send(world, form);
    assert_eq!(deal["contact_name"], "Ada Lovelace of London");
    assert_eq!(deal["note"], "First\r\nsecond\r\nthird\r\nfourth\tend");
}

#[test]
fn digits_in_other_scripts_are_sent_as_ascii_digits() {
    let world = &open(&form("ar"));
    let form = FormPage::ready(&world.browser);
    for (label, typed, normalized) in [
        ("Number", "٠١٠٠ ١٢٣ ٤٥٦٧", "0100 123 4567"),
        ("Day", "٣١/١٢/٢٠٢٦", "2026-12-31"),
        ("Amount", "٥٠٬٠٠٠٫٥ ر.س", "50000.5"),
        ("Address", "ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ana@example.com"),
    ] {
        // Paste the text, because WebKit's driver omits some wide letters when it types.
        paste(form, label, typed);
        assert_eq!(form.field(label).value(), normalized);
        assert_eq!(form.field(label).problem(), "");
    }
    let deal = send(world, form);
    assert_eq!(deal["contact_phone"], "0100 123 4567");
    assert_eq!(deal["expected_closing_date"], "2026-12-31");
    assert_eq!(deal["expected_closing_amount"], "50000.5");
    assert_eq!(deal["contact_email"], "ana@example.com");
}

/// The browser and the proxy convert domains by the same rules.
#[test]
fn an_address_with_an_international_domain_is_sent_as_punycode() {
    let world = &open(&form("en"));
    let form = FormPage::ready(&world.browser);
    for (typed, normalized) in [
        ("max@müller.de", "max@xn--mller-kva.de"),
        ("Max <max@MÜLLER.de>,", "max@xn--mller-kva.de"),
        ("mailto:info@straße.de", "info@xn--strae-oqa.de"),
        ("taro@例え。テスト", "taro@xn--r8jz45g.xn--zckzah"),
    ] {
        form.field("Address").write_and_leave(typed);
        assert_eq!(form.field("Address").problem(), "", "{typed}");
        assert_eq!(form.field("Address").value(), normalized, "{typed}");
    }
    let problem = "Enter an email address for “Address”, such as name@example.com.";
    for typed in ["max@mü/ller.de", "max@a\u{fffd}.de", "jörg@example.com"] {
        form.field("Address").write_and_leave(typed);
        assert_eq!(form.field("Address").problem(), problem, "{typed}");
    }
    form.field("Address").write("max@müller.de");
    assert_eq!(send(world, form)["contact_email"], "max@xn--mller-kva.de");
}

#[test]
fn a_german_form_reads_dates_and_amounts_as_germans_write_them() {
    let world = &open(&form("de"));
    let form = FormPage::ready(&world.browser);
    let hint = "return frame('Day').querySelector('.df-hint').innerText.trim();";
    assert_eq!(form.script(hint, &[]), "TT.MM.JJJJ, zum Beispiel 30.09.2026");
    form.field("Day").write("31.12.26");
    assert_eq!(feedback(form, "Day"), "Donnerstag, 31. Dezember 2026");
    form.field("Day").leave();
    assert_eq!(form.field("Day").value(), "2026-12-31");
    assert_eq!(feedback(form, "Day"), "Donnerstag, 31. Dezember 2026");
    for (typed, normalized) in [
        ("1000 €", "1000"),
        ("EUR 5 000", "5 000"),
        ("1'000.–", "1000"),
        ("5000,-", "5000"),
        ("€ 1.000", "1.000"),
    ] {
        form.field("Amount").write_and_leave(typed);
        assert_eq!(form.field("Amount").problem(), "", "{typed}");
        assert_eq!(form.field("Amount").value(), normalized, "{typed}");
    }
    form.field("Number").write("030/1234567 Durchwahl 5");
    let deal = send(world, form);
    assert_eq!(deal["expected_closing_date"], "2026-12-31");
    assert_eq!(deal["expected_closing_amount"], "1.000");
    assert_eq!(deal["contact_phone"], "030/1234567 Durchwahl 5");
}

#[test]
fn an_english_form_reads_dates_in_the_order_of_its_country() {
    for (lang, pattern, typed, interpretation) in [
        ("en", "MM/DD/YYYY", "12/31/2026", "Thursday, December 31, 2026"),
        ("en-GB", "DD/MM/YYYY", "31/12/2026", "Thursday 31 December 2026"),
    ] {
        let world = &open(&form(lang));
        let form = FormPage::ready(&world.browser);
        let hint = form.script("return frame('Day').querySelector('.df-hint').innerText;", &[]);
        assert!(hint.as_str().unwrap().starts_with(pattern), "{hint}");
        let in_other_order = if lang == "en" { "13/12/2026" } else { "12/13/2026" };
        form.field("Day").write_and_leave(in_other_order);
        let problem = format!(
            "Enter a real date for “Day”, in the order {pattern}: this day does not exist."
        );
        assert_eq!(form.field("Day").problem(), problem);
        assert_eq!(form.field("Day").value(), in_other_order, "the field keeps the text");
        form.field("Day").write(typed);
        // Some versions of the Unicode data have a comma after the weekday, and others do not.
        assert_eq!(feedback(form, "Day").replace(',', ""), interpretation.replace(',', ""));
        assert_eq!(send(world, form)["expected_closing_date"], "2026-12-31");
    }
}

#[test]
fn the_calendar_of_a_german_form_opens_at_the_typed_day() {
    let world = &open(&form("de"));
    let form = FormPage::ready(&world.browser);
    form.field("Day").write("31.12.2026");
    let open = "frame('Day').querySelector('button').click();
        return frame('Day').querySelector('[type=date]').value;";
    assert_eq!(form.script(open, &[]), "2026-12-31");
}

#[test]
fn a_file_is_listed_and_sent_under_a_name_that_every_system_accepts() {
    let world = &open(&form("en"));
    let form = FormPage::ready(&world.browser);
    let samples = Samples::new();
    let report = samples.pdf("#1 \"Report\" 10:15?.pdf", 2_000);
    form.field("Files").attach(&[&report]);
    assert_eq!(form.files()[0].0, "#1 -Report- 10-15-.pdf");
    assert_eq!(form.field("Files").problem(), "");
    send(world, form);
    world.crm.assert_files(&world.crm.deal(), &[report]);
}
