//! Follows links from document to document and into the repository. The web is not asked.

use super::document::Document;
use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
};

/// Where the repository's files can be read on the web; in the guide, a link to one of them has to
/// be of this kind.
const FILES: [&str; 2] = [
    concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/"),
    concat!(env!("CARGO_PKG_REPOSITORY"), "/tree/main/"),
];
/// What mdBook puts on each page for whoever wants to correct it.
const EDITED: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/edit/main/");

/// How many links were followed, and a sentence for each that leads nowhere.
pub(super) fn follow(documents: &[Document], root: &Path) -> (usize, Vec<String>) {
    let known: BTreeMap<&Path, &Document> =
        documents.iter().map(|document| (document.path.as_path(), document)).collect();
    let mut followed = 0;
    let mut mistakes = Vec::new();
    for document in documents {
        for link in &document.links {
            let Some((path, anchor)) = target(link, &document.path, root) else { continue };
            followed += 1;
            let why = wrong(&path, &anchor, &known).or_else(|| behind_symlink(&path, root));
            if let Some(why) = why {
                let from = document.path.strip_prefix(root).unwrap_or(&document.path);
                mistakes.push(format!("{}: {link}: {why}", from.display()));
            }
        }
    }
    mistakes.sort();
    mistakes.dedup();
    (followed, mistakes)
}

/// The file and the place in it that a link names; nothing where it leads to the web.
fn target(link: &str, from: &Path, root: &Path) -> Option<(PathBuf, String)> {
    let (address, anchor) = link.split_once('#').unwrap_or((link, ""));
    let inside = FILES.iter().chain([&EDITED]).find_map(|prefix| address.strip_prefix(prefix));
    let path = match inside {
        Some(path) => root.join(decoded(path)),
        None if has_scheme(address) => return None,
        None if address.is_empty() => from.to_owned(),
        None => {
            let path = decoded(address.split('?').next().unwrap_or_default());
            from.parent().unwrap_or(root).join(path)
        }
    };
    Some((plain(&path), decoded(anchor)))
}

fn wrong(path: &Path, anchor: &str, known: &BTreeMap<&Path, &Document>) -> Option<&'static str> {
    if !path.exists() {
        return Some("there is no such file");
    }
    if anchor.is_empty() {
        return None;
    }
    match known.get(path) {
        Some(document) if document.anchors.contains(anchor) => None,
        Some(_) => Some("the file has no such heading"),
        None => Some("nobody knows the headings of such a file"),
    }
}

/// GitHub shows a symbolic link as the path that is in it, and nothing behind it.
fn behind_symlink(path: &Path, root: &Path) -> Option<&'static str> {
    let inside = path.strip_prefix(root).ok()?;
    let mut parts = inside.ancestors().filter(|part| !part.as_os_str().is_empty());
    parts
        .any(|part| root.join(part).is_symlink())
        .then_some("there is a symbolic link on the way, which GitHub does not follow")
}

fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// Without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            other => plain.push(other),
        }
    }
    plain
}

/// With the characters that `%` and two digits stand for.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match (first, after) {
            (b'%', [high, low, after @ ..]) => str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok())
                .map(|byte| (byte, after)),
            _ => None,
        };
        let (byte, after) = escaped.unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{follow, target};
    use crate::{guide::document::Document, repo};
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    #[track_caller]
    fn check(link: &str, expected: Option<(&str, &str)>) {
        let found = target(link, Path::new("/r/docs/a.html"), Path::new("/r"));
        let expected = expected.map(|(path, anchor)| (PathBuf::from(path), anchor.to_owned()));
        assert_eq!(found, expected, "{link}");
    }

    #[test]
    fn a_link_names_a_file_of_ours_or_the_web() {
        check("b%20c.html?x#d", Some(("/r/docs/b c.html", "d")));
        check("../README.md", Some(("/r/README.md", "")));
        check("#here", Some(("/r/docs/a.html", "here")));
        let own = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/src/lib.rs");
        check(own, Some(("/r/src/lib.rs", "")));
        check("https://example.org/a.html#b", None);
        check("mailto:a@example.org", None);
    }

    #[test]
    fn a_link_that_leads_nowhere_is_named() {
        let document = |html: &str| Document::from_html(html, repo::root().join("README.md"));
        let (followed, mistakes) =
            follow(&[document("<i id=a></i><a href=#a><a href=Cargo.toml>")], repo::root());
        assert_eq!((followed, mistakes), (2, Vec::new()));
        let (_, mistakes) = follow(&[document("<a href=#b><a href=gone.md>")], repo::root());
        let expected = [
            "README.md: #b: the file has no such heading",
            "README.md: gone.md: there is no such file",
        ];
        assert_eq!(mistakes, expected);
    }

    #[test]
    fn a_link_through_a_symbolic_link_is_a_mistake() {
        let root = std::env::temp_dir().join(format!("links-{}", std::process::id()));
        fs::create_dir_all(root.join("real")).unwrap();
        fs::write(root.join("real/a.png"), "").unwrap();
        std::os::unix::fs::symlink("real", root.join("images")).unwrap();
        let html = "<img src=real/a.png><img src=images/a.png>";
        let (followed, mistakes) = follow(&[Document::from_html(html, root.join("a.md"))], &root);
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(followed, 2);
        let why = "there is a symbolic link on the way, which GitHub does not follow";
        assert_eq!(mistakes, [format!("a.md: images/a.png: {why}")]);
    }
}
