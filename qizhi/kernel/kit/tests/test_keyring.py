"""Key files: made once, readable by their owner only, replaced by number."""

import os
import subprocess
import sys
import threading

import pytest

from qizhi.kernel.kit import keyring


@pytest.fixture(autouse=True)
def _house(house):
    return house


def test_the_first_use_makes_a_key_that_only_the_owner_reads(house):
    assert keyring.current_key_id() == 1
    assert len(keyring.sealing_key(1)) == 32
    assert len(keyring.lookup_key()) == 32
    files = list(house.secrets_dir.iterdir())
    assert sorted(path.name for path in files) == ["lookup.key", "sealing-00001.key"]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert house.secrets_dir.stat().st_mode & 0o777 == 0o700


def test_the_keys_differ_and_stay():
    one = keyring.sealing_key(keyring.current_key_id())
    assert one != keyring.lookup_key()
    assert keyring.sealing_key(1) == one


def test_a_rotation_makes_the_next_number_and_keeps_the_old_key():
    old = keyring.sealing_key(keyring.current_key_id())
    assert keyring.rotate() == 2
    assert keyring.current_key_id() == 2
    assert keyring.sealing_key(1) == old
    assert keyring.sealing_key(2) != old
    assert keyring.key_ids() == [1, 2]


def test_a_key_made_by_another_process_is_seen(house):
    keyring.current_key_id()
    path = house.secrets_dir / "sealing-00007.key"
    path.write_text("ab" * 32)
    path.chmod(0o600)
    os.utime(house.secrets_dir, ns=(1, 1))
    assert keyring.current_key_id() == 7
    assert keyring.sealing_key(7) == b"\xab" * 32


def test_a_missing_or_broken_key_is_named(house):
    with pytest.raises(keyring.KeyMissing):
        keyring.sealing_key(3)
    (house.secrets_dir / "sealing-00004.key").write_text("too short")
    (house.secrets_dir / "sealing-00004.key").chmod(0o600)
    with pytest.raises(keyring.KeyMissing):
        keyring.sealing_key(4)


def test_a_key_that_others_may_read_is_not_used(house):
    keyring.current_key_id()
    (house.secrets_dir / "sealing-00001.key").chmod(0o640)
    with pytest.raises(keyring.KeyExposed):
        keyring.sealing_key(1)


def test_threads_that_start_together_agree():
    seen = []
    start = threading.Barrier(8)

    def ask():
        start.wait()
        seen.append((keyring.sealing_key(keyring.current_key_id()), keyring.lookup_key()))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1


RACER = """
import sys
from pathlib import Path
from types import SimpleNamespace
from django.conf import settings
settings.configure(QIZHI=SimpleNamespace(secrets_dir=Path(sys.argv[1])))
from qizhi.kernel.kit import keyring
sys.stdin.readline()
print(keyring.sealing_key(keyring.current_key_id()).hex(), keyring.lookup_key().hex())
"""


def test_processes_that_start_together_agree(house):
    command = [sys.executable, "-c", RACER, str(house.secrets_dir)]
    racers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("\n")
        racer.stdin.flush()
    answers = {racer.communicate(timeout=60)[0] for racer in racers}
    assert len(answers) == 1
    assert len(answers.pop().strip()) == 129
    assert not [path for path in house.secrets_dir.iterdir() if path.name.startswith(".")]
