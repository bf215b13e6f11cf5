//! PgBouncer in front of a PostgreSQL server, in transaction mode.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::postgres::USER;
use crate::programs::{command, create_folder, find, free_port, run};
use crate::watchdog::Watchdog;
use crate::{Database, Missing};

/// How long to wait until PgBouncer listens.
const START: Duration = Duration::from_secs(10);

/// PgBouncer in transaction mode: it gives a connection to the server to another client after each transaction. It
/// ends when this value is dropped or the process ends.
#[derive(Debug)]
pub struct PgBouncer {
    port: u16,
    server: Child,
    watchdog: Option<Watchdog>,
}

impl PgBouncer {
    /// Starts PgBouncer in front of the server of a database, with at most `connections` to each database.
    ///
    /// # Errors
    /// If PgBouncer is not installed.
    ///
    /// # Panics
    /// If PgBouncer does not start.
    #[expect(clippy::expect_used, reason = "a test cannot continue without its service")]
    pub fn start(database: &Database, connections: u32) -> Result<Self, Missing> {
        let program = find("pgbouncer", "pgbouncer")?;
        let (folder, port) = (create_folder(), free_port());
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={} user={USER}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = any\npool_mode = transaction\ndefault_pool_size = {connections}\n",
            database.port
        );
        let file = folder.join("pgbouncer.ini");
        let script = "printf %s \"$1\" > \"$2\"";
        let write = [settings.as_ref(), file.as_os_str()];
        run(command(Path::new("sh")).args(["-c", script, "sh"]).args(write));
        let pid = folder.join("pid");
        // The process gives its id, because `runuser` would not pass on a signal.
        let start = "echo $$ > \"$1\"; exec \"$2\" \"$3\"";
        let mut server = command(Path::new("sh"));
        server.args(["-c", start, "sh"]).arg(&pid).arg(&program).arg(&file);
        server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/");
        let server = server.spawn().expect("PgBouncer starts");
        let script = "kill -9 \"$(cat \"$1/pid\")\"; rm -rf \"$1\"";
        let watchdog = Watchdog::start(script, &[folder.to_str().unwrap_or_default()]);
        let watchdog = Some(watchdog.expect("a shell can be started"));
        let bouncer = Self { port, server, watchdog };
        let end = Instant::now() + START;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "PgBouncer does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(bouncer)
    }

    /// Returns a database of the server, accessed through PgBouncer.
    pub fn database(&self, database: &Database) -> Database {
        Database { port: self.port, ..database.clone() }
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        drop(self.watchdog.take());
        let _ = self.server.wait();
    }
}
