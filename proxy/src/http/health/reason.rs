use serde::Serialize;

/// Why the proxy cannot accept submissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// The proxy is stopping.
    Stopping,
    /// The journal cannot be read.
    JournalUnreadable,
    /// No file can be written to the spool.
    SpoolNotWritable,
    /// The disk of the spool has no room for an upload above `limits.disk_floor`.
    DiskFull,
}
