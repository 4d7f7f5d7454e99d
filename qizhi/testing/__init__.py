"""What tests and benchmarks stand on: the county of the pack, its demo accounts, and matters in every state.

`world` puts the county into an empty database, `cast` finds the people, `stories` opens matters and walks them
to a state through the real engine, `fixtures` lends all that to pytest.
"""
