"""`python -m archwatch.contracts`: write the JSON Schemas and the AsyncAPI document anew."""

from archwatch.contracts.documents import write

for path in write():
    print(path)  # noqa: T201 - a command speaks
