//! Makes requests as a browser on the landing page does.

use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderName, ORIGIN};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url, redirect};

use super::error::DoctorError;

/// The timeout for a request.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The maximum number of bytes to read from a response.
const RESPONSE_LIMIT: usize = 8_000_000;

/// A client that sends the `Origin` of the landing page.
#[derive(Debug)]
pub(super) struct Browser {
    client: Client,
    /// The page's origin. `None` before the page is open.
    origin: Option<String>,
}

/// A response with its body.
#[derive(Debug)]
pub(super) struct FullResponse {
    pub(super) status: StatusCode,
    pub(super) url: Url,
    headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Browser {
    pub(super) fn new() -> Result<Self, DoctorError> {
        let client = crate::settings::tls::client()
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::limited(5))
            .build()
            .map_err(DoctorError::Client)?;
        Ok(Self { client, origin: None })
    }

    /// Sets the page that makes all later requests.
    pub(super) fn set_page(&mut self, page: &Url) {
        self.origin = Some(page.origin().ascii_serialization());
    }

    pub(super) fn origin(&self) -> &str {
        self.origin.as_deref().unwrap_or_default()
    }

    pub(super) fn request(&self, method: Method, url: &Url) -> RequestBuilder {
        let request = self.client.request(method, url.clone());
        match &self.origin {
            Some(origin) => request.header(ORIGIN, origin),
            None => request,
        }
    }

    pub(super) async fn get(
        &self,
        url: &Url,
        accept: &str,
    ) -> Result<FullResponse, reqwest::Error> {
        let request = self.request(Method::GET, url).header(ACCEPT, accept);
        read_response(request.send().await?).await
    }
}

pub(super) async fn read_response(mut response: Response) -> Result<FullResponse, reqwest::Error> {
    let (status, url) = (response.status(), response.url().clone());
    let headers = response.headers().clone();
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await? {
        body.extend_from_slice(&bytes);
        if body.len() > RESPONSE_LIMIT {
            break;
        }
    }
    Ok(FullResponse { status, url, headers, body })
}

impl FullResponse {
    /// Returns all values of the header, separated by commas.
    pub(super) fn header(&self, name: &str) -> String {
        let Ok(name) = HeaderName::try_from(name) else { return String::new() };
        let values = self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.collect::<Vec<_>>().join(", ")
    }

    /// Returns the media type without its parameters, in lower case.
    pub(super) fn media_type(&self) -> String {
        let header = self.header("content-type");
        header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Returns whether pages on the origin may read the response.
    pub(super) fn is_shared_with(&self, origin: &str) -> bool {
        let own = self.url.origin().ascii_serialization() == origin;
        let allowed = self.header("access-control-allow-origin");
        own || allowed == "*" || allowed == origin
    }
}

/// Formats a network error with its causes. Omits the address, because the report already names it.
pub(super) fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
