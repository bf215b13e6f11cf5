//! Checks a pattern, and translates it for the proxy's engine.

use std::fmt::Write;
use std::iter::Peekable;
use std::str::Chars;

use thiserror::Error;

/// The maximum nesting depth of groups, and the maximum number of repetitions.
const MAX_DEPTH: u32 = 10;
const MAX_COUNT: u32 = 1_000;
/// The maximum number of times that a part with a variable length may be repeated.
const SHORT: u32 = 4;

/// What `\s` means in JavaScript (ECMA-262, `WhiteSpace` and `LineTerminator`).
const SPACES: &str = r"\x{9}-\x{D}\x{20}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}";
/// What `.` does not match in JavaScript.
const LINE_BREAKS: &str = r"\x{A}\x{D}\x{2028}\x{2029}";
const DIGITS: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PatternError {
    /// `^` or `$`.
    #[error("a pattern matches the whole answer; remove `{0}`")]
    Anchor(char),
    /// A bracket or brace without its counterpart.
    #[error("`{0}` is unpaired; to match it literally, write `\\{0}`")]
    Unpaired(char),
    /// `(?` that does not begin a supported group.
    #[error("a group begins with `(` or `(?:`; other groups are not supported")]
    Group,
    /// A backslash before a character that it cannot precede.
    #[error(
        "`\\{0}` is not supported; use \\d, \\w, \\s, or a backslash before a sign such as `.`"
    )]
    Escape(char),
    /// A backslash at the end.
    #[error("the backslash at the end has no effect; remove it")]
    OpenEscape,
    /// A repetition of nothing, or of a repetition.
    #[error("`{0}` has nothing to repeat; to match it literally, write `\\{0}`")]
    Repetition(char),
    /// A number of repetitions that is not written as `{2}`, `{2,}` or `{2,5}`, or is too large.
    #[error(
        "write the repetition count as {{2}}, {{2,}} or {{2,5}}; the numbers can be at most 1000"
    )]
    Count,
    /// A class without characters, or with a range in the wrong order.
    #[error(
        "a class lists characters and ranges, such as [A-Z0-9]; write a backslash before the signs [ ] - ^"
    )]
    Class,
    /// A part whose length can vary, repeated many times: a backtracking engine tries all lengths.
    #[error(
        "a repeated group cannot contain `|` or another repetition, because such a pattern can freeze \
         the browser; repeat the group at most 4 times, such as (a+){{1,4}}"
    )]
    Nested,
    /// Groups that are nested too deeply, or too many repetitions.
    #[error("the pattern is too large; write a simpler one")]
    TooLarge,
}

/// Translates the pattern for the proxy's engine.
pub(super) fn translate(pattern: &str) -> Result<String, PatternError> {
    let mut parser = Parser { rest: pattern.chars().peekable(), translated: String::new() };
    parser.alternatives(0)?;
    match parser.rest.next() {
        Some(unexpected) => Err(PatternError::Unpaired(unexpected)),
        None => Ok(parser.translated),
    }
}

/// How many times a part is repeated.
struct Repetition {
    /// Whether the number of times can vary.
    is_variable: bool,
    /// Whether the part can be repeated more than [`SHORT`] times.
    is_long: bool,
}

struct Parser<'p> {
    rest: Peekable<Chars<'p>>,
    translated: String,
}

