/* The desk by keyboard, and what happens after an answer of the server: focus, words for screen readers, forms in
   place. Everything here adds to pages that work without it. */

"use strict";

const KEYS_OFF = "qizhi.keys.off";
const FIELDS = "input:not([type=hidden]):not([type=search]), select, textarea";

const keys = {
  isOn() {
    try {
      return localStorage.getItem(KEYS_OFF) !== "1";
    } catch (error) {
      return true;
    }
  },
  turn(on) {
    try {
      localStorage.setItem(KEYS_OFF, on ? "0" : "1");
    } catch (error) {
      /* it holds for this page only */
    }
  },
};

function whisper(words) {
  const place = document.getElementById("whisper");
  if (place) place.textContent = words;
}

function focusOn(element) {
  if (!element) return;
  if (!element.matches("a, button, input, select, textarea, [tabindex]")) element.setAttribute("tabindex", "-1");
  element.focus();
  element.scrollIntoView({ block: "nearest" });
}

/* --- forms in place ------------------------------------------------------------------------------------------- */

/* Where the focus goes when a form appears: what is wrong, else the first field, else the title. */
function enter(slot) {
  const form = slot.querySelector("[data-act]");
  if (!form) return;
  const first = Array.from(form.querySelectorAll(FIELDS)).find((field) => !field.disabled && field.offsetParent);
  focusOn(form.querySelector("[data-focus]") || first || form.querySelector("[tabindex]"));
}

let opener = null;

/* Closing gives the focus back to the button that opened the form. What was typed is asked about first. */
function leave(slot) {
  const form = slot.querySelector("form");
  const isDirty = form && Array.from(form.elements).some((field) => field.dataset.typed === "yes");
  if (isDirty && !window.confirm(document.getElementById("keys").dataset.leave)) return;
  slot.replaceChildren();
  const back = opener && document.contains(opener) ? opener : slot.closest("[data-row]");
  const fold = back && back.closest(".dropdown");
  focusOn(fold ? fold.querySelector("button") : back && back.querySelector("a") ? back.querySelector("a") : back);
}

document.addEventListener("input", (event) => {
  if (event.target.closest("[data-act]")) event.target.dataset.typed = "yes";
});

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-act-close]");
  const slot = close && close.closest("[data-act-slot]");
  if (slot) {
    event.preventDefault();
    leave(slot);
  }
  if (event.target.closest("[data-open-keys]")) showKeys();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const target = event.detail.target;
  if (target && target.matches("[data-act-slot]") && event.detail.elt.matches("a, button")) opener = event.detail.elt;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const slot = event.detail.target;
  if (slot && slot.matches && slot.matches("[data-act-slot]")) enter(slot);
  const wanted = slot && slot.querySelector && slot.id === "people" ? slot.querySelector("[data-focus]") : null;
  if (wanted) wanted.focus();
  countTicks();
});

document.addEventListener("whisper", (event) => whisper(event.detail.message));
document.addEventListener("focus-on", (event) => focusOn(document.querySelector(event.detail.selector)));

/* --- the list: ticks and what can be done with them -------------------------------------------------------------- */

function ticks() {
  return Array.from(document.querySelectorAll("[data-tick]"));
}

function countTicks() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const chosen = ticks().filter((tick) => tick.checked);
  const count = bar.querySelector("[data-bulk-count]");
  count.dataset.none = count.dataset.none || count.textContent;
  count.textContent = chosen.length ? count.dataset.words.replace("{n}", chosen.length) : count.dataset.none;
  bar.classList.toggle("bulk-bar-on", chosen.length > 0);
  bar.querySelectorAll("[data-bulk-step]").forEach((button) => {
    const step = button.dataset.bulkStep;
    button.disabled = !chosen.length || !chosen.every((tick) => tick.dataset.steps.split(" ").includes(step));
  });
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick]")) countTicks();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-tick-all]")) return;
  const able = ticks().filter((tick) => tick.dataset.steps.trim());
  const all = able.every((tick) => tick.checked);
  able.forEach((tick) => {
    tick.checked = !all;
  });
  countTicks();
});

/* The list that can be kept under a name is the one that is shown now. */
document.addEventListener("htmx:pushedIntoHistory", () => {
  const field = document.querySelector("[data-list-query]");
  if (field) field.value = location.search.slice(1);
});

/* --- keys ---------------------------------------------------------------------------------------------------------- */

function showKeys() {
  const box = document.getElementById("keys");
  if (box && !box.open) box.showModal();
}

function rows() {
  return Array.from(document.querySelectorAll("[data-row]"));
}

function here() {
  return document.activeElement && document.activeElement.closest("[data-row]");
}

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(here());
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  focusOn(next.querySelector(".case-title"));
  return true;
}

function press(selector, within) {
  const found = (within || document).querySelector(selector);
  if (!found) return false;
  found.click();
  return true;
}

function tick() {
  const row = here();
  const box = row && row.querySelector("[data-tick]");
  if (!box) return false;
  box.checked = !box.checked;
  countTicks();
  return true;
}

function nth(number) {
  const step = document.querySelectorAll("[data-step]")[number - 1];
  if (!step) return false;
  step.click();
  return true;
}

function search() {
  const field = document.querySelector("[data-search]");
  if (field) focusOn(field);
  else location.assign(document.getElementById("keys").dataset.list);
  return true;
}

const SINGLE = {
  j: () => move(1),
  k: () => move(-1),
  x: tick,
  a: () => press("[data-main]", here() || document),
  "/": search,
  "?": () => {
    showKeys();
    return true;
  },
};
const PLACES = { w: "work", l: "list", n: "new", t: "notices", c: "county" };
let afterG = 0;

function go(key) {
  const place = PLACES[key];
  const url = place && document.getElementById("keys").dataset[place];
  if (url) location.assign(url);
  return Boolean(url);
}

function isTyping(target) {
  return target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
}

function escape() {
  const slot = Array.from(document.querySelectorAll("[data-act-slot]")).find((one) => one.querySelector("[data-act]"));
  if (slot) leave(slot);
  return Boolean(slot);
}

function handled(event) {
  if (event.key === "Escape") return escape();
  if (!keys.isOn() || isTyping(event.target)) return false;
  if (Date.now() - afterG < 1500) {
    afterG = 0;
    if (go(event.key)) return true;
  }
  if (event.key === "g") {
    afterG = Date.now();
    return true;
  }
  if (/^[1-9]$/.test(event.key)) return nth(Number(event.key));
  return SINGLE[event.key] ? SINGLE[event.key]() : false;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && event.target.form) {
    event.target.form.requestSubmit();
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (handled(event)) event.preventDefault();
});

document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("keys-on");
  if (box) {
    box.checked = keys.isOn();
    box.addEventListener("change", () => keys.turn(box.checked));
  }
  countTicks();
  const slot = document.querySelector("[data-act-slot] [data-act]");
  if (slot) enter(slot.closest("[data-act-slot]"));
});

/* In bulk, units are chosen only when each matter does not go where it is proposed. */
function proposed() {
  return {
    chooses: false,
    init() {
      this.follow();
    },
    follow() {
      this.chooses = !this.$refs.proposed.checked;
    },
  };
}

document.addEventListener("alpine:init", () => window.Alpine.data("proposed", proposed));
