/* What stands under a field of the framework belongs to it: its help and its problem, which it has no setting for. */
(() => {
  "use strict";
  const LINES = "input:not([type=checkbox]), textarea, .field-problem, .field-hint";
  let counted = 0;
  const forget = (field) => ["aria-describedby", "aria-invalid", "data-tied"].forEach((name) => field.removeAttribute(name));

  // Ties each line to the field above it; gives the fields that are wrong, the first one first.
  const tie = () => {
    document.querySelectorAll("[data-tied]").forEach(forget);
    const wrong = [];
    document.querySelectorAll('[class*="st-key-formulaire-"]').forEach((form) => {
      let field = null;
      form.querySelectorAll(LINES).forEach((one) => {
        if (one.matches("input, textarea")) return (field = one);
        if (!field || one.closest("[data-told]")) return;
        one.id ||= `champ-${(counted += 1)}`;
        field.setAttribute("data-tied", "");
        field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), one.id].filter(Boolean).join(" "));
        if (!one.matches(".field-problem")) return;
        field.setAttribute("aria-invalid", "true");
        wrong.push(field);
      });
    });
    return wrong;
  };
  window.fabriqueFields = { tie };
})();
