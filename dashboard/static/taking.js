/* A chart leaves the page: as a picture (PNG, SVG) or as its numbers (CSV), with its title, source, period and address. */
(() => {
  "use strict";
  const FIGURE = '[class*="st-key-graphique-"], .multiples, .park';
  const SPACE = "http://www.w3.org/2000/svg";
  const words = (one) => (one?.innerText ?? "").replace(/[ \n\t]+/g, " ").trim();
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // --- what is said around the marks -----------------------------------------------------------
  const about = (figure) => ({
    title: words(figure.querySelector(".chart__title")),
    unit: words(figure.querySelector(".chart__unit")),
    foot: [
      words(figure.querySelector(".note")),
      words(document.querySelector(".page-head a.choice--current")),
      words(document.querySelector(".fictitious strong")),
      window.fabriqueView(),
    ].filter(Boolean),
  });
  const file = (figure, ending) =>
    `${about(figure).title.normalize("NFD").replace(/[^\w]+/g, "-").slice(0, 60).replace(/^-|-$/g, "").toLowerCase()}.${ending}`;
  const hand = (blob, name) => {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // --- the numbers -----------------------------------------------------------------------------
  const cell = (text) => {
    const calm = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d\s.,]+%?$/.test(text) ? `'${text}` : text;
    return /[;"\n]/.test(calm) ? `"${calm.replaceAll('"', '""')}"` : calm;
  };
  const text = (one) => one.textContent.replace(/\s+/g, " ").trim();
  const rows = (figure) => {
    const table = figure.querySelector("table");
    if (table) return [...table.rows].map((row) => [...row.cells].map(text));
    return [...figure.querySelectorAll(".park__key li")].map((one) => [text(one.querySelector("[data-name]")), text(one.querySelector("strong"))]);
  };
  const csv = (figure) => {
    const { title, unit, foot } = about(figure);
    const lines = [...[title, unit, ...foot].filter(Boolean).map((one) => [one]), [], ...rows(figure)];
    return new Blob(["\ufeff", lines.map((line) => line.map(cell).join(";")).join("\r\n"), "\r\n"], { type: "text/csv" });
  };

  // --- the picture: title, unit, marks, foot, one under the other ------------------------------
  const made = (name, attributes, ...children) => {
    const one = document.createElementNS(SPACE, name);
    Object.entries(attributes).forEach(([key, value]) => one.setAttribute(key, value));
    one.append(...children);
    return one;
  };
  const lines = (said, most) => {
    const found = [""];
    for (const word of said.split(" ")) {
      if ((found.at(-1) + word).length > most) found.push("");
      found[found.length - 1] += `${word} `;
    }
    return found.map((one) => one.trim());
  };
  const drawn = (figure, width) => {
    const plots = [...figure.querySelectorAll("svg.main-svg")];
    if (plots.length) {
      const height = plots[0].clientHeight || plots[0].getBoundingClientRect().height;
      const marks = plots.map((one) => made("g", {}, ...[...one.childNodes].map((child) => child.cloneNode(true))));
      // Our own letters stay on the page: those of the reader's machine are wider where it has to guess.
      marks.forEach((one) => one.querySelectorAll("text").forEach((said) => (said.style.fontFamily = "Arial, sans-serif")));
      return { height, marks };
    }
    const box = figure.getBoundingClientRect();
    const marks = [], parts = [...figure.querySelectorAll(".panel__name, .panel__value, .panel__goal, .panel__wait, .panel__plot, .panel__ends span, .park__part, .park__key li")];
    const top = Math.min(...parts.map((one) => one.getBoundingClientRect().top));
    let bottom = top;
    for (const one of parts) {
      const { left, top: y, width: w, height: h } = one.getBoundingClientRect();
      const at = { x: left - box.left, y: y - top, width: w, height: h };
      bottom = Math.max(bottom, y + h);
      if (one.tagName === "IMG") marks.push(made("image", { ...at, href: one.src, preserveAspectRatio: "none" }));
      else if (one.matches(".park__part:not(.park__swatch)")) {
        const style = getComputedStyle(one);
        const plain = style.backgroundImage === "none";
        marks.push(made("rect", { ...at, fill: plain ? style.backgroundColor : colour("--axis1"), "fill-opacity": plain ? 1 : 0.55, stroke: colour("--ink-soft"), "stroke-width": 1 }));
        if (words(one)) marks.push(made("text", { x: at.x + w / 2, y: at.y + h / 2 + 6, "text-anchor": "middle", "font-size": 17, "font-weight": 700, fill: style.color }, words(one)));
      } else if (!one.matches(".park__swatch")) marks.push(made("text", { x: at.x, y: at.y + h * 0.75, "font-size": one.matches(".panel__value") ? 20 : 14, fill: colour("--ink") }, words(one)));
    }
    return { height: bottom - top, marks };
  };
  const svg = (figure) => {
    const { title, unit, foot } = about(figure);
    const width = Math.round(figure.getBoundingClientRect().width), margin = 16, most = width / 9;
    const body = drawn(figure, width), children = [];
    let y = margin;
    const say = (said, size, weight, fill) => lines(said, most * (18 / size)).forEach((one) => {
      y += size * 1.3;
      children.push(made("text", { x: margin, y, "font-size": size, "font-weight": weight, fill }, one));
    });
    say(title, 19, 700, colour("--ink"));
    if (unit) say(unit, 14, 400, colour("--ink-soft"));
    y += 12;
    children.push(made("g", { transform: `translate(${margin} ${y})` }, ...body.marks));
    y += body.height + 8;
    say(foot.join(" · "), 12, 400, colour("--ink-soft"));
    const size = { width: width + 2 * margin, height: Math.round(y + margin) };
    const whole = made("svg", { xmlns: SPACE, ...size, viewBox: `0 0 ${size.width} ${size.height}`, "font-family": "Arial, sans-serif" },
      made("title", {}, title), made("rect", { ...size, fill: colour("--ground") }), ...children);
    return { ...size, written: new XMLSerializer().serializeToString(whole) };
  };
  const png = (figure) => new Promise((done) => {
    const { width, height, written } = svg(figure);
    const image = new Image();
    image.onload = () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 2 * width, height: 2 * height });
      canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height);
      canvas.toBlob(done, "image/png");
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(written)}`;
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-take]");
    const figure = button?.closest(FIGURE);
    if (!figure) return;
    const kind = button.dataset.take;
    const blob = kind === "csv" ? csv(figure) : kind === "png" ? await png(figure) : new Blob([svg(figure).written], { type: "image/svg+xml" });
    hand(blob, file(figure, kind));
  });
})();
