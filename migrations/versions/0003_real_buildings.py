"""What a real building needs: outlines on plans, and where a booking came from."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add columns; every default says "as before", so the old program goes on meanwhile."""
    for table, name, kind, default in (
        ("space", "plan_path", sa.String(), ""),
        ("space", "revision", sa.Integer(), "1"),
    ):
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("booking", sa.Column("source", sa.String(), nullable=True))
    op.create_index(
        "uq_booking_organisation_id_source",
        "booking",
        ["organisation_id", "source"],
        unique=True,
        sqlite_where=sa.text("source IS NOT NULL"),
        postgresql_where=sa.text("source IS NOT NULL"),
    )
