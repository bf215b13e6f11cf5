//! The answers and files in a form, and the files that the browser stores.

use serde_json::{Value, json};

use super::{FormPage, texts};
use crate::wait::wait_until;

impl FormPage<'_> {
    /// Returns all answers by label, and the files with their sizes.
    #[track_caller]
    pub fn answers(self) -> Value {
        let script = "const answers = {};
            for (const label of root.querySelectorAll('label')) {
                const { type, checked, value } = label.control;
                if (type !== 'file') answers[words(label)] = type === 'checkbox' ? checked : value;
            }
            answers.files = [...root.querySelectorAll('.df-about')].map((about) =>
                [...about.children].filter(seen).map(shown).filter(Boolean).join('\\n'));
            return answers;";
        self.script(script, &[])
    }

    /// Returns the name and size of each listed file.
    #[track_caller]
    pub fn files(self) -> Vec<(String, String)> {
        let names = texts(&self.script(
            "return [...root.querySelectorAll('.df-file .df-name')].map((name) => name.innerText);",
            &[],
        ));
        let sizes = texts(
            &self.script("return [...root.querySelectorAll('.df-file .df-size')].map(shown);", &[]),
        );
        names.into_iter().zip(sizes).collect()
    }

    /// Waits until the browser has stored this number of files for a reload.
    #[track_caller]
    pub fn wait_for_stored_files(self, count: usize) {
        wait_until("the stored files", || self.stored_files() == count);
    }

    /// Returns the number of files that the browser has stored for a reload.
    #[track_caller]
    pub fn stored_files(self) -> usize {
        // If the form has not created the database yet, do not create it here.
        let count = "return new Promise((done, fail) => {
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
        self.script(count, &[]).as_u64().and_then(|count| count.try_into().ok()).unwrap()
    }

    /// Waits until the stored drafts of this tab contain `text`.
    #[track_caller]
    pub fn wait_for_draft(self, text: &str) {
        let is_stored = "return Object.values(sessionStorage).join().includes(arguments[1]);";
        wait_until("the draft", || self.script(is_stored, &[json!(text)]) == true);
    }

    /// Removes a file with its Remove button.
    #[track_caller]
    pub fn remove_file(self, name: &str) {
        let label = format!("Remove {name}");
        let find = "return [...root.querySelectorAll('.df-file button')]
            .find((button) => button.getAttribute('aria-label') === arguments[1]);";
        self.click(&self.element(find, &[json!(label)]));
    }
}
