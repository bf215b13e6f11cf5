//! Links, emphasis and lists in texts, headings and widths.

use serde_json::{Value, json};

use super::{assert_mistakes, field, public_json};

#[test]
fn writes_the_markup_of_a_text_beside_its_plain_text() {
    let form = public_json(
        r#"
        title = "F"
        intro = """
        **Free**:
        - a call
        """
        [[field]]
        parameter = "contact_name"
        label = "See [this](/p)"
        heading = "You"
        text = "Who *you* are"
        hint = "plain"
        width = "third"
        "#,
    );
    assert_eq!(form["intro"], "Free:\n– a call");
    let free = json!([{"text": "Free", "strong": true}, {"text": ":"}]);
    assert_eq!(form["intro_markup"], json!([free, {"items": [[{"text": "a call"}]]}]));
    let question = &form["fields"][0];
    assert_eq!([&question["label"], &question["heading"]], ["See this", "You"]);
    let link = json!([[{"text": "See "}, {"text": "this", "link": "/p"}]]);
    assert_eq!(question["label_markup"], link);
    assert_eq!(question["hint_markup"], Value::Null);
    assert_eq!(question["width"], "third");
}

#[test]
fn rejects_a_text_whose_brackets_or_braces_have_no_meaning() {
    assert_mistakes(
        "title = 'F'\nintro = 'See [here](htp:example.com)'\n[[field]]\n\
         parameter = 'contact_name'\nlabel = 'Hello {first}'\nhint = 'a [b] c'",
        &[
            "2:9: `htp:example.com` cannot be the address of a link; start it with https://, \
             mailto:, tel: or /, and write spaces as %20",
            "5:9: `{` has no meaning here, because this text cannot contain answers; for a brace, \
             write `\\{` in a text in single quotes",
            "6:8: `[` is not part of a link such as [text](https://example.com); for a bracket, \
             write `\\[` in a text in single quotes",
        ],
    );
}

#[test]
fn rejects_a_hint_with_an_empty_line() {
    assert_mistakes(
        &field("parameter = 'contact_name'\nhint = \"\"\"a\n\nb\"\"\""),
        &["5:8: this text must be a single paragraph, without empty lines or lists"],
    );
}

#[test]
fn rejects_an_unknown_width() {
    assert_mistakes(
        &field("parameter = 'contact_name'\nwidth = 'haf'"),
        &["5:9: unknown width `haf`; did you mean `half`?"],
    );
}
