//! Reads a body whole into memory.

use bytes::Bytes;

use super::malformed::ReadError;
use super::multipart::{Boundary, Event, Reader};
use super::part_head::PartHead;

/// A part as it was read: its header and its content.
pub(crate) type Part = (PartHead, Vec<u8>);

/// Reads a body that comes in those pieces.
///
/// # Panics
/// If the reader breaks its own order: a part begins, has content, and ends.
pub(crate) fn parts<'p>(
    boundary: &Boundary,
    header_limit: usize,
    pieces: impl IntoIterator<Item = &'p [u8]>,
) -> Result<Vec<Part>, ReadError> {
    let mut reader = Reader::new(boundary, header_limit);
    let mut parts: Vec<Part> = Vec::new();
    let mut open = false;
    for piece in pieces {
        reader.feed(Bytes::copy_from_slice(piece));
        while let Some(event) = reader.next()? {
            match event {
                Event::Part(head) => {
                    assert!(!open, "a part begins within a part");
                    parts.push((head, Vec::new()));
                    open = true;
                }
                Event::Content(bytes) => {
                    assert!(open && !bytes.is_empty(), "content without a part, or none");
                    if let Some((_, content)) = parts.last_mut() {
                        content.extend_from_slice(&bytes);
                    }
                }
                Event::PartEnd => {
                    assert!(open, "a part ends that never began");
                    open = false;
                }
            }
        }
    }
    reader.finish()?;
    assert!(!open, "a part never ended");
    Ok(parts)
}
