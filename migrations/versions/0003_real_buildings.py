"""What a real building needs: outlines, sources, closing several spaces, what doctor found."""

import sqlalchemy as sa
from alembic import op

from campus.db.codes import new_code
from campus.db.types import UtcDateTime

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
    # Bookings of several days reach into a day that they did not begin on: found apart, as few.
    op.create_index(
        "ix_booking_long",
        "booking",
        ["starts_at"],
        unique=False,
        sqlite_where=sa.text("((julianday(ends_at) - julianday(starts_at)) * 86400) > 93600"),
        postgresql_where=sa.text("date_part('epoch', (ends_at) - (starts_at)) > 93600"),
    )
    add_to_closures()
    add_examinations()


def add_to_closures() -> None:
    """Let several spaces be closed together; what was closed by itself gets a code of its own."""
    for name, kind, default in (
        ("code", sa.String(), ""),
        ("idem", sa.String(), ""),
        ("is_final", sa.Boolean(), sa.false()),
        ("revision", sa.Integer(), "1"),
    ):
        op.add_column("closure", sa.Column(name, kind, nullable=False, server_default=default))
    for name in ("changed_at", "lifted_at"):
        op.add_column("closure", sa.Column(name, UtcDateTime(), nullable=True))
    op.add_column(
        "closure",
        sa.Column(
            "created_by_id",
            sa.Integer(),
            sa.ForeignKey("person.id", name=op.f("fk_closure_created_by_id_person")),
            nullable=True,
        ),
        inline_references=True,
    )
    closures = sa.table("closure", sa.column("id", sa.Integer()), sa.column("code", sa.String()))
    for closure_id in op.get_bind().scalars(sa.select(closures.c.id)).all():
        op.execute(closures.update().where(closures.c.id == closure_id).values(code=new_code()))
    op.create_index(op.f("ix_closure_code"), "closure", ["code"], unique=False)
    op.create_table(
        "closure_met",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "keep",
                "move",
                "cancel",
                name="choice",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_closure_met_booking_id_booking")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["space.id"], name=op.f("fk_closure_met_space_id_space")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_met")),
    )
    op.create_index(op.f("ix_closure_met_code"), "closure_met", ["code"], unique=False)
    op.create_index(op.f("ix_closure_met_booking_id"), "closure_met", ["booking_id"], unique=False)


def add_examinations() -> None:
    """Keep what the doctor found when, for staff to read."""
    op.create_table(
        "examination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("findings", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_examination_asked_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_examination")),
    )
