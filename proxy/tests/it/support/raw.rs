//! Requests byte by byte, for what no client library sends.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) struct Raw(pub(crate) TcpStream);

impl Raw {
    pub(crate) async fn connect(addr: SocketAddr) -> Self {
        Self(TcpStream::connect(addr).await.unwrap())
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
    }

    /// The head of the next answer, and its body by the announced length.
    pub(crate) async fn answer(&mut self) -> (String, Vec<u8>) {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            let read = self.0.read_buf(&mut bytes).await.unwrap();
            assert!(read > 0, "no answer, but {:?}", String::from_utf8_lossy(&bytes));
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.parse().unwrap());
        while bytes.len() < end + length {
            assert!(self.0.read_buf(&mut bytes).await.unwrap() > 0, "the answer broke off");
        }
        (head, bytes[end..end + length].to_vec())
    }

    /// Status and JSON of the next answer.
    pub(crate) async fn json(&mut self) -> (u16, Value) {
        let (head, body) = self.answer().await;
        (status(&head), serde_json::from_slice(&body).unwrap())
    }
}

pub(crate) fn status(head: &str) -> u16 {
    head.split(' ').nth(1).unwrap().parse().unwrap()
}
