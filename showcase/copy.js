// Buttons that copy text to the clipboard.

/** How long the button shows the confirmation, in milliseconds. */
const CONFIRMATION = 2000;

/** Copies the text of the element whose id is in the button's `data-copies`, or else the page's address. */
export const copyOnPress = (button) => {
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  const label = button.textContent;
  button.replaceChildren(status);
  status.textContent = label;
  let timer;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(source?.textContent ?? location.href);
      status.textContent = "Copied";
    } catch {
      // The page may not write to the clipboard, for example without TLS.
      if (source) {
        source.closest("details")?.setAttribute("open", "");
        getSelection().selectAllChildren(source);
      }
      status.textContent = source ? "Selected: press Ctrl+C" : "See the address bar";
    }
    clearTimeout(timer);
    timer = setTimeout(() => (status.textContent = label), CONFIRMATION);
  });
};
