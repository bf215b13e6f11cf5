use std::collections::BTreeMap;

use super::preset::{AnswerWords, Preset};
use super::public::PublicDefinition;
use super::route::{ApplyRoutes, Route};

/// The values that the proxy adds to each submission. This type cannot be serialized.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrivateDefinition {
    /// The value of each parameter that the form sets instead of the visitor.
    pub presets: BTreeMap<String, Preset>,
    /// The presets that depend on the answers.
    pub routes: Vec<Route>,
    /// Which routes apply if the conditions of several routes are met.
    pub apply_routes: ApplyRoutes,
    /// Whether the page keeps the campaign in the visitor's tab: the first page that the visitor
    /// opens is often not the page with the form.
    pub keeps_campaign: bool,
}

impl PrivateDefinition {
    /// Returns the name and the value of each preset for a submission with these answers, in the
    /// notation of the API. A value is empty if it has placeholders and all of them stay empty.
    ///
    /// `consent` is the result of [`consent`](super::consent()) for the [consent
    /// questions](Self::consent_questions), or an empty string.
    pub fn values<'a>(
        &self,
        form: &PublicDefinition,
        answer: impl Fn(&str) -> Option<&'a str>,
        words: AnswerWords<'_>,
        consent: &str,
    ) -> Vec<(&str, String)> {
        let presets = self.presets_for(form, &answer).into_iter();
        presets.map(|(name, preset)| (name, preset.fill(form, &answer, words, consent))).collect()
    }

    /// Returns the questions that `{consent}` contains, if a preset uses it.
    pub fn consent_questions(&self) -> Option<&[String]> {
        let routes = self.routes.iter().flat_map(|route| route.presets.values());
        self.presets.values().chain(routes).find_map(Preset::consent_questions)
    }

    /// Returns the names of all presets, including those of routes that do not apply.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let routes = self.routes.iter().flat_map(|route| route.presets.keys());
        self.presets.keys().chain(routes).map(String::as_str)
    }

    /// Returns the presets that apply without a route, and then the presets that apply with each
    /// route.
    pub fn cases(&self) -> impl Iterator<Item = BTreeMap<&str, &Preset>> {
        let with_routes = self.routes.iter().map(|route| {
            let mut presets = named(&self.presets);
            presets.extend(named(&route.presets));
            presets
        });
        std::iter::once(named(&self.presets)).chain(with_routes)
    }

    fn presets_for<'a>(
        &self,
        form: &PublicDefinition,
        answer: &dyn Fn(&str) -> Option<&'a str>,
    ) -> BTreeMap<&str, &Preset> {
        let answer = |name: &str| answer(name).unwrap_or_default().to_owned();
        let states = form.states(&answer);
        let matching =
            self.routes.iter().filter(|route| form.is_met(&route.when, &states, &answer));
        let limit = match self.apply_routes {
            ApplyRoutes::First => 1,
            ApplyRoutes::All => self.routes.len(),
        };
        let mut presets = named(&self.presets);
        for route in matching.take(limit) {
            presets.extend(named(&route.presets));
        }
        presets
    }
}

fn named(presets: &BTreeMap<String, Preset>) -> BTreeMap<&str, &Preset> {
    presets.iter().map(|(name, preset)| (name.as_str(), preset)).collect()
}
