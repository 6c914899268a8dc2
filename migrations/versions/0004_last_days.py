"""What last day a place had before it was retired, to have it again when it is taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column where it is not there: for a day 0003 made it."""
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("closure")}
    if "was_until_on" not in there:
        op.add_column("closure", sa.Column("was_until_on", sa.Date(), nullable=True))
