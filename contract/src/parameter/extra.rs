//! Tags, notes, custom fields and files.

use super::kind::{ParameterKind, text};
use super::row::{Group::Extra, Parameter, row};
use crate::kind::{Kind, TextFormat};
use crate::values::FlagValue;

pub(super) const ROWS: &[Parameter] = &[
    row("tags", text(TextFormat::Tags), Extra, "tag1, tag2", "Tags for the deal, split by commas."),
    row(
        "remove_tags",
        text(TextFormat::Tags),
        Extra,
        "tag1, tag2",
        "Tags that an existing deal loses, split by commas.",
    )
    .opt_in(),
    row(
        "custom_field",
        ParameterKind::CustomField,
        Extra,
        "budget_range",
        "Stands for any custom field: the parameter sent is that field's own API name. One that \
         the CRM does not know is ignored unless auto_create_custom_fields says otherwise.",
    ),
    row(
        "auto_create_custom_fields",
        ParameterKind::Answer(Kind::Flag),
        Extra,
        "2",
        "Whether an unknown parameter becomes a new custom text field.",
    )
    .yes_at(FlagValue::Two)
    .defaults_to("1")
    .opt_in(),
    row(
        "note_title",
        text(TextFormat::SingleLine),
        Extra,
        "Project",
        "The title of a note on the deal.",
    ),
    row("note", text(TextFormat::MultiLine), Extra, "We need …", "The text of a note on the deal."),
    row(
        "attachments",
        ParameterKind::Answer(Kind::Attachments),
        Extra,
        "offer.pdf",
        "Files, sent by POST as multipart parts named attachments[]: JPG, GIF, BMP, Excel, CSV, \
         Word, PowerPoint, PDF, text and ZIP, in all under 100 MB. Any other is silently dropped.",
    ),
];
