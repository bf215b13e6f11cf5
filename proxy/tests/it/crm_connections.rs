//! Connections to the CRM.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::support::{World, draft, reference};

/// A proxy whose CRM is behind a gateway that counts connections.
struct Gateway {
    world: World,
    connections: Arc<AtomicUsize>,
}

/// When the gateway closes a connection.
#[derive(Clone, Copy)]
enum Close {
    /// When the proxy or the CRM closes it.
    WithItsPeer,
    /// After each response, without `Connection: close`.
    AfterEachResponse,
}

impl Gateway {
    async fn start(close: Close) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("http://{address}/site/api/crm_add_deal");
        let world = World::with_config(|config| config.crm_url = url.parse().unwrap()).await;
        let crm = world.sandbox.address();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(relay(stream, crm, close));
            }
        });
        Self { world, connections }
    }

    /// Sends submissions one after the other, and returns the number of connections that they used.
    async fn deliver(&self, count: u8) -> usize {
        for number in 1..=count {
            let response = self.world.submit("callback", draft(&reference(number))).await;
            assert_eq!(response.0, 200, "submission {number}: {response:?}");
        }
        let calls = self.world.calls().await.len();
        assert_eq!(calls, usize::from(count), "a submission was not delivered by exactly one call");
        self.connections.load(Ordering::SeqCst)
    }
}

/// Forwards the bytes between the proxy and the CRM.
async fn relay(mut proxy: TcpStream, crm: SocketAddr, close: Close) {
    let mut crm = TcpStream::connect(crm).await.unwrap();
    match close {
        Close::WithItsPeer => drop(tokio::io::copy_bidirectional(&mut proxy, &mut crm).await),
        Close::AfterEachResponse => {
            let mut request = Vec::new();
            // The end of the multipart body.
            while !request.ends_with(b"--\r\n") {
                if proxy.read_buf(&mut request).await.unwrap() == 0 {
                    return;
                }
            }
            crm.write_all(&request).await.unwrap();
            let mut response = Vec::new();
            crm.read_buf(&mut response).await.unwrap();
            // The sandbox keeps the connection open, so a pause marks the end of its response.
            let pause = Duration::from_millis(50);
            while matches!(timeout(pause, crm.read_buf(&mut response)).await, Ok(Ok(1..))) {}
            proxy.write_all(&response).await.unwrap();
        }
    }
}

#[tokio::test]
async fn delivers_a_burst_of_submissions_over_one_connection() {
    let gateway = Gateway::start(Close::WithItsPeer).await;
    assert_eq!(gateway.deliver(5).await, 1);
}

#[tokio::test]
async fn opens_a_new_connection_if_the_old_one_was_idle() {
    let gateway = Gateway::start(Close::WithItsPeer).await;
    assert_eq!(gateway.deliver(1).await, 1);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let response = gateway.world.submit("callback", draft(&reference(9))).await;
    assert_eq!(response.0, 200, "{response:?}");
    assert_eq!(gateway.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn delivers_each_submission_once_through_a_gateway_that_closes_after_each_response() {
    let gateway = Gateway::start(Close::AfterEachResponse).await;
    assert_eq!(gateway.deliver(5).await, 5);
}
