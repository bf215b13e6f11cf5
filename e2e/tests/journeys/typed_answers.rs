//! What is sent for what people type and paste.

use e2e::{FormPage, LandingPage, Samples, World};
use serde_json::{Value, json};

/// A form with a question of each kind that people type into.
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

/// Pastes a text of any characters, and leaves the question.
#[track_caller]
fn paste(form: FormPage<'_>, label: &str, text: &str) {
    let paste = "const input = control(arguments[1]);
        input.focus();
        input.value = arguments[2];
        input.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));";
    form.script(paste, &[json!(label), json!(text)]);
    form.field(label).leave();
}

/// The text beside a question, such as the interpretation of a date.
#[track_caller]
fn beside(form: FormPage<'_>, label: &str) -> String {
    let beside = "return frame(arguments[1]).querySelector('.df-beside').innerText.trim();";
    form.script(beside, &[json!(label)]).as_str().unwrap().to_owned()
}

/// Sends the form, whatever its language, and returns what the CRM received.
#[track_caller]
fn sent(world: &World, form: FormPage<'_>) -> Value {
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
    let deal = sent(world, form);
    assert_eq!(deal["contact_name"], "Ada Lovelace of London");
    assert_eq!(deal["note"], "First\r\nsecond\r\nthird\r\nfourth\tend");
}

#[test]
fn digits_of_other_scripts_are_sent_as_ascii_digits() {
    let world = &open(&form("ar"));
    let form = FormPage::ready(&world.browser);
    for (label, typed, seen) in [
        ("Number", "٠١٠٠ ١٢٣ ٤٥٦٧", "0100 123 4567"),
        ("Day", "٣١/١٢/٢٠٢٦", "2026-12-31"),
        ("Amount", "٥٠٬٠٠٠٫٥ ر.س", "50000.5"),
        ("Address", "ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ana@example.com"),
    ] {
        // Pasted: WebKit's driver leaves out some of the wide letters when it types.
        paste(form, label, typed);
        assert_eq!(form.field(label).value(), seen);
        assert_eq!(form.field(label).problem(), "");
    }
    let deal = sent(world, form);
    assert_eq!(deal["contact_phone"], "0100 123 4567");
    assert_eq!(deal["expected_closing_date"], "2026-12-31");
    assert_eq!(deal["expected_closing_amount"], "50000.5");
    assert_eq!(deal["contact_email"], "ana@example.com");
}

/// The browser's own rules and those of the proxy are the same.
#[test]
fn an_address_with_an_international_domain_is_sent_as_punycode() {
    let world = &open(&form("en"));
    let form = FormPage::ready(&world.browser);
    for (typed, seen) in [
        ("max@müller.de", "max@xn--mller-kva.de"),
        ("Max <max@MÜLLER.de>,", "max@xn--mller-kva.de"),
        ("mailto:info@straße.de", "info@xn--strae-oqa.de"),
        ("taro@例え。テスト", "taro@xn--r8jz45g.xn--zckzah"),
    ] {
        form.field("Address").write_and_leave(typed);
        assert_eq!(form.field("Address").problem(), "", "{typed}");
        assert_eq!(form.field("Address").value(), seen, "{typed}");
    }
    let wrong = "Enter an email address for “Address”, such as name@example.com.";
    for typed in ["max@mü/ller.de", "max@a\u{fffd}.de", "jörg@example.com"] {
        form.field("Address").write_and_leave(typed);
        assert_eq!(form.field("Address").problem(), wrong, "{typed}");
    }
    form.field("Address").write("max@müller.de");
    assert_eq!(sent(world, form)["contact_email"], "max@xn--mller-kva.de");
}

#[test]
fn a_german_form_reads_dates_and_amounts_as_germans_write_them() {
    let world = &open(&form("de"));
    let form = FormPage::ready(&world.browser);
    let hint = "return frame('Day').querySelector('.df-hint').innerText.trim();";
    assert_eq!(form.script(hint, &[]), "TT.MM.JJJJ, zum Beispiel 30.09.2026");
    form.field("Day").write("31.12.26");
    assert_eq!(beside(form, "Day"), "Donnerstag, 31. Dezember 2026");
    form.field("Day").leave();
    assert_eq!(form.field("Day").value(), "2026-12-31");
    assert_eq!(beside(form, "Day"), "Donnerstag, 31. Dezember 2026");
    for (typed, seen) in [
        ("1000 €", "1000"),
        ("EUR 5 000", "5 000"),
        ("1'000.–", "1000"),
        ("5000,-", "5000"),
        ("€ 1.000", "1.000"),
    ] {
        form.field("Amount").write_and_leave(typed);
        assert_eq!(form.field("Amount").problem(), "", "{typed}");
        assert_eq!(form.field("Amount").value(), seen, "{typed}");
    }
    form.field("Number").write("030/1234567 Durchwahl 5");
    let deal = sent(world, form);
    assert_eq!(deal["expected_closing_date"], "2026-12-31");
    assert_eq!(deal["expected_closing_amount"], "1.000");
    assert_eq!(deal["contact_phone"], "030/1234567 Durchwahl 5");
}

#[test]
fn an_english_form_reads_dates_in_the_order_of_its_country() {
    for (lang, pattern, typed, understood) in [
        ("en", "MM/DD/YYYY", "12/31/2026", "Thursday, December 31, 2026"),
        ("en-GB", "DD/MM/YYYY", "31/12/2026", "Thursday 31 December 2026"),
    ] {
        let world = &open(&form(lang));
        let form = FormPage::ready(&world.browser);
        let hint = form.script("return frame('Day').querySelector('.df-hint').innerText;", &[]);
        assert!(hint.as_str().unwrap().starts_with(pattern), "{hint}");
        let other = if lang == "en" { "13/12/2026" } else { "12/13/2026" };
        form.field("Day").write_and_leave(other);
        let said = format!(
            "Enter a real date for “Day”: in the order {pattern}, this day does not exist."
        );
        assert_eq!(form.field("Day").problem(), said);
        assert_eq!(form.field("Day").value(), other, "what was typed stays");
        form.field("Day").write(typed);
        // Some versions of the Unicode data have a comma after the weekday, others none.
        assert_eq!(beside(form, "Day").replace(',', ""), understood.replace(',', ""));
        assert_eq!(sent(world, form)["expected_closing_date"], "2026-12-31");
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
    sent(world, form);
    world.crm.assert_files(&world.crm.deal(), &[report]);
}
