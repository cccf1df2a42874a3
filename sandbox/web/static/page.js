// Comfort only: without this file every form has its button.
document.documentElement.classList.add("js");

for (const form of document.querySelectorAll("form.auto"))
  form.addEventListener("change", () => form.requestSubmit());

for (const form of document.querySelectorAll("form[data-confirm]"))
  form.addEventListener("submit", (event) => confirm(form.dataset.confirm) || event.preventDefault());

// Cards are dragged to another column by filling in the form that each of them has.
let dragged = null;
for (const card of document.querySelectorAll(".card[draggable]")) {
  card.addEventListener("dragstart", (event) => {
    dragged = card;
    card.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
  });
  card.addEventListener("dragend", () => card.classList.remove("dragged"));
}
for (const column of document.querySelectorAll(".column[data-stage]")) {
  column.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    column.classList.add("target");
  });
  column.addEventListener("dragleave", (event) => {
    if (!column.contains(event.relatedTarget)) column.classList.remove("target");
  });
  column.addEventListener("drop", (event) => {
    event.preventDefault();
    column.classList.remove("target");
    if (!dragged || dragged.closest(".column") === column) return;
    const form = dragged.querySelector("form.move");
    form.elements.stage.value = column.dataset.stage;
    form.requestSubmit();
  });
}

// A board comes back to where it was scrolled to.
const board = document.querySelector(".board");
if (board) {
  const key = "board:" + location.pathname + location.search;
  board.scrollLeft = Number(sessionStorage.getItem(key) || 0);
  addEventListener("pagehide", () => sessionStorage.setItem(key, board.scrollLeft));
}

// The stage where a card stands is in sight, however narrow the window.
const stage = document.querySelector(".stages .current");
if (stage) {
  const strip = stage.parentElement;
  strip.scrollLeft = stage.offsetLeft - strip.offsetLeft - (strip.clientWidth - stage.clientWidth) / 2;
}
