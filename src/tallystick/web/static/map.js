// Dragging, turning the wheel and brushing, for the map and the timeline. Each ends in the same address
// that a link beside them has: without this file nothing is missing but the comfort.
"use strict";

(() => {
  const WAIT = 250; // milliseconds after the last turn of the wheel
  const pair = () => document.getElementById("pair");
  const END = 85.0511;

  // Web Mercator: the share of the world's height at a latitude, and back.
  const down = (latitude) => {
    const held = (Math.max(-END, Math.min(END, latitude)) * Math.PI) / 180;
    return 0.5 - Math.log(Math.tan(Math.PI / 4 + held / 2)) / (2 * Math.PI);
  };
  const latitude = (share) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * share))) * 180) / Math.PI;

  let asked = 0; // the last address that was asked for; earlier answers come too late

  async function go(url, keep = true) {
    const here = pair();
    const number = ++asked;
    const focused = document.activeElement && here.contains(document.activeElement) ? document.activeElement.id : "";
    here.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (number !== asked) return;
      const fresh = page.getElementById("pair");
      if (!fresh) throw new Error("no map in the answer");
      here.replaceWith(document.adoptNode(fresh));
      const [old, rows] = [document.getElementById("rows"), page.getElementById("rows")];
      if (old && rows) old.replaceWith(document.adoptNode(rows));
      if (keep) history.pushState(null, "", url);
      const target = focused && document.getElementById(focused);
      if (target) target.focus({ preventScroll: true });
      wake();
    } catch {
      location.assign(url); // the page itself then says what is wrong
    }
  }

  const asking = (changes) => {
    const url = new URL(location.href);
    for (const [key, value] of Object.entries(changes)) url.searchParams.set(key, value);
    url.hash = "";
    return url.href;
  };

  // The map's box after it was moved by pixels of its drawing, and drawn `scale` times as wide about a point.
  function moved(svg, dx, dy, scale, x, y) {
    const [west, south, east, north] = pair().dataset.box.split(",").map(Number);
    const { width, height } = svg.viewBox.baseVal;
    const wide = (east <= west ? east + 360 : east) - west;
    const [top, bottom] = [down(north), down(south)];
    const left = west + ((x - x / scale - dx) / width) * wide;
    const high = top + ((y - y / scale - dy) / height) * (bottom - top);
    const span = Math.min(360, wide / scale);
    const box = [
      ((((left + 180) % 360) + 360) % 360) - 180,
      latitude(Math.min(1, high + (bottom - top) / scale)),
      0,
      latitude(Math.max(0, high)),
    ];
    box[2] = span >= 360 ? box[0] + 360 : ((((box[0] + span + 180) % 360) + 360) % 360) - 180;
    return box.map((degrees) => degrees.toFixed(5)).join(",");
  }

  function point(svg, event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [at.x, at.y];
  }

  function drag(svg) {
    let from = null;
    let far = false;
    svg.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      [from, far] = [point(svg, event), false];
    });
    const { width, height } = svg.viewBox.baseVal;
    const place = (x, y) => svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    svg.addEventListener("pointermove", (event) => {
      if (!from) return;
      place(0, 0);
      const [x, y] = point(svg, event);
      if (!far && Math.hypot(x - from[0], y - from[1]) < 5) return;
      if (!far) svg.setPointerCapture(event.pointerId);
      far = true;
      svg.classList.add("held");
      place(from[0] - x, from[1] - y);
    });
    const end = (event) => {
      if (!from) return;
      place(0, 0);
      const [x, y] = point(svg, event);
      const [dx, dy] = [x - from[0], y - from[1]];
      from = null;
      svg.classList.remove("held");
      if (far && event.type === "pointerup") {
        place(-dx, -dy);
        go(asking({ box: moved(svg, dx, dy, 1, 0, 0) }));
      }
    };
    svg.addEventListener("pointerup", end);
    svg.addEventListener("pointercancel", end);
    svg.addEventListener("dragstart", (event) => event.preventDefault()); // of a link
    svg.addEventListener("click", (event) => { if (far) { event.preventDefault(); event.stopPropagation(); far = false; } }, true);
  }

  function wheel(svg) {
    let [scale, timer] = [1, 0];
    svg.addEventListener("wheel", (event) => {
      const region = svg.closest("[tabindex]");
      // The page keeps its own wheel until somebody asks for the map's: by its focus, or with ctrl.
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== region) return;
      event.preventDefault();
      const { width, height } = svg.viewBox.baseVal;
      if (scale === 1) svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      const [whole, tall] = [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))];
      const [x, y] = point(svg, event);
      scale = Math.max(1 / 8, Math.min(8, scale * 2 ** (-event.deltaY / 300)));
      const [left, top] = [x - ((x - svg.viewBox.baseVal.x) * (whole / scale)) / svg.viewBox.baseVal.width, y - ((y - svg.viewBox.baseVal.y) * (tall / scale)) / svg.viewBox.baseVal.height];
      svg.setAttribute("viewBox", `${left} ${top} ${whole / scale} ${tall / scale}`);
      clearTimeout(timer);
      timer = setTimeout(() => {
        // What the drawing shows now, told as a move of the whole and a scale about its corner.
        const seen = svg.viewBox.baseVal;
        const [sx, sy, by] = [seen.x, seen.y, scale];
        svg.setAttribute("viewBox", `0 0 ${whole} ${tall}`);
        const box = moved(svg, -sx, -sy, by, 0, 0);
        svg.setAttribute("viewBox", `${sx} ${sy} ${whole / by} ${tall / by}`);
        scale = 1;
        go(asking({ box }));
      }, WAIT);
    }, { passive: false });
  }

  function brush(svg) {
    const { first, last, left, right } = pair().dataset;
    const [x0, x1] = [Number(left), Number(right)];
    if (!(x1 > x0)) return;
    const start = Date.parse(`${first}T00:00:00Z`);
    const days = Math.round((Date.parse(`${last}T00:00:00Z`) - start) / 864e5) + 1;
    const day = (x) => Math.max(0, Math.min(days - 1, Math.floor(((x - x0) / (x1 - x0)) * days)));
    const iso = (n) => new Date(start + n * 864e5).toISOString().slice(0, 10);
    let from = null;
    let box = null;
    svg.addEventListener("pointerdown", (event) => {
      const [x] = point(svg, event);
      if (event.button || !event.isPrimary || x < x0 || x > x1) return;
      from = x;
    });
    svg.addEventListener("pointermove", (event) => {
      if (from === null) return;
      const x = Math.max(x0, Math.min(x1, point(svg, event)[0]));
      if (!box && Math.abs(x - from) < 6) return;
      if (!box) {
        svg.setPointerCapture(event.pointerId);
        box = document.createElementNS(svg.namespaceURI, "rect");
        box.setAttribute("class", "brush");
        box.setAttribute("y", "0");
        box.setAttribute("height", String(svg.viewBox.baseVal.height));
        svg.append(box);
      }
      box.setAttribute("x", String(Math.min(x, from)));
      box.setAttribute("width", String(Math.abs(x - from)));
    });
    const end = (event) => {
      const [began, drawn] = [from, box];
      from = null;
      if (!drawn) return;
      drawn.remove();
      setTimeout(() => { box = null; });
      if (event.type !== "pointerup") return;
      const ends = [day(began), day(point(svg, event)[0])].sort((a, b) => a - b);
      go(asking({ from: iso(ends[0]), to: iso(ends[1]) }));
    };
    svg.addEventListener("pointerup", end);
    svg.addEventListener("pointercancel", end);
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("click", (event) => { if (box) { event.preventDefault(); event.stopPropagation(); } }, true);
  }

  function wake() {
    const map = document.querySelector("#pair svg.map");
    const times = document.querySelector("#pair svg.times");
    if (map) { map.classList.add("live"); drag(map); wheel(map); }
    if (times) { times.classList.add("live"); brush(times); }
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("#pair a");
    const href = link && link.getAttribute("href");
    if (!href || !href.startsWith("?")) return;
    event.preventDefault();
    go(new URL(href, location.href).href);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.closest("#pair")) return;
    event.preventDefault();
    const url = new URL(location.href);
    url.search = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value)).toString();
    go(url.href);
  });

  // With the map in focus: plus and minus, and the arrows with shift.
  const KEYS = { "+": "nearer", "=": "nearer", "-": "farther" };
  const TURNED = { ArrowUp: "north", ArrowDown: "south", ArrowLeft: "west", ArrowRight: "east" };
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "map-view" || event.ctrlKey || event.metaKey || event.altKey) return;
    const name = event.shiftKey && TURNED[event.key] ? TURNED[event.key] : KEYS[event.key];
    const link = name && document.getElementById(`map-${name}`);
    if (!link) return;
    event.preventDefault();
    go(new URL(link.getAttribute("href"), location.href).href);
  });

  addEventListener("popstate", () => { if (pair()) go(location.href, false); });
  if (pair()) wake();
})();
