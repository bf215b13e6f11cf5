//! `Content-Disposition` of a part of a form, read as PHP's `rfc1867.c` reads it.

/// What a part is called, and the file name when it is a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Disposition {
    pub(super) name: Option<String>,
    /// The last part of the path that was sent; `%22` and the like stay as they are.
    pub(super) file_name: Option<String>,
}

impl Disposition {
    pub(super) fn parse(header: &[u8]) -> Self {
        let header = String::from_utf8_lossy(header);
        let mut disposition = Self::default();
        for pair in split_unquoted(&header) {
            let Some((key, value)) = pair.split_once('=') else { continue };
            match key.trim().to_ascii_lowercase().as_str() {
                "name" => disposition.name = Some(word(value)),
                "filename" => disposition.file_name = Some(base_name(&word(value))),
                _ => {}
            }
        }
        disposition
    }
}

/// Splits at each `;` outside of quotes.
fn split_unquoted(header: &str) -> Vec<String> {
    let mut pairs = vec![String::new()];
    let mut quote = None;
    let mut escaped = false;
    for character in header.chars() {
        match quote {
            None if character == ';' => {
                pairs.push(String::new());
                continue;
            }
            None if matches!(character, '"' | '\'') => quote = Some(character),
            Some(open) if character == open && !escaped => quote = None,
            _ => {}
        }
        escaped = quote.is_some() && character == '\\';
        if let Some(pair) = pairs.last_mut() {
            pair.push(character);
        }
    }
    pairs
}

/// The value of a pair, without its quotes and without the backslash before a quote or a backslash.
fn word(value: &str) -> String {
    let value = value.trim_start();
    let mut characters = value.chars().peekable();
    let Some(quote) = characters.next_if(|&first| matches!(first, '"' | '\'')) else {
        return value.split_whitespace().next().unwrap_or_default().to_owned();
    };
    let mut word = String::new();
    while let Some(character) = characters.next() {
        let escaped = (character == '\\')
            .then(|| characters.next_if(|&next| next == '\\' || next == quote))
            .flatten();
        match escaped {
            Some(escaped) => word.push(escaped),
            None if character == quote => break,
            None => word.push(character),
        }
    }
    word
}

fn base_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::Disposition;

    #[track_caller]
    fn check(header: &str, name: Option<&str>, file_name: Option<&str>) {
        let expected =
            Disposition { name: name.map(str::to_owned), file_name: file_name.map(str::to_owned) };
        assert_eq!(Disposition::parse(header.as_bytes()), expected, "{header}");
    }

    #[test]
    fn names_are_read_as_php_reads_them() {
        check(r#"form-data; name="stage""#, Some("stage"), None);
        check(
            r#"form-data; name="attachments[]"; filename="Größe %22A%22.PDF""#,
            Some("attachments[]"),
            Some("Größe %22A%22.PDF"),
        );
        check(r#"form-data; name="a"; filename="x; name=y.pdf""#, Some("a"), Some("x; name=y.pdf"));
        check(r#"form-data; name="a"; filename="a \"b\".pdf""#, Some("a"), Some(r#"a "b".pdf"#));
        check(r#"form-data; name="a"; filename="C:\dir\b.pdf""#, Some("a"), Some("b.pdf"));
        check(r#"form-data; name="a"; filename="../../etc/b.pdf""#, Some("a"), Some("b.pdf"));
        check(r#"form-data; name="a"; filename="""#, Some("a"), Some(""));
        check("form-data; name=bare; filename=b.pdf", Some("bare"), Some("b.pdf"));
        check("form-data; name*=UTF-8''encoded", None, None);
    }
}
