//! What is entered, and kept.

use serde_json::{Value, json};

use super::{FormPage, texts};
use crate::wait::eventually;

impl FormPage<'_> {
    /// All that is entered: each answer by its label, and the files with their sizes.
    #[track_caller]
    pub fn answers(self) -> Value {
        let script = "const answers = {};
            for (const label of root.querySelectorAll('label')) {
                const { type, checked, value } = label.control;
                if (type !== 'file') answers[words(label)] = type === 'checkbox' ? checked : value;
            }
            answers.files = [...root.querySelectorAll('.df-about')].map((file) => file.innerText.trim());
            return answers;";
        self.script(script, &[])
    }

    /// The files listed, each with its size.
    #[track_caller]
    pub fn files(self) -> Vec<(String, String)> {
        let names = texts(&self.script(
            "return [...root.querySelectorAll('.df-file .df-name')].map((name) => name.innerText);",
            &[],
        ));
        let sizes = texts(&self.script(
            "return [...root.querySelectorAll('.df-file .df-size')].map((size) => size.innerText);",
            &[],
        ));
        names.into_iter().zip(sizes).collect()
    }

    /// Waits until the browser has so many files that survive a reload.
    #[track_caller]
    pub fn keeps_files(self, count: usize) {
        eventually("copy of the files", || (self.kept_files() == count).then_some(()));
    }

    /// How many files the browser keeps across a reload.
    #[track_caller]
    pub fn kept_files(self) -> usize {
        // Asked for before the form has made it, it is not made here.
        let kept = "return new Promise((done, fail) => {
            const opened = indexedDB.open('deal-form');
            let isNew = false;
            opened.onupgradeneeded = () => { isNew = true; opened.transaction.abort(); };
            opened.onerror = () => isNew ? done(0) : fail(opened.error);
            opened.onsuccess = () => {
                const counted = opened.result.transaction('files').objectStore('files').count();
                counted.onerror = fail;
                counted.onsuccess = () => { opened.result.close(); done(counted.result); };
            };
        });";
        self.script(kept, &[]).as_u64().and_then(|count| count.try_into().ok()).unwrap()
    }

    /// Takes a file off the list by its button.
    #[track_caller]
    pub fn remove_file(self, name: &str) {
        let label = format!("Remove {name}");
        let find = "return [...root.querySelectorAll('.df-file button')]
            .find((button) => button.getAttribute('aria-label') === arguments[1]);";
        self.click(&self.element(find, &[json!(label)]));
    }
}
