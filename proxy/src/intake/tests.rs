//! Tables of bodies that the reader accepts and refuses, and random bodies that arrive in random
//! pieces.

use proptest::prelude::*;

use super::malformed::{Malformed, ReadError};
use super::multipart::Boundary;
use super::part_head::{PartHead, parse};
use super::whole::{Part, parts};

const HEADER_LIMIT: usize = 300;

fn read(pieces: &[&[u8]]) -> Result<Vec<Part>, ReadError> {
    let boundary = Boundary::from_parameters("; boundary=b").unwrap();
    parts(&boundary, HEADER_LIMIT, pieces.iter().copied())
}

fn text(name: &str, value: &str) -> Part {
    let head = PartHead { name: name.to_owned(), file_name: None, media_type: String::new() };
    (head, value.as_bytes().to_vec())
}

/// Parses the headers of a part.
fn parse_text(head: &str) -> Result<PartHead, Malformed> {
    parse(head.as_bytes())
}

#[track_caller]
fn check(body: &str, expected: Result<Vec<Part>, ReadError>) {
    assert_eq!(read(&[body.as_bytes()]), expected, "in one piece: {body:?}");
    let bytes: Vec<&[u8]> = body.as_bytes().chunks(1).collect();
    assert_eq!(read(&bytes), expected, "byte by byte: {body:?}");
}

const HEAD: &str = "Content-Disposition: form-data; name=\"a\"\r\n\r\n";

#[test]
fn reads_a_body_that_a_browser_sent() {
    check(
        &format!("--b\r\n{HEAD}one\r\n--b\r\n{HEAD}\r\n--b\r\n{HEAD}\r\n\r\n--b--\r\n"),
        Ok(vec![text("a", "one"), text("a", ""), text("a", "\r\n")]),
    );
    // A form without fields, and a body without a line break after the closing boundary.
    check("--b--\r\n", Ok(vec![]));
    check(&format!("--b\r\n{HEAD}one\r\n--b--"), Ok(vec![text("a", "one")]));
}

#[test]
fn reads_content_that_looks_like_a_boundary() {
    for content in ["--b", "x\r\n--a", "\r\n-", "\n--b\n", "\r--b", "\r\n--", "a--b--"] {
        check(&format!("--b\r\n{HEAD}{content}\r\n--b--\r\n"), Ok(vec![text("a", content)]));
    }
}

#[test]
fn refuses_an_incomplete_body() {
    let whole = format!("--b\r\n{HEAD}one\r\n--b--");
    for length in 0..whole.len() {
        check(whole.get(..length).unwrap(), Err(Malformed::Unfinished.into()));
    }
}

#[test]
fn refuses_text_outside_the_parts() {
    let part = format!("--b\r\n{HEAD}one\r\n");
    check(&format!("preamble\r\n{part}--b--\r\n"), Err(Malformed::Start.into()));
    check(&format!("\r\n{part}--b--\r\n"), Err(Malformed::Start.into()));
    check(&format!("{part}--b--\r\nepilogue"), Err(Malformed::Epilogue.into()));
    check(&format!("{part}--b--\r\n{part}--b--\r\n"), Err(Malformed::Epilogue.into()));
    check(&format!("{part}--b--x"), Err(Malformed::Epilogue.into()));
    check(&format!("{part}--b \r\n{HEAD}\r\n--b--"), Err(Malformed::Delimiter.into()));
    check(&format!("{part}--bb\r\n{HEAD}\r\n--b--"), Err(Malformed::Delimiter.into()));
    check(&format!("{part}--b\n{HEAD}\r\n--b--"), Err(Malformed::Delimiter.into()));
}

#[test]
fn accepts_only_empty_lines_after_the_closing_boundary() {
    let whole = format!("--b\r\n{HEAD}one\r\n--b--");
    for lines in ["\r\n\r\n", "\r\n\r\n\r\n\r\n"] {
        check(&format!("{whole}{lines}"), Ok(vec![text("a", "one")]));
    }
    for rest in ["\r\n\r", "\n", "\r\n\n", "\r\n \r\n", "\r\n\r\nx", "\r\n\r\n--b--", " "] {
        check(&format!("{whole}{rest}"), Err(Malformed::Epilogue.into()));
    }
}

#[test]
fn refuses_part_headers_beyond_the_limit() {
    let endless = format!("--b\r\nX: {}", "x".repeat(HEADER_LIMIT + 1));
    check(&endless, Err(ReadError::HeaderTooLong));
    check(&format!("{endless}\r\n{HEAD}\r\n--b--"), Err(ReadError::HeaderTooLong));
    let fitting = format!("X: {}\r\n{HEAD}", "x".repeat(HEADER_LIMIT - HEAD.len() - 1));
    assert_eq!(fitting.len(), HEADER_LIMIT + 4);
    check(&format!("--b\r\n{fitting}one\r\n--b--"), Ok(vec![text("a", "one")]));
}

#[test]
fn keeps_file_names_as_browsers_write_them() {
    // Chromium, Firefox and Safari escape only the quotation mark and line breaks.
    for name in
        ["Ä ö ü.pdf", "a%22b%22.pdf", "a\\b.pdf", "a; name=\"", "50%.pdf", "x;y=z.pdf", "a\\"]
    {
        let name = name.trim_end_matches('"');
        let head = parse_text(&format!(
            "Content-Disposition: form-data; name=\"attachments[]\"; filename=\"{name}\"\r\n\
             Content-Type: application/pdf"
        ));
        let expected = PartHead {
            name: "attachments[]".to_owned(),
            file_name: Some(name.to_owned()),
            media_type: "application/pdf".to_owned(),
        };
        assert_eq!(head, Ok(expected));
    }
}

#[test]
fn refuses_headers_that_no_browser_sends() {
    use Malformed as M;
    let disposition = "Content-Disposition: form-data; name=\"a\"";
    for (head, error) in [
        ("", M::Header),
        ("Content-Type: text/plain", M::Disposition),
        (&format!("{disposition}\r\n{disposition}"), M::HeaderTwice),
        (&format!("{disposition}\r\ncontent-disposition: form-data; name=\"b\""), M::HeaderTwice),
        (
            &format!("{disposition}\r\nContent-Type: text/plain\r\nContent-Type: a/b"),
            M::HeaderTwice,
        ),
        (&format!("{disposition};\r\n filename=\"a\""), M::Header),
        (&format!("{disposition}\r\nContent-Type : text/plain"), M::Header),
        (&format!("{disposition}\r\nContent-Type: text/\u{6}plain"), M::Header),
        (&format!("{disposition}\r\nno colon"), M::Header),
        (&format!("{disposition}\r\nX: a\rb"), M::Header),
        (&format!("{disposition}\r\nX: a\nb"), M::Header),
        (&format!("{disposition}\r\nX: a\0b"), M::Header),
        (&format!("{disposition}\r\nContent-Transfer-Encoding: base64"), M::Encoded),
        (&format!("{disposition}\r\nContent-Type: application/json"), M::TextType),
        (&format!("{disposition}\r\nContent-Type: text/plain; charset=utf-16"), M::TextType),
        ("Content-Disposition: attachment; name=\"a\"", M::Disposition),
        ("Content-Disposition: form-data", M::Disposition),
        ("Content-Disposition: form-data; name=a", M::Disposition),
        ("Content-Disposition: form-data; name=\"\"", M::Disposition),
        ("Content-Disposition: form-data; filename=\"name=\"", M::Disposition),
        ("Content-Disposition: form-data; name=\"a\"; name=\"b\"", M::Disposition),
        ("Content-Disposition: form-data; name=\"a\"; NAME=\"b\"", M::Disposition),
        (
            "Content-Disposition: form-data; name=\"a\"; filename=\"x\"; filename=\"y\"",
            M::Disposition,
        ),
        ("Content-Disposition: form-data; name=\"a\\\"b\"", M::Disposition),
        ("Content-Disposition: form-data; name=\"a\"; size=\"3\"", M::Disposition),
        ("Content-Disposition: form-data; name=\"a", M::Disposition),
        ("Content-Disposition: form-data; name=\"a\"x", M::Disposition),
        ("Content-Disposition: form-data; name=\"a\";", M::Disposition),
        ("Content-Disposition: form-data; name=\"a\"; filename*=utf-8''x.pdf", M::Extended),
        ("Content-Disposition: form-data; name*=utf-8''a", M::Extended),
    ] {
        assert_eq!(parse_text(head), Err(error), "{head:?}");
    }
    assert_eq!(parse(b"Content-Disposition: form-data; name=\"\xff\""), Err(M::Utf8));
}

