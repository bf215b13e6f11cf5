// Opens the dialog in place of the form’s own page. The form in it is loaded by then: `loading="lazy"`
// waits until the page has nothing better to do.

const dialog = document.querySelector("#call");

document.querySelector(".call").addEventListener("click", (event) => {
  // A new tab or window is what somebody asked for.
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
});

// A press on the backdrop closes; what was typed stays.
dialog.addEventListener("pointerdown", (event) => {
  if (event.target === dialog) dialog.close();
});
