// Draws pictures on a canvas. This works even if the page's Content-Security-Policy does not allow
// `blob:`, and no byte of a file passes through scripts.

const draw = async (file, canvas, options) => {
  const picture = await createImageBitmap(file, options);
  canvas.width = picture.width;
  canvas.height = picture.height;
  const context = canvas.getContext("2d");
  // JPEG has no transparency: transparent areas would become black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0);
  picture.close();
};

/** Draws a small picture of the file. Does nothing if the browser cannot read it. */
export const thumbnail = async (file, canvas) => {
  try {
    await draw(file, canvas, { resizeHeight: 96, resizeQuality: "medium" });
    canvas.hidden = false;
  } catch {
    // The row still shows the file's extension.
  }
};

/** Formats that the CRM would drop, and other extensions for JPEG: see contract/src/attachments.rs. */
const OTHER_PICTURE = /\.(png|webp|avif|hei[cf]|tiff?)$/i;
const OTHER_TYPE = /^image.(png|webp|avif|hei)/;
const OTHER_JPEG = /\.(jfif|jpe|pjpe?g?)$/i;

/**
 * Makes a JPEG file with the original's time of modification, so that the widget recognises a file that is
 * chosen twice.
 */
const jpeg = (content, { name, lastModified }) =>
  new File([content], name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified });

/** The files that were converted to JPEG. */
const converted = new WeakSet();

/** Whether the file was converted from another picture format. */
export const wasConverted = (file) => converted.has(file);

const convert = async (file) => {
  try {
    const canvas = document.createElement("canvas");
    await draw(file, canvas);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
    const result = jpeg(blob, file);
    // The browser returns no blob for a canvas that is too large.
    if (blob) converted.add(result);
    return blob ? result : file;
  } catch {
    // The file's row then shows why the file cannot be sent.
    return file;
  }
};

/**
 * Prepares the files of a file input, a drop or a paste. Converts pictures that the CRM would drop to
 * JPEG if the browser can read them. Gives JPEG files with other extensions the extension `.jpg`.
 * Browsers represent a folder as an unreadable file: replaces this file with an empty one that has
 * the media type `folder`.
 */
export const ready = async ({ files, items = [] }, folder) => {
  // Read the items before the first `await`: they are empty after the event.
  const entries = [...items].filter(({ kind }) => kind === "file").map((item) => item.webkitGetAsEntry?.());
  const prepared = [];
  // One after the other: a phone does not have enough memory for twenty large pictures at once.
  for (const [index, file] of [...files].entries()) {
    if (entries[index]?.isDirectory) prepared.push(new File([], file.name, { type: folder }));
    else if (OTHER_JPEG.test(file.name)) prepared.push(jpeg(file, file));
    else if (OTHER_PICTURE.test(file.name) || OTHER_TYPE.test(file.type)) prepared.push(await convert(file));
    else prepared.push(file);
  }
  return prepared;
};
