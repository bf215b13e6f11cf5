/**
 * The names of files that the browser can no longer read. It reads the last byte of each file, because only
 * then does the browser notice changes on the disk. A file in the cloud may never arrive; `late` tells
 * whether such a file counts as unreadable.
 */
export const unreadable = async (files, late) => {
  const names = [];
  for (const file of files) {
    let timer;
    const waited = new Promise((end) => (timer = setTimeout(end, 10_000, { byteLength: !late })));
    const last = file.slice(-1).arrayBuffer();
    // Firefox returns no byte of a file that has become shorter.
    const read = await Promise.race([last, waited]).catch(() => {});
    if (!read?.byteLength) names.push(file.name);
    clearTimeout(timer);
  }
  return names;
};
