// Keys for reading: j and k go from one comment or entry of a list to the next, / to the search, ? shows the keys. They can be
// turned off (WCAG 2.1.4), and are as on a Korean keyboard where that is on.
"use strict";
(() => {
  const SWITCH = "postkeep-keys";
  const KEYS = [
    ["j", "next comment or entry"],
    ["k", "previous comment or entry"],
    ["/", "search"],
    ["?", "these keys"],
  ];
  const KOREAN = { "ㅓ": "j", "ㅏ": "k" };

  // A page from disk may be denied a store; then the choice holds for the page alone.
  let areOn = true;
  try {
    areOn = localStorage.getItem(SWITCH) !== "off";
  } catch {}

  function turn(on) {
    areOn = on;
    try {
      localStorage.setItem(SWITCH, on ? "on" : "off");
    } catch {}
  }

  function step(by) {
    const steps = Array.from(document.querySelectorAll(".comment, .entries > li"));
    const here = steps.findIndex((each) => each.contains(document.activeElement));
    // From nowhere, to what is nearest within the window or above it.
    const firstShown = steps.findIndex((each) => each.getBoundingClientRect().top >= 0);
    const from = firstShown < 0 ? steps.length : firstShown;
    const next = steps[here >= 0 ? here + by : by > 0 ? from : from - 1];
    if (next === undefined) {
      return;
    }
    const target = next.matches(".comment") ? next : next.querySelector("a[href]");
    if (target === next) {
      next.tabIndex = -1;
    }
    target.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function toSearch() {
    const input = document.querySelector('input[type="search"]');
    if (input === null) {
      location.assign(new URL(`${document.body.dataset.root}search.html`, location.href));
      return;
    }
    input.focus();
    input.select();
  }

  function element(name, ...children) {
    const made = document.createElement(name);
    made.append(...children);
    return made;
  }

  function dialogOfKeys() {
    const title = element("h2", "Keys");
    title.id = "keys-title";
    const list = element("dl", ...KEYS.flatMap(([key, what]) => [element("dt", element("kbd", key)), element("dd", what)]));
    const box = element("input");
    box.type = "checkbox";
    box.checked = areOn;
    box.addEventListener("change", () => turn(box.checked));
    const close = element("button", "Close");
    const form = element("form", close);
    form.method = "dialog";
    const dialog = element("dialog", title, list, element("p", element("label", box, " These keys are on")), form);
    dialog.id = "keys";
    dialog.setAttribute("aria-labelledby", title.id);
    // A form's own way of closing needs leave from the policy of the page.
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      dialog.close();
    });
    document.body.append(dialog);
    return dialog;
  }

  function showKeys() {
    const dialog = document.getElementById("keys") ?? dialogOfKeys();
    dialog.showModal();
  }

  const isTyping = (target) =>
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"));

  document.addEventListener("keydown", (event) => {
    if (!areOn || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
      return;
    }
    if (document.querySelector("dialog[open]") !== null) {
      return;
    }
    const acts = { j: () => step(1), k: () => step(-1), "/": toSearch, "?": showKeys };
    const act = acts[KOREAN[event.key] ?? event.key];
    if (act !== undefined) {
      event.preventDefault();
      act();
    }
  });

  // Each page has a button for what `?` shows, so that the keys can be found and turned on again without a key.
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "keys";
    button.textContent = "Keys";
    button.addEventListener("click", showKeys);
    document.querySelector("footer")?.append(button);
  });
})();
