//! The names of functions.

/// Removes the hashes of crates (`deal_form[1f2e]`) and the numbers of functions with the same name
/// (`f[2]`).
pub(super) fn without_hashes(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        match after.split_once(']') {
            Some((hash, after)) if is_hash(hash) => rest = after,
            _ => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn is_hash(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_hexdigit())
}

/// Returns whether the function with this name is the item with this path, is in it, or is a method,
/// a closure or the destructor of it.
pub(super) fn belongs_to(name: &str, path: &str) -> bool {
    let mut own = name;
    let outer = ["<", "core::ptr::drop_in_place::", "core::ptr::drop_glue::"];
    while !starts_with(own, path) {
        match outer.iter().find_map(|outer| own.strip_prefix(outer)) {
            Some(inner) => own = inner,
            None => return false,
        }
    }
    true
}

fn starts_with(name: &str, path: &str) -> bool {
    name.strip_prefix(path).is_some_and(|rest| {
        rest.is_empty() || rest.starts_with([':', '>', ' ', '<']) || path.ends_with(':')
    })
}

#[cfg(test)]
mod tests {
    use super::{belongs_to, without_hashes};

    #[test]
    fn removes_hashes_but_not_types() {
        let name = "<form[1f2e]::Tags as core[a0]::Debug>::fmt::<[u8], [u8; 2]>[3]";
        assert_eq!(without_hashes(name), "<form::Tags as core::Debug>::fmt::<[u8], [u8; 2]>");
    }

    #[test]
    fn finds_methods_closures_and_destructors_of_an_item() {
        let path = "form::tags";
        for name in [
            "form::tags",
            "form::tags::add",
            "form::tags::add::{closure#0}",
            "form::tags::add::<u8>",
            "<form::tags::Tags>::new",
            "<form::tags::Tags as core::fmt::Debug>::fmt",
            "core::ptr::drop_in_place::<form::tags::Tags>",
            "<<form::tags::Tags>::new::{closure#0} as core::ops::FnOnce<()>>::call_once",
        ] {
            assert!(belongs_to(name, path), "{name}");
        }
        for name in [
            "form::tags_of",
            "other::form::tags",
            "<alloc::vec::Vec<form::tags::Tags>>::push",
            "core::ptr::drop_in_place::<alloc::vec::Vec<form::tags::Tags>>",
        ] {
            assert!(!belongs_to(name, path), "{name}");
        }
        assert!(belongs_to("<form::Listener>::drag::{closure#0}", "<form::Listener>::drag"));
    }
}
