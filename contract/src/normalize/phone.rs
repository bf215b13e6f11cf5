//! Phone numbers: converts characters from other keyboards to those on a Latin keyboard.

use crate::characters::{keyboard, map, trim};

pub(super) fn normalize(typed: &str) -> String {
    trim(&map(typed, plain), |c| matches!(c, ' ' | ',' | ';')).iter().collect()
}

fn plain(c: char) -> Option<char> {
    match c {
        // Japanese long-vowel marks, which people type as dashes.
        'ー' | 'ｰ' => Some('-'),
        c => keyboard(c),
    }
}
