"""What `deploy/` describes, held against the program: commands, settings and files that are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from ruamel.yaml import YAML

from ircal.cli import ircal
from ircal.settings import variables

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
EXAMPLE = {
    path.relative_to(ROOT / "config").as_posix()
    for path in (ROOT / "config").rglob("*")
    if path.is_file() and path.name != "ircal.schema.json"
}
LIFE = {"serve": "serve.yaml", "worker": "worker.yaml", "sync": "cronjob.yaml"}


def documents(path: Path) -> list[dict[str, Any]]:
    return list(YAML(typ="safe", pure=True).load_all(path.read_text()))


def found(value: Any, name: str) -> Iterator[Any]:
    """Every value under that name, at any depth."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key == name:
                yield below
            yield from found(below, name)
    elif isinstance(value, list):
        for below in value:
            yield from found(below, name)


def options_of(command: str) -> set[str]:
    found = ircal.get_command(click.Context(ircal), command)
    assert found, command
    return {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.*")), ids=lambda path: path.name)
def test_every_setting_is_one(path: Path) -> None:
    known = {name for name, _ in variables()}
    assert set(re.findall(r"\bIRCAL_[A-Z_]+\b", path.read_text())) <= known


@pytest.mark.parametrize(("command", "name"), LIFE.items())
def test_kubernetes_runs_a_command_that_there_is(command: str, name: str) -> None:
    (args,) = found(documents(KUBERNETES / name), "args")
    assert args[0] == command
    assert set(args[1:]) <= options_of(command)


@pytest.mark.parametrize("name", LIFE.values())
def test_a_pod_may_do_no_more_than_it_must(name: str) -> None:
    (spec,) = [each for each in found(documents(KUBERNETES / name), "spec") if "containers" in each]
    (container,) = spec["containers"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["automountServiceAccountToken"] is False
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    writable = {each["mountPath"] for each in container["volumeMounts"] if not each.get("readOnly")}
    assert writable == {"/app/state", "/tmp"}  # noqa: S108 a mount point


@pytest.mark.parametrize("name", ["volumes.yaml", "cronjob.yaml"])
def test_the_folders_of_the_programme_are_there_again(name: str) -> None:
    ((programme,),) = found(documents(KUBERNETES / "kustomization.yaml"), "configMapGenerator")
    named = [line.rpartition("=") for line in programme["files"]]
    kept = {key or Path(path).name: path.removeprefix("programme/") for key, _, path in named}
    (items,) = found(documents(KUBERNETES / name), "items")
    assert {each["key"]: each["path"] for each in items} == kept
    assert set(kept.values()) == EXAMPLE


def test_every_kubernetes_file_is_taken_or_named() -> None:
    text = (KUBERNETES / "kustomization.yaml").read_text()
    assert [path.name for path in KUBERNETES.iterdir() if path.is_file() and path.name not in text] == [
        "kustomization.yaml"
    ]


def test_compose_runs_commands_that_there_are_with_as_few_rights_as_they_need() -> None:
    (compose,) = documents(DEPLOY / "compose.yaml")
    ours = {name: each for name, each in compose["services"].items() if each["image"] == "ircal"}
    assert {name: each["command"] for name, each in ours.items()} == {
        "serve": ["serve", "--no-worker"],
        "worker": ["worker"],
    }
    for each in ours.values():
        assert each["read_only"] is True
        assert each["cap_drop"] == ["ALL"]
    assert ours["worker"]["deploy"]["replicas"] == 2


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("systemd/*.service")), ids=lambda unit: unit.name)
def test_systemd_runs_a_command_that_there_is(unit: Path) -> None:
    (command,) = re.findall(r"^ExecStart=/opt/ircal/bin/ircal (\S+)$", unit.read_text(), re.MULTILINE)
    assert options_of(command)
