import os
import stat
from pathlib import Path

import pytest

from modeltui.errors import StoreError
from modeltui.paths import cache_dir, config_file, make_private_dir, state_dir


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_the_environment_names_the_places(tmp_path: Path) -> None:
    environ = {
        "MODELTUI_CONFIG": str(tmp_path / "mine.toml"),
        "MODELTUI_CACHE_DIR": str(tmp_path / "cache"),
        "MODELTUI_STATE_DIR": str(tmp_path / "state"),
    }
    assert config_file(environ) == tmp_path / "mine.toml"
    assert cache_dir(environ) == tmp_path / "cache"
    assert state_dir(environ) == tmp_path / "state"


def test_without_the_environment_the_platform_names_them() -> None:
    environ = {"MODELTUI_CONFIG": "", "HOME": "elsewhere"}
    assert config_file(environ).name == "config.toml"
    assert "modeltui" in str(config_file(environ))
    assert "modeltui" in str(cache_dir({}))
    assert "modeltui" in str(state_dir({}))


def test_a_tilde_is_the_home_folder() -> None:
    assert cache_dir({"MODELTUI_CACHE_DIR": "~/models"}) == Path.home() / "models"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_a_made_folder_and_its_parents_are_private_under_any_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        make_private_dir(tmp_path / "deep" / "cache")
    finally:
        os.umask(before)
    assert mode(tmp_path / "deep") == 0o700
    assert mode(tmp_path / "deep" / "cache") == 0o700


def test_an_empty_folder_is_closed_and_a_used_one_keeps_its_mode(tmp_path: Path) -> None:
    for name in ("empty", "used"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o755)
    (tmp_path / "used" / "letter").touch()
    make_private_dir(tmp_path / "empty")
    make_private_dir(tmp_path / "used")
    assert mode(tmp_path / "empty") == 0o700
    assert mode(tmp_path / "used") == 0o755


def test_a_used_folder_that_others_can_write_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter").touch()
    tmp_path.chmod(0o777)
    with pytest.raises(StoreError, match="written by other users") as refused:
        make_private_dir(tmp_path)
    assert "chmod" in refused.value.hint


def test_a_link_is_refused_and_its_target_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    target.chmod(0o755)
    (tmp_path / "cache").symlink_to(target)
    with pytest.raises(StoreError, match="is a link") as refused:
        make_private_dir(tmp_path / "cache")
    assert refused.value.hint
    assert mode(target) == 0o755


def test_a_dangling_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cache").symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError):
        make_private_dir(tmp_path / "cache")
    assert not (tmp_path / "nowhere").exists()


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("mine")
    for path in (tmp_path / "cache", tmp_path / "cache" / "below"):
        with pytest.raises(StoreError):
            make_private_dir(path)
    assert (tmp_path / "cache").read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o700)
    os.chown(folder, 12345, 12345)
    with pytest.raises(StoreError, match="somebody else"):
        make_private_dir(folder)
