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
        sqlite_url(DATA / "fabrique.sqlite3"),
        description="Adresse de la base : sqlite:///chemin ou postgresql://utilisateur@serveur/base.",
    )
    host: str = Field("127.0.0.1", description="Adresse sur laquelle le tableau de bord écoute.")
    port: int = Field(8501, ge=0, le=65535, description="Port du tableau de bord.")
    strict_plugins: bool = Field(
        False, description="1 : la première panne de plugin arrête tout, au lieu d’être montrée (développement)."
    )
    today: date | None = Field(
        None, description="Jour pris pour « aujourd’hui » (AAAA-MM-JJ) ; vide : le jour du calendrier."
    )
    actor: str | None = Field(
        None, min_length=1, description="Nom inscrit dans l’historique par la commande ; vide : le compte du système."
    )
    mask_below: int = Field(
        5,
        ge=2,
        le=100,
        description="Premier nombre de personnes montré hors des écrans réservés (projection, données ouvertes) ; en "
        "dessous, « moins de 5 ». Valeur de travail, que le comité peut changer.",
    )
    public: bool = Field(
        False,
        description="1 : l’interface de programmation (/api/v1) répond à tous, avec les seuls chiffres arrêtés, petits "
        "nombres masqués.",
    )
    open_licence: str | None = Field(
        None,
        min_length=1,
        description="Licence des données ouvertes choisie par la Métropole, par exemple Licence Ouverte 2.0 ; vide : "
        "la licence reste à confirmer, et c’est écrit.",
    )

    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^/\s?#]+$",
        description="Adresse publique, comme https://fabrique.exemple.fr, derrière un serveur frontal : liens "
        "d’invitation, cookies « Secure » ; vide : l’adresse demandée par le navigateur.",
    )
    session_hours: int = Field(
        8, ge=1, le=720, description="Heures sans activité après lesquelles il faut se reconnecter."
    )
    session_days: int = Field(
        7, ge=1, le=30, description="Jours après lesquels il faut se reconnecter dans tous les cas."
    )
    oidc_discovery_url: str | None = Field(
        None,
        pattern=r"^https?://\S+$",
        description="Connexion par un autre service (OIDC, ProConnect) : adresse de sa configuration "
        "(…/.well-known/openid-configuration) ; vide : pas de bouton.",
    )
    oidc_client_id: str | None = Field(None, description="Identifiant de Fabrique chez ce service.")
    oidc_client_secret: SecretStr | None = Field(None, description="Secret de Fabrique chez ce service.")
    oidc_label: str = Field("ProConnect", min_length=1, description="Nom de ce service sur le bouton.")
    oidc_accounts: str | None = Field(
        None,
        description="Comptes ouverts à la première connexion par ce service : courriel=chefferie, courriel=comite, "
        "courriel=association:code, séparés par des virgules ; vide : seulement les comptes invités.",
    )

    log_format: Literal["texte", "json"] = Field(
        "texte",
        description="texte : le journal du serveur se lit ; json : un objet par ligne, demandes comprises, pour "
        "l’outil qui les rassemble. Sur la sortie d’erreur dans les deux cas.",
    )
    metrics_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="Clé (16 caractères au moins) que l’outil de supervision présente pour lire /metrics ; vide : "
        "cette adresse ne répond à personne.",
    )

    smtp_host: str | None = Field(
        None,
        min_length=1,
        description="Serveur de courriel qui envoie les rappels ; vide : aucun envoi, une liste à copier.",
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port de ce serveur.")
    smtp_plain: bool = Field(
        False, description="1 : parler à ce serveur sans chiffrer (un relais de la même machine seulement)."
    )
    smtp_user: str | None = Field(None, description="Compte de Fabrique sur ce serveur ; vide : sans compte.")
    smtp_password: SecretStr | None = Field(None, description="Mot de passe de ce compte.")
    smtp_from: str | None = Field(
        None,
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