#[test]
fn ignores_harmless_headers() {
    let head = "content-disposition:form-data ;name=\"a\"\r\nContent-Length: 3\r\n\
                Content-Transfer-Encoding: binary\r\nContent-Type: text/plain; charset=UTF-8";
    let expected = PartHead {
        name: "a".to_owned(),
        file_name: None,
        media_type: "text/plain; charset=UTF-8".to_owned(),
    };
    assert_eq!(parse_text(head), Ok(expected));
}

#[test]
fn accepts_only_unambiguous_boundaries() {
    let longest = format!("; boundary={}", "x".repeat(70));
    for parameters in [
        "; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
        ";boundary=\"a b\"",
        "; boundary=a; charset=UTF-8",
        "; boundary=a;charset=\"utf-8\" ; x=y",
        "; charset=utf-8; boundary=a",
        "; charset=utf-8;Boundary=\"a\"",
        "; x=\"; y=z\"; boundary=a",
        "; boundary=a;",
        ";; boundary=a ; ;",
        "; Boundary=----geckoformboundary1234",
        &longest,
    ] {
        assert!(Boundary::from_parameters(parameters).is_ok(), "{parameters}");
    }
    let too_long = format!("{longest}x");
    for parameters in [
        "",
        ";",
        "; boundary=",
        "; boundary=\"\"",
        "; boundary=\"a \"",
        "; boundary=a b",
        "; boundary=a; boundary=b",
        "; boundary=a; BOUNDARY=a",
        "; charset=utf-8; boundary=a; boundary=b",
        "; x=\"; boundary=a\"; boundary=b",
        "; boundary=b; x=boundary",
        "; boundary*=utf-8''a",
        "; boundary*0=a; boundary*1=b",
        "; boundary=a; x*=utf-8''y",
        "; boundary=a; x=\"y\\\"; boundary=b\"",
        "; boundary=a; x=\"y",
        "; boundary=a; x",
        "; boundary=a x=y",
        "; boundary=\"a\" x=y",
        "; boundary=a, multipart/form-data; charset=utf-8",
        "; charset=utf-8",
        "; boundary=ä",
        "; boundary=\"a",
        &too_long,
    ] {
        assert_eq!(Boundary::from_parameters(parameters), Err(Malformed::Boundary), "{parameters}");
    }
}

proptest! {
    /// The content consists of boundary fragments, so that many bodies contain text that is almost a
    /// boundary.
    #[test]
    fn reads_a_body_the_same_regardless_of_its_chunks(
        contents in prop::collection::vec("(\r|\n|-|--b|\r\n--|b|x|\0){0,12}", 0..4),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        // Content that contains the boundary would make a different body.
        prop_assume!(contents.iter().all(|content| !format!("{content}\r\n").contains("\r\n--b")));
        let mut body = String::new();
        for content in &contents {
            body.extend(["--b\r\n", HEAD, content, "\r\n"]);
        }
        body.push_str("--b--\r\n");
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len())).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in cuts {
            pieces.push(&body.as_bytes()[from..cut]);
            from = cut;
        }
        pieces.push(&body.as_bytes()[from..]);
        let expected: Vec<Part> = contents.iter().map(|content| text("a", content)).collect();
        prop_assert_eq!(read(&pieces), Ok(expected));
    }

    #[test]
    fn finds_the_same_boundary_as_another_parser(
        parameters in "(; ?boundary=|; ?charset=|; ?x=|;|\"|a|b|utf-8|boundary|=|\\\\|\\*|,| ){0,12}",
    ) {
        let ours = Boundary::from_parameters(&parameters);
        let theirs = multer::parse_boundary(format!("multipart/form-data{parameters}"));
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert_eq!(ours, Boundary::from_parameters(&format!("; boundary=\"{theirs}\"")).unwrap());
        }
    }

    #[test]
    fn reads_arbitrary_text_without_a_panic_regardless_of_its_chunks(
        body in "(\r\n|--b|--|: |;|=|\"|form-data|name|Content-Disposition|[ -~]|\\PC){0,40}",
    ) {
        let whole = read(&[body.as_bytes()]);
        let bytes: Vec<&[u8]> = body.as_bytes().chunks(1).collect();
        prop_assert_eq!(read(&bytes), whole);
    }
}
