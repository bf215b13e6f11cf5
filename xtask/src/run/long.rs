//! Runs slow programs, and shows their progress.

use super::{child::Child, command::command_line, last_lines, signals};
use crate::failure::{Failure, Result};
use std::{
    io::{self, BufRead as _, BufReader, IsTerminal as _, Read, Write as _},
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

/// How often to print the progress if stderr is not a terminal. Lines cannot be overwritten there.
const LOG_INTERVAL: Duration = Duration::from_secs(30);

/// Runs a slow program and shows its progress. On a terminal, one line shows the current progress;
/// otherwise, a new line is printed from time to time. Shows the program's output only if it fails.
///
/// # Errors
/// Contains the end of the program's output.
pub(crate) fn run_long(title: &str, command: &mut Command) -> Result {
    eprintln!("• {title}");
    let name = command_line(command);
    let started = Instant::now();
    let mut child = Child::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let (sender, lines) = mpsc::channel();
    let (stdout, stderr) = child.take_output();
    read_lines(stdout, sender.clone());
    read_lines(stderr, sender);

    let mut progress = Progress::new(started);
    let mut output = String::new();
    loop {
        match lines.recv_timeout(Duration::from_secs(1)) {
            Ok(line) => {
                progress.add_line(&line);
                output.push_str(&line);
                output.push('\n');
            }
            Err(RecvTimeoutError::Timeout) => progress.show(),
            Err(RecvTimeoutError::Disconnected) => break,
        }
        signals::block_if_stopping();
    }
    let status = child.wait()?;
    progress.clear();
    if status.success() {
        eprintln!("  done in {}", duration(started.elapsed()));
        Ok(())
    } else {
        Err(Failure::new(format!("`{name}` failed ({status})")).advise(last_lines(&output, 40)))
    }
}

/// Formats a duration for people, such as `6 min 12 s`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f32()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// A running program's progress: the elapsed time, the last line of output, and, for cargo, how many crates
/// it has started to compile.
struct Progress {
    started: Instant,
    shown: Instant,
    crates: usize,
    last: String,
    is_terminal: bool,
}

impl Progress {
    fn new(started: Instant) -> Self {
        Self {
            started,
            shown: started,
            crates: 0,
            last: String::new(),
            is_terminal: io::stderr().is_terminal(),
        }
    }

    fn add_line(&mut self, line: &str) {
        let line = line.trim();
        if line.starts_with("Compiling ") {
            self.crates += 1;
        }
        if !line.is_empty() {
            line.clone_into(&mut self.last);
        }
        // If a program prints without pauses, the wait never times out, so also show the progress here.
        self.show();
    }

    fn show(&mut self) {
        let pause = if self.is_terminal { Duration::from_millis(500) } else { LOG_INTERVAL };
        if self.shown.elapsed() < pause {
            return;
        }
        self.shown = Instant::now();
        let line = self.line();
        if self.is_terminal {
            // \r and "erase line": the cursor stays on this line.
            eprint!("\r\x1b[2K{line}");
            let _ = io::stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }

    fn line(&self) -> String {
        let elapsed = duration(self.started.elapsed());
        // A longer line would wrap and could not be overwritten.
        let last: String = self.last.chars().take(50).collect();
        match self.crates {
            0 => format!("  {elapsed}: {last}"),
            crates => format!("  {elapsed}, {crates} crates: {last}"),
        }
    }

    fn clear(&self) {
        if self.is_terminal {
            eprint!("\r\x1b[2K");
        }
    }
}

fn read_lines(source: Option<impl Read + Send + 'static>, lines: Sender<String>) {
    if let Some(source) = source {
        thread::spawn(move || {
            let mut reader = BufReader::new(source);
            let mut line = Vec::new();
            // Do not use `lines()`: the output may not be UTF-8.
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
    fn formats_durations_in_readable_units() {
        assert_eq!(duration(Duration::from_millis(340)), "0.3 s");
        assert_eq!(duration(Duration::from_secs(59)), "59 s");
        assert_eq!(duration(Duration::from_secs(372)), "6 min 12 s");
    }
}
