/* Two small things that the framework has no setting for: its own words in French,
   and links of ours that open a page without reloading everything. */
(() => {
  "use strict";

  // --- words (words.js holds them) -----------------------------------------------------------
  const { words, patterns } = window.fabriqueWords;
  const attributes = ["aria-label", "title", "placeholder", "alt", "data-title", "aria-description", "aria-roledescription", "aria-valuetext"];

  const french = (text) => {
    const bare = text.trim();
    if (!bare) return null;
    if (Object.hasOwn(words, bare)) return text.replace(bare, words[bare]);
    if (!/^(?:[A-Z\d]|day|month|year|.* (?:start|end) date$|.* not allowed\.$)/.test(bare)) return null;
    for (const [pattern, replacement] of patterns) {
      if (pattern.test(bare)) return bare.replace(pattern, replacement);
    }
    return null;
  };
  // What we wrote ourselves is French already, and may hold one of these words by chance.
  const ours = (node) => node.parentElement?.closest('.stHtml, .stMarkdown, svg.main-svg, [translate="no"]:not(html)');
  const sayText = (node) => {
    if (ours(node)) return;
    const said = french(node.data);
    if (said !== null && said !== node.data) node.data = said;
  };
  const sayAttributes = (element) => {
    for (const name of attributes) {
      const value = element.getAttribute(name);
      const said = value && french(value);
      if (said && said !== value) element.setAttribute(name, said);
    }
    // The framework names the place where files are dropped and says that it is none: it is a group.
    if (element.matches('[data-testid="stFileUploaderDropzone"][role="presentation"]')) element.setAttribute("role", "group");
  };
  const sayAll = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return sayText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    if (root.closest(".stHtml")) return;
    sayAttributes(root);
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (node.nodeType === Node.TEXT_NODE) sayText(node);
      else sayAttributes(node);
    }
  };
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") sayText(change.target);
      else if (change.type === "attributes") sayAttributes(change.target);
      else change.addedNodes.forEach(sayAll);
    }
  });
  observer.observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: attributes,
  });
  sayAll(document.documentElement);  // what was drawn before this script came

  // --- links -------------------------------------------------------------------------------
  // The framework goes to a page when the browser's history moves: move it, and nothing reloads.
  const inside = (link) =>
    link.origin === location.origin && !link.hasAttribute("download") &&
    !/^\/(app\/static|habillage|media|static|_stcore|sante|pret|connexion|deconnexion|invitation|mot-de-passe|double-authentification|api)(\/|$)/.test(link.pathname);
  // Cells typed in a grid and not stored leave with the page: one is asked first, whatever the way out.
  const typed = () => document.querySelector("[data-unsaved]") !== null;
  const stays = () => typed() && !confirm("Ce que vous avez saisi dans le tableau n’est pas enregistré et sera perdu. Quitter cette page ?");
  window.addEventListener("beforeunload", (event) => typed() && event.preventDefault());
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(':is([data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"])') || !stays()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  // Back to another place of the same page asks nothing; the framework would draw it again.
  let returning = false;
  window.addEventListener("popstate", (event) => {
    if (!event.isTrusted) return;
    if (!returning && window.fabriqueStands()) return event.stopImmediatePropagation();
    if (!(returning || stays())) return;
    event.stopImmediatePropagation();
    if (!returning) history.forward();
    returning = !returning;
  }, true);
  const go = (place) => {
    if (stays()) return;
    const elsewhere = place.pathname !== location.pathname;
    window.fabriqueWants(place.href);
    window.fabriqueWork();
    history.pushState(null, "", place.pathname + place.search + place.hash);
    window.dispatchEvent(new PopStateEvent("popstate"));
    if (elsewhere && !place.hash) document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  };
  window.fabriqueGo = go;
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.(".stHtml a[href]");
    if (!link || link.target === "_blank" || !inside(link)) return;
    event.preventDefault();
    if (link.pathname === location.pathname && link.search === location.search && link.hash) {
      const named = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      unfold(named);
      named?.scrollIntoView({ block: "start" });
      history.replaceState(history.state, "", link.hash);
      return;
    }
    go(link);
  });
  // A form of ours only chooses what to look at: its fields go into the address, and whether a part of it is open.
  const asked = (form) => {
    const place = new URL(form.action);
    place.search = new URLSearchParams(new FormData(form)).toString();
    if (form.querySelector("details[open]")) place.searchParams.set("deplie", "1");
    return place;
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "get" || !form.closest(".stHtml")) return;
    const place = asked(form);
    if (place.origin !== location.origin) return;
    event.preventDefault();
    go(place);
  });

  // Without a button it is read as soon as a field changes, once the hand has stopped; what was chosen meanwhile stays,
  // on the form that what was asked before draws again too.
  const AT_ONCE = ".stHtml form[data-at-once]";
  const chosen = new Map();
  const field = (one) => [one.name, ["checkbox", "radio"].includes(one.type) ? one.value : ""].join("=");
  const choose = (form) => [...form.elements].forEach((one) => Object.assign(one, chosen.get(field(one))));
  let changing;
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.(AT_ONCE);
    if (!form) return;
    if (!changing && window.fabriqueStands()) chosen.clear();
    const { type, checked, value } = event.target;
    chosen.set(field(event.target), ["checkbox", "radio"].includes(type) ? { checked } : { value });
    if (!form.checkValidity()) return;  // a year that is still being typed
    const place = asked(form);
    clearTimeout(changing);
    changing = setTimeout(() => {
      changing = null;
      go(place);
    }, 500);
  });
  new MutationObserver(() => {
    if (changing || !window.fabriqueStands()) document.querySelectorAll(AT_ONCE).forEach(choose);
  }).observe(document.documentElement, { subtree: true, childList: true });

  // --- the address of what is shown, whole: the period that nobody chose is written too, so that it stays ----
  const view = () => {
    const shown = new URL(location.href);
    const chosen = document.querySelector(".page-head a.choice--current[href]");
    for (const [name, value] of chosen ? new URL(chosen.href).searchParams : []) {
      if (!shown.searchParams.has(name)) shown.searchParams.append(name, value);
    }
    return shown.href;
  };
  window.fabriqueView = view;
  const intoClipboard = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    // On a plain address the browser has no clipboard to write to: what is selected may still be copied.
    const field = Object.assign(document.createElement("textarea"), { value: text, className: "visually-hidden" });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const words = button.textContent;
    await intoClipboard(view());
    button.textContent = "Lien copié";
    window.fabriqueSay("status", "Lien copié");
    setTimeout(() => (button.textContent = words), 2500);
  });

  // --- what comes second on a phone: unfolded by its button, or when the address names what is within ----
  const folding = (part, closed) => {
    part.dataset.folds = closed ? "closed" : "open";
    part.querySelector("[data-opens]").setAttribute("aria-expanded", String(!closed));
  };
  const unfold = (one) => {
    for (let part = one?.closest("[data-folds]"); part; part = part.parentElement.closest("[data-folds]")) folding(part, false);
  };
  window.fabriqueUnfold = unfold;
  window.addEventListener("hashchange", () => unfold(document.getElementById(decodeURIComponent(location.hash.slice(1)))));
  document.addEventListener("click", (event) => {
    const part = event.target.closest?.("[data-opens]")?.closest("[data-folds]");
    if (part) folding(part, part.dataset.folds === "open");
  });

  // --- one key to search: « / », anywhere but where one types -----------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || document.querySelector(".slide")) return;
    if (event.target.closest?.('input, textarea, select, [contenteditable="true"], [role="textbox"], [role="grid"]')) return;
    event.preventDefault();
    const field = document.getElementById("chercher-q");
    if (field) field.focus();
    else go(new URL("/chercher#chercher-q", location.origin));
  });

  // --- projector ------------------------------------------------------------------------------
  // Left and right, and what a remote control sends, go from slide to slide; Home and End to the ends; L opens the
  // list, F fills the screen; Escape closes the list, then leaves.
  const whole = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.());
  document.addEventListener("click", (event) => event.target.closest?.("[data-full]") && whole());
  const ahead = ["ArrowRight", "PageDown", " "], back = ["ArrowLeft", "PageUp"];
  document.addEventListener("keydown", (event) => {
    const slide = document.querySelector(".slide");
    if (!slide || event.ctrlKey || event.metaKey || event.altKey) return;
    // On a small screen a slide is a page taller than the screen: these keys scroll it.
    if (["PageDown", "PageUp", " "].includes(event.key) && getComputedStyle(slide).position === "static") return;
    if (event.key === " " && event.target.closest?.("a, button, summary")) return;
    const list = slide.querySelector(".slide__all");
    if (event.key.toLowerCase() === "f") return void whole();
    if (event.key.toLowerCase() === "l" || (event.key === "Escape" && list.open)) {
      list.open = !list.open;
      list.querySelector(list.open ? "a[aria-current]" : "summary").focus();
      return;
    }
    // From the slide that was last asked for: two quick presses are two slides, drawn or not.
    const place = new URL(location.href), count = Number(slide.dataset.count);
    const at = Number(place.searchParams.get("diapo")) || Number(slide.dataset.rank);
    const step = ahead.includes(event.key) ? 1 : back.includes(event.key) ? -1 : 0;
    const rank = { Home: 1, End: count }[event.key] ?? (step ? at + step : 0);
    if (rank >= 1 && rank <= count) {
      event.preventDefault();
      place.searchParams.set("diapo", rank);
      go(place);
      return;
    }
    const link = event.key === "Escape" && slide.querySelector("a[data-leave]");
    if (!link) return;
    event.preventDefault();
    go(link);
  });

  // --- print -------------------------------------------------------------------------------
  // On paper nothing can be unfolded: every fold is printed open, then put back, but for the annexes, of several
  // sheets each, which say how they come. A sheet that leaves the room says from which page it came, and when.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open]):not(.fold--annex)")];
    folded.forEach((fold) => (fold.open = true));
    const day = new Date().toLocaleDateString("fr-FR", { day: "numeric", month: "long", year: "numeric" });
    const head = document.querySelector(".stHtml .page-head");
    const said = Object.assign(document.createElement("p"), { className: "printed", textContent: `Imprimé le ${day} · ${view()}` });
    head?.before(said);
  });
  window.addEventListener("afterprint", () => {
    folded.forEach((fold) => (fold.open = false));
    document.querySelectorAll(".printed").forEach((said) => said.remove());
  });
})();
