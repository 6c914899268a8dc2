"""Feeds, the counters behind their ETags, and the text of each booking for calendars."""

import sqlalchemy as sa
from alembic import op
from flask import current_app

from campus.db.types import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add tables and columns; old bookings keep the UID that their mails gave them."""
    op.create_table(
        "counter",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_counter")),
    )
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "mine",
                "organisation",
                "space",
                "floor",
                "kind",
                "campus",
                "arrivals",
                "changes",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("idem", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("renewed_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("fetched_at", UtcDateTime(), nullable=True),
        sa.Column(
            "fetched_by",
            sa.Enum(
                "apple",
                "google",
                "outlook",
                "thunderbird",
                "android",
                "nextcloud",
                "browser",
                "other",
                name="reader",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_feed_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_feed_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("code", name=op.f("uq_feed_code")),
        sa.UniqueConstraint("person_id", "idem", name=op.f("uq_feed_person_id_idem")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_feed_token_digest")),
    )
    op.create_index("ix_feed_person_id_id", "feed", ["person_id", "id"], unique=False)
    for name in ("uid", "ical_full", "ical_busy"):
        kind = sa.String() if name == "uid" else sa.Text()
        op.add_column("booking", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column(
        "booking", sa.Column("ical_version", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index("ix_booking_starts_at", "booking", ["starts_at"], unique=False)
    host = current_app.extensions["campus.settings"].host
    booking = sa.table("booking", sa.column("uid"), sa.column("code"))
    op.execute(booking.update().values(uid=booking.c.code + f"@{host}"))
