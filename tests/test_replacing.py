"""A file takes another's place with all that it had; where that cannot be, it is written over."""

from __future__ import annotations

import os
import signal

import pytest

from cnncalc.replacing import replace

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no such signals and attributes there")


@pytest.fixture
def old(tmp_path):
    """A file that is there already."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    return path


def test_signals_are_as_they_were_before(old):
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    replace(str(old), b"new", None)
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
    with pytest.raises(OSError, match="somebody has changed it meanwhile"):
        replace(str(old), b"newer", b"old")
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
    assert old.read_bytes() == b"new"


def test_they_wait_while_it_is_written(old, monkeypatch):
    masks = []
    rename = os.replace
    monkeypatch.setattr(
        os, "replace", lambda *paths: (masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, ())), rename(*paths))
    )
    replace(str(old), b"new", None)
    assert [{signal.SIGINT, signal.SIGTERM, signal.SIGHUP} <= mask for mask in masks] == [True]


def test_a_system_without_masks_of_signals(old, monkeypatch):
    monkeypatch.delattr(signal, "pthread_sigmask")
    replace(str(old), b"new", None)
    assert old.read_bytes() == b"new"


def test_attributes_go_over(old, monkeypatch):
    given = []
    monkeypatch.setattr(os, "listxattr", lambda path: ["user.note", "user.of"] if path == str(old) else [])
    monkeypatch.setattr(os, "getxattr", lambda path, name: f"{name} of {os.path.basename(path)}".encode())
    monkeypatch.setattr(os, "setxattr", lambda path, name, value: given.append((path != str(old), name, value)))
    replace(str(old), b"new", None)
    assert given == [(True, "user.note", b"user.note of a.txt"), (True, "user.of", b"user.of of a.txt")]


def no(*arguments):
    raise PermissionError(1, "Operation not permitted")


@pytest.mark.parametrize("call", ["chmod", "setxattr"])
def test_what_cannot_be_given_over_leaves_the_file_in_its_place(old, monkeypatch, call):
    inode = os.stat(old).st_ino
    monkeypatch.setattr(os, "listxattr", lambda path: ["user.note"])
    monkeypatch.setattr(os, "getxattr", lambda path, name: b"x")
    monkeypatch.setattr(os, call, no)
    replace(str(old), b"new", None)
    assert (os.stat(old).st_ino, old.read_bytes()) == (inode, b"new")
    assert os.listdir(old.parent) == ["a.txt"]


def test_a_disk_without_attributes(old, monkeypatch):
    inode = os.stat(old).st_ino
    monkeypatch.setattr(os, "listxattr", no)
    replace(str(old), b"new", None)
    assert old.read_bytes() == b"new"
    assert os.stat(old).st_ino != inode


def test_the_owner_is_asked_for_only_where_it_is_another(old, monkeypatch):
    monkeypatch.setattr(os, "chown", no)
    inode = os.stat(old).st_ino
    replace(str(old), b"new", None)
    assert os.stat(old).st_ino != inode, "who may not give files away need not"


def test_the_owner_is_given_over(old, monkeypatch):
    class Stat:
        st_uid, st_gid, st_mode, st_nlink = 501, 20, 0o100640, 1

    given = []
    stat = os.stat
    monkeypatch.setattr(os, "stat", lambda path, **more: Stat if path == str(old) else stat(path, **more))
    monkeypatch.setattr(os, "chown", lambda path, owner, group: given.append((path != str(old), owner, group)))
    replace(str(old), b"new", None)
    assert given == [(True, 501, 20)]


def test_a_long_name_is_no_fault(tmp_path):
    path = tmp_path / ("n" * 250 + ".txt")
    replace(str(path), b"new", None)
    assert path.read_bytes() == b"new"
