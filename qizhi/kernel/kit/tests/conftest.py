"""What several tests of the kit stand on."""

import pytest


@pytest.fixture
def house(settings, tmp_path):
    """An installation with empty folders of its own."""
    settings.QIZHI = settings.QIZHI.model_copy(update={"data_dir": tmp_path})
    return settings.QIZHI
