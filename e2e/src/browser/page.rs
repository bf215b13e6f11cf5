//! The open page: its address and elements.

use thirtyfour::error::{WebDriverErrorInner, WebDriverResult};
use thirtyfour::{By, WebElement};

use super::engine::Engine;
use super::session::Browser;
use super::webkit;
use crate::wait::wait_for;

impl Browser {
    /// Opens an address and waits until the page is loaded.
    #[track_caller]
    pub fn open(&self, url: &str) {
        match self.engine {
            Engine::Chromium | Engine::Firefox => self.block_on(self.session.goto(url)),
            Engine::WebKit => webkit::open(self, url),
        }
    }

    /// Goes back to the previous page, as the browser's Back button does.
    #[track_caller]
    pub fn go_back(&self) {
        self.block_on(self.session.back());
    }

    /// Returns the page's address.
    #[track_caller]
    pub fn url(&self) -> String {
        self.block_on(self.session.current_url()).into()
    }

    /// Returns the first element outside shadow roots that the selector matches. Waits until such an
    /// element exists. Works without scripts.
    #[track_caller]
    pub fn find(&self, css: &str) -> WebElement {
        wait_for(css, || match self.runtime.block_on(self.session.find(By::Css(css))) {
            Ok(found) => Some(found),
            Err(error) if matches!(*error, WebDriverErrorInner::NoSuchElement(_)) => None,
            Err(error) => panic!("{error}"),
        })
    }

    /// Returns the visible text of each element outside shadow roots that the selector matches. Works
    /// without scripts.
    #[track_caller]
    pub fn texts(&self, css: &str) -> Vec<String> {
        if self.engine == Engine::WebKit {
            return webkit::texts(self, css);
        }
        wait_for("a page that stays open", || match self.runtime.block_on(self.read_texts(css)) {
            Ok(texts) => Some(texts),
            // The browser has left the page.
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
