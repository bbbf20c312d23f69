"""Compares classifiers for microcontrollers: tickets of slt as C, and what emlearn and m2cgen make of scikit-learn's models.

All learn the same training part and are tested on the same test part. Their C is compiled for an Arm Cortex-M0 and runs in an
emulated one (QEMU), which counts instructions and shows how deep the stack gets. The accuracy is that of the same C on this machine;
it stops if the emulated processor answers differently. Needs gcc, arm-none-eabi-gcc with newlib, and qemu-system-arm.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import emlearn
import m2cgen
import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from compare import ROOT, align, publish
from training import build

MARK = "microcontrollers"
SAMPLES = 16  # that run on the emulated processor
FLASH, RAM = 256 * 1024, 16 * 1024  # of QEMU's `microbit`, an nRF51822
ARM = "-mcpu=cortex-m0 -mthumb -Os -ffunction-sections -fdata-sections -std=gnu99".split()
# With `-icount shift=0` an instruction takes a nanosecond, and SysTick counts at 16 MHz.
INSTRUCTIONS_PER_TICK = 62.5

LINKER_SCRIPT = """
MEMORY { FLASH (rx) : ORIGIN = 0, LENGTH = FLASH_BYTES RAM (rw) : ORIGIN = 0x20000000, LENGTH = RAM_BYTES }
ENTRY(reset)
SECTIONS {
  .text : { KEEP(*(.vectors)) *(.text*) *(.rodata*) . = ALIGN(4); } > FLASH
  .ARM.exidx : { *(.ARM.exidx*) } > FLASH
  .data : { *(.data*) . = ALIGN(4); } > RAM AT > FLASH
  .bss : { *(.bss*) *(COMMON) . = ALIGN(4); end = .; } > RAM
  data_from = LOADADDR(.data); data_to = ADDR(.data); data_size = SIZEOF(.data);
  stack_top = 0x20000000 + RAM_BYTES;
}
"""

# Paints the stack, classifies the samples, and prints classes, ticks and the depth of the stack by semihosting.
FIRMWARE = r"""
#include <stdint.h>
#include <string.h>
extern char data_from[], data_to[], data_size[], end[], stack_top[];
void reset(void);
__attribute__((section(".vectors"), used)) static void *const vectors[] = { stack_top, (void *)reset };
#define SYSTICK ((volatile uint32_t *)0xe000e010)
#define PAINT 0xa5u
static volatile int result;

