// What browsers keep and watch of drafts. Files are in the browser's own database. They are handed
// over as they are: the browser copies them to its storage, and no byte passes through scripts.

const open = () =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open("deal-form", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("files");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Lets `work` use the files, and waits until what it did is kept. */
const use = async (work) => {
  const database = await open();
  try {
    await new Promise((resolve, reject) => {
      const transaction = database.transaction("files", "readwrite");
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore("files"));
    });
  } finally {
    database.close();
  }
};

/** Calls `visit` with each kept file. */
const each = (files, visit) => {
  files.openCursor().onsuccess = ({ target: { result: cursor } }) => {
    if (!cursor) return;
    visit(cursor);
    cursor.continue();
  };
};

/** The key, [draft, number], of each file that is kept; the numbers keep their order. */
let keys = new WeakMap();
let last = 0;

/** The files of each draft as they were kept last. */
const lists = new Map();

/** What ends the hold on the files of each draft. As long as a page holds them, none that starts
 * elsewhere removes them (embed/expire.js). */
const holds = new Map();

const hold = (draft) => {
  if (holds.has(draft)) return;
  const ended = new Promise((end) => holds.set(draft, end));
  navigator.locks?.request(`deal-form files ${draft}`, { mode: "shared" }, () => ended);
};

const letGo = (draft) => {
  holds.get(draft)?.();
  holds.delete(draft);
};

// Browsers do not keep a page that holds a lock for the button back.
addEventListener("pagehide", () => [...holds.keys()].forEach(letGo));
// The files may have been removed meanwhile, so keep them again.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  lists.clear();
  keys = new WeakMap();
});

/** Keeps a file of a draft. Private windows and full disks keep nothing. */
const add = (draft, file) => {
  const key = [draft, ++last];
  keys.set(file, key);
  hold(draft);
  // A transaction of its own: what is too large for the browser takes no other file with it.
  return use((files) => files.put({ file, saved: Date.now() }, key)).catch(() => keys.delete(file));
};

/** Keeps these files of a draft and forgets its others. One that is kept is not copied again. */
export const keep = async (draft, list) => {
  const before = lists.get(draft);
  if (before?.length === list.length && before.every((file, place) => file === list[place])) return;
  lists.set(draft, list);
  if (!list.length) letGo(draft);
  const others = list.filter((file) => keys.get(file)?.[0] !== draft);
  await Promise.all(others.map((file) => add(draft, file)));
  const forget = (cursor) => {
    const [owner, number] = cursor.key;
    // By the list as it is now: another call may have changed it.
    const stays = lists.get(draft).some((file) => keys.get(file)?.[1] === number);
    if (owner === draft && !stays) cursor.delete();
  };
  await use((files) => each(files, forget)).catch(() => {});
};

/** The files of a draft. Those of any draft that are older than so many milliseconds go. */
export const load = async (draft, age) => {
  const found = [];
  const visit = (cursor) => {
    const [owner, number] = cursor.key;
    const { file, saved } = cursor.value;
    if (Date.now() - saved > age) return cursor.delete();
    if (owner !== draft) return;
    keys.set(file, cursor.key);
    last = Math.max(last, number);
    found.push(file);
  };
  await use((files) => each(files, visit)).catch(() => {});
  lists.set(draft, found);
  if (found.length) hold(draft);
  return found;
};

/** The function that releases each draft of this page. */
const owned = new Map();

/** Releases the draft for another form or tab. */
export const release = (draft) => {
  owned.get(draft)?.();
  owned.delete(draft);
};

// Browsers do not keep a page that holds a lock for the back button.
addEventListener("pagehide", () => [...owned.keys()].forEach(release));

/** Whether the draft is this page's, and no other tab's. It stays so until it is released. */
export const own = (draft) =>
  new Promise((done) => {
    // Browsers before 2022 cannot tell.
    if (owned.has(draft) || !navigator.locks) return done(true);
    const waiting = new AbortController();
    // A slow device takes a while to let go of the page that was reloaded.
    const timer = setTimeout(() => {
      done(false);
      release(draft);
    }, 2000);
    const released = new Promise((free) => {
      owned.set(draft, () => {
        clearTimeout(timer);
        waiting.abort();
        free();
      });
    });
    const held = () => {
      clearTimeout(timer);
      done(true);
      return released;
    };
    // It was released before the lock was granted.
    navigator.locks.request(`deal-form ${draft}`, { signal: waiting.signal }, held).catch(() => done(true));
  });
