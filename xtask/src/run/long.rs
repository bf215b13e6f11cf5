//! Long steps: what happens, why, how long it takes, how long it has taken.

use super::{child::Child, command::spelled, last_lines, signals};
use crate::failure::{Failure, Result};
use std::{
    io::{self, BufRead as _, BufReader, IsTerminal as _, Read, Write as _},
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

/// Without a terminal there is no line to write over: a sign of life this often is enough.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// Runs a slow program whose output interests nobody unless it fails, and shows that it is
/// getting on: on a terminal by one line that changes, elsewhere by a line now and then.
///
/// # Errors
/// With the end of what the program printed.
pub(crate) fn run_long(title: &str, command: &mut Command) -> Result {
    eprintln!("• {title}");
    let name = spelled(command);
    let started = Instant::now();
    let mut child = Child::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let (sender, lines) = mpsc::channel();
    let (stdout, stderr) = child.output();
    read_lines(stdout, sender.clone());
    read_lines(stderr, sender);

    let mut view = Progress::new(started);
    let mut said = String::new();
    loop {
        match lines.recv_timeout(Duration::from_secs(1)) {
            Ok(line) => {
                view.note(&line);
                said.push_str(&line);
                said.push('\n');
            }
            Err(RecvTimeoutError::Timeout) => view.show(),
            Err(RecvTimeoutError::Disconnected) => break,
        }
        signals::rest_if_stopping();
    }
    let status = child.wait()?;
    view.clear();
    if status.success() {
        eprintln!("  done in {}", duration(started.elapsed()));
        Ok(())
    } else {
        Err(Failure::new(format!("`{name}` failed ({status})")).advise(last_lines(&said, 40)))
    }
}

/// A duration as people say it.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f32()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// What can be told about a running program: how long it runs, what it last said, and for
/// cargo, how many crates it has begun.
struct Progress {
    started: Instant,
    shown: Instant,
    crates: usize,
    last: String,
    terminal: bool,
}

impl Progress {
    fn new(started: Instant) -> Self {
        Self {
            started,
            shown: started,
            crates: 0,
            last: String::new(),
            terminal: io::stderr().is_terminal(),
        }
    }

    fn note(&mut self, line: &str) {
        let line = line.trim();
        if line.starts_with("Compiling ") {
            self.crates += 1;
        }
        if !line.is_empty() {
            line.clone_into(&mut self.last);
        }
        // A program that never pauses must not keep the view from changing.
        self.show();
    }

    fn show(&mut self) {
        let pause = if self.terminal { Duration::from_millis(500) } else { SIGN_OF_LIFE };
        if self.shown.elapsed() < pause {
            return;
        }
        self.shown = Instant::now();
        let line = self.line();
        if self.terminal {
            // \r and "erase line": the cursor stays on this one.
            eprint!("\r\x1b[2K{line}");
            let _ = io::stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }

    fn line(&self) -> String {
        let elapsed = duration(self.started.elapsed());
        // Longer lines would wrap and could not be written over.
        let last: String = self.last.chars().take(50).collect();
        match self.crates {
            0 => format!("  {elapsed}: {last}"),
            crates => format!("  {elapsed}, {crates} crates: {last}"),
        }
    }

    fn clear(&self) {
        if self.terminal {
            eprint!("\r\x1b[2K");
        }
    }
}

fn read_lines(source: Option<impl Read + Send + 'static>, lines: Sender<String>) {
    if let Some(source) = source {
        thread::spawn(move || {
            let mut reader = BufReader::new(source);
            let mut line = Vec::new();
            // Not `lines()`: a program may print what is no UTF-8.
            while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                if lines.send(text).is_err() {
                    break;
                }
                line.clear();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::duration;
    use std::time::Duration;

    #[test]
    fn durations_read_as_people_say_them() {
        assert_eq!(duration(Duration::from_millis(340)), "0.3 s");
        assert_eq!(duration(Duration::from_secs(59)), "59 s");
        assert_eq!(duration(Duration::from_secs(372)), "6 min 12 s");
    }
}
