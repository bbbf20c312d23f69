"""Examples run, and what is documented is there."""

import ast
import doctest
import inspect
import re
from pathlib import Path

import pytest
import slt
from slt import _estimators, _slt, datasets, optimize

README = Path(__file__).parents[1] / "README.md"
COOKBOOK = Path(__file__).parents[2] / "docs" / "cookbook.md"
PACKAGE = Path(slt.__file__).parent


@pytest.mark.parametrize("module", [_estimators, optimize])
def test_docstrings(module):
    result = doctest.testmod(module)
    assert result.attempted > 1
    assert result.failed == 0


def test_readme(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    programs = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(programs) == 3
    assert len(programs[0].splitlines()) == 5
    for program in programs:
        exec(compile(program, "README.md", "exec"), {})
        said = capsys.readouterr().out
        assert said
        if program is programs[0]:
            assert f"`{said.strip()}`" in README.read_text(encoding="utf-8")


def recipes():
    """The programs of the cookbook, each with its heading and what is shown behind it, if anything is."""
    parts = re.split(r"^## (.*)\n", COOKBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for heading, text in zip(parts[1::2], parts[2::2], strict=True):
        for program, shown in re.findall(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```)?", text, re.DOTALL):
            yield pytest.param(program, shown, id=heading)


@pytest.mark.parametrize(("program", "shown"), list(recipes()))
def test_recipes_of_the_cookbook(program, shown, tmp_path, monkeypatch, capsys):
    if "onnxruntime" in program:
        pytest.importorskip("onnxruntime")
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "cookbook.md", "exec"), {})
    said = capsys.readouterr().out
    # An ellipsis stands for what is left out.
    pattern = ".*".join(re.escape(part) for part in shown.split("…"))
    assert re.fullmatch(pattern, said, re.DOTALL), said


def test_the_cookbook_has_recipes():
    assert len(list(recipes())) == 4


def test_stubs_name_what_is_there():
    tree = ast.parse((PACKAGE / "_slt.pyi").read_text())
    public = {name for name in dir(_slt) if not name.startswith("_")} | {"__all__", "__version__"}
    declared = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    declared |= {node.target.id for node in tree.body if isinstance(node, ast.AnnAssign)}
    assert declared == public
    ticket = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    methods = {node.name for node in ticket.body if isinstance(node, ast.FunctionDef)}
    assert methods == {name for name in dir(_slt.Ticket) if not name.startswith("_")}
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for node in functions:
        parameters = [argument.arg for argument in node.args.args]
        assert parameters == list(inspect.signature(getattr(_slt, node.name)).parameters), node.name


def documented():
    for thing in (slt.TicketClassifier, slt.EdgePopupClassifier, slt.Ticket):
        yield thing.__name__, thing
        for name, member in inspect.getmembers(thing):
            # Those of scikit-learn are documented there.
            is_ours = getattr(member, "__module__", None) in (None, "slt._estimators")
            if not name.startswith("_") and is_ours:
                yield f"{thing.__name__}.{name}", member
    for module in (datasets, optimize):
        yield from ((f"{module.__name__}.{name}", getattr(module, name)) for name in module.__all__)


@pytest.mark.parametrize(("name", "thing"), list(documented()))
def test_everything_is_documented(name, thing):
    text = inspect.getdoc(thing)
    assert text
    if inspect.isfunction(thing) or inspect.isclass(thing):
        parameters = [p for p in inspect.signature(thing).parameters if p not in ("self", "cls")]
        missing = [p for p in parameters if not re.search(rf"^(\w+, )*{p}(, \w+)* :", text, re.MULTILINE)]
        assert not missing or thing is slt.Ticket


def test_types_are_declared():
    assert (PACKAGE / "py.typed").exists()
