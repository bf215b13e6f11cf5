// A draft's files, in the browser's own database. They are handed over as they are: the browser
// copies them to its storage, and no byte passes through scripts.

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
const keys = new WeakMap();
let last = 0;

/** Keeps these files of a draft and forgets its others. One that is kept is not copied again. */
export const keep = (draft, list) =>
  use((files) => {
    for (const file of list) {
      if (keys.get(file)?.[0] === draft) continue;
      keys.set(file, [draft, ++last]);
      files.put({ file, saved: Date.now() }, keys.get(file));
    }
    const stays = new Set(list.map((file) => keys.get(file)[1]));
    each(files, (cursor) => {
      const [owner, number] = cursor.key;
      if (owner === draft && !stays.has(number)) cursor.delete();
    });
  }).catch(() => {}); // Private windows and full disks keep nothing.

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
  return found;
};
