use deal_contract::definition::PublicDefinition;
use deal_contract::values::CalendarDate;
use maud::{Markup, html};

use crate::{Answers, Localizer};

/// A plain form to render: its definition, its language and the answers.
#[derive(Debug, Clone, Copy)]
pub struct PlainForm<'a> {
    /// The definition.
    pub public: &'a PublicDefinition,
    /// The language.
    pub localizer: &'a Localizer,
    /// The answers and their problems.
    pub answers: &'a Answers,
    /// The day in UTC.
    pub today: CalendarDate,
    /// The prefix of all element ids: empty on the proxy's own page. On any other page, each form
    /// has a different prefix, because the page may contain several forms.
    pub prefix: &'a str,
    /// The level of the form's title.
    pub title: TitleLevel,
}

/// The level of a form's title among the headings of its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TitleLevel {
    /// The title is the `h1` of the proxy's own page.
    One,
    /// The title is an `h2` in a landing page.
    Two,
}

impl PlainForm<'_> {
    /// Renders the heading of a group of questions, one level below the form's title.
    pub(crate) fn group_heading(&self, heading: &str) -> Markup {
        match self.title {
            TitleLevel::One => html! { h2 { (heading) } },
            TitleLevel::Two => html! { h3 { (heading) } },
        }
    }

    /// Returns the element id of a parameter's question.
    pub(crate) fn id(&self, parameter: &str) -> String {
        format!("{}{parameter}", self.prefix)
    }
}
