// Removes outdated files of drafts that src/draft/browser.js has stored. The loader calls it at each
// start, and so does an application with the Leptos component.

const DAY = 86_400_000;

/**
 * Removes kept files that are older than a day, and those of drafts whose tab is closed: drafts that no
 * open page has locked and that this tab does not know.
 */
export const expire = async () => {
  // Do not create the database only to look into it.
  const databases = await indexedDB.databases?.();
  if (databases?.every(({ name }) => name !== "deal-form")) return;
  const begun = Date.now();
  const { locks } = navigator;
  // The drafts of this tab: as long as this page is open, no other tab removes their files.
  const own = JSON.stringify(sessionStorage).match(/web-[0-9a-f]{32}/g);
  const left = new Promise((leave) => addEventListener("pagehide", leave, { once: true }));
  if (own) locks?.request(`deal-form files ${own}`, { mode: "shared" }, () => left);
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
      // Browsers before 2022 do not know which pages are open, so only the age counts. A file that was
      // stored after `begun` may belong to a page that was opened meanwhile.
      const closed = locks && saved < begun && !live.includes(cursor.key[0]);
      if (closed || begun - saved > DAY) cursor.delete();
      cursor.continue();
    };
  };
};
