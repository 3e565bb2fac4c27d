"""« Accessibilité »: what the service says of its own accessibility, without claiming more than is known."""

from __future__ import annotations

from dashboard.components import bullets, lead, note, page_title, prose, section, show, strong, table
from dashboard.context import Context

TITLE = "Accessibilité"
MENTION = "Accessibilité : non conforme"
_CHECKED = (
    "aucune faute relevée par axe-core, sur la page entière, sur un grand écran et sur un téléphone ;",
    "chaque page a un seul titre de niveau 1, et un titre de fenêtre qui la nomme ;",
    "l’état d’avancement est toujours un mot et une forme ; la couleur ne fait que les répéter ;",
    "le contraste des textes et des signes, et leur distinction pour les daltonismes les plus courants ;",
    "chaque graphique a un titre qui dit sa conclusion, un résumé en texte et ses données dans un tableau ;",
    "le premier lien de chaque page est « Aller au contenu ».",
)
_KNOWN = (
    (
        "Après un lien vers une autre page, rien n’annonce que la page a changé",
        "lecteurs d’écran, clavier",
        "« Aller au contenu » ; le titre de la fenêtre change",
    ),
    ("Peu de messages d’état sont annoncés quand un contenu se met à jour", "lecteurs d’écran", "–"),
    ("Les pages ne s’affichent pas sans JavaScript", "tous", "la ligne de commande donne les mêmes chiffres"),
    (
        "La bulle d’un point de graphique ne s’ouvre qu’à la souris ou au doigt",
        "clavier",
        "les mêmes valeurs dans le tableau, sous le graphique",
    ),
    (
        "Le tableau de saisie se lit mal avec une aide technique",
        "lecteurs d’écran",
        "le formulaire d’une ligne, ou le dépôt d’un fichier",
    ),
    ("Un seul moyen de navigation : le menu", "tous", "le menu mène aux pages principales, et leurs liens aux autres"),
)


def draw(_context: Context) -> None:
    """The state of conformity, what is checked, what is known to be wrong, whom to tell."""
    show(
        page_title(TITLE),
        lead("Ce service est ", strong("non conforme"), " au référentiel général d’amélioration de l’accessibilité."),
        prose(
            "Aucun audit n’a été mené : sans audit, la règle est de se dire non conforme (RGAA 4.1), quoi que montrent "
            "les vérifications automatiques.\n\nCe texte décrit le logiciel. La déclaration d’accessibilité revient à "
            "l’organisme qui le met en service, après son propre audit."
        ),
        section(
            "Ce qui est vérifié à chaque version",
            bullets(_CHECKED),
            note(
                "Un outil automatique ne voit qu’une partie des critères. Rien n’a été essayé avec un lecteur d’écran."
            ),
        ),
        section(
            "Ce qui ne va pas encore",
            table("Non-conformités connues", ["Ce qui ne va pas", "Pour qui", "En attendant"], _KNOWN,
                  hide_caption=True, wide=True),
        ),
        section(
            "Signaler une difficulté",
            prose(
                "Écrivez à la personne qui vous a ouvert ce service : elle vous donnera l’information d’une autre "
                "façon. Si aucune réponse satisfaisante n’arrive, vous pouvez saisir le Défenseur des droits."
            ),
        ),
    )  # fmt: skip
