/* A sign of work from the moment of a press until what was asked is drawn: a line across the top of the page.
   The framework shows one of its own only once its server answered, and after a while. What a press asks is sent at
   once: where nothing was sent, nothing will come. A run so short that it changed nothing leaves no trace on the page:
   the server was heard, and then fell silent. */
(() => {
  "use strict";
  const EVERY = 100, QUIET = 400, SENDING = 1000, LONGEST = 20000;
  const STATE = "data-test-script-state";
  const app = () => document.querySelector('[data-testid="stApp"]');
  const rests = () => app()?.getAttribute(STATE) === "notRunning";
  const main = () => document.querySelector('[data-testid="stMain"]');

  let sent = 0, heard = 0;
  const known = new WeakSet(), send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...what) {
    if (!known.has(this)) this.addEventListener("message", () => (heard = performance.now()));
    known.add(this);
    sent = performance.now();
    return send.apply(this, what);
  };

  let watches = [], beat;
  const stop = () => {
    delete document.documentElement.dataset.working;
    watches.forEach((one) => one.disconnect());
    clearInterval(beat);
  };
  const start = () => {
    stop();
    const at = performance.now(), since = () => performance.now() - at;
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
    const over = () => rests() && (answered || (heard > at && performance.now() - heard > QUIET));
    // A press may be told after what it sent: a little before it is of it.
    const asked = () => answered || sent > at - EVERY;
    beat = setInterval(() => (over() || since() > (asked() ? LONGEST : SENDING)) && stop(), EVERY);
  };
  window.fabriqueWork = start;

  const ASKS = '[data-testid="stMain"] :is(.stButton, .stFormSubmitButton) button, [data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]';
  document.addEventListener("click", (event) => event.isTrusted && event.target.closest?.(ASKS) && start());
  window.addEventListener("popstate", (event) => event.isTrusted && start());
})();
