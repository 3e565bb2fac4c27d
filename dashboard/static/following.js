/* What the framework leaves out after each of its runs: what changed is read aloud, and who was somewhere stays there.
   Another page: its title has the focus and is announced. An act: its answer (`data-told`) is announced and comes
   into view. Anything else: the focus goes back to the twin of what had it, which the run drew again. */
(() => {
  "use strict";
  const STILL = 80;
  const app = () => document.querySelector('[data-testid="stApp"]');
  const title = () => document.querySelector('[data-testid="stMain"] h1:not([data-stale="true"] *)');
  const words = (one) => (one?.innerText ?? "").replace(/[ \n\t]+/g, " ").trim();

  // --- read aloud: two regions that never leave the page ---------------------------------------
  const regions = Object.fromEntries(["status", "alert"].map((role) => {
    const region = document.createElement("div");
    region.className = "visually-hidden";
    region.setAttribute("role", role);
    document.body.append(region);
    return [role, region];
  }));
  const say = (role, text) => {
    if (!text) return;
    regions[role].textContent = "";
    setTimeout(() => (regions[role].textContent = text), STILL);
  };

  window.fabriqueSay = say;

  // --- where one was ---------------------------------------------------------------------------
  const INPUTS = "input, select, textarea";
  const sign = (one) => [
    one.tagName, one.closest('[class*="st-key-"]')?.className.match(/st-key-\S+/)[0], one.getAttribute("aria-label"),
    one.matches(INPUTS) ? [one.type, one.name, one.type === "checkbox" || one.type === "radio" ? one.value : ""] : words(one),
  ].join("|");
  const alike = (is, tag) => [...document.getElementsByTagName(tag)].filter((one) => sign(one) === is);
  let held = null;
  const remember = () => {
    const one = document.activeElement;
    if (!one || one === document.body) return;
    const is = sign(one);
    held = { one, is, tag: one.tagName, href: one.getAttribute("href"), place: alike(is, one.tagName).indexOf(one) };
  };
  const twin = () => {
    const found = alike(held.is, held.tag);
    return found.find((one) => one.getAttribute("href") === held.href) ?? found[held.place] ?? found[0];
  };
  const focus = (one, options) => {
    if (!one) return false;
    if (one.tabIndex < 0) one.setAttribute("tabindex", "-1");
    one.focus(options);
    return document.activeElement === one;
  };
  // The part of a page that its address names: « /comites?comite=4#point-p2 ».
  const named = () => location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  // It may be drawn after the title: it is waited for as long as nobody went elsewhere.
  let sought = false;
  const lead = () => {
    const here = [document.body, title()].includes(document.activeElement);
    if (sought && here && named()) {
      window.fabriqueUnfold(named());
      focus(named());
    }
    sought &&= here && !named();
  };
  const lost = () => held && document.activeElement === document.body && (!held.one.isConnected || held.one.disabled);

  // --- what is there, run after run --------------------------------------------------------------
  let before = null, acted = false;
  const look = () => ({
    place: location.pathname, heading: words(title()),
    told: new Set(told().map(words)),
    leads: new Set([...document.querySelectorAll(".lead")].map(words)),
  });
  const told = () => [...document.querySelectorAll("[data-told]")];
  const fresh = () => told().filter((one) => !before.told.has(words(one)));
  const leads = () => [...document.querySelectorAll(".lead")].map(words).filter((one) => !before.leads.has(one));
  const answers = () => {
    const found = fresh();
    return found.length || !acted ? found : told().filter((one) => one.dataset.told === "alert");
  };
  const announce = (found, moved) => {
    const said = (role) => found.filter((one) => (one.dataset.told === "alert") === (role === "alert")).map(words);
    const status = [...(moved ? [words(title())] : []), ...said("status")];
    say("status", (status.length || said("alert").length ? status : leads()).join(" "));
    say("alert", said("alert").join(" "));
  };
  const shown = (one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return top >= 60 && bottom <= innerHeight;
  };
  // A window bears the name of what it shows: the meeting, the relevé, the slide, and not of the page alone.
  const name = () => {
    const kicker = words(title().parentElement.querySelector(":scope > .kicker, :scope > .slide__kicker"));
    const whole = [words(title()), kicker].filter(Boolean).join(" – ");
    const called = [whole, document.title.split(" · ").at(-1)].join(" · ");
    if (document.title !== called) document.title = called;
  };
  const settle = () => {
    const now = look();
    if (!now.heading) return;  // a page without a title: its session ended
    seen = window.fabriqueMark();
    name();
    const wrong = window.fabriqueFields.tie();
    let found = [];
    if (!before) sought = Boolean(location.hash);
    if (before) {
      found = answers();
      const elsewhere = now.place !== before.place;
      const moved = elsewhere || now.heading !== before.heading;
      announce(found, moved);
      if (elsewhere) {
        focus(title());
        sought = Boolean(location.hash);
      } else if (acted && found.length && wrong.length) focus(wrong[0]);
      else if (lost() && !focus(twin(), { preventScroll: true })) focus(found[0] ?? title(), { preventScroll: !acted });
      if (found.length && !shown(found[0]) && !wrong.includes(document.activeElement)) found[0].scrollIntoView({ block: "center" });
    }
    lead();
    [before, held, acted] = [now, null, false];
  };
  // What is drawn by itself after the end of a run: a grid, a chart, a part that was folded.
  const late = () => {
    if (before) name();
    lead();
    window.fabriqueFields.tie();
  };

  // A hand, or a file, may be quicker than the end of the first look at a page.
  const begin = () => (before ??= title() && look());

  // A slow machine says that its run has ended before it draws what the run brought; a quick one begins and ends it
  // between two looks. The mark of a run is drawn last, and is like no other: by it everything is there.
  let running = true, seen, soon;
  new MutationObserver(() => {
    const goes = app()?.dataset.testScriptState !== "notRunning";
    if (goes && !running) {
      begin();
      remember();
      window.fabriqueRuns();
    }
    running = goes;
    clearTimeout(soon);
    const drawn = window.fabriqueMark();
    if (drawn) soon = setTimeout(drawn === seen ? late : settle, STILL);
  }).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ["data-test-script-state"] });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('[data-testid="stMain"] :is(button, label, a)')) return;
    acted ||= Boolean(event.target.closest("button"));
    begin();
    remember();
  }, true);
  document.addEventListener("change", () => begin(), true);

  // --- the menu of a narrow screen: it opens onto its first page, Escape or going out of it closes it ------------
  const side = () => document.querySelector('[data-testid="stSidebar"]');
  const opener = () => document.querySelector('[data-testid="stExpandSidebarButton"]');
  const opened = () => side()?.dataset.collapsed === "false";
  const close = () => side().querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  // The menu comes and goes at the pace of the machine: asked again at each of its images, until it takes the focus.
  const enter = (find, images = 300) => {
    if (!focus(find(), { preventScroll: true }) && images) requestAnimationFrame(() => enter(find, images - 1));
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest?.('[data-testid="stExpandSidebarButton"]')) enter(() => opened() && side().querySelector("a"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opened()) return;
    close();
    enter(() => !opened() && opener());
  });
  document.addEventListener("focusin", (event) => {
    if (opened() && !side().contains(event.target) && !event.target.closest('[data-testid="stHeader"]')) close();
  });
})();
