// What a keyboard and a mouse add to pages that work without any of it: search key, key list, file drop, texts to copy, closing of pop-ups.
"use strict";

document.documentElement.classList.add("js");

const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    const search = [...document.querySelectorAll("[data-search]")].find((input) => input.offsetParent !== null);
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else if (event.key === "?") {
    document.getElementById("keys")?.showModal();
  } else if (event.key === "[" || event.key === "]") {
    document.querySelector(`[data-weeks] [rel=${event.key === "[" ? "prev" : "next"}]`)?.click();
  }
}

function closePops(except) {
  for (const pop of document.querySelectorAll("[data-pop][open]")) {
    if (!except || !pop.contains(except)) pop.open = false;
  }
}

function onEscape(event) {
  if (event.key !== "Escape") return;
  const pop = document.querySelector("[data-pop][open]");
  if (pop) {
    pop.open = false;
    pop.querySelector("summary").focus();
  }
}

function onToggle(event) {
  if (!event.target.matches?.("[data-pop]") || !event.target.open) return;
  closePops(event.target);
  event.target.querySelector(".pop-body input[type=search], .pop-list [aria-current]")?.focus();
}

function showName(zone, input) {
  zone.querySelector("[data-drop-name]").textContent = input.files.length ? input.files[0].name : "";
  zone.closest("form")?.classList.toggle("chosen", input.files.length > 0);
}

function onDrop(event) {
  const zone = event.target.closest("[data-drop]");
  if (!zone) return;
  event.preventDefault();
  zone.classList.remove("over");
  const input = zone.querySelector("input[type=file]");
  if (event.dataTransfer.files.length) {
    input.files = event.dataTransfer.files;
    showName(zone, input);
  }
}

function onDrag(event) {
  const zone = event.target.closest?.("[data-drop]");
  if (!zone) return;
  event.preventDefault();
  zone.classList.toggle("over", event.type === "dragover");
}

function onChange(event) {
  const zone = event.target.closest("[data-drop]");
  if (zone && event.target.type === "file") showName(zone, event.target);
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
}

function tickAll(button) {
  const boxes = button.form.querySelectorAll(`input[type=checkbox][name="${button.dataset.tick}"]`);
  boxes.forEach((box) => { box.checked = Boolean(button.dataset.ticked); });
}

function onClick(event) {
  closePops(event.target);
  const button = event.target.closest("[data-tick]");
  if (button) tickAll(button);
  if (event.target.closest("[data-keys]")) document.getElementById("keys").showModal();
}

function onFocus(event) {
  if (event.target.matches?.("[data-select]")) event.target.select();
}

document.addEventListener("focusin", onFocus);
document.addEventListener("keydown", onKey);
document.addEventListener("keydown", onEscape);
document.addEventListener("toggle", onToggle, true);
document.addEventListener("drop", onDrop);
document.addEventListener("dragover", onDrag);
document.addEventListener("dragleave", onDrag);
document.addEventListener("change", onChange);
document.addEventListener("click", onClick);
document.querySelector("[data-keys]")?.removeAttribute("hidden");
document.querySelectorAll("[data-tick]").forEach((button) => button.removeAttribute("hidden"));
