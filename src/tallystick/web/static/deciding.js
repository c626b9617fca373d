// Deciding: choosing words of a report by mouse or keyboard, and where the eye goes after a decision.
// Every form works without it: words can be written into a field instead.
"use strict";

(() => {
  // ------------------------------------------------------------------ words of a text, in code points

  const letters = (text) => [...text].length;
  const paragraphs = (text) => [...text.querySelectorAll("[data-at]")];
  const at = (paragraph) => Number(paragraph.dataset.at);

  // How many code points of the report stand before a boundary within `text`.
  function before(text, node, offset) {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const paragraph = element && element.closest("[data-at]");
    if (paragraph) {
      const range = document.createRange();
      range.setStart(paragraph, 0);
      range.setEnd(node, offset);
      return at(paragraph) + letters(range.toString());
    }
    const boundary = document.createRange();
    boundary.setStart(node, offset);
    let last = 0;
    for (const each of paragraphs(text)) {
      if (boundary.comparePoint(each, 0) >= 0) return at(each);
      last = at(each) + letters(each.textContent);
    }
    return last;
  }

  // The DOM's place for so many code points of the report.
  function boundary(text, point, ends) {
    const all = paragraphs(text);
    const paragraph = all.findLast((each) => (ends ? at(each) < point : at(each) <= point)) || all[0];
    let left = point - at(paragraph);
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    let node = walker.nextNode(), last = node;
    for (; node; last = node, node = walker.nextNode()) {
      const here = [...node.data];
      if (left < here.length || (ends && left === here.length)) {
        return [node, here.slice(0, left).join("").length];
      }
      left -= here.length;
    }
    return last ? [last, last.data.length] : [paragraph, 0];
  }

  function rangeOf(text, start, end) {
    const range = document.createRange();
    range.setStart(...boundary(text, start, false));
    range.setEnd(...boundary(text, end, true));
    return range;
  }

  function quoteOf(text, start, end) {
    const first = at(paragraphs(text)[0]);
    const all = [...paragraphs(text).map((each) => each.textContent).join("")];
    return all.slice(start - first, end - first);
  }

  // ------------------------------------------------------------------------------- what is chosen

  let chosen = null; // { text, start, end, quote }
  let form = null; // the one that takes the words

  function choose(text, start, end) {
    let quote = quoteOf(text, start, end);
    while (quote.length && /\s/u.test(quote[0])) { quote = quote.slice(1); start += 1; }
    while (quote.length && /\s/u.test(quote.at(-1))) { quote = quote.slice(0, -1); end -= 1; }
    chosen = quote.length ? { text, start, end, quote: quote.join("") } : null;
    show();
  }

  function show() {
    if (globalThis.CSS && CSS.highlights) {
      if (chosen) CSS.highlights.set("chosen", new Highlight(rangeOf(chosen.text, chosen.start, chosen.end)));
      else CSS.highlights.delete("chosen");
    }
    const bar = document.getElementById("chosen");
    if (bar) {
      bar.hidden = !chosen;
      bar.querySelector("q").textContent = chosen ? chosen.quote : "";
    }
    const takes = taker(chosen && chosen.text);
    if (takes) fill(takes);
  }

  // The form that takes words of `text`: within a card its own, of a report's text the one entered last.
  function taker(text) {
    const card = text && text.closest("[data-item]");
    if (card) return card.querySelector("form[data-words]");
    return form && form.isConnected ? form : null;
  }

  function fill(takes) {
    const fields = takes.elements;
    fields.start.value = chosen ? chosen.start : "";
    fields.end.value = chosen ? chosen.end : "";
    fields.quote.value = chosen ? chosen.quote : "";
    fields.words.value = chosen ? chosen.quote : "";
  }

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const within = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("[data-text]");
    const text = within(range.startContainer) || within(range.endContainer);
    if (!text) return;
    const whole = document.createRange();
    whole.selectNodeContents(text);
    const from = within(range.startContainer) === text ? range : whole;
    const to = within(range.endContainer) === text ? range : whole;
    const start = before(text, from.startContainer, from.startOffset);
    const end = before(text, to.endContainer, to.endOffset);
    if (start < end) choose(text, start, end);
  });

  // The form that was opened or entered last takes the words; what is then written by hand counts instead.
  document.addEventListener("focusin", (event) => {
    const entered = event.target.closest("form[data-words]");
    if (!entered || entered === form) return;
    form = entered;
    if (chosen && taker(chosen.text) === form && !form.elements.words.value) fill(form);
  });
  document.addEventListener("input", (event) => {
    if (event.target.name !== "words" || !event.target.form.hasAttribute("data-words")) return;
    for (const name of ["start", "end", "quote"]) event.target.form.elements[name].value = "";
  });

  // ------------------------------------------------------------------------------- by keyboard

  const WORD = /[\p{L}\p{N}\p{M}_]+(?:[.,'’\-:/][\p{L}\p{N}\p{M}]+)*/gu;
  const known = new WeakMap();
  let cursor = null; // { text, anchor, focus }: numbers of words

  function wordsOf(text) {
    if (!known.has(text)) {
      const found = [];
      for (const paragraph of paragraphs(text)) {
        let unit = 0, point = at(paragraph);
        for (const match of paragraph.textContent.matchAll(WORD)) {
          point += letters(paragraph.textContent.slice(unit, match.index));
          const start = point;
          point += letters(match[0]);
          unit = match.index + match[0].length;
          found.push({ start, end: point, paragraph });
        }
      }
      known.set(text, found);
    }
    return known.get(text);
  }

  function step(text, key, more) {
    const words = wordsOf(text);
    if (!words.length) return;
    const begins = !cursor || cursor.text !== text;
    if (begins) cursor = { text, anchor: 0, focus: 0 };
    else {
      const here = words[cursor.focus].paragraph;
      const leftwards = getComputedStyle(here).direction === "rtl";
      const ahead = key === "ArrowDown" || key === (leftwards ? "ArrowLeft" : "ArrowRight");
      let to = cursor.focus + (ahead ? 1 : -1);
      if (key === "ArrowDown" || key === "ArrowUp") {
        while (words[to] && words[to].paragraph === here) to += ahead ? 1 : -1;
        if (words[to]) to = words.findIndex((each) => each.paragraph === words[to].paragraph);
      }
      cursor.focus = Math.max(0, Math.min(words.length - 1, words[to] ? to : cursor.focus));
      if (!more) cursor.anchor = cursor.focus;
    }
    const [first, last] = [cursor.anchor, cursor.focus].sort((a, b) => a - b);
    choose(text, words[first].start, words[last].end);
    const box = rangeOf(text, words[cursor.focus].start, words[cursor.focus].end).getBoundingClientRect();
    if (box.top < 90 || box.bottom > innerHeight - 30) scrollBy({ top: box.top - innerHeight / 2 });
  }

  function drop() {
    chosen = cursor = null;
    document.getSelection().removeAllRanges();
    show();
  }

  function take() {
    const takes = taker(chosen.text);
    if (takes) takes.querySelector("input:not([type=hidden]), select").focus();
    else document.querySelector("[data-adds]")?.focus();
  }

  document.addEventListener("keydown", (event) => {
    const text = event.target.closest("[data-text]");
    if (!text || event.target !== text || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow")) step(text, event.key, event.shiftKey);
    else if (event.key === "Enter" && chosen) take();
    else if (event.key === "Escape") drop();
    else return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const text = event.target.closest("[data-text]");
    if (text && event.detail === 0) text.focus(); // its key was pressed
    if (event.target.closest("[data-drops]")) drop();
    if (event.target.closest("[data-adds]")) {
      const adding = document.getElementById("adding");
      adding.open = true;
      const first = adding.querySelector("details[open] form") || adding.querySelector("form");
      form = first;
      fill(first);
      first.querySelector("input:not([type=hidden]), select").focus();
    }
    // A claim's words lead to what is said of it.
    const mark = event.target.closest(".text mark");
    if (mark && document.getSelection().isCollapsed) {
      const card = document.getElementById(`card-${mark.classList[0]}`);
      if (card) { card.scrollIntoView({ block: "nearest" }); card.focus({ preventScroll: true }); }
    }
  });

  // ------------------------------------------------------------------------- after a decision

  function fresh() {
    const card = document.querySelector("[data-fresh]");
    if (card) {
      card.removeAttribute("data-fresh");
      const state = card.querySelector(".from .chip");
      document.getElementById("told").textContent = [card.getAttribute("aria-label"), state && state.textContent]
        .filter(Boolean).join(": ");
      const all = [...document.querySelectorAll("[data-item][data-row]")];
      const next = all.slice(all.indexOf(card) + 1).find((each) => !each.hasAttribute("data-done"));
      const goes = card.hasAttribute("data-done") && next ? next : card;
      goes.focus({ preventScroll: true });
      goes.scrollIntoView({ block: "nearest" });
    }
    const loaded = document.querySelector(".correcting form:not([data-loaded])");
    if (loaded) {
      loaded.setAttribute("data-loaded", "");
      form = loaded;
      if (chosen && taker(chosen.text) === loaded) fill(loaded);
      loaded.querySelector("input:not([type=hidden]), select").focus();
    }
  }
  // What was the matter with the last form is told until the next is sent; asking for news sends none.
  document.addEventListener("htmx:before:request", (event) => {
    if (!event.target.closest("form")) return;
    document.getElementById("notice").replaceChildren();
  });
  document.addEventListener("htmx:after:swap", fresh);
  document.addEventListener("htmx:after:settle", fresh);

  // Enter on a card that is lit opens its first link.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-row]")) return;
    const link = event.target.querySelector("a[href]");
    if (link) link.click();
  });

  // In the queue the first that waits is lit, unless the address names one.
  const lit = location.hash && document.getElementById(location.hash.slice(1));
  if (lit && lit.matches("[data-row]")) lit.focus();
  else if (!location.hash && document.querySelector("article.card[data-row]")) {
    document.querySelector("article.card[data-row]").focus({ preventScroll: true });
  }
})();
