// Buttons that copy a text and say so.

const CONFIRMED = 2000;

/** Without leave to write to the clipboard, as on a page without TLS: the text is marked instead. */
const mark = (element) => getSelection().selectAllChildren(element);

/** The text is that of the element which the button's `data-copies` names. */
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
