//! Estimates the widget's height. A page can then reserve space before the widget loads.

use deal_contract::definition::{
    ChoiceControl, ChoicesControl, Field, FieldKind, PublicDefinition, Width,
};
use deal_contract::kind::TextFormat;

/// The heights that result from the widget's styles, in CSS pixels.
/// `e2e/tests/journeys/layout_shift.rs` compares the sum with a browser.
const TITLE_LINE: usize = 34;
const TITLE_GAP: usize = 8;
/// A line of the introduction or of a text above a question.
const LINE: usize = 24;
const INTRO_GAP: usize = 4;
/// A line of a label, a hint or a note.
const SMALL_LINE: usize = 21;
const HINT_GAP: usize = 4;
const HEADING_LINE: usize = 26;
/// The gaps around a heading and a text above a question, and between the two.
const ABOVE_GAPS: usize = 24;
const TEXT_GAP: usize = 8;
/// The gaps below the note and below each question.
const GAP: usize = 28;
const STEP: usize = 95;
const CONTROL: usize = 52;
/// The line for the interpretation of an answer, which is mostly in the gap below the question.
const FEEDBACK: usize = 9;
const LONG_TEXT: usize = 124;
/// A row of options.
const OPTIONS: usize = 56;
const FLAG: usize = 28;
const DROP_ZONE: usize = 86;
const BUTTON: usize = 44;

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
            Self::Wide => 95,
        }
    }

    /// Returns the number of letters in a line of the title.
    const fn title_letters(self) -> usize {
        match self {
            Self::Phone => 24,
            Self::Wide => 48,
        }
    }

    /// Returns the number of options in a row.
    const fn options(self) -> usize {
        match self {
            Self::Phone => 1,
            Self::Wide => 3,
        }
    }

    /// Returns the number of lines of the hint about the files that can be sent.
    const fn files_hint(self) -> usize {
        match self {
            Self::Phone => 3,
            Self::Wide => 2,
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
    let title = TITLE_LINE * lines(&public.title, screen.title_letters()) + TITLE_GAP;
    let intro = public.intro.as_deref();
    let intro = intro.map_or(0, |intro| LINE * lines(intro, screen.letters()) + INTRO_GAP);
    let note = if public.fields.iter().any(Field::may_be_required) { SMALL_LINE } else { 0 };
    let step = if first.is_some() { STEP } else { 0 };
    title + intro + note + GAP + step + fields + BUTTON
}

/// Returns the heights of the rows. On a wide screen, questions share a row if their widths allow it.
fn rows(fields: &[&Field], screen: Screen) -> Vec<usize> {
    let mut rows = Vec::new();
    // The free space in the last row, in sixths.
    let mut free = 0;
    for &field in fields {
        if let Some(above) = above(field, screen) {
            // Its gaps replace the gap below a question.
            rows.push((above + ABOVE_GAPS).saturating_sub(GAP));
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
    let default = if field.kind.is_wide() { Width::Full } else { Width::Half };
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
    match (heading, text) {
        (Some(heading), Some(text)) => Some(heading + TEXT_GAP + text),
        (heading, text) => heading.or(text),
    }
}

fn field(field: &Field, screen: Screen) -> usize {
    let letters = screen.letters();
    let label = SMALL_LINE * lines(&field.label, letters);
    let hint = field.hint.as_deref().map_or(0, |hint| lines(hint, letters));
    let hint = SMALL_LINE * (hint + format_hint(field, screen));
    let hint = if hint > 0 { hint + HINT_GAP } else { 0 };
    let control = match &field.kind {
        // The label is beside the box.
        FieldKind::Flag { .. } => FLAG.saturating_sub(SMALL_LINE),
        FieldKind::Choice { options, control: Some(ChoiceControl::Radio), other }
        | FieldKind::Choices {
            options,
            other,
            control: None | Some(ChoicesControl::Checkboxes),
            ..
        } => OPTIONS * (options.len() + usize::from(*other)).div_ceil(screen.options()),
        FieldKind::Text { format: TextFormat::MultiLine, .. } => LONG_TEXT,
        FieldKind::Attachments { .. } => DROP_ZONE,
        _ => CONTROL,
    };
    let feedback = if field.kind.has_feedback() { FEEDBACK } else { 0 };
    label + hint + control + feedback
}

/// Returns the number of lines of the hint about the format of the answer.
fn format_hint(field: &Field, screen: Screen) -> usize {
    match &field.kind {
        FieldKind::Choices { control: Some(ChoicesControl::Chips), .. }
        | FieldKind::Text { format: TextFormat::Tags, .. }
        | FieldKind::Date { .. } => 1,
        FieldKind::Text { format: TextFormat::Phone, .. } if field.hint.is_none() => match screen {
            Screen::Phone => 2,
            Screen::Wide => 1,
        },
        FieldKind::Attachments { .. } => screen.files_hint(),
        _ => 0,
    }
}

fn lines(text: &str, letters: usize) -> usize {
    text.chars().count().div_ceil(letters).max(1)
}
