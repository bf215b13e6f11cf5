//! Whether two pictures look the same.

use std::fmt;
use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};

/// How much a point may differ, of 255: less than eyes notice.
const FAINT: u8 = 12;

/// Of how many points one may differ more: the edges of some letters, no line and no word.
const ONE_OF: usize = 5_000;

/// What is different about a picture.
#[derive(Debug)]
pub enum Difference {
    /// Its width and height.
    Size {
        /// What they were.
        was: (u32, u32),
        /// What they are.
        is: (u32, u32),
    },
    /// Its points.
    Look {
        /// How many can be seen to differ.
        seen: usize,
        /// Of how many.
        all: usize,
        /// Where, as PNG: what is not black.
        map: Vec<u8>,
    },
}

/// Compares PNGs.
///
/// # Errors
/// What can be seen to be different.
pub fn compare(kept: &[u8], taken: &[u8]) -> Result<(), Difference> {
    let (kept, taken) = (read(kept), read(taken));
    if kept.dimensions() != taken.dimensions() {
        return Err(Difference::Size { was: kept.dimensions(), is: taken.dimensions() });
    }
    // Structure of the brightness, and the two colours, each from 0 for the same.
    let compared = image_compare::rgb_hybrid_compare(&kept, &taken).unwrap();
    let map = compared.image.to_color_map();
    let points = map.to_rgb8();
    let seen = points.pixels().filter(|point| point.0.iter().any(|value| *value > FAINT)).count();
    let all = kept.pixels().len();
    if seen <= all / ONE_OF { Ok(()) } else { Err(Difference::Look { seen, all, map: png(&map) }) }
}

fn read(png: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(png, ImageFormat::Png).expect("a PNG").into_rgb8()
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size { was, is } => write!(f, "was {was:?} in size, is {is:?}"),
            Self::Look { seen, all, .. } => write!(f, "{seen} of {all} points differ"),
        }
    }
}
