//! Reads a whole body into memory.

use bytes::Bytes;

use super::malformed::ReadError;
use super::multipart::{Boundary, Event, Reader};
use super::part_head::PartHead;

/// The headers and the content of a part.
pub(crate) type Part = (PartHead, Vec<u8>);

/// Reads a body that arrives in these pieces.
///
/// # Panics
/// If the events are not in the right order: a part begins, has content, and ends.
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
                    assert!(!open, "a part begins inside another part");
                    parts.push((head, Vec::new()));
                    open = true;
                }
                Event::Content(bytes) => {
                    assert!(open && !bytes.is_empty(), "empty content, or content outside a part");
                    if let Some((_, content)) = parts.last_mut() {
                        content.extend_from_slice(&bytes);
                    }
                }
                Event::PartEnd => {
                    assert!(open, "the end of a part without its beginning");
                    open = false;
                }
            }
        }
    }
    reader.finish()?;
    assert!(!open, "a part without its end");
    Ok(parts)
}
