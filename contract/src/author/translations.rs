//! The `[translation.TAG]` tables of a form definition: the author's texts in other languages.

use super::answer_rules::read_messages;
use super::lang::is_language_tag;
use super::reader::{Reader, Table, suggestion};
use super::tree::{Entry, Node, Value};
use super::{success, texts};
use crate::code::Code;
use crate::definition::{Field, FieldKind, PublicDefinition, Step, Success, Translation};
use crate::messages::{CATEGORIES, primary_language};

/// Reads the translations of `base`. Does not report unknown fields if `has_all_fields` is false:
/// they may be fields that could not be read.
pub(super) fn read_all(
    reader: &mut Reader<'_>,
    node: Option<Node>,
    base: &PublicDefinition,
    has_all_fields: bool,
) -> Vec<Translation> {
    let table = node.and_then(|node| Table::open(reader, node, "translation"));
    let entries = table.map(|mut table| table.take_rest()).unwrap_or_default();
    let mut translations: Vec<Translation> = Vec::new();
    for Entry { name: tag, at, node } in entries {
        if let Some(mistake) = tag_mistake(&tag, base, &translations) {
            reader.report(at, mistake);
        }
        let Some(mut table) = Table::open(reader, node, "a translation") else { continue };
        let mut public = base.clone();
        public.lang = Some(tag);
        let mut translator = Translator { reader, missing: Vec::new(), prefix: String::new() };
        translator.form(&mut table, base, &mut public, has_all_fields);
        let Translator { missing, .. } = translator;
        table.close(reader);
        translations.push(Translation { public, missing });
    }
    translations
}

fn tag_mistake(tag: &str, base: &PublicDefinition, earlier: &[Translation]) -> Option<String> {
    if !is_language_tag(tag) {
        return Some(format!(
            "`{tag}` is not a language tag; write one such as [translation.de] or [translation.pt-BR]"
        ));
    }
    let Some(own) = &base.lang else {
        return Some(
            "a form with translations needs the language of its untranslated texts; write it at the top, such as \
             lang = \"en\""
                .to_owned(),
        );
    };
    let is_tag =
        |other: Option<&String>| other.is_some_and(|other| other.eq_ignore_ascii_case(tag));
    if is_tag(Some(own)) {
        return Some(format!(
            "`{tag}` is the language of the form's own texts (`lang`); remove this translation"
        ));
    }
    let is_twice = earlier.iter().any(|earlier| is_tag(earlier.public.lang.as_ref()));
    is_twice.then(|| format!("there are two translations for `{tag}`; remove one"))
}

/// Writes the texts of one translation into a copy of the definition, and notes which texts are
/// missing.
struct Translator<'r, 't> {
    reader: &'r mut Reader<'t>,
    missing: Vec<String>,
    /// The path of the current table, with a final full stop, or an empty text for the form.
    prefix: String,
}

impl Translator<'_, '_> {
    fn form(
        &mut self,
        table: &mut Table,
        base: &PublicDefinition,
        public: &mut PublicDefinition,
        has_all_fields: bool,
    ) {
        // Names every member, so that a new one cannot be forgotten here.
        let PublicDefinition {
            lang,
            title,
            intro,
            submit_label,
            success_message,
            success: Success { redirect, show: _, another: _ },
            texts,
            fields,
            steps,
            hidden: _,
            proof: _,
        } = public;
        let translated = table.take_text(self.reader, "title");
        self.replace("title", title, translated);
        let translated = table.take_markdown(self.reader, "intro");
        self.replace_optional("intro", intro, translated);
        let translated = table.take_text(self.reader, "submit_label");
        self.replace_optional("submit_label", submit_label, translated);
        let translated = table.take_markdown(self.reader, "success_message");
        self.replace_optional("success_message", success_message, translated);
        if let Some(node) = table.take("success")
            && let Some(mut table) = Table::open(self.reader, node, "success")
        {
            // The author may have one thank-you page for all languages, so its address is never
            // reported as missing.
            if let Some(translated) = success::read_redirect(self.reader, &mut table) {
                *redirect = Some(translated);
            }
            table.close(self.reader);
        }
        let translated = texts::read_all(self.reader, table);
        *texts = self.texts(base, lang.as_deref().unwrap_or_default(), translated);
        if let Some(node) = table.take("steps") {
            self.steps(node, steps);
        } else if !steps.is_empty() {
            self.missing.push("steps".to_owned());
        }
        let translated = table.take("field");
        self.fields(translated, fields, has_all_fields);
    }

    fn replace<T>(&mut self, name: &str, text: &mut T, translated: Option<T>) {
        match translated {
            Some(translated) => *text = translated,
            None => self.missing.push(format!("{}{name}", self.prefix)),
        }
    }

    fn replace_optional<T>(&mut self, name: &str, text: &mut Option<T>, translated: Option<T>) {
        if text.is_some() || translated.is_some() {
            self.replace(name, text, translated.map(Some));
        }
    }

    /// Returns the author's messages in this language. Leaves out a message without a translation,
    /// so that the built-in message is used, unless the untranslated form has the same primary
    /// language.
    fn texts(
        &mut self,
        base: &PublicDefinition,
        tag: &str,
        mut translated: Vec<(String, String)>,
    ) -> Vec<(String, String)> {
        let base_lang = base.lang.as_deref().unwrap_or_default();
        let is_same_language =
            primary_language(base_lang).eq_ignore_ascii_case(primary_language(tag));
        let is_translated: Vec<bool> = {
            let has =
                |key: &str| translated.iter().any(|(known, _)| message(known) == message(key));
            base.texts.iter().map(|(key, _)| has(key)).collect()
        };
        for ((key, text), is_translated) in base.texts.iter().zip(is_translated) {
            if is_translated {
                continue;
            }
            self.missing.push(format!("texts.{key}"));
            if is_same_language {
                translated.push((key.clone(), text.clone()));
            }
        }
        translated
    }

