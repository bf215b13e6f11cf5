//! The line of a browser that has no slow one itself: everything goes by way of a SOCKS proxy of ours
//! (RFC 1928), which lets through as much as it is told.

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

/// What is on its way is otherwise megabytes within one machine: a page would take them for sent.
const BUFFER: usize = 32 * 1024;
/// The largest packet of an Ethernet; by it a sender decides how much it keeps ready.
const PACKET: u32 = 1460;

/// How often something goes over a slow line.
const BEATS_PER_SECOND: u32 = 20;
const NO_LIMIT: u32 = u32::MAX;

// The protocol's numbers.
const SOCKS_5_WITHOUT_PASSWORD: [u8; 2] = [5, 0];
const IPV4: u8 = 1;
const NAME: u8 = 3;
const GRANTED: u8 = 0;
const REFUSED: u8 = 5;

/// A line.
#[derive(Debug)]
pub(super) struct Line {
    /// Where it begins: a SOCKS proxy of version 5.
    pub(super) address: SocketAddr,
    /// Bytes a second from the browser.
    upload: Arc<AtomicU32>,
    /// Whether it is cut.
    cut: watch::Sender<bool>,
    /// Dropped, it ends the line.
    _stop: oneshot::Sender<()>,
}

impl Line {
    /// A line as fast as this machine is.
    pub(super) fn start() -> Self {
        let runtime = http::runtime();
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(listener().unwrap()).unwrap()
        };
        let address = listener.local_addr().unwrap();
        let upload = Arc::new(AtomicU32::new(NO_LIMIT));
        let (cut, is_cut) = watch::channel(false);
        let (stop, stopped) = oneshot::channel();
        let limit = Arc::clone(&upload);
        thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, limit, is_cut) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, upload, cut, _stop: stop }
    }

    /// Lets only so many bytes a second leave the browser from now on; `None` ends it.
    pub(super) fn slow_down_uploads(&self, bytes_per_second: Option<u32>) {
        self.upload.store(bytes_per_second.unwrap_or(NO_LIMIT), Ordering::Relaxed);
    }

    /// Breaks all connections and lets none through from now on; `false` ends it.
    pub(super) fn cut(&self, cut: bool) {
        self.cut.send_replace(cut);
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
                // One that breaks is the browser's matter, or the server's.
                _ = relay(browser, limit) => {}
                _ = is_cut.wait_for(|cut| *cut) => {}
            }
        });
    }
}

async fn relay(mut browser: TcpStream, limit: Arc<AtomicU32>) -> io::Result<()> {
    let wanted = greet(&mut browser).await?;
    let Ok(server) = TcpStream::connect(wanted).await else {
        return browser.write_all(&reply(REFUSED)).await;
    };
    browser.write_all(&reply(GRANTED)).await?;
    let (from_browser, mut to_browser) = browser.into_split();
    let (mut from_server, to_server) = server.into_split();
    let mut upload = pin!(upload(from_browser, to_server, &limit));
    tokio::select! {
        // Whoever has gone needs no answer.
        () = &mut upload => return Ok(()),
        // Where the server breaks off, so does this.
        answered = copy(&mut from_server, &mut to_browser) => { answered?; }
    }
    to_browser.shutdown().await?;
    upload.await;
    Ok(())
}

/// Reads where the browser wants to go.
async fn greet(browser: &mut TcpStream) -> io::Result<SocketAddr> {
    let [_version, methods] = take(browser).await?;
    browser.read_exact(&mut vec![0; methods.into()]).await?;
    browser.write_all(&SOCKS_5_WITHOUT_PASSWORD).await?;
    let [_version, _connect, _reserved, kind] = take(browser).await?;
    let host = match kind {
        IPV4 => Ipv4Addr::from(take::<4>(browser).await?),
        // Journeys go to this machine alone; what browsers want of others is no matter here.
        NAME => {
            let [length] = take(browser).await?;
            let mut name = vec![0; length.into()];
            browser.read_exact(&mut name).await?;
            let name = String::from_utf8(name).map_err(io::Error::other)?;
            name.parse().map_err(io::Error::other)?
        }
        _ => return Err(io::ErrorKind::Unsupported.into()),
    };
    Ok(SocketAddr::from((host, u16::from_be_bytes(take(browser).await?))))
}

fn reply(code: u8) -> [u8; 10] {
    [5, code, 0, 1, 0, 0, 0, 0, 0, 0]
}

async fn take<const N: usize>(from: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes).await?;
    Ok(bytes)
}

/// Hands on what the browser sends until it has gone. When the server has, the rest is thrown away:
/// a connection that is closed with something unread takes the answer with it.
async fn upload(
    mut browser: impl AsyncRead + Unpin,
    mut server: impl AsyncWrite + Unpin,
    limit: &AtomicU32,
) {
    let mut buffer = vec![0; BUFFER];
    loop {
        let limit = limit.load(Ordering::Relaxed);
        let size = usize::try_from(limit / BEATS_PER_SECOND).map_or(BUFFER, |size| size.max(1));
        let Some(room) = buffer.get_mut(..size.min(BUFFER)) else { return };
        let Ok(read @ 1..) = browser.read(room).await else { return };
        let gone = server.write_all(&room[..read]).await.is_err();
        if limit != NO_LIMIT && !gone {
            sleep(Duration::from_secs(1) / BEATS_PER_SECOND).await;
        }
    }
}