impl Parser<'_> {
    /// Reads up to the end or a closing parenthesis. Returns whether the length of a match can vary.
    fn alternatives(&mut self, depth: u32) -> Result<bool, PatternError> {
        if depth > MAX_DEPTH {
            return Err(PatternError::TooLarge);
        }
        let mut is_variable = false;
        while let Some(&next) = self.rest.peek() {
            if next == ')' {
                break;
            }
            self.rest.next();
            if next == '|' {
                self.translated.push('|');
                is_variable = true;
                continue;
            }
            let inner = self.atom(next, depth)?;
            let Repetition { is_variable: varies, is_long } = self.repetition()?;
            if inner && is_long {
                return Err(PatternError::Nested);
            }
            is_variable |= inner || varies;
        }
        Ok(is_variable)
    }

    /// Reads a group, a class or a character. Returns whether the length of its match can vary.
    fn atom(&mut self, first: char, depth: u32) -> Result<bool, PatternError> {
        match first {
            '(' => {
                if self.rest.next_if_eq(&'?').is_some() && self.rest.next() != Some(':') {
                    return Err(PatternError::Group);
                }
                self.translated.push_str("(?:");
                let is_variable = self.alternatives(depth + 1)?;
                self.rest.next().ok_or(PatternError::Unpaired('('))?;
                self.translated.push(')');
                return Ok(is_variable);
            }
            '[' => self.class()?,
            '.' => self.push_class("^", LINE_BREAKS),
            '\\' => match self.rest.next().ok_or(PatternError::OpenEscape)? {
                sign if is_sign(sign) => self.push_literal(sign),
                letter => {
                    let class = shorthand(letter.to_ascii_lowercase());
                    let class = class.ok_or(PatternError::Escape(letter))?;
                    self.push_class(if letter.is_ascii_uppercase() { "^" } else { "" }, class);
                }
            },
            '^' | '$' => return Err(PatternError::Anchor(first)),
            '*' | '+' | '?' | '{' => return Err(PatternError::Repetition(first)),
            ']' | '}' => return Err(PatternError::Unpaired(first)),
            literal => self.push_literal(literal),
        }
        Ok(false)
    }

    /// Reads an optional repetition.
    fn repetition(&mut self) -> Result<Repetition, PatternError> {
        let Some(sign) = self.rest.next_if(|next| matches!(next, '*' | '+' | '?' | '{')) else {
            return Ok(Repetition { is_variable: false, is_long: false });
        };
        self.translated.push(sign);
        let mut repetition = Repetition { is_variable: true, is_long: sign != '?' };
        if sign == '{' {
            let least = self.number()?;
            let most = match self.rest.next() {
                Some('}') => Some(least),
                Some(',') if self.rest.next_if_eq(&'}').is_some() => None,
                Some(',') => {
                    let most = self.number()?;
                    (self.rest.next() == Some('}')).then_some(()).ok_or(PatternError::Count)?;
                    Some(most)
                }
                _ => return Err(PatternError::Count),
            };
            if least > MAX_COUNT || most.is_some_and(|most| most < least || most > MAX_COUNT) {
                return Err(PatternError::Count);
            }
            repetition.is_variable = most != Some(least);
            repetition.is_long = most.is_none_or(|most| most > SHORT);
            let most = most.map(|most| most.to_string()).unwrap_or_default();
            // Cannot fail: it writes to a string.
            let _ = write!(self.translated, "{least},{most}}}");
        }
        match self.rest.peek() {
            Some(&next @ ('*' | '+' | '?' | '{')) => Err(PatternError::Repetition(next)),
            _ => Ok(repetition),
        }
    }

    fn number(&mut self) -> Result<u32, PatternError> {
        let mut digits = String::new();
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().map_err(|_| PatternError::Count)
    }

    /// Reads a class after its opening bracket.
    fn class(&mut self) -> Result<(), PatternError> {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        self.translated.push_str(if is_negated { "[^" } else { "[" });
        let mut is_empty = true;
        loop {
            let first = match self.rest.next().ok_or(PatternError::Unpaired('['))? {
                ']' => break,
                // At the beginning or end, a hyphen is a character.
                '-' if is_empty || self.rest.peek() == Some(&']') => '-',
                '-' | '[' | '^' => return Err(PatternError::Class),
                '\\' => {
                    let sign = self.rest.next().ok_or(PatternError::OpenEscape)?;
                    if let Some(class) = shorthand(sign) {
                        self.class_of(class)?;
                        is_empty = false;
                        continue;
                    }
                    class_sign(sign)?
                }
                literal => literal,
            };
            is_empty = false;
            self.push_literal(first);
            if self.rest.peek() == Some(&'-') {
                self.range(first)?;
            }
        }
        self.translated.push(']');
        if is_empty { Err(PatternError::Class) } else { Ok(()) }
    }

    /// Writes the characters of a shorthand such as `\d` within a class. A shorthand cannot begin a
    /// range.
    fn class_of(&mut self, class: &str) -> Result<(), PatternError> {
        self.translated.push_str(class);
        let mut ahead = self.rest.clone();
        let is_range = ahead.next() == Some('-') && ahead.next() != Some(']');
        if is_range { Err(PatternError::Class) } else { Ok(()) }
    }

    /// Reads the rest of a range that begins with this character. The next character is a hyphen.
    fn range(&mut self, first: char) -> Result<(), PatternError> {
        let mut ahead = self.rest.clone();
        ahead.next();
        let last = match ahead.next() {
            // The hyphen is the last character of the class.
            Some(']') => return Ok(()),
            Some('\\') => class_sign(ahead.next().ok_or(PatternError::OpenEscape)?)?,
            Some('[' | '^' | '-') | None => return Err(PatternError::Class),
            Some(literal) => literal,
        };
        if last < first {
            return Err(PatternError::Class);
        }
        self.rest = ahead;
        self.translated.push('-');
        self.push_literal(last);
        Ok(())
    }

    fn push_class(&mut self, negation: &str, class: &str) {
        // Cannot fail: it writes to a string.
        let _ = write!(self.translated, "[{negation}{class}]");
    }

    /// Writes the character as a number, because some characters have a special meaning for the
    /// engine.
    fn push_literal(&mut self, literal: char) {
        // Cannot fail: it writes to a string.
        let _ = write!(self.translated, "\\x{{{:X}}}", u32::from(literal));
    }
}

