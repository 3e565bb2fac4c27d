"""« Accessibilité »: what the service says of its own accessibility, without claiming more than is known."""

from __future__ import annotations

from dashboard.components.html import Child, Html, join
from dashboard.components.tables import table
from dashboard.components.text import bullets, lead, note, prose, section, strong

TITLE = "Accessibilité"
MENTION = "Accessibilité : non conforme"
_CHECKED = (
    "aucune faute relevée par axe-core, sur la page entière, sur un grand écran et sur un téléphone ;",
    "chaque page a un seul titre de niveau 1, et un titre de fenêtre qui la nomme ;",
    "l’état d’avancement est toujours un mot et une forme ; la couleur ne fait que les répéter ;",
    "le contraste des textes et des signes, et leur distinction pour les daltonismes les plus courants ;",
    "chaque graphique a un titre qui dit sa conclusion, un résumé en texte et ses données dans un tableau ;",
    "le premier lien de chaque page est « Aller au contenu » ;",
    "après un lien, le titre de la page a le focus et il est annoncé ; la réponse à une action l’est aussi ;",
    "sur un petit écran, le menu replié n’est ni lu ni atteint au clavier ; Échap le ferme.",
)
_KNOWN = (
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


def statement() -> Html:
    """The state of conformity, what is checked, what is known to be wrong, whom to tell; under a title ``TITLE``."""
    parts: list[Child] = [
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
            table(
                "Non-conformités connues",
                ["Ce qui ne va pas", "Pour qui", "En attendant"],
                _KNOWN,
                hide_caption=True,
                wide=True,
            ),
        ),
        section(
            "Signaler une difficulté",
            prose(
                "Écrivez à la personne qui vous a ouvert ce service : elle vous donnera l’information d’une autre "
                "façon. Si aucune réponse satisfaisante n’arrive, vous pouvez saisir le Défenseur des droits."
            ),
        ),
    ]
    return join(parts)
