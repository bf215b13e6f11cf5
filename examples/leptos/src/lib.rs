//! A landing page as a Leptos application. The form is a component; the page receives its events and
//! prefills an answer.

use deal_form::{DealForm, FormEvent, FormHandle, SourceProp};
use leptos::prelude::*;

/// A cabin that the page offers.
struct Cabin {
    name: &'static str,
    about: &'static str,
}

const CABINS: [Cabin; 3] = [
    Cabin { name: "Otter", about: "By the water, with a jetty and a rowing boat. Sleeps two." },
    Cabin {
        name: "Lynx",
        about: "At the edge of the forest, with a stove and a view. Sleeps four.",
    },
    Cabin { name: "Ptarmigan", about: "Above the trees, with a sauna and no shower. Sleeps six." },
];

/// The landing page.
#[component]
pub fn Page(
    /// Where the form comes from. A test passes a definition, so that it needs no proxy.
    #[prop(into)]
    src: SourceProp,
) -> impl IntoView {
    let number = RwSignal::new(None);
    let on_event = move |event| {
        if let FormEvent::Success(deal) = event {
            number.set(Some(deal.deal_id));
        }
    };
    provide_context(FormHandle::new());
    view! {
        <main>
            <h1>"Three cabins, and no road."</h1>
            <p class="lead">
                "A boat takes you there, with food for a week. It collects you on Saturday."
            </p>
            <ul>{CABINS.iter().map(|cabin| view! { <CabinItem cabin /> }).collect_view()}</ul>
            <section id="ask">
                <DealForm src locales="/locales/" on_event />
                <p role="status">
                    {move || number.get().map(|number| format!("Your reference number is {number}."))}
                </p>
            </section>
            <footer>"An example of deal-form. The cabins are fictional."</footer>
        </main>
    }
}

#[component]
fn CabinItem(
    /// The cabin to show.
    cabin: &'static Cabin,
) -> impl IntoView {
    let form = expect_context::<FormHandle>();
    let ask = move |_| form.prefill(&[("note", &format!("About the cabin {}", cabin.name))]);
    view! {
        <li>
            <h2>{cabin.name}</h2>
            <p>{cabin.about}</p>
            <a href="#ask" on:click=ask>"Ask about this cabin"</a>
        </li>
    }
}
