"""From rows to plain JSON values, in the caller's language.

`names` gives codes their names, `matters` tells a matter to staff, `public` to the citizen who brought it, `steps`
tells what happened and what may happen next.
"""
