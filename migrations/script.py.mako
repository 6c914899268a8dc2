"""${message}

Production migrations work with the release before: add, backfill, switch, remove.
On SQLite a batch rebuild drops triggers: end it with ddl.add_no_overlap / ddl.add_append_only.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """${message}."""
    ${upgrades if upgrades else "pass"}
