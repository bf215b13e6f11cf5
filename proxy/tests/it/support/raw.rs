//! Requests that a test writes itself, because no client library can send them.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Multipart;

/// Returns the head of a multipart submission with the given further header lines.
pub(crate) fn post_head(form: &str, headers: &str) -> String {
    let content_type = Multipart::content_type();
    format!(
        "POST /forms/{form} HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\n{headers}\r\n\r\n"
    )
}

pub(crate) struct Raw(pub(crate) TcpStream);

impl Raw {
    pub(crate) async fn connect(addr: SocketAddr) -> Self {
        Self(TcpStream::connect(addr).await.unwrap())
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Reads the next response and returns its head and body.
    pub(crate) async fn read_response(&mut self) -> (String, Vec<u8>) {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            let read = self.0.read_buf(&mut bytes).await.unwrap();
            assert!(read > 0, "incomplete response: {:?}", String::from_utf8_lossy(&bytes));
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.parse().unwrap());
        while bytes.len() < end + length {
            assert!(self.0.read_buf(&mut bytes).await.unwrap() > 0, "the response is incomplete");
        }
        (head, bytes[end..end + length].to_vec())
    }

    /// Reads the next response and returns its status and JSON.
    pub(crate) async fn read_json(&mut self) -> (u16, Value) {
        let (head, body) = self.read_response().await;
        (status(&head), serde_json::from_slice(&body).unwrap())
    }
}

pub(crate) fn status(head: &str) -> u16 {
    head.split(' ').nth(1).unwrap().parse().unwrap()
}
