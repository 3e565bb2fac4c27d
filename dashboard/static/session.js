/* A page that lost the server and whose session ended meanwhile cannot come back: it is led to the sign-in. */
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
})();
