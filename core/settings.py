"""The settings: environment variables ``FABRIQUE_*``, read once, then frozen."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import Misconfigured

DATA = Path("data")


def sqlite_url(path: Path) -> str:
    """The address of an SQLite file, as ``FABRIQUE_DATABASE_URL`` writes it."""
    return f"sqlite:///{path}"


class Settings(BaseSettings):
    """Every setting of the product; none is needed to start. docs/settings.md says the same in French."""

    model_config = SettingsConfigDict(env_prefix="FABRIQUE_", frozen=True, extra="ignore", env_ignore_empty=True)

    database_url: str = Field(
        default=sqlite_url(DATA / "fabrique.sqlite3"),
        description="Adresse de la base : sqlite:///chemin ou postgresql://utilisateur@serveur/base.",
    )
    database_read_url: str | None = Field(
        default=None,
        min_length=1,
        description="Adresse d’une copie de lecture de cette base, tenue par la réplication de PostgreSQL ; les pages "
        "y lisent leurs chiffres quand elle est à jour ; vide : tout se lit à l’adresse de la base.",
    )
    host: str = Field(default="127.0.0.1", description="Adresse sur laquelle le tableau de bord écoute.")
    port: int = Field(default=8501, ge=0, le=65535, description="Port du tableau de bord.")
    workers: int = Field(
        default=1,
        ge=1,
        le=32,
        description="Processus qui servent les pages derrière ce port ; au-delà d’un, chaque compte garde le sien.",
    )
    strict_plugins: bool = Field(
        default=False,
        description="1 : la première panne de plugin arrête tout, au lieu d’être montrée (développement).",
    )
    plugin_seconds: float = Field(
        default=10,
        ge=0.1,
        le=600,
        description="Secondes laissées à une extension pour répondre (chargement, page, chiffre ; mise à niveau, "
        "par 10 000 lignes) ; au-delà, sa page laisse ses derniers chiffres arrêtés, et le reste n’attend pas.",
    )
    today: date | None = Field(
        default=None, description="Jour pris pour « aujourd’hui » (AAAA-MM-JJ) ; vide : le jour du calendrier."
    )
    actor: str | None = Field(
        default=None,
        min_length=1,
        description="Nom inscrit dans l’historique par la commande ; vide : le compte du système.",
    )
    mask_below: int = Field(
        default=5,
        ge=2,
        le=100,
        description="Premier nombre de personnes montré hors des écrans de la chefferie et des associations (comité, "
        "documents, projection, données ouvertes) ; en dessous, « moins de 5 ». Valeur de travail, que le comité peut "
        "changer.",
    )
    public: bool = Field(
        default=False,
        description="1 : l’interface de programmation (/api/v1) répond à tous, avec les seuls chiffres arrêtés, petits "
        "nombres masqués.",
    )
    open_licence: str | None = Field(
        default=None,
        min_length=1,
        description="Licence des données ouvertes choisie par la Métropole, par exemple Licence Ouverte 2.0 ; vide : "
        "la licence reste à confirmer, et c’est écrit.",
    )

    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/\s?#]+$",
        description="Adresse publique, comme https://fabrique.exemple.fr, derrière un serveur frontal : liens "
        "d’invitation, cookies « Secure » ; vide : l’adresse demandée par le navigateur.",
    )
    session_hours: int = Field(
        default=8, ge=1, le=720, description="Heures sans activité après lesquelles il faut se reconnecter."
    )
    session_days: int = Field(
        default=7, ge=1, le=30, description="Jours après lesquels il faut se reconnecter dans tous les cas."
    )
    oidc_discovery_url: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        description="Connexion par un autre service (OIDC, ProConnect) : adresse de sa configuration "
        "(…/.well-known/openid-configuration) ; vide : pas de bouton.",
    )
    oidc_client_id: str | None = Field(default=None, description="Identifiant de Fabrique chez ce service.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Secret de Fabrique chez ce service.")
    oidc_label: str = Field(default="ProConnect", min_length=1, description="Nom de ce service sur le bouton.")
    oidc_emails_sure: bool = Field(
        default=False,
        description="1 : ce service ne donne que des courriels qu’il a vérifiés, même quand il ne le dit pas ; 0 : un "
        "courriel dont il ne dit pas « email_verified » n’entre pas.",
    )
    oidc_accounts: str | None = Field(
        default=None,
        description="Comptes ouverts à la première connexion par ce service : courriel=chefferie, courriel=comite, "
        "courriel=association:code, séparés par des virgules ; vide : seulement les comptes invités.",
    )

    backups: Path | None = Field(
        default=None,
        description="Dossier des sauvegardes, que « fabrique backup --keep » remplit et que « fabrique doctor » "
        "regarde ; vide : donner le dossier à la commande.",
    )
    security_contact: str | None = Field(
        default=None,
        pattern=r"^(mailto:[^@\s]+@[^@\s]+|https://\S+)$",
        description="À qui signaler une faille de ce site : mailto:adresse ou https://page, donné par "
        "/.well-known/security.txt ; vide : cette adresse n’existe pas.",
    )
    log_format: Literal["texte", "json"] = Field(
        default="texte",
        description="texte : le journal du serveur se lit ; json : un objet par ligne, demandes comprises, pour "
        "l’outil qui les rassemble. Sur la sortie d’erreur dans les deux cas.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Clé (16 caractères au moins) que l’outil de supervision présente pour lire /metrics ; vide : "
        "cette adresse ne répond à personne.",
    )

    smtp_host: str | None = Field(
        default=None,
        min_length=1,
        description="Serveur de courriel qui envoie les rappels ; vide : aucun envoi, une liste à copier.",
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port de ce serveur.")
    smtp_plain: bool = Field(
        default=False, description="1 : parler à ce serveur sans chiffrer (un relais de la même machine seulement)."
    )
    smtp_user: str | None = Field(default=None, description="Compte de Fabrique sur ce serveur ; vide : sans compte.")
    smtp_password: SecretStr | None = Field(default=None, description="Mot de passe de ce compte.")
    smtp_from: str | None = Field(
        default=None,
        pattern=r"^[^@\s]+@[^@\s]+$",
        description="Adresse d’où partent les rappels ; vide : le compte du serveur de courriel.",
    )

    @classmethod
    def read(cls) -> Self:
        """The settings of this environment.

        Raises Misconfigured, naming the variable, when a value cannot be understood.
        """
        try:
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            name = f"FABRIQUE_{str(first['loc'][0]).upper()}"
            field = cls.model_fields[str(first["loc"][0])]
            # A secret is not repeated, here nor by the cause: this goes to a log.
            secret = "SecretStr" in str(field.annotation)
            told = "ne convient pas" if secret else f"vaut « {first['input']} », qui ne convient pas"
            raise Misconfigured(f"{name} {told}. Attendu : {field.description}") from None
