use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use super::wait_until;

/// A server other than the proxy, such as nginx. It is killed on drop.
pub(crate) struct ExternalServer {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl ExternalServer {
    /// Starts the command for a free address and waits until the server listens there. Returns `None` if the program is
    /// not installed.
    pub(crate) async fn start(command: impl FnOnce(SocketAddr) -> Command) -> Option<Self> {
        // These programs do not support port 0, so find a free port first.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let child = command(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        let server = Self { child, address };
        wait_until("the server listens", async || TcpStream::connect(address).is_ok()).await;
        Some(server)
    }
}

impl Drop for ExternalServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
