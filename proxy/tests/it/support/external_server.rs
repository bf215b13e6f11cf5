use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use super::eventually;

/// Another server beside the proxy. Ended when dropped.
pub(crate) struct Neighbour {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Neighbour {
    /// Starts what the command is that is made for an address of its own, and waits until it listens there.
    /// None where there is no such program.
    pub(crate) async fn start(command: impl FnOnce(SocketAddr) -> Command) -> Option<Self> {
        // Such programs take no port 0: a free one is taken and given back.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let child = command(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        let neighbour = Self { child, address };
        eventually("a neighbour listens", || TcpStream::connect(address).is_ok()).await;
        Some(neighbour)
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
