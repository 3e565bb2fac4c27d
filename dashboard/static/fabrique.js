/* Two small things that the framework has no setting for: its own words in French,
   and links of ours that open a page without reloading everything. */
(() => {
  "use strict";

  // --- words -------------------------------------------------------------------------------
  const words = {
    "Upload": "Choisir un fichier",
    "Upload files": "Choisir des fichiers",
    "Browse files": "Choisir un fichier",
    "Browse": "Parcourir",
    "Drag and drop file here": "Glissez un fichier ici",
    "Drag and drop files here": "Glissez des fichiers ici",
    "Remove file": "Retirer ce fichier",
    "Choose an option": "Choisissez",
    "Choose options": "Choisissez",
    "Choose or add an option": "Choisissez ou ajoutez",
    "Choose or add options": "Choisissez ou ajoutez",
    "No options to select": "Aucun choix possible",
    "No options to select.": "Aucun choix possible.",
    "No results": "Aucun résultat",
    "Select all": "Tout choisir",
    "Clear all": "Tout effacer",
    "Clear value": "Effacer",
    "Clear selection": "Effacer",
    "Clear": "Effacer",
    "Clear date": "Effacer la date",
    "Open": "Ouvrir",
    "open": "ouvrir",
    "Close": "Fermer",
    "Cancel": "Annuler",
    "Search": "Chercher",
    "Fullscreen": "Plein écran",
    "Close fullscreen": "Quitter le plein écran",
    "Exit fullscreen": "Quitter le plein écran",
    "Download": "Télécharger",
    "Download as CSV": "Télécharger (CSV)",
    "Download as SVG": "Télécharger (SVG)",
    "Show/hide columns": "Choisir les colonnes",
    "Add row": "Ajouter une ligne",
    "Delete row(s)": "Supprimer les lignes",
    "Delete rows": "Supprimer les lignes",
    "Clear selected rows": "Ne plus choisir de ligne",
    "Copy to clipboard": "Copier",
    "Copied": "Copié",
    "Copied!": "Copié",
    "Copy link to heading": "Copier le lien vers ce titre",
    "Link to heading": "Lien vers ce titre",
    "Previous month": "Mois précédent",
    "Next month": "Mois suivant",
    "Choose date": "Choisir une date",
    "Choose a date": "Choisir une date",
    "Select a date": "Choisir une date",
    "Select a date range": "Choisir deux dates",
    "Calendar": "Calendrier",
    "Previous": "Précédent",
    "Next": "Suivant",
    "Previous page": "Page précédente",
    "Next page": "Page suivante",
    "Skip to main content": "Aller au contenu",
    "Main content": "Contenu",
    "Main menu": "Menu",
    "Open navigation menu": "Ouvrir le menu",
    "Navigation": "Pages",
    "Page navigation": "Pages",
    "App pages": "Pages",
    "Open sidebar": "Ouvrir le menu",
    "Close sidebar": "Fermer le menu",
    "Expand sidebar": "Ouvrir le menu",
    "Collapse sidebar": "Fermer le menu",
    "Sidebar": "Menu",
    "View more": "Voir tout",
    "View less": "Voir moins",
    "View all": "Voir tout",
    "Show more": "Voir plus",
    "Show less": "Voir moins",
    "Running...": "Calcul en cours…",
    "Running": "Calcul en cours",
    "RUNNING...": "Calcul en cours…",
    "Stop": "Arrêter",
    "Rerun": "Recalculer",
    "Connecting": "Connexion en cours",
    "Connecting...": "Connexion en cours…",
    "CONNECTING": "Connexion en cours",
    "Connection error": "Connexion perdue",
    "Page not found": "Page introuvable",
    "Loading...": "Chargement…",
    "Loading": "Chargement",
    "Error": "Erreur",
    "Show password text": "Montrer le mot de passe",
    "Hide password text": "Cacher le mot de passe",
    "Press Enter to apply": "Entrée pour valider",
    "Press Enter to submit form": "Entrée pour valider",
    "Increment value": "Augmenter",
    "Decrement value": "Diminuer",
    "Help": "Aide",
    "Dismiss": "Fermer",
    "Remove": "Retirer",
    "Delete": "Supprimer",
    "empty": "vide",
    "month": "mois", "day": "jour", "year": "année",
    "Month": "Mois", "Day": "Jour", "Year": "Année",
    "month, ": "mois, ", "day, ": "jour, ", "year, ": "année, ",
    "Options": "Choix",
    "More options": "Autres choix",
    "View fullscreen": "Plein écran",
  };
  const patterns = [
    [/^(\d+)\s?MB per file(?: • (.+))?$/, (_, size, kinds) => `${size} Mo au plus${kinds ? ` • ${kinds}` : ""}`],
    [/^Limit (\d+)\s?MB per file(?: • (.+))?$/, (_, size, kinds) => `${size} Mo au plus${kinds ? ` • ${kinds}` : ""}`],
    [/^Page not found(.*)$/s, () => "Page introuvable"],
    [/^You have requested page (.*), but no corresponding file was found.*$/s,
      (_, page) => `L’adresse ${page} n’existe pas. La première page s’affiche à la place.`],
    [/^Remove (.+)$/, (_, what) => `Retirer ${what}`],
    [/^Clear (.+)$/, (_, what) => `Effacer ${what}`],
    [/^Help for (.+)$/, (_, what) => `Aide : ${what}`],
    [/^Selected (.+)\.(.*)$/s, (_, what) => `Choisi : ${what}.`],
    [/^No results found for (.+)$/, (_, what) => `Aucun résultat pour ${what}`],
    [/^(\d+) results? available.*$/s, (_, count) => `${count} choix`],
  ];
  const attributes = ["aria-label", "title", "placeholder", "alt", "data-title", "aria-description", "aria-roledescription", "aria-valuetext"];

  const french = (text) => {
    const bare = text.trim();
    if (!bare) return null;
    if (Object.hasOwn(words, bare)) return text.replace(bare, words[bare]);
    if (!/^[A-Z\d]/.test(bare)) return null;
    for (const [pattern, replacement] of patterns) {
      if (pattern.test(bare)) return bare.replace(pattern, replacement);
    }
    return null;
  };
  // What we wrote ourselves is French already, and may hold one of these words by chance.
  const ours = (node) => node.parentElement?.closest(".stHtml, .stMarkdown, svg.main-svg, .glideDataEditor");
  const sayText = (node) => {
    if (ours(node)) return;
    const said = french(node.data);
    if (said !== null && said !== node.data) node.data = said;
  };
  const sayAttributes = (element) => {
    for (const name of attributes) {
      const value = element.getAttribute(name);
      const said = value && french(value);
      if (said && said !== value) element.setAttribute(name, said);
    }
  };
  const sayAll = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return sayText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    if (root.closest(".stHtml")) return;
    sayAttributes(root);
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (node.nodeType === Node.TEXT_NODE) sayText(node);
      else sayAttributes(node);
    }
  };
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") sayText(change.target);
      else if (change.type === "attributes") sayAttributes(change.target);
      else change.addedNodes.forEach(sayAll);
    }
  });
  observer.observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: attributes,
  });

  // --- links -------------------------------------------------------------------------------
  // The framework goes to a page when the browser's history moves: move it, and nothing reloads.
  const inside = (link) =>
    link.origin === location.origin && !link.hasAttribute("download") &&
    !/^\/(app\/static|habillage|media|static|_stcore|sante|pret)(\/|$)/.test(link.pathname);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.(".stHtml a[href]");
    if (!link || link.target === "_blank" || !inside(link)) return;
    event.preventDefault();
    if (link.pathname === location.pathname && link.search === location.search && link.hash) {
      document.getElementById(decodeURIComponent(link.hash.slice(1)))?.scrollIntoView({ block: "start" });
      history.replaceState(history.state, "", link.hash);
      return;
    }
    const elsewhere = link.pathname !== location.pathname;
    history.pushState(null, "", link.pathname + link.search);
    window.dispatchEvent(new PopStateEvent("popstate"));
    if (elsewhere) document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  });

  // A form of choices goes into the address in the same way.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.(".stHtml form.chooser");
    if (!form || form.method !== "get") return;
    event.preventDefault();
    const target = new URL(form.getAttribute("action"), location.origin);
    history.pushState(null, "", `${target.pathname}?${new URLSearchParams(new FormData(form))}`);
    window.dispatchEvent(new PopStateEvent("popstate"));
  });

  // --- print -------------------------------------------------------------------------------
  // On paper nothing can be unfolded: every fold is printed open, then put back.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach((fold) => (fold.open = true));
  });
  window.addEventListener("afterprint", () => folded.forEach((fold) => (fold.open = false)));
})();
