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
