//! Checks links between documents and links to files in the repository, but not links to the web.

use super::document::Document;
use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
};

/// The web addresses of the repository's files. The guide uses them in its links to files.
const FILES: [&str; 2] = [
    concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/"),
    concat!(env!("CARGO_PKG_REPOSITORY"), "/tree/main/"),
];
/// The address of the links with which readers can edit a page. mdBook adds one to each page.
const EDIT: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/edit/main/");

/// Returns how many links were checked, and a sentence for each broken one.
pub(super) fn check(documents: &[Document], root: &Path) -> (usize, Vec<String>) {
    let known: BTreeMap<&Path, &Document> =
        documents.iter().map(|document| (document.path.as_path(), document)).collect();
    let mut checked = 0;
    let mut mistakes = Vec::new();
    for document in documents {
        for link in &document.links {
            let Some((path, anchor)) = target(link, &document.path, root) else { continue };
            checked += 1;
            let mistake = broken(&path, &anchor, &known).or_else(|| behind_symlink(&path, root));
            if let Some(mistake) = mistake {
                let from = document.path.strip_prefix(root).unwrap_or(&document.path);
                mistakes.push(format!("{}: {link}: {mistake}", from.display()));
            }
        }
    }
    mistakes.sort();
    mistakes.dedup();
    (checked, mistakes)
}

/// Returns the file and the anchor that a link points to, or `None` for links to the web and for email addresses.
fn target(link: &str, from: &Path, root: &Path) -> Option<(PathBuf, String)> {
    let (address, anchor) = link.split_once('#').unwrap_or((link, ""));
    let inside = FILES.iter().chain([&EDIT]).find_map(|prefix| address.strip_prefix(prefix));
    let path = match inside {
        Some(path) => root.join(decode(path)),
        None if has_scheme(address) => return None,
        None if address.is_empty() => from.to_owned(),
        None => {
            let path = decode(address.split('?').next().unwrap_or_default());
            from.parent().unwrap_or(root).join(path)
        }
    };
    Some((normalize(&path), decode(anchor)))
}

fn broken(path: &Path, anchor: &str, known: &BTreeMap<&Path, &Document>) -> Option<&'static str> {
    if !path.exists() {
        return Some("the file does not exist");
    }
    if anchor.is_empty() {
        return None;
    }
    match known.get(path) {
        Some(document) if document.anchors.contains(anchor) => None,
        Some(_) => Some("the file does not have this heading"),
        None => Some("links can only point to headings in HTML and Markdown files"),
    }
}

/// Returns a message if the path contains a symbolic link. GitHub does not follow symbolic links,
/// but shows them as files that contain a path.
fn behind_symlink(path: &Path, root: &Path) -> Option<&'static str> {
    let inside = path.strip_prefix(root).ok()?;
    let mut parts = inside.ancestors().filter(|part| !part.as_os_str().is_empty());
    parts
        .any(|part| root.join(part).is_symlink())
        .then_some("the path contains a symbolic link, which GitHub does not follow")
}

fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// Resolves `.` and `..`.
fn normalize(path: &Path) -> PathBuf {
    let mut normalized = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(normalized.pop()),
            other => normalized.push(other),
        }
    }
    normalized
}

/// Decodes percent-encoding.
fn decode(text: &str) -> String {
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
    use super::target;
    use crate::{guide::document::Document, repo};
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    #[track_caller]
    fn check_target(link: &str, expected: Option<(&str, &str)>) {
        let found = target(link, Path::new("/r/docs/a.html"), Path::new("/r"));
        let expected = expected.map(|(path, anchor)| (PathBuf::from(path), anchor.to_owned()));
        assert_eq!(found, expected, "{link}");
    }

    #[test]
    fn resolves_links_to_files_and_ignores_links_to_the_web() {
        check_target("b%20c.html?x#d", Some(("/r/docs/b c.html", "d")));
        check_target("../README.md", Some(("/r/README.md", "")));
        check_target("#here", Some(("/r/docs/a.html", "here")));
        let own = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/src/lib.rs");
        check_target(own, Some(("/r/src/lib.rs", "")));
        check_target("https://example.org/a.html#b", None);
        check_target("mailto:a@example.org", None);
    }

    #[test]
    fn reports_broken_links() {
        let document = |html: &str| Document::from_html(html, repo::root().join("README.md"));
        let (checked, mistakes) =
            super::check(&[document("<i id=a></i><a href=#a><a href=Cargo.toml>")], repo::root());
        assert_eq!((checked, mistakes), (2, Vec::new()));
        let (_, mistakes) = super::check(&[document("<a href=#b><a href=gone.md>")], repo::root());
        let expected = [
            "README.md: #b: the file does not have this heading",
            "README.md: gone.md: the file does not exist",
        ];
        assert_eq!(mistakes, expected);
    }

    #[test]
    fn reports_a_link_through_a_symbolic_link() {
        let root = std::env::temp_dir().join(format!("links-{}", std::process::id()));
        fs::create_dir_all(root.join("real")).unwrap();
        fs::write(root.join("real/a.png"), "").unwrap();
        std::os::unix::fs::symlink("real", root.join("images")).unwrap();
        let html = "<img src=real/a.png><img src=images/a.png>";
        let (checked, mistakes) =
            super::check(&[Document::from_html(html, root.join("a.md"))], &root);
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(checked, 2);
        let mistake = "the path contains a symbolic link, which GitHub does not follow";
        assert_eq!(mistakes, [format!("a.md: images/a.png: {mistake}")]);
    }
}
