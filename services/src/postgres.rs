//! A PostgreSQL server with its own data.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::Missing;
use crate::programs::{command, create_folder, find, free_port, run};
use crate::watchdog::Watchdog;

/// The owner of the server's databases, a superuser without a password.
pub(crate) const USER: &str = "deal_proxy";

/// How long to wait until the server has stopped.
const STOP: Duration = Duration::from_secs(30);

/// Debian's package with the server.
const PACKAGE: &str = "postgresql";

/// Settings of each server. Durability has PostgreSQL's defaults, because the proxy refuses a server without it.
const SETTINGS: &str = "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\n\
                        max_connections = 200\nshared_buffers = '64MB'\n";

/// A PostgreSQL server on the loopback interface. It ends when this value is dropped or the process ends.
#[derive(Debug)]
pub struct Postgres {
    programs: Programs,
    folder: PathBuf,
    port: u16,
    databases: AtomicU32,
    _watchdog: Watchdog,
}

/// A database of a server.
#[derive(Debug, Clone)]
pub struct Database {
    pub(crate) psql: PathBuf,
    /// The port of the server.
    pub port: u16,
    /// The database's name.
    pub name: String,
}

#[derive(Debug)]
struct Programs {
    initdb: PathBuf,
    pg_ctl: PathBuf,
    psql: PathBuf,
}

impl Postgres {
    /// Returns the server that all tests of this process share, and starts it for the first of them.
    ///
    /// # Errors
    /// If PostgreSQL is not installed.
    pub fn shared() -> Result<&'static Self, Missing> {
        static SHARED: OnceLock<Result<Postgres, Missing>> = OnceLock::new();
        SHARED.get_or_init(|| Self::start("")).as_ref().map_err(Clone::clone)
    }

    /// Starts a server. `settings` are lines for `postgresql.conf`.
    ///
    /// # Errors
    /// If PostgreSQL is not installed.
    ///
    /// # Panics
    /// If the server does not start.
    #[expect(clippy::expect_used, reason = "a test cannot continue without its service")]
    pub fn start(settings: &str) -> Result<Self, Missing> {
        let find = |program| find(program, PACKAGE);
        let programs =
            Programs { initdb: find("initdb")?, pg_ctl: find("pg_ctl")?, psql: find("psql")? };
        let folder = create_folder();
        let data = folder.join("data");
        run(command(&programs.initdb)
            .args(["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C"])
            .args(["--username", USER, "--pgdata"])
            .arg(&data));
        let port = free_port();
        let settings = format!("port = {port}\n{SETTINGS}{settings}\n");
        append(&data.join("postgresql.conf"), &settings);
        let stop = command(&programs.pg_ctl);
        let stop: Vec<&str> = [stop.get_program()]
            .into_iter()
            .chain(stop.get_args())
            .filter_map(|word| word.to_str())
            .collect();
        let script = "folder=$1; shift; \"$@\" stop --no-wait -m immediate -D \"$folder/data\"; \
                      while [ -e \"$folder/data/postmaster.pid\" ]; do sleep 0.1; done; rm -rf \"$folder\"";
        let arguments = [&[folder.to_str().unwrap_or_default()], &stop[..]].concat();
        let watchdog = Watchdog::start(script, &arguments).expect("a shell can be started");
        let databases = AtomicU32::new(0);
        let server = Self { programs, folder, port, databases, _watchdog: watchdog };
        server.resume();
        Ok(server)
    }

    /// Creates an empty database, or a copy of another one that has no connections.
    pub fn create_database(&self, template: Option<&Database>) -> Database {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let database = |name| Database { psql: self.programs.psql.clone(), port: self.port, name };
        let created = database(format!("test_{number}"));
        let template = template.map_or("template1", |template| &*template.name);
        database("postgres".to_owned())
            .execute(&format!("CREATE DATABASE {} TEMPLATE {template}", created.name));
        created
    }

    /// Stops the server as a crash does, and starts it again.
    pub fn restart(&self) {
        self.stop();
        self.resume();
    }

    /// Stops the server as a crash does. The next start recovers the data.
    pub fn stop(&self) {
        self.stop_in_mode("immediate");
    }

    /// Starts the stopped server again.
    ///
    /// # Panics
    /// If the server does not start.
    pub fn resume(&self) {
        let log = self.folder.join("log");
        let log = log.to_str().unwrap_or_default();
        // Without a file for its output, the server would keep the pipes of this command open.
        let mut start = command(&self.programs.pg_ctl);
        start.arg("--pgdata").arg(self.folder.join("data"));
        start.args(["start", "-w", "-l", log]).stdout(Stdio::null()).stderr(Stdio::null());
        let started = start.current_dir("/").stdin(Stdio::null()).status();
        let output = std::fs::read_to_string(log).unwrap_or_default();
        assert!(started.is_ok_and(|status| status.success()), "PostgreSQL did not start: {output}");
    }

    /// Makes the server a standby, which is read-only.
    pub fn become_standby(&self) {
        self.stop_in_mode("fast");
        // Without a primary server, it starts only after several attempts to find more changes.
        let settings = self.folder.join("data/postgresql.conf");
        append(&settings, "wal_retrieve_retry_interval = '10ms'\n");
        append(&self.folder.join("data/standby.signal"), "");
        self.resume();
    }

    fn stop_in_mode(&self, mode: &str) {
        let data = self.folder.join("data");
        // The server removes this file when it ends. `pg_ctl` would also wait until the system forgets the process.
        let file = data.join("postmaster.pid");
        let mut stop = command(&self.programs.pg_ctl);
        run(stop.args(["stop", "--no-wait", "--mode", mode, "--pgdata"]).arg(&data));
        let end = Instant::now() + STOP;
        while file.exists() {
            assert!(Instant::now() < end, "PostgreSQL does not stop");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Database {
    /// Returns the database's address. The server has no TLS.
    pub fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{}", self.port, self.name)
    }

    /// Runs SQL statements, and returns the rows as text: one line for each row, with `|` between the columns.
    ///
    /// # Panics
    /// If a statement fails.
    pub fn execute(&self, sql: &str) -> String {
        let mut psql = Command::new(&self.psql);
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
        psql.args(["--set", "ON_ERROR_STOP=1", "--command", sql, &self.url()]);
        String::from_utf8_lossy(&run(&mut psql).stdout).trim_end().to_owned()
    }
}

/// Appends text to a file of the server, as the server's user.
#[expect(clippy::expect_used, reason = "a test cannot continue without its service")]
fn append(path: &Path, text: &str) {
    use std::io::Write as _;
    let mut tee = command(Path::new("tee"));
    tee.arg("-a").arg(path).stdin(Stdio::piped()).stdout(Stdio::null()).current_dir("/");
    let mut tee = tee.spawn().expect("tee starts");
    if let Some(mut input) = tee.stdin.take() {
        input.write_all(text.as_bytes()).expect("tee reads its input");
    }
    assert!(tee.wait().is_ok_and(|status| status.success()), "cannot write {}", path.display());
}
