// Removes outdated files of drafts, which src/draft/browser.js has stored. The loader and the Leptos
// component call it at each start.

const DAY = 86_400_000;

/**
 * Removes kept files that are older than a day, and files of drafts whose tab is closed: no open page has
 * locked them, and they are not in the session storage of this tab.
 */
export const expire = async () => {
  // Do not create the database if it does not exist.
  const databases = await indexedDB.databases?.();
  if (databases?.every(({ name }) => name !== "deal-form")) return;
  const started = Date.now();
  const { locks } = navigator;
  // Lock the drafts of this tab, so that no other tab removes their files while this page is open.
  const own = JSON.stringify(sessionStorage).match(/web-[0-9a-f]{32}/g);
  const pageHidden = new Promise((resolve) => addEventListener("pagehide", resolve, { once: true }));
  if (own) locks?.request(`deal-form files ${own}`, { mode: "shared" }, () => pageHidden);
  const live = JSON.stringify([own, await locks?.query()]);
  const request = indexedDB.open("deal-form", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("files");
  request.onsuccess = () => {
    const database = request.result;
    const transaction = database.transaction("files", "readwrite");
    transaction.oncomplete = transaction.onabort = () => database.close();
    transaction.objectStore("files").openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      const { saved } = cursor.value;
      // Browsers before 2022 have no locks, so only the age counts. A file that was stored after `started`
      // may belong to a page that was opened meanwhile.
      const closed = locks && saved < started && !live.includes(cursor.key[0]);
      if (closed || started - saved > DAY) cursor.delete();
      cursor.continue();
    };
  };
};
