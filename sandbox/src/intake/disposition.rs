//! The header `Content-Disposition` of a form part, parsed as PHP's `rfc1867.c` parses it.

/// The field name of a part, and its file name if it is a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Disposition {
    pub(super) name: Option<String>,
    /// The name without folders. Escapes such as `%22` are not decoded.
    pub(super) file_name: Option<String>,
}

impl Disposition {
    pub(super) fn parse(header: &[u8]) -> Self {
        let header = String::from_utf8_lossy(header);
        let mut disposition = Self::default();
        for pair in split_at_semicolons(&header) {
            let Some((key, value)) = pair.split_once('=') else { continue };
            match key.trim().to_ascii_lowercase().as_str() {
                "name" => disposition.name = Some(unquote(value)),
                "filename" => disposition.file_name = Some(base_name(&unquote(value))),
                _ => {}
            }
        }
        disposition
    }
}

/// Splits at every `;` that is not quoted.
fn split_at_semicolons(header: &str) -> Vec<String> {
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

/// Removes the quotes around a value and the backslashes that escape a quote or a backslash.
fn unquote(value: &str) -> String {
    let value = value.trim_start();
    let mut characters = value.chars().peekable();
    let Some(quote) = characters.next_if(|&first| matches!(first, '"' | '\'')) else {
        return value.split_whitespace().next().unwrap_or_default().to_owned();
    };
    let mut unquoted = String::new();
    while let Some(character) = characters.next() {
        let escaped = (character == '\\')
            .then(|| characters.next_if(|&next| next == '\\' || next == quote))
            .flatten();
        match escaped {
            Some(escaped) => unquoted.push(escaped),
            None if character == quote => break,
            None => unquoted.push(character),
        }
    }
    unquoted
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
    fn parses_names_as_php_does() {
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
