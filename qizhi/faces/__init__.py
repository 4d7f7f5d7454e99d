"""How people and programs meet Qizhi; no business rule lives here."""
