//! Presses that leave a field which something is wrong with: the sentence that appears must not
//! move what is pressed away.

use e2e::{Browser, FormPage, Proxy, Sandbox};

#[test]
fn a_box_below_a_wrong_answer_is_ticked_by_one_press() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    form.field("E-mail").write("zoe@example");
    form.field("Send me a confirmation by e-mail").tick();
    let ticked = "return root.querySelector('[name=send_email_to_contact]').checked;";
    assert_eq!(form.script(ticked, &[]), true);
    assert_eq!(
        form.field("E-mail").problem(),
        "Write “E-mail” as an e-mail address, for example name@example.com."
    );
}

#[test]
fn a_link_of_the_summary_works_right_after_a_correction() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    form.submit();
    form.field("Your name").write("Zoë");
    form.follow("Fill in “Your project”.");
    assert_eq!(form.focused(), "Your project");
}
