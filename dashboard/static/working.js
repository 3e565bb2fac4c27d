/* A sign of work from the moment of a press until what was asked is drawn: a line across the top of the page.
   The framework shows one of its own only once its server answered, and after a while. A run draws one mark, the last
   of all (« run_mark »): what was asked is drawn when a new one stands there and the framework rests. */
(() => {
  "use strict";
  const EVERY = 100, LONGEST = 20000;
  const STATE = "data-test-script-state";
  const app = () => document.querySelector('[data-testid="stApp"]');
  const rests = () => app()?.getAttribute(STATE) === "notRunning";
  // The mark of what is drawn: « » where there is none; nothing while that of the run before still stands beside it.
  const mark = () => {
    const [one, other] = document.querySelectorAll("[data-run]");
    return other ? undefined : one?.dataset.run ?? "";
  };
  const works = () => "working" in document.documentElement.dataset;
  const address = () => location.pathname + location.search;

  let beat, place = address();
  const stop = () => {
    place = address();
    delete document.documentElement.dataset.working;
    clearInterval(beat);
  };
  const start = (isDrawn) => {
    stop();
    const at = performance.now();
    document.documentElement.dataset.working = "";
    beat = setInterval(() => ((rests() && isDrawn()) || performance.now() - at > LONGEST) && stop(), EVERY);
  };
  const press = () => {
    const before = mark();
    start(() => mark() === "" || ![undefined, before].includes(mark()));
  };
  window.fabriqueMark = () => rests() && mark();
  window.fabriqueWork = press;
  // A run that nobody pressed for is seen once it goes on.
  window.fabriqueRuns = () => works() || start(() => true);

  const ASKS = '[data-testid="stMain"] :is(.stButton, .stFormSubmitButton) button, [data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]';
  document.addEventListener("click", (event) => event.isTrusted && event.target.closest?.(ASKS) && press());
  window.addEventListener("popstate", (event) => event.isTrusted && address() !== place && press());
  // Whether the page that is drawn is the one that the address says, and none other is under way.
  window.fabriqueStands = () => address() === place && !works();
})();
