/* A telephone turns the slides that another page projects: each asks the server which one is shown, every second.
   A page whose slide changed while it asked keeps its own: it was turned by hand meanwhile. */
(() => {
  "use strict";
  const EVERY = 1000;
  const page = () => document.querySelector("[data-committee][data-rank]");
  const sign = (one) => `${one.dataset.committee}/${one.dataset.rank}`;
  const ask = async (one) => {
    const shown = one.matches(".slide") ? `?comite=${one.dataset.committee}&diapo=${one.dataset.rank}` : "";
    try {
      const answer = await fetch(`/telecommande.json${shown}`, { redirect: "manual", cache: "no-store" });
      return answer.ok ? await answer.json() : {};
    } catch {
      return {};
    }
  };
  const follow = (one, rank) => {
    if (!one.matches(".slide")) return document.querySelector(".st-key-suivre-la-salle button")?.click();
    const place = new URL(location.href);
    place.searchParams.set("diapo", rank);
    window.fabriqueGo(place);
  };
  // A slide that was asked for by hand and is not drawn yet: nothing is followed meanwhile.
  const turning = (one) => {
    const asked = Number(new URL(location.href).searchParams.get("diapo"));
    return one.matches(".slide") && asked > 0 && Math.min(asked, Number(one.dataset.count)) !== Number(one.dataset.rank);
  };
  let wanted = "";
  const look = async () => {
    const one = page();
    if (!one || document.hidden || turning(one)) return;
    const before = sign(one);
    const { comite, diapo } = await ask(one);
    const now = page();
    if (!now || sign(now) !== before || turning(now)) return;
    const turned = `${comite}/${diapo}`;
    if (turned === before) wanted = "";
    if (!diapo || String(comite) !== now.dataset.committee || turned === before || turned === wanted) return;
    wanted = turned;
    follow(now, diapo);
  };
  setInterval(look, EVERY);
})();
