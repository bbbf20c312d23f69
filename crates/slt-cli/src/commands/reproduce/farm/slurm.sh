#!/usr/bin/env bash
# The runs of `slt @COMMAND@` as tasks for Slurm: an array of jobs for each stage.
#
#     bash THIS_SCRIPT SLT DIR [SBATCH_OPTION...]     such as --partition=long --time=02:00:00
#
# SLT and DIR, the folder of the results, have to be on a file system that all nodes share. A job has one core. Started
# again when its jobs have ended, it goes on where they stopped. When all of them are done, this draws the figures:
#
#     SLT @COMMAND@ --out DIR
#
# Made by slt @VERSION@, which has to be the version of SLT.
set -euo pipefail

command=(@WORDS@)

# Tasks by stage: those of a stage need tasks of earlier stages.
@TASKS@

# The most jobs of one array that Slurm allows unless it is configured otherwise.
largest_array=1000

# One task: what sbatch starts.
if [[ ${1-} == --array-task ]]; then
    slt=$2 dir=$3 first=$5
    declare -n tasks=stage_$4
    exec "$slt" "${command[@]}" --out "$dir" --jobs 1 --task "${tasks[first + SLURM_ARRAY_TASK_ID]}"
fi

if (($# < 2)); then
    echo "error: expected SLT DIR [SBATCH_OPTION...]: the program slt and the folder of the results" >&2
    exit 2
fi
program=$(command -v -- "$1") || { echo "error: SLT is $1: there is no such program" >&2; exit 2; }
slt=$(realpath -s -- "$program")
mkdir -p -- "$2/logs"
dir=$(realpath -s -- "$2")
shift 2

earlier=() # ids of all arrays of earlier stages
for stage in @STAGES@; do
    declare -n tasks=stage_$stage
    submitted=()
    for ((first = 0; first < ${#tasks[@]}; first += largest_array)); do
        last=$((${#tasks[@]} - first < largest_array ? ${#tasks[@]} - first - 1 : largest_array - 1))
        options=(--parsable --job-name="slt-@SCALE@-$stage" --array="0-$last" --ntasks=1 --cpus-per-task=1
            --requeue --open-mode=append --output="$dir/logs/slurm-%A-%a.log")
        if ((${#earlier[@]})); then
            after=$(IFS=: && echo "${earlier[*]}")
            options+=(--dependency="afterok:$after" --kill-on-invalid-dep=yes)
        fi
        id=$(sbatch "${options[@]}" "$@" "$0" --array-task "$slt" "$dir" "$stage" "$first")
        submitted+=("${id%%;*}")
        echo "stage $stage: job ${id%%;*}, $((last + 1)) tasks"
    done
    earlier+=("${submitted[@]}")
done
