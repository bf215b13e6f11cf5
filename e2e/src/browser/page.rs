//! The open page: where it is, and what is on it.

use thirtyfour::error::{WebDriverErrorInner, WebDriverResult};
use thirtyfour::{By, WebElement};

use super::engine::Engine;
use super::session::Browser;
use super::webkit;
use crate::wait::eventually;

impl Browser {
    /// Goes to an address and waits until it is loaded.
    #[track_caller]
    pub fn open(&self, url: &str) {
        match self.engine {
            Engine::Chromium | Engine::Firefox => self.wait(self.session.goto(url)),
            Engine::WebKit => webkit::open(self, url),
        }
    }

    /// Goes back to the page before, as the browser's button does.
    #[track_caller]
    pub fn go_back(&self) {
        self.wait(self.session.back());
    }

    /// The address of the page.
    #[track_caller]
    pub fn url(&self) -> String {
        self.wait(self.session.current_url()).into()
    }

    /// The first element that the selector finds outside of shadow roots, once there is one: a page
    /// comes in pieces. It needs no scripts.
    #[track_caller]
    pub fn find(&self, css: &str) -> WebElement {
        eventually(css, || match self.runtime.block_on(self.session.find(By::Css(css))) {
            Ok(found) => Some(found),
            Err(error) if matches!(*error, WebDriverErrorInner::NoSuchElement(_)) => None,
            Err(error) => panic!("{error}"),
        })
    }

    /// All elements that the selector finds outside of shadow roots, with the text that is seen.
    #[track_caller]
    pub fn texts(&self, css: &str) -> Vec<String> {
        if self.engine == Engine::WebKit {
            return webkit::texts(self, css);
        }
        eventually("page that stays", || match self.runtime.block_on(self.read_texts(css)) {
            Ok(texts) => Some(texts),
            // The page has gone elsewhere meanwhile.
            Err(error) if matches!(*error, WebDriverErrorInner::StaleElementReference(_)) => None,
            Err(error) => panic!("{error}"),
        })
    }

    async fn read_texts(&self, css: &str) -> WebDriverResult<Vec<String>> {
        let mut texts = Vec::new();
        for element in self.session.find_all(By::Css(css)).await? {
            texts.push(element.text().await?);
        }
        Ok(texts)
    }
}
