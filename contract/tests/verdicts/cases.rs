//! Random submissions and the contract's results for them, before and after normalizing. The results
//! must be the same natively and in WebAssembly, where `usize` has 32 bits.
//!
//! The cases need neither JSON nor files, so that they also run in a browser.

use std::fmt::Write;

use deal_contract::attachments::FileInfo;
use deal_contract::check::{Submission, Today, check};
use deal_contract::definition::{
    Choice, Condition, Field, FieldKind, Hidden, HiddenSource, PublicDefinition, Step, Test,
};
use deal_contract::kind::{Kind, TextFormat};
use deal_contract::normalize::{DateNotation, file_name, hidden, normalize};
use deal_contract::pattern::Pattern;
use deal_contract::problem::Code;
use deal_contract::values::FlagValue;

/// The number of submissions.
const CASES: u64 = 1_000;

/// The parts of random values: valid for some kind, nearly valid, and invalid for every kind.
const PIECES: [&str; 61] = [
    "",
    "a",
    "1",
    "2",
    "3",
    " ",
    ",",
    ".",
    "-",
    "+",
    "@",
    "/",
    "\u{0}",
    "\r\n",
    "\t",
    "ä",
    "日本語",
    "\u{1f680}",
    "e\u{301}",
    "\u{202e}",
    "zoe@example.com",
    "Zoe @ example.com",
    "+49 (30) 123-45",
    "2026-02-29",
    "2024-02-29",
    "2026-01-31",
    "2027-01-01",
    "31.1.2026",
    "1 250,00",
    "1.000.000,50",
    "1e5",
    "18446744073709551616",
    "4294967296",
    "0",
    "https://a.example/b?c=d",
    "javascript:alert(1)",
    "one, two",
    ",,",
    "open",
    "s",
    "web-0123456789abcdef0123456789abcdef",
    "\u{b}",
    "\u{85}",
    "\u{ad}",
    "\u{200f}",
    "\u{200d}",
    "٣١/١٢/٢٠٢٦",
    "1/2/26",
    "13.12.2026",
    "２０２６年１月５日",
    "１２３",
    "𝟗",
    "٬٥٠٠٫٢٥",
    "€ 1’250.–",
    "5.000,- EUR",
    "'",
    "Tel. 030/1234567 Ext. 5",
    "mailto:",
    "Zoe <zoe@müller.example>,",
    "(",
    ";",
];

/// A valid answer to each question.
const VALID: [(&str, &str); 15] = [
    ("text", "a"),
    ("longtext", "one\r\n\ttwo"),
    ("email", "zoe@example.com"),
    ("phone", "+49 (30) 123-45"),
    ("handle", "https://a.example/b?c=d"),
    ("date", "2026-01-31"),
    ("amount", "1 250,00"),
    ("flag", "2"),
    ("choice", "日本語"),
    ("tags", "one, two"),
    ("id", "4294967296"),
    ("short", "seven 7"),
    ("utm_source", "spring"),
    ("any", "a"),
    ("all", "a"),
];

const NAMES: [&str; 12] = [
    "a.pdf",
    "A.PDF",
    "a.png",
    "a",
    ".pdf",
    "a.docx",
    "../a.pdf",
    "a\u{0}.pdf",
    "Größe \"x\".csv",
    "a.exe",
    "fdp\u{202e}.pdf",
    "a.txt",
];

const MEDIA_TYPES: [&str; 6] =
    ["", "application/octet-stream", "application/pdf", "image/png", "text/plain", "text/html"];

/// Sizes below and above the maximum of a 32-bit number.
const SIZES: [u64; 8] =
    [0, 1, 999, 99_999_999, 100_000_000, 4_294_967_295, 4_294_967_297, u64::MAX];

/// A random number generator that returns the same numbers on every platform (Knuth, "MMIX").
struct Random(u64);

impl Random {
    fn next_number(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        let number = self.next_number() % u64::try_from(items.len()).unwrap();
        *items.get(usize::try_from(number).unwrap()).unwrap()
    }

