//! The functions that the custom element calls.

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
async fn adds_the_styles_only_to_the_shadow_root_of_the_form() {
    let host = document().create_element("div").unwrap();
    document().body().unwrap().append_child(&host).unwrap();
    let shadow = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).unwrap();
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    shadow.append_child(&place).unwrap();
    let before = sheets(&document());

    let events = Rc::new(RefCell::new(Vec::new()));
    let emit = {
        let events = Rc::clone(&events);
        Closure::<dyn Fn(String, JsValue)>::new(move |name, _| events.borrow_mut().push(name))
    };
    let emit = emit.as_ref().unchecked_ref::<Function>().clone();
    let form = mount(
        place.clone(),
        &options(&[("definition", given()), ("proxyUrl", "/no-proxy".into())]),
        emit,
    )
    .ok()
    .unwrap();
    settle().await;
    assert_eq!(*events.borrow(), ["ready"]);
    assert_eq!(sheets(&shadow), 1);
    assert_eq!(sheets(&document()), before);
    assert!(place.query_selector("[name=contact_name]").unwrap().is_some());

    form.unmount();
    assert_eq!(place.child_element_count(), 0);
    host.remove();
}

#[wasm_bindgen_test]
async fn fires_no_event_after_the_form_is_removed_while_it_is_sent() {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&place).unwrap();
    let events = Rc::new(RefCell::new(Vec::new()));
    let emit = {
        let events = Rc::clone(&events);
        Closure::<dyn Fn(String, JsValue)>::new(move |name, _| events.borrow_mut().push(name))
    };
    let emit = emit.as_ref().unchecked_ref::<Function>().clone();
    let form = PublicDefinition::new("Empty", Vec::new());
    let form = serde_wasm_bindgen::to_value(&form).unwrap();
    let given = options(&[("definition", form), ("proxyUrl", "/no-proxy".into())]);
    let form = mount(place.clone(), &given, emit).ok().unwrap();
    settle().await;
    let inner = place.query_selector("form").unwrap().unwrap();
    inner.unchecked_into::<HtmlFormElement>().request_submit().unwrap();
    form.unmount();
    // When a later request to the same server is finished, the form's request is finished, too.
    let later =
        "return fetch('/no-proxy', { method: 'POST' }).then((response) => response.text());";
    let later: Promise =
        Function::new_no_args(later).call0(&JsValue::NULL).unwrap().unchecked_into();
    JsFuture::from(later).await.unwrap();
    settle().await;
    assert_eq!(*events.borrow(), ["ready", "submit"]);
    place.remove();
}

#[wasm_bindgen_test]
async fn only_the_first_of_two_forms_with_the_same_address_keeps_its_draft() {
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
fn rejects_a_definition_without_an_address_to_post_to() {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    let ignore = Function::new_no_args("");
    let error = mount(place, &options(&[("definition", given())]), ignore).err().unwrap();
    let message = Reflect::get(&JsValue::from(error), &"message".into()).unwrap();
    assert!(message.as_string().unwrap().contains("proxy-url"));
}

#[wasm_bindgen_test]
fn the_error_about_a_missing_address_names_the_attribute() {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    let ignore = Function::new_no_args("");
    let error = JsValue::from(mount(place, &options(&[]), ignore).err().unwrap());
    let message = Reflect::get(&error, &"message".into()).unwrap().as_string().unwrap();
    assert_eq!(message, "<deal-form> needs the address of a form: src=\"https://…/forms/…\"");
}

#[wasm_bindgen_test]
fn rejects_an_object_that_is_not_a_definition() {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    let ignore = Function::new_no_args("");
    let wrong = options(&[("definition", Object::new().into()), ("proxyUrl", "/no-proxy".into())]);
    let error = JsValue::from(mount(place, &wrong, ignore).err().unwrap());
    let message = Reflect::get(&error, &"message".into()).unwrap().as_string().unwrap();
    assert!(message.contains("title"), "{message}");
}
