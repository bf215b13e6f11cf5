//! A SOCKS proxy (RFC 1928) for browsers whose drivers cannot slow down or cut the network.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use socket2::{Domain, Socket, Type};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::time::sleep;

use crate::http;

/// The size of the socket buffers. Default buffers hold megabytes, and the page would treat these
/// bytes as sent.
const BUFFER: usize = 32 * 1024;
/// The largest TCP segment on Ethernet. The sender derives its buffer size from this value.
const PACKET: u32 = 1460;

/// How many chunks per second a limited upload forwards.
const CHUNKS_PER_SECOND: u32 = 20;
const NO_LIMIT: u32 = u32::MAX;

// Values from the SOCKS protocol.
const SOCKS_5_WITHOUT_PASSWORD: [u8; 2] = [5, 0];
const IPV4: u8 = 1;
const NAME: u8 = 3;
const GRANTED: u8 = 0;
const REFUSED: u8 = 5;

/// A running SOCKS5 proxy.
#[derive(Debug)]
pub(super) struct SocksProxy {
    /// The address at which the proxy listens.
    pub(super) address: SocketAddr,
    /// The limit for uploads, in bytes per second.
    upload_limit: Arc<AtomicU32>,
    /// Whether connections are cut.
    is_cut: watch::Sender<bool>,
    /// Dropping it stops the proxy.
    _stop: oneshot::Sender<()>,
}

impl SocksProxy {
    /// Starts a proxy without a limit.
    pub(super) fn start() -> Self {
        let runtime = http::runtime();
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(listener().unwrap()).unwrap()
        };
        let address = listener.local_addr().unwrap();
        let upload_limit = Arc::new(AtomicU32::new(NO_LIMIT));
        let (is_cut, cut_changes) = watch::channel(false);
        let (stop, stopped) = oneshot::channel();
        let limit = Arc::clone(&upload_limit);
        thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, limit, cut_changes) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, upload_limit, is_cut, _stop: stop }
    }

    /// Limits the speed of uploads; `None` removes the limit.
    pub(super) fn limit_upload_speed(&self, bytes_per_second: Option<u32>) {
        self.upload_limit.store(bytes_per_second.unwrap_or(NO_LIMIT), Ordering::Relaxed);
    }

    /// If `cut` is true, closes all connections, and closes new ones immediately until this method
    /// is called with `false`.
    pub(super) fn cut_connections(&self, cut: bool) {
        self.is_cut.send_replace(cut);
    }
}

fn listener() -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_recv_buffer_size(BUFFER)?;
    socket.set_tcp_mss(PACKET)?;
    socket.set_nonblocking(true)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    socket.listen(128)?;
    Ok(socket.into())
}

async fn serve(listener: TcpListener, limit: Arc<AtomicU32>, is_cut: watch::Receiver<bool>) {
    while let Ok((browser, _)) = listener.accept().await {
        let (limit, mut is_cut) = (Arc::clone(&limit), is_cut.clone());
        tokio::spawn(async move {
            tokio::select! {
                // The browser and the server handle connection errors themselves.
                _ = relay(browser, limit) => {}
                _ = is_cut.wait_for(|cut| *cut) => {}
            }
        });
    }
}

async fn relay(mut browser: TcpStream, limit: Arc<AtomicU32>) -> io::Result<()> {
    let address = read_request(&mut browser).await?;
    let Ok(server) = TcpStream::connect(address).await else {
        return browser.write_all(&reply(REFUSED)).await;
    };
    browser.write_all(&reply(GRANTED)).await?;
    let (from_browser, mut to_browser) = browser.into_split();
    let (mut from_server, to_server) = server.into_split();
    let mut upload = pin!(upload(from_browser, to_server, &limit));
    tokio::select! {
        // The browser has closed the connection.
        () = &mut upload => return Ok(()),
        copied = copy(&mut from_server, &mut to_browser) => { copied?; }
    }
    to_browser.shutdown().await?;
    upload.await;
    Ok(())
}

/// Reads the address to which the browser connects.
async fn read_request(browser: &mut TcpStream) -> io::Result<SocketAddr> {
    let [_version, methods] = read(browser).await?;
    browser.read_exact(&mut vec![0; methods.into()]).await?;
    browser.write_all(&SOCKS_5_WITHOUT_PASSWORD).await?;
    let [_version, _connect, _reserved, kind] = read(browser).await?;
    let host = match kind {
        IPV4 => Ipv4Addr::from(read::<4>(browser).await?),
        // Journeys use IP addresses. Host names come only from the browser's own background requests,
        // which fail here.
        NAME => {
            let [length] = read(browser).await?;
            let mut name = vec![0; length.into()];
            browser.read_exact(&mut name).await?;
            let name = String::from_utf8(name).map_err(io::Error::other)?;
            name.parse().map_err(io::Error::other)?
        }
        _ => return Err(io::ErrorKind::Unsupported.into()),
    };
    Ok(SocketAddr::from((host, u16::from_be_bytes(read(browser).await?))))
}

fn reply(code: u8) -> [u8; 10] {
    [5, code, 0, 1, 0, 0, 0, 0, 0, 0]
}

async fn read<const N: usize>(from: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes).await?;
    Ok(bytes)
}

/// Forwards the browser's bytes until the browser closes its connection. If the server has closed its
/// connection, reads and discards the remaining bytes: closing a connection with unread bytes would
/// lose the response.
async fn upload(
    mut browser: impl AsyncRead + Unpin,
    mut server: impl AsyncWrite + Unpin,
    limit: &AtomicU32,
) {
    let mut buffer = vec![0; BUFFER];
    loop {
        let limit = limit.load(Ordering::Relaxed);
        let size = usize::try_from(limit / CHUNKS_PER_SECOND).map_or(BUFFER, |size| size.max(1));
        let Some(room) = buffer.get_mut(..size.min(BUFFER)) else { return };
        let Ok(count @ 1..) = browser.read(room).await else { return };
        let has_server_closed = server.write_all(&room[..count]).await.is_err();
        if limit != NO_LIMIT && !has_server_closed {
            sleep(Duration::from_secs(1) / CHUNKS_PER_SECOND).await;
        }
    }
}
