//! Where submissions are sent.

/// Something that takes an enquiry.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Its name in the report.
    pub(super) name: &'static str,
    pub(super) ours: bool,
    /// The address to post to.
    pub(super) url: String,
    /// What the CRM needs beside the answers, and the proxy adds by itself.
    pub(super) added: Vec<(&'static str, &'static str)>,
}

impl Target {
    /// Host and port, and the path.
    pub(super) fn parts(&self) -> (&str, &str) {
        let rest = self.url.strip_prefix("http://").unwrap();
        rest.split_at(rest.find('/').unwrap())
    }
}
