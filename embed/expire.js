// Removes outdated files from drafts. src/draft/browser.js has stored these files. The loader and the
// Leptos component call this script at each start.

const DAY = 86_400_000;

/**
 * Removes stored files that are older than a day, and files from drafts whose tab is closed: drafts that
 * no open page has locked and that are not in this tab's session storage.
 */
export const expire = async () => {
  // Do not create the database if it does not exist.
  const databases = await indexedDB.databases?.();
  if (databases?.every(({ name }) => name !== "deal-form")) return;
  const started = Date.now();
  const { locks } = navigator;
  // Lock this tab's drafts, so that no other tab removes their files while this page is open.
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
      // Browsers before 2022 have no locks, so only the age is used there. A file that was stored after
      // `started` may belong to a page that was opened in the meantime.
      const closed = locks && saved < started && !live.includes(cursor.key[0]);
      if (closed || started - saved > DAY) cursor.delete();
      cursor.continue();
    };
  };
};
