//! The servers that submissions are sent to.

/// A server that accepts an enquiry.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The server's name in the report.
    pub(super) name: &'static str,
    pub(super) ours: bool,
    /// The address to which submissions are posted.
    pub(super) url: String,
    /// Additional fields that the CRM needs. The proxy adds these fields itself.
    pub(super) added: Vec<(&'static str, &'static str)>,
}

impl Target {
    /// Returns the host with its port, and the path.
    pub(super) fn parts(&self) -> (&str, &str) {
        let rest = self.url.strip_prefix("http://").unwrap();
        rest.split_at(rest.find('/').unwrap())
    }
}
