"""Write the step from a store as it is to the tables as they are in the code: review it, then commit it.

    python -m archwatch.store.migrations "what changed" sqlite:///COPY_OF_STORE.db

The store must be up to date with the steps there are, as any is that the released code has opened.
"""

import sys

from alembic import command

from archwatch.store import engine, upgrading
from archwatch.store.engine import transaction

message, url = sys.argv[1:]
with transaction(engine.create(url, None)) as connection:
    config = upgrading.alembic_config(connection)
    command.revision(config, message, autogenerate=True, rev_id=f"{int(upgrading.HEAD) + 1:04}")
