// What a keyboard and a mouse add to pages that work without any of it: search key, key list, file drop, texts to copy, closing of pop-ups, tips.
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

// A list leafed through with the arrows sends nothing by itself: the button of the form comes up, and Enter sends.
let leafed = null;

function onLeaf(event) {
  const list = event.target.closest?.("select[data-submit]");
  if (!list || event.altKey) return;
  if (event.key === "Enter" && leafed === list) list.form.requestSubmit();
  else if (event.key.startsWith("Arrow") || ["Home", "End", "PageUp", "PageDown"].includes(event.key) || event.key.length === 1) leafed = list;
}

function onChange(event) {
  const zone = event.target.closest("[data-drop]");
  if (zone && event.target.type === "file") showName(zone, event.target);
  if (!event.target.matches("[data-submit]")) return;
  if (leafed === event.target) event.target.form.classList.add("leafed");
  else event.target.form.requestSubmit();
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

// One bubble for the page, beside whatever names itself with data-tip: under the mouse after a moment, under the focus at once.
const tip = document.createElement("div");
tip.id = "tip";
tip.className = "tip";
tip.setAttribute("role", "tooltip");
tip.hidden = true;
document.body.append(tip);
let tipOwner = null;
let tipTimer = 0;

function placeTip(owner) {
  const name = owner.getBoundingClientRect();
  const left = Math.max(8, Math.min(name.left, document.documentElement.clientWidth - tip.offsetWidth - 8));
  const below = name.bottom + 6 + tip.offsetHeight <= window.innerHeight || name.top < tip.offsetHeight + 6;
  tip.style.left = `${left}px`;
  tip.style.top = `${below ? name.bottom + 6 : name.top - tip.offsetHeight - 6}px`;
}

function showTip(owner) {
  tip.textContent = owner.dataset.tip;
  tip.hidden = false;
  tipOwner?.removeAttribute("aria-describedby");
  tipOwner = owner;
  owner.setAttribute("aria-describedby", "tip");
  placeTip(owner);
}

function hideTip() {
  clearTimeout(tipTimer);
  tip.hidden = true;
  tipOwner?.removeAttribute("aria-describedby");
  tipOwner = null;
}

function onPointer(event) {
  if (event.pointerType !== "mouse" || event.target === tip) {
    clearTimeout(tipTimer);
    return;
  }
  const owner = event.target.closest?.("[data-tip]");
  if (owner && owner === tipOwner) {
    clearTimeout(tipTimer);
    return;
  }
  clearTimeout(tipTimer);
  if (owner) tipTimer = setTimeout(() => showTip(owner), 350);
  else if (tipOwner) tipTimer = setTimeout(hideTip, 250);
}

document.addEventListener("pointerover", onPointer);
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("[data-tip]:focus-visible")) showTip(event.target);
  else hideTip();
});
document.addEventListener("focusout", hideTip);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hideTip();
});
document.addEventListener("scroll", hideTip, true);
document.addEventListener("focusin", onFocus);
document.addEventListener("keydown", onKey);
document.addEventListener("keydown", onEscape);
document.addEventListener("keydown", onLeaf);
document.addEventListener("pointerdown", () => { leafed = null; });
document.addEventListener("toggle", onToggle, true);
document.addEventListener("drop", onDrop);
document.addEventListener("dragover", onDrag);
document.addEventListener("dragleave", onDrag);
document.addEventListener("change", onChange);
document.addEventListener("click", onClick);
document.querySelector("[data-keys]")?.removeAttribute("hidden");
document.querySelectorAll("[data-tick]").forEach((button) => button.removeAttribute("hidden"));
