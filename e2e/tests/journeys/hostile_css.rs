//! Pages whose styles would break a form.

use e2e::{FormPage, Site, World, fill_in};
use serde_json::json;

/// Removes all default styles.
const UNSET: &str = "* { all: unset }";

/// Hides labels and buttons, and sets sizes and colours.
const LOUD: &str = "label { display: none }
    input { width: 3px }
    button { display: none }
    * { box-sizing: content-box; font-size: 40px !important; color: red }";

/// Returns a sentence for each part of the form that is not usable or has the page's colours.
const FAULTS: &str = r"
    const faults = [];
    const check = (fault, name, fine) => { if (!fine) faults.push(`${name}: ${fault}`); };
    const OWN = 'rgb(31, 36, 48)';
    // The form's own color for a list without an answer.
    const QUIET = 'rgb(90, 98, 114)';
    for (const label of root.querySelectorAll('.df-label')) {
        const name = words(label), control = label.control
            ?? root.querySelector(`[aria-labelledby='${label.id}']`);
        // A transparent file chooser covers its zone.
        const shownControl = control.closest('.df-zone') ?? control;
        const box = control.getBoundingClientRect(), style = getComputedStyle(shownControl);
        check('the label is not visible', name, label.getBoundingClientRect().height > 10);
        check('the label has the color of the page', name, getComputedStyle(label).color === OWN);
        if (control.type === 'checkbox') {
            const isDrawn = style.appearance !== 'none' || parseFloat(style.borderTopWidth) > 0;
            check('the box is not visible', name, box.width >= 20 && isDrawn);
        } else {
            check(`only ${box.width} px wide`, name, box.width > 200);
            check('the answer has the color of the page', name, [OWN, QUIET].includes(style.color));
            check('wider than the form', name, box.right <= root.querySelector('.df').getBoundingClientRect().right);
        }
    }
    const button = root.querySelector('button[type=submit]');
    check('not visible', 'button', seen(button) && button.getBoundingClientRect().height > 30);
    check('not white', 'button', getComputedStyle(button).color === 'rgb(255, 255, 255)');
    return faults;
";

/// Opens a page that has this stylesheet and a form with these attributes, checks how the form
/// looks, and sends it.
#[track_caller]
fn check(World { crm, proxy, browser }: &World, site: &Site, style: &str, attributes: &str) {
    let page = format!("{style}-{attributes}.html");
    site.add_page(
        &page,
        &format!(
            "<link rel=\"stylesheet\" href=\"/{style}.css\">
            <script type=\"module\" src=\"/deal-form.js\"></script>"
        ),
        &format!("<deal-form src=\"/forms/quote\" {attributes}></deal-form>"),
    );
    browser.open(&proxy.url(&format!("/{page}")));
    let form = FormPage::ready(browser);

    let faults = form.script(FAULTS, &[]);
    assert_eq!(faults, json!([]), "{page}: {faults:#}");
    fill_in::quote(form, &[]);
    form.field("Send me a confirmation by email").tick();
    form.submit();
    let number = form.wait_for_deal();
    assert_eq!(crm.deal()["deal_id"], json!(number), "{page}");
    crm.reset();
}

#[test]
fn a_hostile_stylesheet_leaves_the_form_usable_with_and_without_shadow_root() {
    let site = Site::new();
    let world = World::with_site(&site);
    world.browser.set_width(700);
    for (style, css) in [("unset", UNSET), ("loud", LOUD)] {
        site.add_file(&format!("{style}.css"), css);
        check(&world, &site, style, "");
        check(&world, &site, style, "light-dom");
    }
}
