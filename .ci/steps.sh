# What .ci/run and .ci/slow share; each sources it. Gives $work, $bin and the functions copy, step, tests and summary.
set -u -o pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
export PIP_DISABLE_PIP_VERSION_CHECK=1

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
copy() {  # the files of the checkout, committed or not, in a new folder
    mkdir "$work/$1" && git ls-files -z --cached --others --exclude-standard |
        tar --create --null --files-from=- --ignore-failed-read | tar --extract --directory="$work/$1"
}
copy checkout || exit 2
bin=$work/checkout/.venv/bin

passed=0 failed=0 summary=""
step() {  # step NAME COMMAND…
    local name=$1 began=$SECONDS verdict="ok    "
    shift
    printf '\n=== %s\n' "$name"
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)) verdict="FAILED"; fi
    summary+=$(printf '%s %4d s  %s' "$verdict" $((SECONDS - began)) "$name")$'\n'
}

closing=""
tests() {  # run a command that ends in pytest; keep its closing line
    "$@" 2>&1 | tee "$work/pytest.log"
    local code=${PIPESTATUS[0]}
    closing+="  $(grep -E '^(=+ )?([0-9]+ [a-z]+(, )?)+ in |^no tests ran' "$work/pytest.log" | tail -n 1)"$'\n'
    return "$code"
}

summary() {  # the closing lines; the exit code is 1 if any step failed
    printf '\n=== pytest\n%s\n=== steps\n%s\nci: %d passed, %d failed\n' "$closing" "$summary" "$passed" "$failed"
    [ "$failed" -eq 0 ]
}
