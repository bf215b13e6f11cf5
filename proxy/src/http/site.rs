//! Serves all addresses without another route: the built widget and other files in the site folder.

use std::io;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeDir;
use tracing::error;

use super::response::refuse;
use super::response_format::ResponseFormat;
use crate::http::refusal::Refusal;

/// Serves the site folder, including compressed files (`.br`, `.gz`) beside the originals.
pub(crate) fn site_folder(path: &std::path::Path) -> ServeDir {
    ServeDir::new(path).precompressed_br().precompressed_gzip()
}

/// Handles `GET` for any address without another route. `/` is the folder's `index.html`.
pub(super) async fn serve_file(State(mut site): State<ServeDir>, request: Request) -> Response {
    let format = ResponseFormat::of(request.headers());
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return refuse(format, &Refusal::MethodNotAllowed);
    }
    // `ServeDir` redirects `//name` to `//name/`, which browsers read as another host.
    if request.uri().path().contains("//") {
        return refuse(format, &Refusal::NotFound);
    }
    let caching = if is_hashed(request.uri().path()) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = match site.try_call(request).await {
        Ok(response) => response.map(Body::new),
        Err(error) if is_missing(&error) => return refuse(format, &Refusal::NotFound),
        Err(error) => {
            error!(%error, "cannot read a file of the site folder");
            return refuse(format, &Refusal::Unavailable);
        }
    };
    let status = response.status();
    let caching = match status {
        // This response also depends on the requested range.
        StatusCode::RANGE_NOT_SATISFIABLE => "no-store",
        _ if status.is_client_error() => return refuse(format, &Refusal::NotFound),
        _ => caching,
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    response.into_response()
}

/// Returns whether the file does not exist, the proxy is not allowed to read it, or it cannot exist
/// because its name is too long or contains a NUL. None of these is an error in the proxy.
fn is_missing(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound, PermissionDenied};
    matches!(
        error.kind(),
        NotFound | NotADirectory | PermissionDenied | InvalidFilename | InvalidInput
    )
}

/// Returns whether the file's name contains a hash of its content, as bundlers write it: a hyphen or an
/// underscore and at least eight hexadecimal digits, including one from 0 to 9, as in
/// `deal-form-0123456789abcdef_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    stem.split(['-', '_']).skip(1).any(|word| {
        word.len() >= 8
            && word.bytes().all(|b| b.is_ascii_hexdigit())
            && word.bytes().any(|b| b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caches_files_forever_only_if_their_names_contain_a_hash() {
        for hashed in ["/a-0123456789abcdef.js", "/x/deal-form-0f1e2d3c4b5a6978_bg.wasm"] {
            assert!(is_hashed(hashed), "{hashed}");
        }
        for plain in ["/", "/deal-form.js", "/index.html", "/form-defaced.css", "/0123456789abcdef"]
        {
            assert!(!is_hashed(plain), "{plain}");
        }
    }
}
