use std::fmt::{self, Display, Formatter};

use crate::printable::printable;

/// The findings, in the order of the checks.
#[derive(Debug, Default)]
pub struct Report(Vec<Finding>);

/// The result of one check.
#[derive(Debug)]
struct Finding {
    severity: Severity,
    text: String,
    /// How to fix it; may have several lines.
    fix: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Severity {
    Ok,
    /// The form works, but can be improved.
    Advice,
    /// The form does not work for some or all visitors.
    Fault,
}

impl Report {
    pub(super) fn ok(&mut self, text: impl Into<String>) {
        self.add(Severity::Ok, text, "");
    }

    pub(super) fn advise(&mut self, text: impl Into<String>, fix: impl Into<String>) {
        self.add(Severity::Advice, text, fix);
    }

    pub(super) fn fault(&mut self, text: impl Into<String>, fix: impl Into<String>) {
        self.add(Severity::Fault, text, fix);
    }

    /// Reports `ok` if the condition holds, and otherwise the fault with its fix.
    pub(super) fn check(&mut self, holds: bool, ok: &str, fault: &str, fix: impl Into<String>) {
        if holds { self.ok(ok) } else { self.fault(fault, fix) }
    }

    fn add(&mut self, severity: Severity, text: impl Into<String>, fix: impl Into<String>) {
        self.0.push(Finding { severity, text: text.into(), fix: fix.into() });
    }

    /// Returns whether the report has no fault.
    pub fn is_good(&self) -> bool {
        self.0.iter().all(|finding| finding.severity != Severity::Fault)
    }
}

/// Writes one line for each finding, followed by its fix.
impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for Finding { severity, text, fix } in &self.0 {
            let word = match severity {
                Severity::Ok => "ok",
                Severity::Advice => "advice",
                Severity::Fault => "fault",
            };
            writeln!(f, "{word:<7} {}", printable(text))?;
            for line in fix.lines() {
                writeln!(f, "        {}", printable(line))?;
            }
        }
        Ok(())
    }
}
