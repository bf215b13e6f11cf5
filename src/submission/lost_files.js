/**
 * Returns the names of the files that the browser can no longer read. Reads the last byte of each file,
 * because browsers notice changes on the disk only when they read. A file in the cloud may never arrive:
 * after ten seconds, the file is treated as unreadable if `late` is true, and otherwise as readable.
 */
export const unreadable = async (files, late) => {
  const names = [];
  for (const file of files) {
    let timer;
    const waited = new Promise((end) => (timer = setTimeout(end, 10_000, { byteLength: !late })));
    const last = file.slice(-1).arrayBuffer();
    // Firefox returns no bytes if the file has become shorter.
    const read = await Promise.race([last, waited]).catch(() => {});
    if (!read?.byteLength) names.push(file.name);
    clearTimeout(timer);
  }
  return names;
};
