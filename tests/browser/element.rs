//! What the custom element calls.

use std::cell::RefCell;
use std::rc::Rc;

use deal_contract::definition::PublicDefinition;
use deal_form::element::{Options, mount};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::document;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement, ShadowRootInit, ShadowRootMode};

use crate::page::{definition, fire, settle};

fn options(members: &[(&str, JsValue)]) -> Options {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &(*name).into(), value).unwrap();
    }
    object.unchecked_into()
}

fn given() -> JsValue {
    serde_wasm_bindgen::to_value(&definition()).unwrap()
}

fn sheets(root: &JsValue) -> u32 {
    Array::from(&Reflect::get(root, &"adoptedStyleSheets".into()).unwrap()).length()
}

#[wasm_bindgen_test]
async fn a_form_in_a_shadow_root_adds_its_styles_there_and_removes_them() {
    let host = document().create_element("div").unwrap();
    document().body().unwrap().append_child(&host).unwrap();
    let shadow = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).unwrap();
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    shadow.append_child(&place).unwrap();
    let before = sheets(&document());

    let heard = Rc::new(RefCell::new(Vec::new()));
    let emit = {
        let heard = Rc::clone(&heard);
        Closure::<dyn Fn(String, JsValue)>::new(move |name, _| heard.borrow_mut().push(name))
    };
    let emit = emit.as_ref().unchecked_ref::<Function>().clone();
    let form = mount(
        place.clone(),
        &options(&[("definition", given()), ("proxyUrl", "/nobody".into())]),
        emit,
    )
    .ok()
    .unwrap();
    settle().await;
    assert_eq!(*heard.borrow(), ["ready"]);
    assert_eq!(sheets(&shadow), 1);
    assert_eq!(sheets(&document()), before);
    assert!(place.query_selector("[name=contact_name]").unwrap().is_some());

    form.unmount();
    assert_eq!(place.child_element_count(), 0);
    host.remove();
}

#[wasm_bindgen_test]
async fn a_form_that_is_removed_while_it_is_sent_fires_no_event() {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&place).unwrap();
    let heard = Rc::new(RefCell::new(Vec::new()));
    let emit = {
        let heard = Rc::clone(&heard);
        Closure::<dyn Fn(String, JsValue)>::new(move |name, _| heard.borrow_mut().push(name))
    };
    let emit = emit.as_ref().unchecked_ref::<Function>().clone();
    let form = PublicDefinition::new("Empty", Vec::new());
    let form = serde_wasm_bindgen::to_value(&form).unwrap();
    let given = options(&[("definition", form), ("proxyUrl", "/nobody".into())]);
    let form = mount(place.clone(), &given, emit).ok().unwrap();
    settle().await;
    let inner = place.query_selector("form").unwrap().unwrap();
    inner.unchecked_into::<HtmlFormElement>().request_submit().unwrap();
    form.unmount();
    // Sent later to the same server, which answers this one: the form's would have come by now.
    let after = "return fetch('/nobody', { method: 'POST' }).then((answer) => answer.text());";
    let after: Promise =
        Function::new_no_args(after).call0(&JsValue::NULL).unwrap().unchecked_into();
    JsFuture::from(after).await.unwrap();
    settle().await;
    assert_eq!(*heard.borrow(), ["ready", "submit"]);
    place.remove();
}

#[wasm_bindgen_test]
async fn the_first_of_two_equal_forms_keeps_its_draft_and_both_work() {
    let places: Vec<HtmlElement> = (0..2)
        .map(|_| {
            let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
            document().body().unwrap().append_child(&place).unwrap();
            place
        })
        .collect();
    let equal = || options(&[("definition", given()), ("proxyUrl", "/twins".into())]);
    let open = |place: &HtmlElement| {
        mount(place.clone(), &equal(), Function::new_no_args("")).ok().unwrap()
    };
    let name = |place: &HtmlElement| {
        let name = place.query_selector("[name=contact_name]").unwrap().unwrap();
        name.unchecked_into::<HtmlInputElement>()
    };
    let forms: Vec<_> = places.iter().map(open).collect();
    settle().await;
    for (place, text) in places.iter().zip(["first", "second"]) {
        name(place).set_value(text);
        fire(&name(place), "input");
    }
    settle().await;
    forms.into_iter().for_each(deal_form::element::Mounted::unmount);
    settle().await;

    let again = open(&places[0]);
    settle().await;
    assert_eq!(name(&places[0]).value(), "first");
    again.unmount();
    for place in places {
        place.remove();
    }
    web_sys::window().unwrap().session_storage().unwrap().unwrap().clear().unwrap();
}

#[wasm_bindgen_test]
fn a_definition_without_an_address_is_not_posted_to_the_page() {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    let nobody = Function::new_no_args("");
    let error = mount(place, &options(&[("definition", given())]), nobody).err().unwrap();
    let message = Reflect::get(&JsValue::from(error), &"message".into()).unwrap();
    assert!(message.as_string().unwrap().contains("proxy-url"));
}

#[wasm_bindgen_test]
fn a_form_without_an_address_says_what_is_missing() {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    let nobody = Function::new_no_args("");
    let error = JsValue::from(mount(place, &options(&[]), nobody).err().unwrap());
    let message = Reflect::get(&error, &"message".into()).unwrap().as_string().unwrap();
    assert_eq!(message, "<deal-form> needs the address of a form: src=\"https://…/forms/…\"");
}

#[wasm_bindgen_test]
fn an_object_that_is_not_a_definition_is_rejected() {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    let nobody = Function::new_no_args("");
    let wrong = options(&[("definition", Object::new().into()), ("proxyUrl", "/nobody".into())]);
    let error = JsValue::from(mount(place, &wrong, nobody).err().unwrap());
    let message = Reflect::get(&error, &"message".into()).unwrap().as_string().unwrap();
    assert!(message.contains("title"), "{message}");
}
