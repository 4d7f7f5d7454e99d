"""People: who has an account, in which posts, and what an administrator does for them.

`policy` who may look after whom · `queries` lists and one person · `choices` what may be chosen · `posts` and
`actions` the verbs · `locks` sign-ins that are locked · `vacancies` who would be missed · `log` what is noted of
it · `planning`, `taking` and `sheets` lists of staff as files · `forms`, `pages` how the administrator meets it.
"""
