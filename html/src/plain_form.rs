//! Renders a plain form. It has the elements and classes of the widget, and the same stylesheet, so
//! that nothing moves when the widget replaces it.

use deal_contract::definition::{Field, PublicDefinition};
use deal_contract::messages::MessageKey;
use maud::{Markup, html};

use crate::{Answers, Localizer, rich_text};

/// A plain form to render: its definition, its language and the answers.
#[derive(Debug, Clone, Copy)]
pub struct PlainForm<'a> {
    /// The definition.
    pub public: &'a PublicDefinition,
    /// The language.
    pub localizer: &'a Localizer,
    /// The answers and their problems.
    pub answers: &'a Answers,
    /// The prefix of all element ids: empty on the proxy's own page. On any other page, each form
    /// has a different prefix, because the page may contain several forms.
    pub prefix: &'a str,
    /// The level of the form's title.
    pub title: TitleLevel,
    /// What happens to the form when scripts run.
    pub lifetime: Lifetime,
}

/// The level of a form's title among the headings of its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TitleLevel {
    /// The title is the `h1` of the proxy's own page.
    One,
    /// The title is an `h2` in a landing page.
    Two,
}

/// What happens to a plain form when scripts run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// The widget replaces the form. If scripts are available, the form already has the hints about
    /// what only the widget can do, because the hints take up room.
    UntilWidget,
    /// The form stays, as a form that was refused does.
    Permanent,
}

impl PlainForm<'_> {
    /// Renders the form, which is posted to `action`. `summary` is the summary of a refusal. Each
    /// question is on its own line, so that the HTML is readable.
    pub fn form(&self, action: &str, summary: Option<Markup>) -> Markup {
        let title_id = self.id("df-title");
        let takes_required = self.public.fields.iter().any(Field::may_be_required);
        html! {
            div.df lang=(self.localizer.lang()) dir=(self.localizer.direction()) { "\n"
                form.df-form method="post" action=(action) enctype="multipart/form-data"
                    accept-charset="utf-8" aria-labelledby=(title_id) { "\n"
                    (self.form_title(&title_id)) "\n"
                    @if let Some(intro) = &self.public.intro {
                        (rich_text::blocks(intro, "df-intro", self.localizer)) "\n"
                    }
                    @if let Some(summary) = summary { (summary) "\n" }
                    @if takes_required {
                        p.df-note { (self.localizer.say(MessageKey::RequiredNote)) } "\n"
                    }
                    (self.questions()) "\n"
                } "\n"
            }
        }
    }

    fn form_title(&self, id: &str) -> Markup {
        let title = &self.public.title;
        match self.title {
            TitleLevel::One => html! { h1.df-title id=(id) dir="auto" { (title) } },
            TitleLevel::Two => html! { h2.df-title id=(id) dir="auto" { (title) } },
        }
    }

    /// Renders the heading of a step or of a group of questions, one level below the form's title.
    pub(crate) fn group_heading(&self, heading: &str, id: Option<&str>) -> Markup {
        match self.title {
            TitleLevel::One => html! { h2.df-step-title id=[id] dir="auto" { (heading) } },
            TitleLevel::Two => html! { h3.df-step-title id=[id] dir="auto" { (heading) } },
        }
    }

    /// Returns the id of an element: of a parameter's question, or of a part of the form. The ids of
    /// parts begin with `df-`, as no parameter does.
    pub(crate) fn id(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}
