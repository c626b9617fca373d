// What makes the desk pleasant; every page works without it. No framework; htmx is beside it.
"use strict";

(() => {
  const within = (element) => element.closest("input, select, textarea, [contenteditable]");

  // Rows marked data-row are walked with j and k; Enter opens the first link of the one that is lit.
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const row = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
    const target = row.matches("a, button, [tabindex]") ? row : row.querySelector("a, button, input, [tabindex]");
    if (target) target.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function keys(open) {
    const dialog = document.getElementById("keys");
    if (dialog && open !== dialog.open) open ? dialog.showModal() : dialog.close();
  }

  let went = 0; // when g was pressed
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      document.querySelectorAll("details.own[open]").forEach((each) => each.removeAttribute("open"));
      return;
    }
    if (within(event.target) || document.querySelector("dialog[open]")) return;
    if (Date.now() - went < 1500 && /^[1-9]$/.test(event.key)) {
      const link = document.querySelectorAll(".shelf a")[Number(event.key) - 1];
      if (link) link.click();
      went = 0;
      return;
    }
    went = 0;
    if (event.key === "?") keys(true);
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "g") went = Date.now();
    else if (event.key === "/") {
      const field = document.querySelector("input[type=search]");
      const link = document.querySelector(".shelf a[href$='/search']");
      if (field) field.focus();
      else if (link) link.click();
    } else {
      // A page's own keys: the element says which: <button data-key="u">.
      // Within rows it is that of the row which is lit, for a key must not decide on what nobody looks at.
      const named = `[data-key="${CSS.escape(event.key)}"]`;
      const lit = event.target.closest("[data-row]");
      const own = (lit && lit.querySelector(named))
        || [...document.querySelectorAll(named)].find((each) => !each.closest("[data-row]"));
      if (!own) return;
      own.click();
    }
    event.preventDefault();
  });

  // What was the matter with the form before is told no more once it is sent again.
  document.addEventListener("htmx:before:request", () => {
    document.getElementById("notice").replaceChildren();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
  });
  document.querySelectorAll("[data-opens]").forEach((each) => { each.hidden = false; });
})();
