"""The forms of text that a pack may write: keys, terms, offsets, and names as long as their columns are. Pure."""

from typing import Annotated

from pydantic import StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
TermText = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*(wd|d|h|wh)$")]
Realiser = Annotated[str, StringConstraints(pattern=r"^(kind|route|units|regions|page|role):[a-z0-9_./-]+$")]
# Texts that become columns: as long as the columns are (an empty name would be no name).
Named = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Long = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Version = Annotated[str, StringConstraints(min_length=1, max_length=32)]
PackName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=64)]
RoleKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
OffsetText = Annotated[str, StringConstraints(pattern=r"^([+-][1-9][0-9]*(wd|d|h|wh)|0)$")]
