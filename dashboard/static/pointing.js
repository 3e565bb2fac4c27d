/* The curves of a chart are read month by month: where one points or touches, or with the arrows of « Lire mois par
   mois ». Each curve tells its value of that month, which stands in the table under the chart. */
(() => {
  "use strict";
  const FIGURE = ".multiples[data-days]";
  const UNKNOWN = { "○": "non renseigné" };
  const months = (figure) => figure.querySelector(".chart__months input");
  const days = (figure) => figure.dataset.days.split(" ").map(Date.parse);
  const made = (box) => box.appendChild(Object.assign(document.createElement("span"), { className: "panel__told" }));

  const tell = (figure, at) => {
    const all = days(figure), place = (all[at] - all[0]) / (all.at(-1) - all[0]);
    const [month, ...values] = [...figure.querySelectorAll("tbody tr")[at].cells].map((one) => one.textContent);
    const told = values.map((one) => UNKNOWN[one] ?? one);
    figure.querySelectorAll(".panel__box").forEach((box, rank) => {
      const one = box.querySelector(".panel__told") ?? made(box);
      one.textContent = `${told[rank]} en ${month}`;
      one.style.setProperty("--at", place);
      one.classList.toggle("panel__told--left", place > 0.5);
    });
    return [month, told];
  };
  const hush = (figure) => figure.querySelectorAll(".panel__told").forEach((one) => one.remove());

  const nearest = (figure, place) => {
    const all = days(figure), day = all[0] + place * (all.at(-1) - all[0]);
    return all.reduce((best, one, at) => (Math.abs(one - day) < Math.abs(all[best] - day) ? at : best), 0);
  };
  const point = (event) => {
    const plot = event.target.closest?.(".panel__box")?.querySelector(".panel__plot"), figure = plot?.closest(FIGURE);
    if (!figure) return;
    const { left, width } = plot.getBoundingClientRect();
    tell(figure, nearest(figure, Math.min(1, Math.max(0, (event.clientX - left) / width))));
  };
  const leave = (event) => {
    const figure = event.target.closest?.(FIGURE);
    if (figure && !figure.contains(event.relatedTarget) && document.activeElement !== months(figure)) hush(figure);
  };
  const read = (event) => {
    const figure = event.target.matches?.(".chart__months input") && event.target.closest(FIGURE);
    if (!figure) return;
    const [month, told] = tell(figure, Number(event.target.value));
    const names = [...figure.querySelectorAll(".panel__name")].map((one, rank) => `${one.textContent} ${told[rank]}`);
    event.target.setAttribute("aria-valuetext", `${month} : ${names.join(", ")}`);
  };
  document.addEventListener("pointermove", point);
  document.addEventListener("pointerdown", point);
  document.addEventListener("pointerout", (event) => event.pointerType === "mouse" && leave(event));
  document.addEventListener("input", read);
  document.addEventListener("focusin", read);
  document.addEventListener("focusout", (event) => event.target.matches?.(".chart__months input") && hush(event.target.closest(FIGURE)));
})();
