/* A page that lost the server. Its session ended meanwhile: it cannot come back, and is led to the sign-in.
   A page had been asked for and the server went away before it heard: it is asked for again. */
(() => {
  "use strict";
  const EVERY = 3000;

  const isCut = () => {
    const page = document.querySelector('[data-testid="stApp"]');
    return page !== null && page.getAttribute("data-test-connection-state") !== "CONNECTED";
  };
  const look = async () => {
    if (!isCut()) return;
    try {
      const answer = await fetch(location.href, { method: "HEAD", redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect") location.reload();
    } catch {
      // The server itself is away: the framework comes back by itself with it.
    }
  };
  setInterval(look, EVERY);

  let wanted = null, cut = false;
  window.fabriqueWants = (address) => (wanted = address);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(':is([data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"])');
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (link && !elsewhere) wanted = link.href;
  }, true);
  new MutationObserver(() => {
    const page = document.querySelector('[data-testid="stApp"]');
    if (isCut()) cut = true;
    else if (cut) {
      cut = false;
      if (wanted) location.assign(wanted);
    } else if (page?.dataset.testScriptState === "running") wanted = null;  // the server heard
  }).observe(document.documentElement, {
    subtree: true, attributeFilter: ["data-test-connection-state", "data-test-script-state"],
  });
})();
