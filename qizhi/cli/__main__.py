"""`python -m qizhi.cli` is the same as `qizhi`."""

import sys

from .main import main

sys.exit(main())
