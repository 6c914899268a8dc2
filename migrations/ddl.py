"""DDL that the two databases spell differently. Append-only: released migrations call it."""

from alembic import op


def add_no_overlap(table: str, key: str) -> None:
    """Forbid two rows of one `key` whose [starts_at, ends_at) meet; a NULL end is an open end.

    The table needs an index on (key, starts_at).
    """
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_no_overlap EXCLUDE USING gist "
            f"({key} WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)"
        )
        return
    for when, other in (("INSERT", ""), ("UPDATE", "AND id <> OLD.id ")):
        op.execute(
            f"CREATE TRIGGER {table}_no_overlap_{when.lower()} BEFORE {when} ON {table} BEGIN "
            f"SELECT RAISE(ABORT, '{table}_no_overlap') FROM ("
            f"SELECT ends_at FROM {table} WHERE {key} = NEW.{key} {other}"
            "AND starts_at < COALESCE(NEW.ends_at, '9999-12-31') ORDER BY starts_at DESC LIMIT 1"
            ") WHERE ends_at IS NULL OR ends_at > NEW.starts_at; END"
        )


def add_append_only(table: str) -> None:
    """Forbid UPDATE and DELETE of rows of `table`."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table}_append_only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
        )
        return
    for when in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only_{when.lower()} BEFORE {when} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}_append_only'); END"
        )
