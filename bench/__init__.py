"""How fast Qizhi is, measured on the real server over HTTP: `qizhi bench`, or `make bench`.

`making` fills a database with invented matters that the audit finds whole; `serving` starts the process tree of
`qizhi up` on it; `load` asks it over loopback; `scenarios` say what is asked and what is aimed at; `running` does
it all for each database and size, close together in time; `report` writes what came out. The limits stand beside
each figure in the same run: `views` has a view that says hello and one that only inserts rows.
"""
