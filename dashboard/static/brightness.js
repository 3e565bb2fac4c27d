/* « Clair », « sombre » or as the device says: chosen on « Mon compte », kept by this browser. The page's own head
   applies it before anything is drawn (dashboard/web/index.py); here it is chosen, and what is chosen is marked. */
(() => {
  "use strict";

  const KEPT = "fabrique-brightness";
  const buttons = document.getElementsByClassName("brightness");  // live: those of the page that stands
  // The page's head has read it: a browser that keeps nothing follows the device.
  const asked = () => document.documentElement.dataset.brightness ?? "";

  const mark = () => {
    for (const one of buttons) {
      const pressed = String(one.value === asked());
      if (one.getAttribute("aria-pressed") !== pressed) one.setAttribute("aria-pressed", pressed);
    }
  };
  new MutationObserver(mark).observe(document.documentElement, { subtree: true, childList: true });

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("button.brightness");
    if (!pressed) return;
    // The framework keeps its own for each address: none of them may say otherwise.
    Object.keys(localStorage).filter((name) => name.startsWith("stActiveTheme-")).forEach((name) => localStorage.removeItem(name));
    if (pressed.value) localStorage.setItem(KEPT, pressed.value);
    else localStorage.removeItem(KEPT);
    location.reload();
  });
})();
