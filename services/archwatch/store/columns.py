"""Columns that a store made by an earlier version lacks."""

from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.schema import CreateColumn


def add_missing(connection: Connection, metadata: MetaData) -> list[str]:
    """Add them, as `table.column`; they must allow null, for the rows that are there."""
    added: list[str] = []
    quote = connection.dialect.identifier_preparer.quote
    for table in metadata.sorted_tables:
        there = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                definition = CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {quote(table.name)} ADD COLUMN {definition}")
                added.append(f"{table.name}.{column.name}")
    return added
