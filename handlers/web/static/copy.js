// Copies the text of the element that a button names; without a clipboard the text is selected for copying by hand.
"use strict";
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const box = document.getElementById(button.dataset.copies);
  try {
    await navigator.clipboard.writeText(box.textContent);
    button.textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren(box);
  }
});
