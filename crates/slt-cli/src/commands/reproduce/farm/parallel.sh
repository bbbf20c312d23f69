#!/usr/bin/env bash
# The runs of `slt @COMMAND@` as tasks for GNU parallel, stage by stage.
#
#     bash THIS_SCRIPT SLT DIR [PARALLEL_OPTION...]     such as --jobs 8, or --sshloginfile NODES
#
# Runs as many tasks at a time as there are cores unless --jobs says otherwise. Fails if a task fails. Started again, it
# goes on where it stopped: DIR/logs says which tasks are done. When all are, this draws the figures:
#
#     SLT @COMMAND@ --out DIR
#
# Made by slt @VERSION@, which has to be the version of SLT.
set -euo pipefail

command=(@WORDS@)

# Tasks by stage: those of a stage need tasks of earlier stages.
@TASKS@

if (($# < 2)); then
    echo "error: expected SLT DIR [PARALLEL_OPTION...]: the program slt and the folder of the results" >&2
    exit 2
fi
if ! parallel --version 2>/dev/null | grep -q '^GNU parallel'; then
    echo "error: GNU parallel is missing: Debian's package \`parallel\` has it" >&2
    exit 2
fi
program=$(command -v -- "$1") || { echo "error: SLT is $1: there is no such program" >&2; exit 2; }
slt=$(realpath -s -- "$program")
mkdir -p -- "$2/logs"
dir=$(realpath -s -- "$2")
shift 2

for stage in @STAGES@; do
    declare -n tasks=stage_$stage
    # The log numbers the tasks, so tasks of other scripts have another one.
    log=$dir/logs/parallel-@DIGEST@-$stage.tsv
    code=0
    parallel --quote --joblog "$log" --resume-failed "$@" \
        "$slt" "${command[@]}" --out "$dir" --jobs 1 --task '{}' ::: "${tasks[@]}" || code=$?
    # GNU parallel counts failed tasks up to 100; 101 stands for more. Anything above is a failure of its own.
    case $code in
        0) continue ;;
        1) what="1 task failed" ;;
        [2-9] | ?? | 100) what="$code tasks failed" ;;
        101) what="more than 100 tasks failed" ;;
        *) what= ;;
    esac
    if [[ $what ]]; then
        echo "error: stage $stage: $what; $log says which" >&2
    else
        echo "error: stage $stage: GNU parallel failed itself, with exit code $code; it says above why" >&2
    fi
    exit 1
done
