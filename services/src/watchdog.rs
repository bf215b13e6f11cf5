use std::io;
use std::process::{Child, ChildStdin, Command, Stdio};

/// Runs a command when this process ends, even if it is killed: a shell waits until its standard input is closed.
#[derive(Debug)]
pub(crate) struct Watchdog {
    shell: Child,
    /// The pipe to the shell. The system closes it when this process ends. Programs that this process starts do not
    /// inherit it.
    pipe: Option<ChildStdin>,
}

impl Watchdog {
    /// Starts the shell. `script` runs at the end, with `arguments` as `$1`, `$2` and so on.
    pub(crate) fn start(script: &str, arguments: &[&str]) -> io::Result<Self> {
        // Ctrl-C in a terminal reaches all processes, and must not end the shell before its work is done.
        let script = format!("trap '' INT TERM HUP; cat > /dev/null; {script}");
        let mut shell = Command::new("sh")
            .args(["-c", &script, "watchdog"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let pipe = shell.stdin.take();
        Ok(Self { shell, pipe })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.shell.wait();
    }
}
