"""Tables made when missing, or brought up to date by Alembic: nothing is lost, and all or nothing is done."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text

from archwatch.errors import ConfigError
from archwatch.store.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER: Final = Path(__file__).with_name("migrations")
# the newest step of `versions/`: asked of every store that is opened, without loading Alembic
HEAD: Final = max(path.name.split("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def bring_up_to_date(connection: Connection) -> None:
    """In the caller's transaction. Raises ConfigError for a store that a newer archwatch has made."""
    there = set(inspect(connection).get_table_names())
    if "feeds" not in there:
        metadata.create_all(connection)
        _mark(connection, "head")
        return
    known = version(connection) if "alembic_version" in there else None
    if known == HEAD:
        return
    if known is not None and known > HEAD:
        place = connection.engine.url.render_as_string(hide_password=True)
        raise ConfigError(
            place, f"is of version {known}; this archwatch knows {HEAD}", mend="upgrade archwatch"
        )
    from alembic import command

    if known is None:
        _mark(connection, "0001")
    command.upgrade(alembic_config(connection), "head")


def version(connection: Connection) -> str | None:
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def alembic_config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


def _mark(connection: Connection, revision: str) -> None:
    from alembic import command

    command.stamp(alembic_config(connection), revision)
