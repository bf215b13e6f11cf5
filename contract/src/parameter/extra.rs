//! The parameters for tags, notes, custom fields and files.

use super::kind::{ParameterKind, text};
use super::row::{Group::Extra, Parameter, row};
use crate::kind::{Kind, TextFormat};
use crate::values::FlagValue;

pub(super) const ROWS: &[Parameter] = &[
    row(
        "tags",
        text(TextFormat::Tags),
        Extra,
        "tag1, tag2",
        "Tags for the deal, separated by commas.",
    ),
    row(
        "remove_tags",
        text(TextFormat::Tags),
        Extra,
        "tag1, tag2",
        "Tags to remove from an existing deal, separated by commas.",
    )
    .opt_in(),
    row(
        "custom_field",
        ParameterKind::CustomField,
        Extra,
        "budget_range",
        "Any custom field. It is sent under its API name. The CRM ignores custom \
         fields that do not exist, unless `auto_create_custom_fields` is `2`.",
    ),
    row(
        "auto_create_custom_fields",
        ParameterKind::Answer(Kind::Flag),
        Extra,
        "2",
        "Whether the CRM creates a custom text field for a parameter that it does not know.",
    )
    .yes(FlagValue::Two)
    .default("1")
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
         Word, PowerPoint, PDF, text and ZIP, together under 100 MB. The CRM silently drops others.",
    ),
];