    fn steps(&mut self, node: Node, steps: &mut [Step]) {
        let at = node.at;
        let Some(titles) = self.list("steps", node) else { return };
        if steps.is_empty() {
            return self.reader.report(at, "this form has no steps; remove `steps`");
        }
        if titles.len() != steps.len() {
            let message = format!(
                "`steps` has {}, but the form has {}; write the title of each step, in the same order",
                counted(titles.len(), "title"),
                counted(steps.len(), "step"),
            );
            return self.reader.report(at, message);
        }
        for (step, title) in steps.iter_mut().zip(titles) {
            step.title = title;
        }
    }

    fn fields(&mut self, node: Option<Node>, fields: &mut [Field], has_all: bool) {
        let table = node.and_then(|node| Table::open(self.reader, node, "field"));
        let mut entries = table.map(|mut table| table.take_rest()).unwrap_or_default();
        for field in &mut *fields {
            let index = entries.iter().position(|entry| entry.name == field.parameter);
            let node = index.map(|index| entries.remove(index).node);
            self.prefix = format!("field.{}.", field.parameter);
            match node {
                Some(node) => {
                    if let Some(mut table) = Table::open(self.reader, node, "a field") {
                        self.field(&mut table, field);
                        table.close(self.reader);
                    }
                }
                None => self.missing.push(format!("field.{}", field.parameter)),
            }
            self.prefix.clear();
        }
        let names: Vec<&str> = fields.iter().map(|field| field.parameter.as_str()).collect();
        for Entry { name, at, .. } in entries.into_iter().filter(|_| has_all) {
            let hint = suggestion(&name, &names);
            self.reader.report(at, format!("this form has no field `{name}`; {hint}"));
        }
    }

    fn field(&mut self, table: &mut Table, field: &mut Field) {
        let translated_messages = table.take("messages");
        let translated_messages = translated_messages
            .map(|node| read_messages(self.reader, field, node))
            .unwrap_or_default();
        // Names every member, so that a new one cannot be forgotten here.
        let Field {
            parameter: _,
            kind,
            heading,
            text,
            label,
            hint,
            width: _,
            required: _,
            show_when: _,
            autocomplete: _,
            required_when: _,
            limits: _,
            messages,
            default: _,
            prefill: _,
        } = field;
        let translated = table.take_text(self.reader, "heading");
        self.replace_optional("heading", heading, translated);
        let translated = table.take_markdown(self.reader, "text");
        self.replace_optional("text", text, translated);
        let translated = table.take_markdown_line(self.reader, "label");
        self.replace("label", label, translated);
        let translated = table.take_markdown_line(self.reader, "hint");
        self.replace_optional("hint", hint, translated);
        let translated = table.take("options");
        self.options(translated, kind);
        self.messages(messages, translated_messages);
    }

    fn messages(&mut self, messages: &mut Vec<(Code, String)>, translated: Vec<(Code, String)>) {
        for (code, _) in &*messages {
            if !translated.iter().any(|(known, _)| known == code) {
                self.missing.push(format!("{}messages.{}", self.prefix, code.as_str()));
            }
        }
        for (code, message) in translated {
            match messages.iter_mut().find(|(known, _)| *known == code) {
                Some((_, own)) => *own = message,
                None => messages.push((code, message)),
            }
        }
    }

    fn options(&mut self, node: Option<Node>, kind: &mut FieldKind) {
        let options = match kind {
            FieldKind::Choice { options, .. } | FieldKind::Choices { options, .. } => {
                options.as_mut_slice()
            }
            _ => &mut [],
        };
        let Some(node) = node else {
            if !options.is_empty() {
                self.missing.push(format!("{}options", self.prefix));
            }
            return;
        };
        let at = node.at;
        let Some(labels) = self.list("options", node) else { return };
        if options.is_empty() {
            return self.reader.report(at, "this field has no options; remove `options`");
        }
        if labels.len() != options.len() {
            let message = format!(
                "`options` has {}, but the field has {}; write a label for each option, in the same order",
                counted(labels.len(), "label"),
                counted(options.len(), "option"),
            );
            return self.reader.report(at, message);
        }
        for (option, label) in options.iter_mut().zip(labels) {
            option.label = label;
        }
    }

    /// Returns the texts in a list, or reports what is not a text.
    fn list(&mut self, name: &str, node: Node) -> Option<Vec<String>> {
        let Value::List(items) = node.value else {
            let noun = node.value.noun();
            self.reader.report(node.at, format!("`{name}` takes a list of texts, not {noun}"));
            return None;
        };
        let mut texts = Vec::new();
        let mut is_complete = true;
        for Node { at, value } in items {
            match value {
                Value::Text(text) if !text.trim().is_empty() => texts.push(text),
                _ => {
                    is_complete = false;
                    self.reader.report(at, format!("`{name}` takes texts in quotes"));
                }
            }
        }
        is_complete.then_some(texts)
    }
}

/// Returns the key of a message without its plural category.
fn message(key: &str) -> &str {
    match key.rsplit_once('.') {
        Some((message, category)) if CATEGORIES.contains(&category) => message,
        _ => key,
    }
}

fn counted(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}