    /// Returns a valid answer in most cases, so that some submissions are valid.
    fn answer(&mut self, name: &str) -> String {
        let valid = VALID.iter().find(|(known, _)| *known == name);
        match valid {
            Some((_, valid)) if !self.next_number().is_multiple_of(8) => (*valid).to_owned(),
            _ => self.value(),
        }
    }

    fn value(&mut self) -> String {
        match self.next_number() % 8 {
            0..=4 => self.one_of(&PIECES).to_owned(),
            5 => format!("{}{}", self.one_of(&PIECES), self.one_of(&PIECES)),
            6 => format!("{0}{1}{0}", self.one_of(&PIECES), self.one_of(&PIECES)),
            _ => self.one_of(&PIECES).repeat(usize::try_from(self.next_number() % 300).unwrap()),
        }
    }
}

/// Returns a form with every kind of question, every bound and every condition.
fn form() -> PublicDefinition {
    let mut fields: Vec<Field> =
        Kind::ALL.into_iter().filter(|kind| *kind != Kind::Attachments).map(field).collect();
    let short = FieldKind::Text { format: TextFormat::SingleLine, max_length: Some(7) };
    let short = Field::new("short", short, "Short");
    let files = FieldKind::Attachments { max_files: Some(1), max_total: None };
    let files = Field::new("attachments", files, "Files");
    fields.extend([short, files]);
    let names = fields.iter().map(|field| field.parameter.clone()).collect();
    fields.extend(conditional_fields());
    let mut form = PublicDefinition::new("Form", fields);
    let step = |title: &str, fields, show_when| Step { title: title.to_owned(), fields, show_when };
    form.steps = vec![
        step("One", names, None),
        step("Two", vec!["any".to_owned()], Some(test("text", Test::Filled(true)))),
    ];
    form.hidden = vec![Hidden {
        parameter: "utm_source".to_owned(),
        source: HiddenSource::UrlParameter("utm_source".to_owned()),
    }];
    form
}

fn test(parameter: &str, test: Test) -> Condition {
    Condition::Answer { parameter: parameter.to_owned(), test }
}

/// Questions that are required under different conditions.
fn conditional_fields() -> Vec<Field> {
    let text = |text: &str| text.to_owned();
    let any = vec![
        test("amount", Test::AtLeast(text("1250"))),
        test("id", Test::AtMost(text("4294967296"))),
        test("date", Test::AtLeast(text("2026-01-31"))),
    ];
    let all = vec![
        test("longtext", Test::Filled(false)),
        test("choice", Test::IsNot(vec![text("s"), text("open")])),
        Condition::Any(vec![
            test("amount", Test::Is(vec![text("1250"), text("5000")])),
            test("email", Test::Filled(true)),
        ]),
    ];
    [("any", Condition::Any(any)), ("all", Condition::All(all))]
        .map(|(name, required_when)| Field {
            required_when: Some(required_when),
            ..Field::new(name, TextFormat::SingleLine, name)
        })
        .into()
}

fn field(kind: Kind) -> Field {
    let name = kind.as_str().replace('_', "");
    let option = |value: &str| Choice { value: value.to_owned(), label: value.to_uppercase() };
    let settings = match kind {
        Kind::Text(format) => format.into(),
        Kind::Date => FieldKind::Date {
            min: Some("today-3d".parse().unwrap()),
            max: Some("2026-12-31".parse().unwrap()),
        },
        Kind::Flag => FieldKind::flag(FlagValue::Two),
        Kind::Choice => FieldKind::choice(["s", "open", "日本語"].map(option).into()),
        Kind::Choices => FieldKind::Choices {
            options: ["s", "open", "日本語"].map(option).into(),
            control: None,
            other: true,
            min: Some(2),
            max: Some(3),
        },
        Kind::Attachments => FieldKind::ATTACHMENTS,
    };
    let mut field = Field::new(&name, settings, &format!("The {name}"));
    field.required = matches!(
        kind,
        Kind::Text(TextFormat::SingleLine | TextFormat::Email) | Kind::Flag | Kind::Choice
    );
    match kind {
        Kind::Text(TextFormat::Amount) => {
            field.limits.min = Some("100".parse().unwrap());
            field.limits.max = Some("499999.5".parse().unwrap());
        }
        Kind::Text(TextFormat::Id) => field.limits.min = Some("2".parse().unwrap()),
        Kind::Text(TextFormat::MultiLine) => field.limits.min_length = Some(3),
        Kind::Text(TextFormat::Tags) => {
            field.limits.pattern =
                Some(Pattern::new(r"[^\d.]*(?:\s?[a-z]{1,9}[,\-ä-üA-Z]?.?){0,4}\S?"));
            field.messages = vec![(Code::TextPattern, "No digits in “{label}”.".to_owned())];
        }
        _ => {}
    }
    if kind == Kind::Text(TextFormat::Email) {
        field.show_when = Some(Condition::is("text", &["a"]));
    }
    field
}

