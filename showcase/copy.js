// Buttons that copy a text to the clipboard.

const CONFIRMED = 2000;

/** Selects the text if the page may not write to the clipboard, for example without TLS. */
const mark = (element) => getSelection().selectAllChildren(element);

/** Copies the text of the element whose id is in the button's `data-copies`. */
export const copyOnPress = (button) => {
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const words = button.textContent;
  button.replaceChildren(said);
  said.textContent = words;
  let timer;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(source.textContent);
      said.textContent = "Copied";
    } catch {
      mark(source);
      said.textContent = "Marked: press Ctrl+C";
    }
    clearTimeout(timer);
    timer = setTimeout(() => (said.textContent = words), CONFIRMED);
  });
};
