//! Multipart bodies as browsers write them (WHATWG HTML 4.10.21.8). reqwest escapes names differently.

const BOUNDARY: &str = "----WebKitFormBoundary7MA4YWxkTrZu0gW";

pub(crate) struct Multipart(Vec<u8>);

impl Multipart {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn text(self, name: &str, value: &str) -> Self {
        let head = format!("Content-Disposition: form-data; name=\"{}\"", escaped(name));
        self.part(&head, value.as_bytes())
    }

    pub(crate) fn file(self, name: &str, media_type: &str, bytes: &[u8]) -> Self {
        self.file_as("attachments[]", name, media_type, bytes)
    }

    /// Adds a file in the given field.
    pub(crate) fn file_as(self, field: &str, name: &str, media_type: &str, bytes: &[u8]) -> Self {
        let head = format!(
            "Content-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {media_type}",
            escaped(field),
            escaped(name)
        );
        self.part(&head, bytes)
    }

    /// Adds a part with the given header.
    pub(crate) fn part(mut self, head: &str, content: &[u8]) -> Self {
        self.0.extend_from_slice(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").as_bytes());
        self.0.extend_from_slice(content);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    /// Returns the content type and the body.
    pub(crate) fn finish(self) -> (String, Vec<u8>) {
        let mut body = self.0;
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        (Self::content_type(), body)
    }

    /// Returns the body without its closing boundary.
    pub(crate) fn unfinished(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn content_type() -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }
}

fn escaped(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