/// Returns the characters that `\d`, `\w` or `\s` matches.
fn shorthand(letter: char) -> Option<&'static str> {
    match letter {
        'd' => Some(DIGITS),
        'w' => Some(WORD),
        's' => Some(SPACES),
        _ => None,
    }
}

/// Returns whether JavaScript allows a backslash before this character (ECMA-262, `IdentityEscape`
/// with `u`).
fn is_sign(c: char) -> bool {
    r"^$\.*+?()[]{}|/".contains(c)
}

/// Returns the sign if a backslash can precede it in a class. There, a backslash can also precede a
/// hyphen.
fn class_sign(sign: char) -> Result<char, PatternError> {
    if sign == '-' || is_sign(sign) { Ok(sign) } else { Err(PatternError::Escape(sign)) }
}

#[cfg(test)]
mod tests {
    use super::super::Pattern;
    use super::PatternError;

    #[track_caller]
    fn check(pattern: &str, matching: &[&str], other: &[&str]) {
        let pattern = Pattern::new(pattern);
        assert_eq!(pattern.check(), Ok(()));
        for answer in matching {
            assert!(pattern.matches(answer), "{answer}");
        }
        for answer in other {
            assert!(!pattern.matches(answer), "{answer}");
        }
    }

    #[test]
    fn matches_the_whole_answer() {
        check("[0-9]{5}", &["10115"], &["1011", "101155", "x10115", "10115\n"]);
        check("a|bc", &["a", "bc"], &["ab", "abc", ""]);
        check(r"DE\d{9}|ATU\d{8}", &["DE123456789", "ATU12345678"], &["DE12345678"]);
        check("(?:ab)+c?", &["ab", "ababc"], &["", "abcc"]);
        check(r"[A-Z\-.]{2,3}", &["A-.", "AB"], &["A", "ABCD", "ab"]);
        check("[^,]*", &["", "a b"], &["a,b"]);
        check("ä.🚀", &["äx🚀", "ä🚀🚀"], &["ä🚀", "ä\n🚀"]);
        check("&&~~<>", &["&&~~<>"], &["&"]);
        check("[&&~~#-]", &["&", "~", "#", "-"], &["$"]);
    }

    #[test]
    fn character_classes_match_the_same_characters_as_in_javascript() {
        check(r"\d", &["1"], &["١", "a"]);
        check(r"\w", &["a", "_"], &["ä", "-"]);
        check(r"\s", &[" ", "\u{a0}", "\u{feff}", "\u{3000}"], &["\u{85}", "a"]);
        check(r"[\d\s]\S", &["1x", " ä"], &["1 "]);
    }

    #[track_caller]
    fn refuses(pattern: &str, error: PatternError) {
        assert_eq!(Pattern::new(pattern).check(), Err(error));
        assert!(Pattern::new(pattern).matches("anything"));
    }

    #[test]
    fn refuses_invalid_syntax_and_syntax_that_the_engines_read_differently() {
        refuses("^a", PatternError::Anchor('^'));
        refuses("a$", PatternError::Anchor('$'));
        refuses("(?=a)", PatternError::Group);
        refuses("(?<n>a)", PatternError::Group);
        refuses(r"\p{L}", PatternError::Escape('p'));
        refuses(r"(a)\1", PatternError::Escape('1'));
        refuses(r"\-", PatternError::Escape('-'));
        refuses("a\\", PatternError::OpenEscape);
        refuses("a+?", PatternError::Repetition('?'));
        refuses("*a", PatternError::Repetition('*'));
        refuses("a{,3}", PatternError::Count);
        refuses("a{3,2}", PatternError::Count);
        refuses("a{1001}", PatternError::Count);
        refuses("(a", PatternError::Unpaired('('));
        refuses("a)", PatternError::Unpaired(')'));
        refuses("a]", PatternError::Unpaired(']'));
        refuses("[a", PatternError::Unpaired('['));
        refuses("[]", PatternError::Class);
        refuses("[z-a]", PatternError::Class);
        refuses("[a[b]", PatternError::Class);
        refuses(r"[\d-x]", PatternError::Class);
    }

    #[test]
    fn refuses_patterns_that_take_too_long_or_too_much_memory() {
        refuses("(a+)+", PatternError::Nested);
        refuses("(?:x(a{2,})b)*", PatternError::Nested);
        refuses("(a{1,20})+", PatternError::Nested);
        refuses(r"(\w|\d)*", PatternError::Nested);
        refuses("(a?a){20}", PatternError::Nested);
        check(r"(\d{1,3}\.){3}\d{1,3}", &["10.0.0.1"], &["10.0.0"]);
        refuses("((((((((((((a))))))))))))", PatternError::TooLarge);
        refuses("(a{1000}){1000}", PatternError::TooLarge);
    }
}