static int semihost(int operation, const void *argument)
{
    register int r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static void print(const char *name, uint32_t number)
{
    char text[12], *at = text + 11;
    *at = 0;
    do { *--at = (char)('0' + number % 10); number /= 10; } while (number);
    semihost(4, name);
    semihost(4, at);
    semihost(4, "\n");
}

__attribute__((noinline)) static char *here(void) { return __builtin_frame_address(0); }

void reset(void)
{
    memcpy(data_to, data_from, (uint32_t)data_size);
#ifndef WITHOUT
    SYSTICK[1] = 0xffffff;
    for (int i = 0; i < N_SAMPLES; i++) {
        char *const top = here() - 32;
        for (volatile char *at = end; at < top; at++) *at = (char)PAINT;
        SYSTICK[2] = 0;
        SYSTICK[0] = 5;
        result = classify(samples[i]);
        const uint32_t left = SYSTICK[2];
        const uint32_t control = SYSTICK[0];
        char *deepest = end;
        while (deepest < top && *deepest == (char)PAINT) deepest++;
        if (control & 0x10000) semihost(4, "overflow\n");
        print("class ", (uint32_t)result);
        print("ticks ", 0xffffff - left);
        print("stack ", (uint32_t)(top + 32 - deepest));
    }
#else
    result = (int)(intptr_t)samples[0];
    semihost(4, "done\n");
    print("", 0);
#endif
    semihost(0x18, (void *)0x20026);
    for (;;) { }
}
"""

HOST = r"""
#include <stdio.h>
int main(void)
{
    for (int i = 0; i < N_SAMPLES; i++) printf("%d\n", classify(samples[i]));
    return 0;
}
"""


@dataclass
class Case:
    """A classifier in C: `classify` is written in terms of `code`, and takes `kind` numbers."""

    data: str
    tool: str
    model: str
    arithmetic: str
    code: str
    classify: str
    kind: str  # of number in C
    features: np.ndarray  # of the test part, as the code takes them
    labels: np.ndarray


@dataclass
class Measured:
    accuracy: float
    flash: int
    ram: int
    stack: int | None
    instructions: int | None


def table(name: str, kind: str, rows: np.ndarray) -> str:
    """An array of C with the rows."""
    text = {"float": "{!r}f", "double": "{!r}"}.get(kind, "{}")
    convert = float if kind in ("float", "double") else int
    lines = ["{" + ",".join(text.format(convert(value)) for value in row) + "}" for row in rows]
    return f"static const {kind} {name}[{len(rows)}][{rows.shape[1]}] = {{\n" + ",\n".join(lines) + "};\n"


def run(*command: str | Path, **options) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def program(case: Case, samples: np.ndarray, main: str) -> str:
    code = f"#define N_SAMPLES {len(samples)}\n#include <stdint.h>\n" + table("samples", case.kind, samples)
    wrapper = f"__attribute__((noinline)) static int classify(const {case.kind} *x) {{ {case.classify} }}\n"
    return code + "#ifndef WITHOUT\n" + case.code + wrapper + "#endif\n" + main


def compile_for_arm(source: Path, folder: Path, include: list[str], *flags: str) -> Path | None:
    """The program, or none if it is larger than the memory of the emulated processor."""
    for flash in (FLASH, 64 * FLASH):
        script, out = folder / "script.ld", folder / ("without.elf" if flags else "with.elf")
        script.write_text(LINKER_SCRIPT.replace("FLASH_BYTES", str(flash)).replace("RAM_BYTES", str(RAM)))
        command = ["arm-none-eabi-gcc", *ARM, *include, *flags, "-T", script, "-nostartfiles", "--specs=nano.specs"]
        command += ["--specs=nosys.specs", "-Wl,--gc-sections", "-Wl,--no-warn-rwx-segments", "-w", source, "-lm", "-o", out]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
        if done.returncode == 0:
            return out
        if "overflowed" not in done.stderr or flash > FLASH:
            sys.exit(f"error: {' '.join(map(str, command))}\n{done.stderr}")
    return None


def sizes(program: Path) -> tuple[int, int]:
    """Bytes of flash and of static memory."""
    text, data, bss = map(int, run("arm-none-eabi-size", program).splitlines()[1].split()[:3])
    return text + data, data + bss


def emulate(program: Path) -> tuple[list[int], int, int]:
    """Classes, instructions of a prediction on average, and the deepest stack."""
    command = ["qemu-system-arm", "-M", "microbit", "-kernel", program, "-nographic", "-icount", "shift=0", "-monitor", "none"]
    command += ["-serial", "none", "-semihosting-config", "enable=on,target=native"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    found: dict[str, list[int]] = {"class": [], "ticks": [], "stack": []}
    for line in done.stdout.splitlines():
        name, _, number = line.partition(" ")
        if name not in found:
            sys.exit(f"error: the emulated processor says {done.stdout[-500:]!r}")
        found[name].append(int(number))
    ticks = sum(found["ticks"]) / len(found["ticks"])
    return found["class"], round(ticks * INSTRUCTIONS_PER_TICK), max(found["stack"])


def measure(case: Case) -> Measured:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        include = [f"-I{emlearn.includedir}"]
        host, source = folder / "host.c", folder / "firmware.c"
        host.write_text(program(case, case.features, HOST))
        run("gcc", "-std=gnu99", "-O2", "-w", "-ffp-contract=off", *include, host, "-o", folder / "host", "-lm")
        classes = np.array([int(line) for line in run(folder / "host").split()])
        accuracy = float(np.mean(classes == case.labels))
        source.write_text(program(case, case.features[:SAMPLES], FIRMWARE))
        whole = compile_for_arm(source, folder, include)
        flash, ram = (a - b for a, b in zip(sizes(whole), sizes(compile_for_arm(source, folder, include, "-DWITHOUT"))))
        if sizes(whole)[0] > FLASH:
            return Measured(accuracy, flash, ram, None, None)
        emulated, instructions, stack = emulate(whole)
        if emulated != list(classes[:SAMPLES]):
            sys.exit(f"error: {case.tool}, {case.model} on {case.data}: {emulated} in the emulator, {classes[:SAMPLES]} here")
        return Measured(accuracy, flash, ram, stack, instructions)


def tickets(slt: Path, data: str, split: list[np.ndarray], hidden: int) -> Iterator[Case]:
    """Cases of slt: a ticket with drawn weights and one with weights of one size, which is made sparse."""
    train, test, train_labels, test_labels = split
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, ticket, code = folder / "data.npz", folder / "a.slt", folder / "a.c"
        np.savez(file, x_train=train, y_train=train_labels, x_test=test, y_test=test_labels)
        constant = "--weights signed-constant --keep 0.3 --biases zero --price 1e-4".split()
        for weights, options in ("drawn weights", []), ("one size of weights", constant):
            command = [slt, "search", "--data", file, "--hidden", str(hidden), "--algorithm", "memetic", "--seed", "1"]
            run(*command, *options, "--out", ticket, "--quiet")
            for arithmetic, form in ("float32", "table"), ("fixed", "table"), ("fixed", "seed"):
                command = [slt, "export", ticket, "--to", "c", "--arithmetic", arithmetic, "--weights", form]
                run(*command, "--data", file, "--out", code, "--quiet")
                features, kind, source = test, "float", code.read_text()
                if arithmetic == "fixed":
                    places = source.split("slt_fraction_bits[SLT_FEATURES] = {")[1].split("}")[0]
                    bits = np.array([int(bits) for bits in places.replace("\n", " ").strip().rstrip(",").split(",")])
                    features, kind = np.rint(test.astype(np.float64) * 2.0**bits).clip(-(2**31), 2**31 - 1).astype(np.int64), "int32_t"
                model = f"ticket [{train.shape[1]},{hidden},{len(set(train_labels))}], {weights}" + (", none stored" if form == "seed" else "")
                yield Case(data, "slt", model, arithmetic, source, "return slt_predict(x);", kind, features, test_labels)


def peers(data: str, split: list[np.ndarray], hidden: int) -> Iterator[Case]:
    """Cases of emlearn and m2cgen."""
    train, test, train_labels, test_labels = split
    # emlearn's trees compare integers of 16 bits.
    scale = 32_767 / np.maximum(np.abs(train).max(axis=0), 1e-9)
    whole = [np.clip(np.rint(part * scale), -32_768, 32_767).astype(np.int16) for part in (train, test)]
    for n_trees in (10, 100):
        forest = RandomForestClassifier(n_trees, random_state=1).fit(whole[0], train_labels)
        code = emlearn.convert(forest, method="inline", dtype="int16_t").save(name="model", include_proba=False)
        classify = f"return model_predict(x, {train.shape[1]});"
        yield Case(data, "emlearn", f"forest of {n_trees}", "int16", code, classify, "int16_t", whole[1], test_labels)
    forest = RandomForestClassifier(10, random_state=1).fit(train, train_labels)
    n_classes = len(forest.classes_)
    best = f"double y[{n_classes}]; score((double *)x, y); int b = 0; for (int i = 1; i < {n_classes}; i++) if (y[i] > y[b]) b = i; return b;"
    yield Case(data, "m2cgen", "forest of 10", "double", m2cgen.export_to_c(forest), best, "double", test, test_labels)
    # The networks and the regression take standardised features: that is not a part of their code.
    scaler = StandardScaler().fit(train)
    network = MLPClassifier((hidden,), max_iter=500, random_state=1).fit(scaler.transform(train), train_labels)
    scaled = scaler.transform(test).astype(np.float32)
    model = f"MLP [{train.shape[1]},{hidden},{n_classes}], trained"
    # emlearn 0.23.2 writes tables alone: its `inline` form fails, and its fixed point has empty layers.
    code = emlearn.convert(network, method="loadable").save(name="model")
    classify = f"return eml_net_predict(&model, x, {train.shape[1]});"
    yield Case(data, "emlearn", model, "float32", code, classify, "float", scaled, test_labels)
    regression = LogisticRegression(max_iter=1_000).fit(scaler.transform(train), train_labels)
    if n_classes == 2:
        best = "return score((double *)x) > 0;"
    code = m2cgen.export_to_c(regression)
    yield Case(data, "m2cgen", "logistic regression", "double", code, best, "double", scaler.transform(test), test_labels)


def compare(slt: Path) -> tuple[str, list[str]]:
    """A line on the tools, and the table."""
    lines = [["data", "tool", "model", "arithmetic", "test accuracy", "flash", "static RAM", "stack", "instructions"]]
    for data, load, hidden in ("digits", load_digits, 75), ("breast cancer", load_breast_cancer, 20):
        X, y = load(return_X_y=True)
        split = train_test_split(X.astype(np.float32), y, test_size=0.25, stratify=y, random_state=0)
        for case in chain(tickets(slt, data, split, hidden), peers(data, split, hidden)):
            found = measure(case)
            numbers = [found.flash, found.ram, found.stack, found.instructions]
            texts = ["" if number is None else f"{number:,}" for number in numbers]
            lines.append([data, case.tool, case.model, case.arithmetic, f"{100 * found.accuracy:.1f} %", *texts])
            print(" | ".join(lines[-1]), flush=True, file=sys.stderr)
    compiler = run("arm-none-eabi-gcc", "--version").splitlines()[0]
    versions = ", ".join(f"{package} {version(package)}" for package in ("emlearn", "m2cgen", "scikit-learn"))
    return f"{versions}; {compiler}.", align(lines, n_text=4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", type=Path, metavar="FILE", help="put the table into this file")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    # emlearn has numpy raise exceptions where small numbers become 0.
    np.seterr(all="warn", under="ignore")
    slt, document = build(), arguments.update and arguments.update.resolve()
    # emlearn compiles what it converts in the working folder.
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        line, lines = compare(slt)
        os.chdir(ROOT)
    publish(line, lines, document, MARK)


if __name__ == "__main__":
    main()
