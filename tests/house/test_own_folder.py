"""Every process of the tests, also each worker of xdist, works in a data folder of its own."""

import os

from django.conf import settings

from tests.environment import DATA, SECRET_FILE


def test_the_settings_use_the_folder_of_this_process():
    assert settings.QIZHI.data_dir == DATA
    assert os.environ["QIZHI_DATA"] == str(DATA)


def test_the_secret_is_the_fixed_one_and_only_the_owner_reads_it():
    assert SECRET_FILE.read_text() == settings.SECRET_KEY
    assert SECRET_FILE.stat().st_mode & 0o777 == 0o600


def test_passwords_are_hashed_fast_because_these_are_tests():
    # the first makes every new hash; the other only knows one-time passwords and is cheap by itself
    assert settings.PASSWORD_HASHERS == [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "qizhi.kernel.accounts.passwords.OnceHasher",
    ]
    assert settings.QIZHI.testing is True
