/* A sign of work from the moment of a press until what was asked is drawn: a line across the top of the page.
   The framework shows one of its own only once its server answered, and after a while. A run is seen by the state that
   the framework writes on its page and by what changes there: each run changes one mark at least (« run_mark »). */
(() => {
  "use strict";
  const EVERY = 100, LONGEST = 20000;
  const STATE = "data-test-script-state";
  const app = () => document.querySelector('[data-testid="stApp"]');
  const rests = () => app()?.getAttribute(STATE) === "notRunning";
  const main = () => document.querySelector('[data-testid="stMain"]');
  const address = () => location.pathname + location.search;

  let watches = [], beat, place = address();
  const stop = () => {
    place = address();
    delete document.documentElement.dataset.working;
    watches.forEach((one) => one.disconnect());
    clearInterval(beat);
  };
  const start = () => {
    stop();
    const at = performance.now();
    let answered = !rests();
    const answer = () => (answered = true);
    document.documentElement.dataset.working = "";
    watches = [[app(), { attributeFilter: [STATE] }], [main(), { subtree: true, childList: true }]]
      .filter(([where]) => where)
      .map(([where, what]) => {
        const watch = new MutationObserver(answer);
        watch.observe(where, what);
        return watch;
      });
    beat = setInterval(() => ((answered && rests()) || performance.now() - at > LONGEST) && stop(), EVERY);
  };
  window.fabriqueWork = start;

  const ASKS = '[data-testid="stMain"] :is(.stButton, .stFormSubmitButton) button, [data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]';
  document.addEventListener("click", (event) => event.isTrusted && event.target.closest?.(ASKS) && start());
  window.addEventListener("popstate", (event) => event.isTrusted && address() !== place && start());
  // Whether the page that is drawn is the one that the address says, and none other is under way.
  window.fabriqueStands = () => address() === place && !("working" in document.documentElement.dataset);
})();
