"""An installation behind HTTPS is as safe as Django's own checks ask for."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]


def test_the_check_for_deployment_is_clean_over_https(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QIZHI_", "PORT"))}
    result = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=kept
        | {
            "QIZHI_HTTPS": "1",
            "QIZHI_DATA": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "qizhi.config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout
