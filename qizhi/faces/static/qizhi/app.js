/* What pages do beyond plain HTML. Everything here adds to a page that works without it.
   Components are Alpine's, in its build for strict content policies: templates name them, the code is here. */

"use strict";

document.documentElement.classList.add("with-script");

const KEEP_MS = 24 * 60 * 60 * 1000;
const FILE_MAX = 20 * 1024 * 1024;

/* Texts typed in a form survive a reload and an empty battery, on this device and for a day. */
const drafts = {
  key(name) {
    return "qizhi.draft." + name;
  },
  read(name) {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key(name)) || "null");
      return kept && Date.now() - kept.at < KEEP_MS ? kept.values : {};
    } catch (error) {
      return {};
    }
  },
  write(name, values) {
    try {
      localStorage.setItem(this.key(name), JSON.stringify({ at: Date.now(), values }));
    } catch (error) {
      /* storage is full or forbidden: the form itself still holds everything */
    }
  },
  drop(name) {
    try {
      localStorage.removeItem(this.key(name));
    } catch (error) {
      /* nothing was kept */
    }
  },
};

/* Fields of a form that a draft keeps: what was typed or chosen, never files, tokens or hidden values. */
function keptFields(form) {
  return Array.from(form.elements).filter(
    (field) => field.name && field.matches("textarea, select, input[type=text], input[type=tel]") && !field.closest(".trap")
  );
}

