//! Fields that let visitors add values to the CRM's settings.

use super::{assert_mistakes, field};

#[test]
fn requires_opt_in_if_the_crm_always_creates_the_value() {
    for name in ["deal_type", "contact_source"] {
        let mistake = format!(
            "`{name}` affects more than the visitor's own deal; set it under [presets], or add opt_in = true if every visitor may choose it"
        );
        let asked = format!("parameter = '{name}'");
        assert_mistakes(&field(&asked), &[&format!("2:1: {mistake}")]);
        assert_mistakes(&field(&(asked + "\nopt_in = true")), &[]);
        let hidden = field("parameter = 'note'")
            + &format!("\n[[hidden]]\nparameter = '{name}'\nurl_parameter = 'from'");
        assert_mistakes(&hidden, &[&format!("5:1: {mistake}")]);
        assert_mistakes(&(hidden + "\nopt_in = true"), &[]);
        assert_mistakes(
            &(field("parameter = 'note'") + &format!("\n[presets]\n{name} = 'Web'")),
            &[],
        );
    }
}

#[test]
fn requires_opt_in_if_a_flag_lets_the_crm_create_the_value() {
    for (name, flag) in [
        ("stage", "create_new_stage"),
        ("funnel", "create_new_funnel"),
        ("reason_name", "create_new_reason_name"),
        ("deal_score", "create_new_deal_score"),
    ] {
        let mistake = format!(
            "with `{flag}`, any visitor can add a `{name}` to the CRM's settings; use kind = \"choice\", set it under [presets], or add opt_in = true to allow this"
        );
        let asked = field(&format!("parameter = '{name}'"));
        let opted = field(&format!("parameter = '{name}'\nopt_in = true"));
        let chosen = field(&format!("parameter = '{name}'\nkind = 'choice'\noptions = ['A']"));
        let hidden = field("parameter = 'note'")
            + &format!("\n[[hidden]]\nparameter = '{name}'\nurl_parameter = 'x'");
        let yes = format!("\n[presets]\n{flag} = true");
        let no = format!("\n[presets]\n{flag} = false");
        let by_visitor = format!("\n[[field]]\nlabel = 'F'\nparameter = '{flag}'\nopt_in = true");

        assert_mistakes(&(asked.clone() + &yes), &[&format!("2:1: {mistake}")]);
        assert_mistakes(&(asked.clone() + &by_visitor), &[&format!("2:1: {mistake}")]);
        assert_mistakes(&(hidden + &yes), &[&format!("5:1: {mistake}")]);
        for fine in
            [opted.clone() + &yes, opted.clone() + &by_visitor, chosen + &yes, asked.clone() + &no]
        {
            assert_mistakes(&fine, &[]);
        }
        assert_mistakes(&asked, &[]);
        assert_mistakes(&opted, &[&format!("5:10: `{name}` does not need opt_in; remove it")]);
        assert_mistakes(
            &(opted + &no),
            &[&format!("5:10: `{name}` does not need opt_in; remove it")],
        );
    }
}