/// Returns the results of each submission: its problems, its normalized answers, and the problems
/// of the normalized answers.
pub(crate) fn verdicts() -> Vec<String> {
    let (form, mut random) = (form(), Random(2_026));
    (0..CASES).map(|_| verdict(&form, &mut random)).collect()
}

fn verdict(form: &PublicDefinition, random: &mut Random) -> String {
    let mut values: Vec<(String, String)> = Vec::new();
    let names = form.fields.iter().map(|field| field.parameter.as_str());
    let others = ["utm_source", "external_reference_id", "key", "short"];
    for name in names.chain(others).filter(|name| *name != "attachments") {
        // Most submissions answer most questions. Few of them send the key or a name twice.
        let is_rare = random.next_number().is_multiple_of(10);
        if is_rare == matches!(name, "key" | "short") {
            values.push((name.to_owned(), random.answer(name)));
        }
    }
    let files: Vec<FileInfo<'_>> = (0..random.next_number() % 8 / 3)
        .map(|_| FileInfo {
            name: random.one_of(&NAMES),
            media_type: random.one_of(&MEDIA_TYPES),
            bytes: random.one_of(&SIZES),
        })
        .collect();
    let submission = Submission {
        values: values.iter().map(|(name, value)| (&**name, &**value)).collect(),
        files,
        today: submission_day(),
    };
    let mut lines = String::new();
    for problem in check(form, &submission) {
        let (field, code) = (&problem.field, problem.code.as_str());
        // The sentence contains numbers, days and values that were sent.
        writeln!(lines, "{field} {code} {:?}", problem.sentence()).unwrap();
    }
    let lang = random.one_of(&["de", "en", "en-GB", "sv"]);
    let dates = DateNotation::of(lang);
    let to_ascii = |domain: &str| Some(domain.replace('ü', "ue"));
    for (name, value) in &mut values {
        if random.next_number().is_multiple_of(2) {
            *value = random.value();
        }
        let normal = form.field(name).map(|field| normalize(field, value, dates, to_ascii));
        *value = normal.unwrap_or_else(|| hidden(value));
        writeln!(lines, "{name} is {value:?}").unwrap();
    }
    let submission = Submission {
        values: values.iter().map(|(name, value)| (&**name, &**value)).collect(),
        files: Vec::new(),
        today: submission_day(),
    };
    for problem in check(form, &submission) {
        writeln!(lines, "{} {} {:?}", problem.field, problem.code.as_str(), problem.sentence())
            .unwrap();
    }
    for name in NAMES {
        let name = file_name(&[name, random.one_of(&PIECES), name].concat());
        writeln!(lines, "file {name:?}").unwrap();
    }
    lines
}

fn submission_day() -> Today {
    Today::in_any_time_zone("2026-01-31".parse().unwrap())
}

/// Returns a line for each submission: the number of lines in its results, and their digest
/// (FNV-1a). The results themselves would take a megabyte.
pub(crate) fn digests() -> String {
    let mut digests = String::new();
    for (case, verdict) in verdicts().iter().enumerate() {
        let digest = verdict.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |digest, byte| {
            (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        writeln!(digests, "{case} {} {digest:016x}", verdict.lines().count()).unwrap();
    }
    digests
}

/// Asserts that the digests equal the ones in the file. Shows the results of the first submission
/// that differs.
pub(crate) fn compare(expected: &str) {
    let found = digests();
    for (case, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "\n{}", verdicts().get(case).unwrap());
    }
    assert_eq!(found.len(), expected.len());
}