function draft() {
  return {
    restored: false,
    init() {
      const name = this.$el.dataset.draft;
      const values = drafts.read(name);
      keptFields(this.$el).forEach((field) => {
        if (!field.value && values[field.name]) {
          field.value = values[field.name];
          field.dispatchEvent(new Event("change", { bubbles: true }));
          this.restored = true;
        }
      });
      this.$el.addEventListener("input", () => this.keep());
      this.$el.addEventListener("change", () => this.keep());
    },
    keep() {
      const values = {};
      keptFields(this.$el).forEach((field) => {
        if (field.value) values[field.name] = field.value;
      });
      drafts.write(this.$el.dataset.draft, values);
    },
    forget() {
      drafts.drop(this.$root.dataset.draft);
      keptFields(this.$root).forEach((field) => {
        field.value = "";
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
      drafts.drop(this.$root.dataset.draft);
      this.restored = false;
    },
  };
}

/* Photos and papers chosen but not yet sent: shown, counted, taken out again one by one. */
function photos() {
  return {
    chosen: [],
    refused: "",
    get any() {
      return this.chosen.length > 0;
    },
    pick() {
      const input = this.$refs.input;
      const words = this.$root.dataset;
      const most = Number(words.max) - Number(words.kept || 0);
      this.refused = "";
      Array.from(input.files).forEach((file) => {
        if (file.size > FILE_MAX) {
          this.refused = words.tooLarge.replace("{name}", file.name);
        } else if (this.chosen.length >= most) {
          this.refused = words.tooMany;
        } else if (!this.chosen.some((one) => one.key === this.keyOf(file))) {
          this.chosen.push(this.shown(file));
        }
      });
      this.hand();
    },
    keyOf(file) {
      return [file.name, file.size, file.lastModified].join("/");
    },
    shown(file) {
      const isImage = file.type.startsWith("image/");
      return {
        key: this.keyOf(file),
        name: file.name,
        isImage,
        isPaper: !isImage,
        url: isImage ? URL.createObjectURL(file) : "",
        drop: this.$root.dataset.drop.replace("{name}", file.name),
        file,
      };
    },
    remove(event) {
      const key = event.currentTarget.dataset.key;
      this.chosen = this.chosen.filter((one) => one.key !== key);
      this.hand();
      this.$refs.input.focus();
    },
    hand() {
      const transfer = new DataTransfer();
      this.chosen.forEach((one) => transfer.items.add(one.file));
      this.$refs.input.files = transfer.files;
    },
  };
}

/* One long list of places becomes two short ones: first the town, then the village. The long one is what is sent. */
function cascade() {
  return {
    init() {
      const all = this.$refs.all;
      // Not in the markup: without scripts the short lists are hidden, and what is hidden must not be required.
      this.$refs.town.required = "required" in this.$refs.town.dataset;
      this.copy(Array.from(all.children).filter((one) => one.tagName === "OPTION"), this.$refs.town);
      all.querySelectorAll("optgroup").forEach((group) => {
        this.$refs.town.append(new Option(group.label, group.children[0].value));
      });
      this.$nextTick(() => this.follow());
      all.addEventListener("change", () => this.follow());
    },
    copy(options, select) {
      options.forEach((option) => select.append(new Option(option.text, option.value)));
    },
    group(code) {
      return Array.from(this.$refs.all.querySelectorAll("optgroup")).find((one) =>
        Array.from(one.children).some((option) => option.value === code)
      );
    },
    follow() {
      const code = this.$refs.all.value;
      const group = this.group(code);
      this.$refs.town.value = group ? group.children[0].value : code;
      this.villages(group);
      this.$refs.village.value = code;
    },
    villages(group) {
      const village = this.$refs.village;
      village.replaceChildren(...(group ? [] : [new Option(village.dataset.first, "")]));
      village.disabled = !group;
      if (group) this.copy(Array.from(group.children), village);
    },
    townChosen() {
      this.send(this.$refs.town.value);
    },
    villageChosen() {
      this.send(this.$refs.village.value);
    },
    send(code) {
      this.$refs.all.value = code;
      this.$refs.all.dispatchEvent(new Event("change", { bubbles: true }));
    },
  };
}

/* A line above a long list: what does not hold the typed words steps aside, what is chosen stays. */
function narrow() {
  return {
    none: false,
    apply() {
      const wanted = this.$refs.line.value.trim().toLowerCase();
      const items = this.$root.querySelectorAll("[data-words], select option[value]");
      let shown = 0;
      items.forEach((item) => {
        const words = (item.dataset.words || item.textContent).toLowerCase();
        const isChosen = item.selected || Boolean(item.querySelector && item.querySelector("input:checked"));
        item.hidden = Boolean(wanted) && !words.includes(wanted) && !(isChosen && item.value !== "");
        if (!item.hidden) shown += 1;
      });
      this.$root.querySelectorAll("[data-group], optgroup").forEach((group) => {
        group.hidden = !group.querySelector("[data-words]:not([hidden]), option:not([hidden])");
        if (group.tagName === "DETAILS" && wanted) group.open = !group.hidden;
      });
      this.none = shown === 0;
    },
  };
}

function copier() {
  return {
    done: false,
    async copy() {
      const text = document.getElementById(this.$root.dataset.copy).textContent.trim();
      try {
        await navigator.clipboard.writeText(text);
      } catch (error) {
        this.oldWay(text);
      }
      this.done = true;
    },
    /* The clipboard of plain HTTP pages. */
    oldWay(text) {
      const field = document.createElement("textarea");
      field.value = text;
      field.className = "visually-hidden";
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    },
  };
}

function printer() {
  return {
    print() {
      window.print();
    },
  };
}

document.addEventListener("alpine:init", () => {
  const parts = { draft, photos, cascade, narrow, copier, printer };
  Object.entries(parts).forEach(([name, part]) => window.Alpine.data(name, part));
});

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-draft-done]").forEach((mark) => drafts.drop(mark.dataset.draftDone));
  const first = document.querySelector("[data-focus], .field.is-wrong input, .field.is-wrong textarea, .field.is-wrong select");
  if (first) first.focus();
});

/* A form is sent once: a second press while the first is on its way does nothing. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent === "yes" && !form.hasAttribute("hx-post")) {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !event.defaultPrevented) {
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  }
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  });
});

/* A sentence in the page's live region, where everybody sees and hears it. */
function announce(words, tone) {
  const place = document.getElementById("notices");
  if (!place || !words) return;
  const box = document.createElement("div");
  box.className = "alert alert-" + tone;
  box.setAttribute("role", tone === "danger" ? "alert" : "status");
  box.textContent = words;
  place.replaceChildren(box);
}

document.addEventListener("announce", (event) => announce(event.detail.message, "success"));
/* When no answer comes, what was typed stays in the page. */
document.addEventListener("htmx:sendError", () => announce(document.body.dataset.offline, "danger"));
