// Pictures, drawn by the browser on a canvas: a page's policy need not allow `blob:` for it, and
// no byte of a file passes through scripts.

const draw = async (file, canvas, options) => {
  const picture = await createImageBitmap(file, options);
  canvas.width = picture.width;
  canvas.height = picture.height;
  const context = canvas.getContext("2d");
  // JPEG knows no transparency; without this it would turn black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0);
  picture.close();
};

/** A small picture of the file; none where the browser cannot read it. */
export const thumbnail = async (file, canvas) => {
  try {
    await draw(file, canvas, { resizeHeight: 96, resizeQuality: "medium" });
    canvas.hidden = false;
  } catch {
    // The mark of its kind stays.
  }
};

/** Pictures that the CRM would drop, and other names of JPEG: see contract/src/attachments.rs. */
const OTHER_PICTURE = /\.(png|webp|avif|hei[cf]|tiff?)$/i;
const OTHER_TYPE = /^image.(png|webp|avif|hei)/;
const OTHER_JPEG = /\.(jfif|jpe|pjpe?g?)$/i;

/** As a JPEG file. The time stays: by it the same file is known when it is chosen twice. */
const jpeg = (content, { name, lastModified }) =>
  new File([content], name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified });

/** The files that were pictures of another kind. */
const converted = new WeakSet();

/** Whether the file was a picture of another kind. */
export const wasConverted = (file) => converted.has(file);

const convert = async (file) => {
  try {
    const canvas = document.createElement("canvas");
    await draw(file, canvas);
    const blob = await new Promise((drawn) => canvas.toBlob(drawn, "image/jpeg", 0.92));
    const made = jpeg(blob, file);
    // Too large a canvas gives none.
    if (blob) converted.add(made);
    return blob ? made : file;
  } catch {
    // Its row says why it cannot be sent.
    return file;
  }
};

/**
 * The files that were chosen, or that a drop or a paste carries, as they can be sent: as JPEG where the CRM
 * would drop the picture and the browser can read it. A folder is marked as one by its media type; a
 * browser gives it as a file that cannot be read.
 */
export const ready = async ({ files, items = [] }, folder) => {
  // First of all: after the event they are gone.
  const entries = [...items].filter(({ kind }) => kind === "file").map((item) => item.webkitGetAsEntry?.());
  const done = [];
  // One after the other: a phone has no memory for twenty large pictures at once.
  for (const [place, file] of [...files].entries()) {
    if (entries[place]?.isDirectory) done.push(new File([], file.name, { type: folder }));
    else if (OTHER_JPEG.test(file.name)) done.push(jpeg(file, file));
    else if (OTHER_PICTURE.test(file.name) || OTHER_TYPE.test(file.type)) done.push(await convert(file));
    else done.push(file);
  }
  return done;
};
