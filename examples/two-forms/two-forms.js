// Opens the dialog instead of the form’s own page. `loading="lazy"` loads the form in it when the browser
// is idle.

const dialog = document.querySelector("#call");

document.querySelector(".call").addEventListener("click", (event) => {
  // The visitor asked for a new tab or window.
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
});

// A press on the backdrop closes the dialog. The answers stay.
dialog.addEventListener("pointerdown", (event) => {
  if (event.target === dialog) dialog.close();
});
