//! Checks whether two screenshots look the same.

use std::fmt;
use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};

/// The largest value in a map of differences, from 0 to 255, that is treated as invisible.
const FAINT: u8 = 12;

/// At most one in this many pixels may differ visibly. This tolerates the edges of a few letters, but
/// not a line or word.
const TOLERATED_ONE_OF: usize = 5_000;

/// How two screenshots differ.
#[derive(Debug)]
pub enum Difference {
    /// The width or height differs.
    Size {
        /// The size of the stored screenshot.
        was: (u32, u32),
        /// The size of the new screenshot.
        is: (u32, u32),
    },
    /// The pixels differ.
    Pixels {
        /// The number of pixels that visibly differ.
        visible: usize,
        /// The total number of pixels.
        all: usize,
        /// A PNG that is black where the screenshots are the same.
        map: Vec<u8>,
    },
}

/// Compares two PNGs.
///
/// # Errors
/// Returns the difference if the sizes differ, or if too many pixels differ visibly.
pub fn compare(stored: &[u8], new: &[u8]) -> Result<(), Difference> {
    let (stored, new) = (read(stored), read(new));
    if stored.dimensions() != new.dimensions() {
        return Err(Difference::Size { was: stored.dimensions(), is: new.dimensions() });
    }
    // Compares the structure of the brightness channel, and the values of two color channels. In
    // the map, 0 means equal.
    let compared = image_compare::rgb_hybrid_compare(&stored, &new).unwrap();
    let map = compared.image.to_color_map();
    let pixels = map.to_rgb8();
    let is_visible = |pixel: &&image::Rgb<u8>| pixel.0.iter().any(|value| *value > FAINT);
    let visible = pixels.pixels().filter(is_visible).count();
    let all = stored.pixels().len();
    if visible <= all / TOLERATED_ONE_OF {
        Ok(())
    } else {
        Err(Difference::Pixels { visible, all, map: png(&map) })
    }
}

fn read(png: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(png, ImageFormat::Png).expect("a PNG").into_rgb8()
}

fn png(image: &DynamicImage) -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    image.write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size { was, is } => write!(f, "the size was {was:?} and is {is:?}"),
            Self::Pixels { visible, all, .. } => write!(f, "{visible} of {all} pixels differ"),
        }
    }
}
