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

/** The picture as a JPEG file, or the file itself where it cannot be read. */
export const jpeg = async (file) => {
  try {
    const canvas = document.createElement("canvas");
    await draw(file, canvas);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: blob.type });
  } catch {
    return file;
  }
};
