// Keeps the files of drafts in IndexedDB, and locks drafts. The database takes `File` objects: the
// browser copies them, and no byte passes through scripts.

const open = () =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open("deal-form", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("files");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Passes the object store to `work`, and waits until the changes are stored. */
const transact = async (work) => {
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

/** Calls `visit` with a cursor at each kept file. */
const forEachFile = (files, visit) => {
  files.openCursor().onsuccess = ({ target: { result: cursor } }) => {
    if (!cursor) return;
    visit(cursor);
    cursor.continue();
  };
};

/** The key of each kept file: [draft, number]. The numbers keep the order of the files. */
let keys = new WeakMap();
let last = 0;

/** The list of files that was kept last for each draft. */
const lists = new Map();

/**
 * The function that releases the lock on each draft's files. While a page has this lock, other pages do
 * not remove the files (embed/expire.js).
 */
const fileLocks = new Map();

const lockFiles = (draft) => {
  if (fileLocks.has(draft)) return;
  const released = new Promise((release) => fileLocks.set(draft, release));
  navigator.locks?.request(`deal-form files ${draft}`, { mode: "shared" }, () => released);
};

const releaseFiles = (draft) => {
  fileLocks.get(draft)?.();
  fileLocks.delete(draft);
};

// Browsers do not put a page with a lock into the back/forward cache.
addEventListener("pagehide", () => [...fileLocks.keys()].forEach(releaseFiles));
// Another page may have removed the files meanwhile, so the next call of `keep` stores them again.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  lists.clear();
  keys = new WeakMap();
});

/** Stores a file of a draft. Fails silently in private windows and on full disks. */
const add = (draft, file) => {
  const key = [draft, ++last];
  keys.set(file, key);
  lockFiles(draft);
  // A separate transaction, so that a file that is too large does not affect the others.
  return transact((files) => files.put({ file, saved: Date.now() }, key)).catch(() => keys.delete(file));
};

/** Keeps these files of a draft and removes its other files. Does not copy a kept file again. */
export const keep = async (draft, list) => {
  const before = lists.get(draft);
  if (before?.length === list.length && before.every((file, index) => file === list[index])) return;
  lists.set(draft, list);
  if (!list.length) releaseFiles(draft);
  const added = list.filter((file) => keys.get(file)?.[0] !== draft);
  await Promise.all(added.map((file) => add(draft, file)));
  const remove = (cursor) => {
    const [owner, number] = cursor.key;
    // Reads the current list: another call may have changed it.
    const stays = lists.get(draft).some((file) => keys.get(file)?.[1] === number);
    if (owner === draft && !stays) cursor.delete();
  };
  await transact((files) => forEachFile(files, remove)).catch(() => {});
};

/** Returns the kept files of a draft. Removes each file, of any draft, that is older than `age` milliseconds. */
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
  await transact((files) => forEachFile(files, visit)).catch(() => {});
  lists.set(draft, found);
  if (found.length) lockFiles(draft);
  return found;
};

/** The function that releases the lock on each draft. */
const locks = new Map();

/** Releases the draft for another form or tab. */
export const release = (draft) => {
  locks.get(draft)?.();
  locks.delete(draft);
};

addEventListener("pagehide", () => [...locks.keys()].forEach(release));

/**
 * Locks a draft for this page until the draft is released. Resolves to false if another page still has the
 * lock after two seconds.
 */
export const lock = (draft) =>
  new Promise((done) => {
    // Browsers before 2022 have no locks: continue without one.
    if (locks.has(draft) || !navigator.locks) return done(true);
    const waiting = new AbortController();
    // After a reload, a slow device needs some time to release the lock of the old page.
    const timer = setTimeout(() => {
      done(false);
      release(draft);
    }, 2000);
    const released = new Promise((free) => {
      locks.set(draft, () => {
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
    // Rejects if the draft is released before the lock is granted.
    navigator.locks.request(`deal-form ${draft}`, { signal: waiting.signal }, held).catch(() => done(true));
  });
