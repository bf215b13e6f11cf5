//! Estimates the widget's height. A page can then reserve space before the widget loads.

use deal_contract::definition::{
    ChoiceControl, ChoicesControl, Field, FieldKind, PublicDefinition, Width,
};
use deal_contract::kind::TextFormat;

/// The heights that result from the widget's styles, in CSS pixels: a line of text, a line of smaller
/// text with its margin, and so on. `e2e/tests/journeys/layout_shift.rs` compares the sum with a
/// browser.
const LINE: usize = 24;
const HINT_LINE: usize = 28;
const TITLE_LINE: usize = 34;
const HEADING_LINE: usize = 26;
const CONTROL: usize = 50;
const LONG_TEXT: usize = 121;
const OPTION: usize = 41;
const FLAG: usize = 28;
const TAGS: usize = 53;
const STEP: usize = 92;
const BUTTON: usize = 47;
const GAP: usize = 24;
/// The gap between the title and the introduction, which is smaller than `GAP`.
const INTRO_GAP: usize = 12;
const AROUND: usize = 12;

/// The width of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Screen {
    /// 390 CSS pixels wide.
    Phone,
    /// At least 700 CSS pixels wide.
    Wide,
}

impl Screen {
    /// Returns the number of letters in a line.
    const fn letters(self) -> usize {
        match self {
            Self::Phone => 40,
            Self::Wide => 60,
        }
    }

    /// Returns the number of letters in a line of the title.
    const fn title_letters(self) -> usize {
        match self {
            Self::Phone => 24,
            Self::Wide => 48,
        }
    }

    /// Returns the height of the drop zone, including the text above and inside it.
    const fn drop_zone(self) -> usize {
        match self {
            Self::Phone => 166,
            Self::Wide => 118,
        }
    }
}

/// Returns the form's approximate height when the widget first renders it, in CSS pixels.
pub(super) fn height(public: &PublicDefinition, screen: Screen) -> usize {
    let states = public.states(&|_| String::new());
    let first = public.steps.first();
    let fields = public.fields.iter().zip(states).filter(|(field, state)| {
        state.is_shown() && first.is_none_or(|step| step.fields.contains(&field.parameter))
    });
    let fields: Vec<&Field> = fields.map(|(field, _)| field).collect();
    let fields: usize = rows(&fields, screen).iter().map(|row| row + GAP).sum();
    let title = TITLE_LINE * lines(&public.title, screen.title_letters());
    let intro = public
        .intro
        .as_deref()
        .map_or(0, |intro| LINE * lines(intro, screen.letters()) + INTRO_GAP);
    let note = if public.fields.iter().any(Field::may_be_required) { LINE + GAP } else { 0 };
    let step = if first.is_some() { STEP } else { 0 };
    AROUND + title + intro + note + step + GAP + fields + BUTTON
}

/// Returns the heights of the rows. On a wide screen, questions share a row if their widths allow it.
fn rows(fields: &[&Field], screen: Screen) -> Vec<usize> {
    let mut rows = Vec::new();
    // The free space in the last row, in sixths.
    let mut free = 0;
    for &field in fields {
        if let Some(above) = above(field, screen) {
            rows.push(above);
            free = 0;
        }
        let (height, width) = (self::field(field, screen), sixths(field, screen));
        match rows.last_mut() {
            Some(row) if width <= free => {
                *row = height.max(*row);
                free -= width;
            }
            _ => {
                rows.push(height);
                free = 6 - width;
            }
        }
    }
    rows
}

/// Returns the width of a question in sixths of a row.
fn sixths(field: &Field, screen: Screen) -> usize {
    let default = if is_short(field) { Width::Half } else { Width::Full };
    match (screen, field.width.unwrap_or(default)) {
        (Screen::Phone, _) | (_, Width::Full) => 6,
        (_, Width::Half) => 3,
        (_, Width::Third) => 2,
    }
}

/// Returns the height of the heading and the text above a question, or `None` if there are neither.
fn above(field: &Field, screen: Screen) -> Option<usize> {
    let lines = |text: &str| text.lines().map(|line| lines(line, screen.letters())).sum::<usize>();
    let heading = field.heading.as_deref().map(|heading| HEADING_LINE * lines(heading));
    let text = field.text.as_deref().map(|text| LINE * lines(text));
    heading.map(|heading| heading + text.unwrap_or_default()).or(text)
}

fn is_short(field: &Field) -> bool {
    !matches!(
        field.kind,
        FieldKind::Text { format: TextFormat::MultiLine | TextFormat::Tags, .. }
            | FieldKind::Flag { .. }
            | FieldKind::Attachments { .. }
            | FieldKind::Choice { control: Some(ChoiceControl::Radio), .. }
            | FieldKind::Choices { .. }
    )
}

fn field(field: &Field, screen: Screen) -> usize {
    let letters = screen.letters();
    let hints = field.hint.as_deref().map_or(0, |hint| HINT_LINE * lines(hint, letters));
    let label = LINE * lines(&field.label, letters);
    let control = match &field.kind {
        // The label is beside the box.
        FieldKind::Flag { .. } => FLAG - LINE,
        FieldKind::Choices { control: Some(ChoicesControl::Chips), .. }
        | FieldKind::Text { format: TextFormat::Tags, .. } => TAGS + HINT_LINE,
        FieldKind::Choice { options, control: Some(ChoiceControl::Radio), other }
        | FieldKind::Choices { options, other, .. } => {
            OPTION * (options.len() + usize::from(*other))
        }
        FieldKind::Text { format: TextFormat::MultiLine, .. } => LONG_TEXT,
        FieldKind::Date { .. } => CONTROL + HINT_LINE,
        FieldKind::Text { format: TextFormat::Phone, .. } if field.hint.is_none() => {
            CONTROL + HINT_LINE
        }
        FieldKind::Attachments { .. } => screen.drop_zone(),
        _ => CONTROL,
    };
    label + hints + control
}

fn lines(text: &str, letters: usize) -> usize {
    text.chars().count().div_ceil(letters).max(1)
}
