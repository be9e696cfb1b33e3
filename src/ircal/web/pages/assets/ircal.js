// What is nicer with a script. Every page is whole without it.
"use strict";

// The year is wider than a phone: begin where today is.
for (const scroller of document.querySelectorAll("[data-scroll-to]")) {
  const target = document.getElementById(scroller.dataset.scrollTo);
  if (target && target.offsetLeft + target.offsetWidth > scroller.clientWidth) {
    scroller.scrollLeft = target.offsetLeft - scroller.querySelector(".name").offsetWidth - 24;
  }
}

// Copy an address.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const said = button.nextElementSibling;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Selected: copy it with your keyboard.";
    }
  });
}

// A filter takes effect when it is chosen.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  form.addEventListener("change", () => form.requestSubmit());
}
