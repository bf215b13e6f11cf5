use std::fmt::{self, Display, Formatter};

use crate::printable::printable;

/// All that was looked at, in its order.
#[derive(Debug, Default)]
pub struct Report(Vec<Finding>);

/// One thing that was looked at.
#[derive(Debug)]
struct Finding {
    grade: Grade,
    what: String,
    /// What to do about it, line by line.
    fix: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grade {
    Fine,
    /// The form works, and could do better.
    Advice,
    /// The form does not work, for some visitors or for all.
    Fault,
}

impl Report {
    pub(super) fn fine(&mut self, what: impl Into<String>) {
        self.0.push(Finding { grade: Grade::Fine, what: what.into(), fix: String::new() });
    }

    pub(super) fn advise(&mut self, what: impl Into<String>, fix: impl Into<String>) {
        self.0.push(Finding { grade: Grade::Advice, what: what.into(), fix: fix.into() });
    }

    pub(super) fn fault(&mut self, what: impl Into<String>, fix: impl Into<String>) {
        self.0.push(Finding { grade: Grade::Fault, what: what.into(), fix: fix.into() });
    }

    /// Notes that it is so, or that it is a fault.
    pub(super) fn check(&mut self, so: bool, fine: &str, fault: &str, fix: impl Into<String>) {
        if so { self.fine(fine) } else { self.fault(fault, fix) }
    }

    /// Whether everything works.
    pub fn is_good(&self) -> bool {
        self.0.iter().all(|finding| finding.grade != Grade::Fault)
    }
}

/// A line for each finding, and below it what to do.
impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for Finding { grade, what, fix } in &self.0 {
            let word = match grade {
                Grade::Fine => "ok",
                Grade::Advice => "advice",
                Grade::Fault => "fault",
            };
            writeln!(f, "{word:<7} {}", printable(what))?;
            for line in fix.lines() {
                writeln!(f, "        {}", printable(line))?;
            }
        }
        Ok(())
    }
}
